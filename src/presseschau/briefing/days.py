"""Days as people name them ("yesterday", "3 days ago", 2026-11-29), and whether an article is of them.

A day is a German one: papers print their days and hours in German time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from presseschau.models import Analysis

ZONE = "German time"
_AGO = re.compile(r"(\d{1,4}) days? ago")
_BACK = {"today": 0, "yesterday": 1}
FORMS = "today, yesterday, 3 days ago, 2026-11-29 or 2026-11-29 06:00"


def moment(text: str, now: datetime | None = None) -> str:
    """The ISO day, or day and minute (2026-11-29T06:00), that is meant, in German time. `now` is a time with its zone;
    without it, that of the clock. Raises ValueError for anything but `FORMS`; a zone in the text is reckoned with."""
    said = " ".join(text.split())
    word = said.lower()
    today = in_german_time(now or datetime.now(UTC)).date()
    if (ago := _AGO.fullmatch(word)) or word in _BACK:
        return (today - timedelta(days=int(ago[1]) if ago else _BACK[word])).isoformat()
    try:
        if len(said) <= len("2026-11-29"):
            return date.fromisoformat(said).isoformat()
        return in_german_time(datetime.fromisoformat(said)).isoformat(timespec="minutes")[: len("2026-11-29T06:00")]
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is none of: {FORMS}.") from None


def made_at(now: datetime) -> tuple[str, str]:
    """That moment, and the one at which its German day began, both in UTC as the archive has them."""
    begun = in_german_time(now).replace(hour=0, minute=0, second=0, microsecond=0)
    moments = (one.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for one in (now, begun))
    return next(moments), next(moments)


def in_german_time(when: datetime) -> datetime:
    """The same moment there; a time without a zone is taken for German."""
    return when if when.tzinfo is None else when.astimezone(_zone())


def is_since(published: str, since: str) -> bool:
    """Was it published at this day or minute, or after it? One printed without an hour counts for its whole day."""
    own = _local(published)
    return own >= since[: len(own)]


def is_until(published: str, until: str) -> bool:
    """The same, at it or before; the whole of a day without an hour."""
    own = _local(published)
    return own[: len(until)] <= until


def of_days(
    read: Callable[[str | None, str | None], Iterable[Analysis]], since: str | None, until: str | None
) -> list[Analysis]:
    """What `read` gives of the German days from this day or minute to that. It is asked for the days beside them, too:
    it looks at the days that are printed, and a feed may print its hours in another zone (23:30 GMT)."""
    first, last = (one and one[: len("2026-11-29")] for one in (since, until))
    return [
        one
        for one in read(first and _beside(first, -1), last and _beside(last, 1))
        if not (published := one.article.published)
        or not ((first and not is_since(published, first)) or (last and not is_until(published, last)))
    ]


def _beside(day: str, days: int) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days)).isoformat()
    except OverflowError:  # of the calendar
        return day


def _local(published: str) -> str:
    """An article's time as day, or day and minute, in German time; as it stands where it is neither."""
    if len(published) <= len("2026-11-29"):
        return published
    try:
        when = in_german_time(datetime.fromisoformat(published))
    except ValueError:
        return published[: len("2026-11-29")]
    return when.isoformat(timespec="minutes")[: len("2026-11-29T06:00")]


@lru_cache(maxsize=1)
def _zone() -> tzinfo:
    try:
        return ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:  # a system without tables of zones: the hour may be one off, the day hardly ever
        return datetime.now().astimezone().tzinfo or UTC
