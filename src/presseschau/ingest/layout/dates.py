"""Dates and times as German news pages print them, read into ISO 8601 local time as printed."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple

from presseschau.lang import SOURCE, regex, vocabulary
from presseschau.patterns import late

_rule = partial(regex, SOURCE, "dates")

_PUNCTUATION: Final = late(r"[\s.,:;|·•/()\[\]–—+-]+")
_LONGEST_LINE: Final = 160


class Stamp(NamedTuple):
    """A moment as printed. `date` is None where only the time stands, its year in "Update vom 28. März"."""

    updated: bool
    date: tuple[int | None, int, int] | None
    time: str | None
    zone: str = ""

    def iso(self) -> str | None:
        """`YYYY-MM-DD` or `YYYY-MM-DDTHH:MM[:SS][zone]`; None while the year or the date is unknown."""
        if self.date is None or self.date[0] is None:
            return None
        day = "{:04d}-{:02d}-{:02d}".format(*self.date)
        return f"{day}T{self.time}{self.zone}" if self.time else day


def read_line(line: str) -> tuple[tuple[Stamp, ...], str]:
    """The moments printed in a line, in order, and what else stands in it beside the usual words around them.

    "Stand: 20.12.2025, 19:25 Uhr" leaves nothing; "Von Max Muster, 20.12.2025" leaves "Von Max Muster". Stand, Update
    and Aktualisiert make a moment an update. No moment: an empty tuple.
    """
    if len(line) > _LONGEST_LINE or not any(char.isdigit() for char in line):
        return (), line
    stamps: list[Stamp] = []
    rest: list[str] = []
    at = 0
    for start, end, stamp in _moments(line):
        gap = line[at:start]
        rest.append(gap)
        stamps.append(stamp._replace(updated=_rule("updated").search(gap) is not None))
        at = end
    rest.append(line[at:])
    return _completed(stamps), _residue(rest)


def _residue(gaps: list[str]) -> str:
    """What the gaps say beyond labels, weekdays and punctuation."""
    kept = [gap.strip(" |·•,-–—/\t") for gap in gaps if _PUNCTUATION.sub("", _rule("filler").sub("", gap))]
    return " ".join(kept)


def _moments(line: str) -> list[tuple[int, int, Stamp]]:
    """Dates with or without a time; times alone only where no date stands."""
    found = []
    for match in _rule("stamp").finditer(line):
        stamp = _stamp(match)
        if stamp is not None:
            found.append((match.start(), match.end(), stamp))
    for match in _rule("clock").finditer(line):
        if not any(start < match.end() and match.start() < end for start, end, _ in found):
            found.append((match.start(), match.end(), Stamp(False, None, _clock(match))))
    return sorted(found, key=lambda item: item[0])


def _stamp(match: re.Match[str]) -> Stamp | None:
    group = match.groupdict()
    kind = next(k for k in "1234" if group[f"d{k}"])
    month = group[f"m{kind}"]
    day = int(group[f"d{kind}"])
    number = int(month) if month.isdigit() else int(vocabulary(SOURCE, "months", lower=True)[month.lower()])
    year = _year(group[f"y{kind}"])
    try:
        datetime(year or 2024, number, day)
    except ValueError:
        return None
    time = _clock(match) if group["hour"] or group["whole"] else None
    return Stamp(False, (year, number, day), time, (group["zone"] or "") if time else "")


def _year(digits: str | None) -> int | None:
    if digits is None:
        return None
    return int(digits) if len(digits) == 4 else 2000 + int(digits) - (100 if int(digits) > 69 else 0)


def _clock(match: re.Match[str]) -> str:
    group = match.groupdict()
    if group["whole"]:
        return f"{int(group['whole']):02d}:00"
    second = f":{group['second']}" if group["second"] else ""
    return f"{int(group['hour']):02d}:{group['minute']}{second}"


def _completed(stamps: list[Stamp]) -> tuple[Stamp, ...]:
    """A time without a date, and a date without a year, take them from their neighbour in the line."""
    known = next((s.date for s in stamps if s.date and s.date[0] is not None), None)
    done = []
    for stamp in stamps:
        if stamp.date is None and known:
            stamp = stamp._replace(date=known)
        elif stamp.date and stamp.date[0] is None and known:
            stamp = stamp._replace(date=(known[0], *stamp.date[1:]))
        done.append(stamp)
    return tuple(done)


def iso(value: str) -> str | None:
    """The first full date in `value` (a metadata field, or a line) as ISO 8601; None if there is none."""
    stamps, _ = read_line(value[:_LONGEST_LINE])
    return next((found for stamp in stamps if (found := stamp.iso())), None)
