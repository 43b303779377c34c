"""Dates and times -> ISO 8601, local time as given: as German news pages print them (`read_line`), and as feeds,
agencies and press archives write them, German or English (`moment`).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache, partial
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


_BASIC = late(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d):?(\d\d)(?::?(\d\d))?(Z|[+-]\d\d:?\d\d)?)?$")
_CLOCK = late(
    r"\b(\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?(?:\s*([AP])\.?M\b\.?)?"
    r"\s*(?:(?:GMT|UTC|UT)?([+-]\d{1,2})(?::?(\d\d))?(?!\d)|(GMT|UTC?|Z|MEZ|CET|MESZ|CEST)\b)?",
    re.IGNORECASE,
)
_YEAR_LAST = late(r"\b([A-Za-z]{3} \d{1,2}) (\d{1,2}:\d\d(?::\d\d)?(?: [A-Z]{2,4})?) ((?:19|20)\d\d)\b")  # of Java, C
_FRACTION = late(r"(?<=:\d\d)[.,]\d{1,9}")
_EPOCH = late(r"(1\d{9})(?:\d{3})?")
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
