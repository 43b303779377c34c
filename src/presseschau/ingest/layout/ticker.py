"""Live tickers: entries that open with their own time, newest or oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import Final, NamedTuple

from presseschau.ingest.dates import Stamp, read_line
from presseschau.lang import SOURCE, regex
from presseschau.patterns import late

_rule = partial(regex, SOURCE, "ticker")
_PLUS_END: Final = late(r"\s*\+\+\+\s*$")
FEWEST: Final = 3
"""So many paragraphs opening with a time make a ticker; fewer are times that a report happens to begin with."""


class TickerEntry(NamedTuple):
    """Where an entry's time ends in its paragraph, and the moment printed. `title` marks "+++ 12.31 Uhr: ... +++"."""

    length: int
    stamp: Stamp
    title_end: int | None
    update: bool = False


def read_entry(text: str) -> TickerEntry | None:
    """The time that a paragraph opens with as an entry of a ticker; None for "19.30 Uhr war es" and the like."""
    update = _rule("updated").match(text)
    if update and any(char.isdigit() for char in update["stamp"]):
        stamps, _ = read_line(update["stamp"])
        return TickerEntry(update.end(), stamps[0], None, update=True) if stamps else None
    match = _rule("entry").match(text[:100])
    if match is None:
        return None
    stamps, _ = read_line(match["stamp"] or match["day"])
    if not stamps:
        return None
    return TickerEntry(match.end(), stamps[0], _title_end(text, match.end()))


def _title_end(text: str, start: int) -> int | None:
    """Where the title of a "+++ ... +++" entry ends."""
    close = _PLUS_END.search(text, start)
    if close:
        return close.start()
    inner = text.find(" +++", start)
    return inner if text.startswith("+++") and inner > 0 else None


def is_ticker(entries: Sequence[TickerEntry | None]) -> bool:
    """Are there enough entries for a live ticker?"""
    return sum(entry is not None and not entry.update for entry in entries) >= FEWEST


def moments(stamps: Sequence[Stamp], published: str | None, updated: str | None) -> list[str]:
    """For each entry in page order its moment: `YYYY-MM-DDTHH:MM`, or `HH:MM` while the day is unknown.

    A time without a date belongs to the day of the page; where the clock runs over midnight the day changes, back in
    a ticker with the newest entry first, forth in one with the oldest first.
    """
    newest_first = _falls([stamp.time for stamp in stamps if stamp.time])
    start = (updated or published) if newest_first else (published or updated)
    day = date.fromisoformat(start[:10]) if start else None
    found: list[str] = []
    last: str | None = None
    for stamp in stamps:
        if stamp.date is not None:
            day, last = _dated(stamp.date, day), None
        if day and last and stamp.time and (stamp.time > last if newest_first else stamp.time < last):
            day += timedelta(days=-1 if newest_first else 1)
        last = stamp.time or last
        found.append(_moment(day, stamp.time))
    return found


def _falls(clocks: Sequence[str]) -> bool:
    """Is the way round the clock from entry to entry shorter backwards than forwards?"""
    minutes = [60 * int(clock[:2]) + int(clock[3:5]) for clock in clocks]
    forwards = sum((b - a) % 1440 for a, b in pairwise(minutes))
    backwards = sum((a - b) % 1440 for a, b in pairwise(minutes))
    return backwards < forwards


def _dated(printed: tuple[int | None, int, int], day: date | None) -> date | None:
    year = printed[0] or (day.year if day else None)
    try:
        return date(year, printed[1], printed[2]) if year else day
    except ValueError:  # 29 February in a year taken from elsewhere
        return day


def _moment(day: date | None, time: str | None) -> str:
    if day is None:
        return time or ""
    return f"{day.isoformat()}T{time}" if time else day.isoformat()
