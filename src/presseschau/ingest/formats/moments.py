"""Dates as feeds, agencies and press archives write them, German or English -> ISO 8601, local time as given."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache

from presseschau.ingest.layout.dates import iso
from presseschau.lang import SOURCE, vocabulary

_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d):?(\d\d)(?::?(\d\d))?(Z|[+-]\d\d:?\d\d)?)?$")
_CLOCK = re.compile(
    r"\b(\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?(?:\s*([AP])\.?M\b\.?)?"
    r"\s*(?:(?:GMT|UTC|UT)?([+-]\d{1,2})(?::?(\d\d))?(?!\d)|(GMT|UTC?|Z|MEZ|CET|MESZ|CEST)\b)?",
    re.IGNORECASE,
)
_YEAR_LAST = re.compile(
    r"\b([A-Za-z]{3} \d{1,2}) (\d{1,2}:\d\d(?::\d\d)?(?: [A-Z]{2,4})?) ((?:19|20)\d\d)\b"
)  # of Java, C
_FRACTION = re.compile(r"(?<=:\d\d)[.,]\d{1,9}")
_EPOCH = re.compile(r"(1\d{9})(?:\d{3})?")
_HOURS = {"mez": 1, "cet": 1, "mesz": 2, "cest": 2}
_LONGEST = 120


@cache
def _months() -> dict[str, int]:
    return {word.lower(): int(number) for lang in ("en", SOURCE) for word, number in vocabulary(lang, "months").items()}


@cache
def _date() -> re.Pattern[str]:
    month = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    return re.compile(
        rf"\b(?:(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th)?[\s-]*(?P<m>{month})\b\.?,?[\s-]*|(?P<m2>{month})\b\.?\s*(?P<d2>\d{{1,2}})"
        rf"(?:st|nd|rd|th)?,?\s*)(?P<y>(?:19|20)\d\d|\d\d(?=\s\d\d:\d\d))\b",
        re.IGNORECASE,
    )


def moment(value: str) -> str:
    """The date in `value`, with its clock time and offset if it has them; empty if there is no full date."""
    value = _FRACTION.sub("", " ".join(value[:_LONGEST].split()))
    if epoch := _EPOCH.fullmatch(value):
        return datetime.fromtimestamp(int(epoch[1]), UTC).isoformat()
    value = _YEAR_LAST.sub(r"\1 \3 \2", value)
    if basic := _BASIC.match(value):
        year, month, day, hour, minute, second, zone = basic.groups()
        clock = f"T{hour}:{minute}:{second or '00'}{_colon(zone or '')}" if hour else ""
        return _valid(f"{year}-{month}-{day}", clock)
    found = _date().search(value)
    if found is None:
        return iso(value) or ""
    day, month = found["d"] or found["d2"], found["m"] or found["m2"]
    at = _CLOCK.search(value, found.end()) or _CLOCK.search(value[: found.start()])
    year = found["y"] if len(found["y"]) == 4 else f"20{found['y']}"
    return _valid(f"{year}-{_months()[month.lower()]:02d}-{int(day):02d}", _time(at) if at else "")


def _time(clock: re.Match[str]) -> str:
    hour, minute, second, half, offset, minutes, zone = clock.groups()
    at = int(hour) % 12 + (12 if half.lower() == "p" else 0) if half else int(hour)
    if offset:
        where = f"{int(offset):+03d}:{minutes or '00'}"
    else:
        where = f"{_HOURS.get(zone.lower(), 0):+03d}:00" if zone else ""
    return f"T{at:02d}:{minute}:{second or '00'}{where}"


def _colon(zone: str) -> str:
    return f"{zone[:3]}:{zone[3:]}" if len(zone) == 5 else zone


def _valid(day: str, clock: str) -> str:
    """Both if they exist, else the day, else nothing."""
    for value in (day + clock, day):
        try:
            datetime.fromisoformat(value)
        except ValueError:
            continue
        return value
    return ""
