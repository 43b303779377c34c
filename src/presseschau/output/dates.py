"""ISO dates as a British news desk writes them."""

from __future__ import annotations

import re
from datetime import date, datetime

_MONTHS = "January February March April May June July August September October November December"  # in every locale
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?")


def in_words(iso: str | None) -> str:
    """ "20 December 2025, 19:25" for "2025-12-20T19:25:08"; what is no ISO date is returned as it is, None as ""."""
    match = _ISO.fullmatch(iso or "")
    if not match:
        return iso or ""
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        return iso or ""
    words = f"{day.day} {_MONTHS.split()[day.month - 1]} {day.year}"
    zone = {None: "", "Z": " UTC"}.get(match[3], f" UTC{match[3]}")
    return f"{words}, {match[2]}{zone}" if match[2] else words


def clock(iso: str | None) -> str:
    """ "12:48" for "2026-02-11T12:48"; what holds no time is returned as it is, None as ""."""
    try:
        return datetime.fromisoformat(iso).strftime("%H:%M") if iso and len(iso) > len("2026-02-11") else iso or ""
    except ValueError:
        return iso or ""
