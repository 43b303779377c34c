"""What a server says about its limits: how long to wait, that waiting will not help, or that the account has no credit.

    code, type ──▶ a named window, times in headers and details ──▶ words

The first that says anything decides. Words come last: free tiers name billing in every message about a minute's limit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from presseschau.patterns import late

_ABSURD = 24 * 3600.0
"""A longer wait (seconds) is taken for a mistake and ignored."""
_LONGEST_PAUSE = 3600.0
_SECONDS, _MILLISECONDS = 1e9, 1e11  # from these on a figure is a moment since 1970, in this unit

_CODES = ("code", "type", "status", "reason", "limit_source")
_WINDOWS = ("code", "type", "limit_source", "quotaId", "quota_limit")
_NO_CREDIT_CODE = late(
    r"insufficient.?(?:quota|credit|balance|fund)|credit.?balance|spend.?limit|billing|payment|exceeded_current_quota",
    re.IGNORECASE,
)
_RATE_CODE = late(
    r"rate.?limit|limit.?(?:exceeded|reached|requests|tokens|burst)|throttl|^(?:tokens|requests)$|capacity|concurren",
    re.IGNORECASE,
)
_NO_CREDIT = late(
    r"insufficient_quota|credit_balance|spend_limit|billing|insufficient (?:credit|balance|fund)|payment", re.IGNORECASE
)
_WINDOW = late(
    r"\bper[ _-]?(?:(?P<day>day|86400)|sec|min|hour)|/ ?min\b|\b[RT]P[SMH]\b|(?P<daily>\b[RT]PD\b|\bdaily\b)",
    re.IGNORECASE,
)
_DAY = late(r"per.?day|daily", re.IGNORECASE)
"""In an identifier. Google's `retryDelay` beside PerDay is seconds all the same, and not the end of the day."""
_FIGURE = r"\d{1,9}(?:\.\d{1,12})?"
_UNIT = r"(?:ms|milliseconds?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![a-z])"
_PIECE = late(rf"({_FIGURE})\s?({_UNIT})", re.IGNORECASE)
_SPOKEN = late(rf"\b(?:again|retry|wait)\b\D{{0,20}}?((?:{_FIGURE}\s?{_UNIT}[ ,]{{0,2}}(?:and )?)+)", re.IGNORECASE)
_SECONDS_OF = {"h": 3600.0, "m": 60.0, "s": 1.0}


class Limit(NamedTuple):
    """`no_credit`: no wait helps. `after`: seconds to wait, None if not said. `lasting`: the limit of a day is used
    up, and the server does not say when it is lifted."""

    no_credit: bool = False
    after: float | None = None
    lasting: bool = False


def limit_of(error: Mapping[str, Any], headers: Mapping[str, str], now: float) -> Limit:
    """What an error says (the object with its code and message) and the headers that it came with.

    `headers` have lower-case names; those that a router passes on within the error count as well. `now` is the wall
    clock (seconds since 1970).
    """
    known = {**_passed_on(error), **headers}
    words = str(error.get("message") or "")
    decided = next(filter(None, map(_by_code, _values(error, _CODES))), "")
    named = _WINDOW.search(words)
    day = any(map(_DAY.search, _values(error, _WINDOWS)))
    after = retry_after(known, now) or _reset(known, now, refused=True)
    if after is None and not day:
        spoken = _SPOKEN.search(words)
        said = [*_values(error, ("retryDelay",)), *([spoken[1]] if spoken else [])]
        after = next(filter(None, (_sane(_duration(one), _ABSURD) for one in said)), None)
    if decided == "credit" or (not (decided or named or day or after) and _NO_CREDIT.search(words)):
        return Limit(no_credit=True)
    day = day or bool(named and (named["day"] or named["daily"]))
    return Limit(after=after, lasting=day and after is None)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that the headers ask to wait; None if they do not say, or say it wrongly (own backoff then).

    `headers` have lower-case names; `now` is the wall clock (seconds since 1970), used for an HTTP date when the
    server does not send its own. Zero, negative, past and absurd (over a day) values count as not said.
    """
    seconds = _number(headers.get("retry-after-ms"), 0.001)
    if seconds is None:
        seconds = _number(headers.get("retry-after"), 1.0)
    if seconds is None:
        until = _date(headers.get("retry-after"))
        seconds = until - _clock(headers, now) if until is not None else None
    return _sane(seconds, _ABSURD)


def exhausted(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds until the rate limit has room again, if the headers of an answer say that nothing is left of it.

    `x-ratelimit-remaining-{requests,tokens}: 0`, or named alike, with a `reset` such as `1s`, `6m0s`, `120ms`, or a
    moment. Azure sends -1 and 0 without meaning it; what has no readable reset time, or one over an hour, is not
    believed.
    """
    return _sane(_reset(headers, now, refused=False), _LONGEST_PAUSE)


def _reset(headers: Mapping[str, str], now: float, *, refused: bool) -> float | None:
    """The longest wait until a limit that is used up is reset; when `refused`, also one whose rest is not said."""
    waits = []
    for name, value in headers.items():
        if "ratelimit" in name and "reset" in name:
            left = headers.get(name.replace("reset", "remaining"), "0" if refused else "")
            waits += [_until(value, _clock(headers, now))] if left.strip() == "0" else []
    sane = [wait for wait in waits if _sane(wait, _ABSURD) is not None]
    return max(filter(None, sane), default=None)


def _until(text: str, now: float) -> float | None:
    """Seconds until a moment, or of a duration."""
    seconds = _duration(text)
    if seconds is not None and seconds >= _SECONDS:
        return seconds / (1000 if seconds >= _MILLISECONDS else 1) - now
    if seconds is None and "T" in text:
        try:
            return datetime.fromisoformat(text).timestamp() - now
        except (ValueError, OverflowError, OSError):
            return None
    return seconds


def _duration(text: str) -> float | None:
    """Seconds of `1h2m3s`, `7 minutes and 12 seconds`, `120ms`, or of a bare number."""
    pieces = _PIECE.findall(text)
    if not pieces or _PIECE.sub("", text).replace("and", "").strip(" ,"):
        return _number(text, 1.0)
    return sum(
        float(figure) * (0.001 if unit.lower().startswith(("ms", "mil")) else _SECONDS_OF[unit[0].lower()])
        for figure, unit in pieces
    )


def _by_code(value: str) -> str:
    if _NO_CREDIT_CODE.search(value):
        return "credit"
    return "rate" if _RATE_CODE.search(value) else ""


def _values(node: Any, names: Sequence[str], depth: int = 5) -> Iterator[str]:
    """The texts under these names: the error's own first, then those of its details."""
    if not depth:
        return
    if isinstance(node, Mapping):
        yield from (node[name] for name in names if isinstance(node.get(name), str))
    inner = node.values() if isinstance(node, Mapping) else node[:20] if isinstance(node, list) else ()
    for each in inner:
        yield from _values(each, names, depth - 1)


def _passed_on(error: Mapping[str, Any]) -> dict[str, str]:
    metadata = error.get("metadata")
    headers = metadata.get("headers") if isinstance(metadata, Mapping) else None
    return {str(name).lower(): str(value) for name, value in headers.items()} if isinstance(headers, Mapping) else {}


def _sane(seconds: float | None, most: float) -> float | None:
    return seconds if seconds is not None and 0 < seconds <= most else None


def _clock(headers: Mapping[str, str], now: float) -> float:
    return _date(headers.get("date")) or now


def _number(text: str | None, unit: float) -> float | None:
    try:
        value = float(text or "") * unit
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _date(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None
