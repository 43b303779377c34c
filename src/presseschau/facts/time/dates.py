"""Months, weekdays and days of a month. Day numbers and years are numbers (see numbers.py), clock times too.

kind "month" (value 1..12), "weekday" (1 Monday .. 7 Sunday) and "day" ((month, day)) must be kept; "hint" facts
(value ("month", 5) or ("weekday", 1)) may stand for one: abbreviations, names of feasts, March and May as other words,
the day before "Nacht zum Samstag". A title such as Welt am Sonntag or Sunday Times is not a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.facts.numbers.written_forms import numeric_date, written_forms
from presseschau.lang import SOURCE, any_of, regex, vocabulary
from presseschau.patterns import compiled, late

_DIGIT = late(r"\d")
_SHORT_BEFORE = late(r"\d(?:\.|st|nd|rd|th)?[ \u00a0-]?$")
_SHORT_AFTER = late(r"\.?[ \u00a0-]?\d|\.[ ,)]")
_LOWER_DAY = late(r"[a-z]+?(?:tag|woch|day)")


class Calendar(NamedTuple):
    """`pattern` matches a month or weekday; `numbers` maps what it matched, cut to the name, to (kind, number)."""

    pattern: re.Pattern[str]
    numbers: dict[str, tuple[str, int]]


@lru_cache(maxsize=2)
def _calendar(lang: Lang) -> Calendar:
    tables = {"month": vocabulary(lang, "months"), "weekday": vocabulary(lang, "weekdays")}
    numbers = {name: (kind, int(number)) for kind, table in tables.items() for name, number in table.items()}
    names = "|".join(sorted(numbers, key=len, reverse=True))
    days = "|".join(name.lower() for name in vocabulary(SOURCE, "weekdays"))
    if lang == "de":
        lower = rf"(?=[dfms])\b(?P<lower>(?:{days})(?:s|[a-zä]*lich[a-z]*|s?abends?))\b"
        return Calendar(compiled(rf"(?=[A-Z])(?<!\w)(?P<name>{names})(?P<rest>[a-zäöüß]*)|{lower}"), numbers)
    lower = rf"(?=[mtwfs])\b(?P<lower>(?:{'|'.join(vocabulary(lang, 'weekdays', 'full')).lower()})s?)\b"
    return Calendar(compiled(rf"(?=[A-Z])(?<!\w)(?P<name>{names})(?P<rest>(?<=day)s|)\b|{lower}"), numbers)


def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The calendar words of `text` in order."""
    titles = [match.span() for match in any_of(lang, "calendar", "title").finditer(text)]
    found = [fact for fact in _words(text, lang) if not any(a <= fact.start < b for a, b in titles)]
    found += _numeric(text, lang)
    found += _days(text, lang, found)
    return tuple(sorted(found, key=lambda fact: (fact.start, fact.end)))


def _words(text: str, lang: Lang) -> Iterator[Fact]:
    pattern, numbers = _calendar(lang)
    for match in pattern.finditer(text):
        name = match["name"] or _LOWER_DAY.match(match["lower"])[0].capitalize()  # type: ignore[index]
        kind, number = numbers[name]
        if match["rest"] and (
            _short(name, lang) or regex(SOURCE, "calendar", "no_month").match(match[0])
        ):  # Märkte, Mailand
            continue
        start, end = match.span()
        sure = _is_date(text, start, end, name, match["rest"] or "", lang)
        sure = sure and not regex(SOURCE, "calendar", "beside_today").search(text, max(0, start - 12), start)
        yield Fact(kind if sure else "hint", number if sure else (kind, number), text[start:end], start, end)
        if kind == "weekday" and regex(SOURCE, "calendar", "night_before").search(text, max(0, start - 20), start):
            yield Fact("hint", ("weekday", (number + 5) % 7 + 1), text[start:end], start, end)


def _short(name: str, lang: Lang) -> bool:
    """Jan, Mon: only beside a figure."""
    return name in vocabulary(lang, "months", "short") or name in vocabulary(lang, "weekdays", "short")


def _is_date(text: str, start: int, end: int, name: str, rest: str, lang: Lang) -> bool:
    if rest and not regex(lang, "calendar", "part_of_day").match(rest):  # Augustwochenende, Montage
        return False
    if _short(name, lang):
        before = _SHORT_BEFORE.search(text, max(0, start - 6), start)
        return not rest and bool(before or _SHORT_AFTER.match(text, end))
    if name not in vocabulary(lang, "months", "ambiguous"):
        return True
    before = regex(lang, "calendar", "time_before").search(text, max(0, start - 14), start)
    return bool(before or regex(lang, "calendar", "time_after").match(text, end))


def _numeric(text: str, lang: Lang) -> Iterator[Fact]:
    """The months of 9.5.2021 and 2021-05-09; both readings of 5/9/2021 and 9/11."""
    if not _DIGIT.search(text):
        return
    for match in written_forms(text, lang):
        if match.lastgroup in {"date", "iso", "spoken"}:
            if date := numeric_date(match):
                start, end = match.span(f"{date[2]}month")
                yield Fact("month", date[1], text[start:end], start, end)
        elif match.lastgroup in {"slash", "fraction"}:
            groups = ("slash_a", "slash_b") if match["slash"] else ("upper", "lower")
            for group in groups:
                if 1 <= int(match[group]) <= 12:
                    start, end = match.span(group)
                    yield Fact("hint", ("month", int(match[group])), text[start:end], start, end)


def _days(text: str, lang: Lang, found: list[Fact]) -> Iterator[Fact]:
    """Day and month side by side."""
    months = {fact.start: fact for fact in found if fact.kind == "month"}
    if not months:
        return
    for match in regex(lang, "calendar", "day_of_month").finditer(text):
        group = "before" if match["before"] else "after"
        month = months.get(match.end() if match["before"] else match.start())
        if month and 1 <= int(match[group]) <= 31:
            start, end = match.span(group)
            yield Fact("day", (month.value, int(match[group])), text[start:end], start, end)


def differences(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """date.missing and date.added: months, weekdays, and a day that went to another month of the sentence."""
    if not source.dates and not target.dates:
        return ()
    missing = list(_unmatched(source.dates, target)) if direction == "both" else []
    added = list(_unmatched(target.dates, source))
    found: list[Difference] = []
    for one in list(missing):
        other = next((fact for fact in added if fact.kind == one.kind), None)
        if other:
            missing.remove(one)
            added.remove(other)
            found.append(Difference("date.missing", one, other))
    found += [Difference("date.missing", fact) for fact in missing]
    return (*found, *(Difference("date.added", None, fact) for fact in added))


def _unmatched(ours: tuple[Fact, ...], other: Facts) -> Iterator[Fact]:
    theirs = {_key(fact) for fact in other.dates}
    days = [fact.value for fact in other.dates if fact.kind == "day"]
    readings: dict[tuple[int, int], set[object]] = {}
    for fact in ours:
        readings.setdefault((fact.start, fact.end), set()).add(_key(fact))
    for fact in ours:
        if fact.kind == "day" and fact.value not in days and _moved(fact.value, days):
            yield fact
        named = fact.kind in {"month", "weekday"} and not readings[fact.start, fact.end] & theirs
        if named and not _kept_as_it_is(fact.text, other.text):
            yield fact


def _key(fact: Fact) -> object:
    return fact.value if fact.kind == "hint" else (fact.kind, fact.value)


def _kept_as_it_is(word: str, other: str) -> bool:
    """Saturday Night Live in a German sentence."""
    return word in other and word[0].isalpha() and re.search(rf"\b{re.escape(word)}\b", other) is not None


def _moved(day: object, days: list[object]) -> bool:
    """The other text has this month and this day, but apart: 3. Mai und 5. Juni = 5 May and 3 June."""
    month, number = day if isinstance(day, tuple) else (0, 0)
    pairs = [other for other in days if isinstance(other, tuple)]
    return any(other[0] == month for other in pairs) and any(other[1] == number for other in pairs)
