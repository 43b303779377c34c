"""Months, weekdays and days of a month. Day numbers and years are numbers (see numbers.py), clock times too.

kind "month" (value 1..12), "weekday" (1 Monday .. 7 Sunday) and "day" ((month, day)) must be kept; "hint" facts
(value ("month", 5) or ("weekday", 1)) may stand for one: abbreviations, names of feasts, March and May as other words,
the day before "Nacht zum Samstag". A title such as Welt am Sonntag or Sunday Times is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.facts.written_forms import numeric_date, written_forms

MONTHS: dict[Lang, tuple[str, ...]] = {
    "de": (
        "Januar|Jänner|Jan\\.", "Februar|Feber|Feb\\.|Febr\\.", "März|Maerz|Mrz\\.", "April|Apr\\.", "Mai",
        "Juni|Jun\\.", "Juli|Jul\\.", "August|Aug\\.", "September|Sept\\.|Sep\\.", "Oktober|Okt\\.", "November|Nov\\.",
        "Dezember|Dez\\.",
    ),
    "en": (
        "January|Jan", "February|Feb", "March|Mar\\.", "April|Apr", "May", "June|Jun", "July|Jul", "August|Aug",
        "September|Sept|Sep", "October|Oct", "November|Nov", "December|Dec",
    ),
}  # fmt: skip
WEEKDAYS: dict[Lang, tuple[str, ...]] = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag|Sonnabend", "Sonntag"),
    "en": ("Monday|Mon", "Tuesday|Tues?", "Wednesday|Wed", "Thursday|Thurs?", "Friday|Fri", "Saturday|Sat", "Sunday|Sun"),
}

_AMBIGUOUS = {"May", "March", "Mon", "Wed", "Sat", "Sun", "August", "Mai", "April", "June", "Mar.", "Fri", "Jan", "Dec"}
"""Also a verb, a noun or a name: a month or weekday only beside a day, a year or a word of time."""

_TIME_BEFORE = re.compile(
    r"(?:\d(?:st|nd|rd|th)?(?: of)?|\b(?:in|of|on|last|this|next|early|late|mid|since|until|till|by|from|to|and|between|"
    r"through|during|around|before|after|im|am|Anfang|Mitte|Ende|seit|bis|vom|ab|und|oder|zum|letzten|vergangenen|"
    r"kommenden|nächsten|dieses|diesen|Monat|for|or|each|every|per|\d+\.))[ \u00a0]$|\d[ ]?[–/-]$"
)
_TIME_AFTER = re.compile(r"[ \u00a0]?(?:\d|[–/-]\d|to \d|and (?:June|July|April)|und (?:Juni|Juli|April)|bis )")
_TITLES = re.compile(
    r"(?:Bild|Welt|NZZ|Sonntag|Österreich|Kurier|Krone|Presse|F\.A\.S\.|Mail|Sun|Star|Express|Scotland|Zeitung)[“”\"']? (?:am|on) S[ou]n(?:ntag|day)|"
    r"Sonntagszeitung|Sonntagsblatt|Sunday (?:Times|Telegraph|Mirror|Express|Herald|People|Post|Mail|World|newspaper|edition)|"
    r"Black Friday|Cyber Monday|Super Tuesday|Good Friday|Ash Wednesday|Palm Sunday|Maundy Thursday|Easter (?:Sunday|Monday)|"
    r"(?:Whit|Rose|Carnival|Shrove) (?:Sunday|Monday|Tuesday)|Fridays? for Future|Fridays-for-Future|Sheffield Wednesday|"
    r"(?:Oster|Pfingst|Palm|Toten|Volkstrauer|Rosen|Faschings|Veilchen|Ascher|Kar|Grün|Buß-?)[a-zß]*(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)\w*"
)
_LOWER_DAY = re.compile(r"[a-z]+?(?:tag|woch)")
_NIGHT_BEFORE = re.compile(r"\bNacht (?:zum|auf|zu|auf den)(?: den)? $")
_DAY_OF_MONTH: dict[Lang, re.Pattern[str]] = {
    "de": re.compile(r"(\d{1,2})\.[ \u00a0](?=(?:(?P<m>[A-ZJ][a-zä]+)))"),
    "en": re.compile(r"(?P<m>[A-Z][a-z]+)\.? (?:the )?(\d{1,2})(?:st|nd|rd|th)?\b(?!,\d{3}|\.\d|%)|(\d{1,2})(?:st|nd|rd|th)? (?:of )?(?=(?P<m2>[A-Z][a-z]+))"),
}


class Calendar(NamedTuple):
    """`pattern` matches a month or weekday; `numbers` maps what it matched, cut to the name, to (kind, number)."""

    pattern: re.Pattern[str]
    numbers: dict[str, tuple[str, int]]


@lru_cache(maxsize=2)
def _calendar(lang: Lang) -> Calendar:
    numbers: dict[str, tuple[str, int]] = {}
    for kind, table in (("month", MONTHS[lang]), ("weekday", WEEKDAYS[lang])):
        for number, names in enumerate(table, start=1):
            for name in names.replace("\\", "").replace("Tues?", "Tues|Tue").replace("Thurs?", "Thurs|Thu").split("|"):
                numbers[name] = (kind, number)
    names = "|".join(re.escape(name) for name in sorted(numbers, key=len, reverse=True))
    if lang == "de":
        source = rf"(?<![\w])(?P<name>{names})(?P<rest>[a-zäöüß]*)|\b(?P<lower>(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)(?:s|[a-zä]*lich[a-z]*|s?abends?))\b"
    else:
        source = rf"(?<![\w])(?P<name>{names})(?P<rest>(?<=day)s|)\b(?P<lower>)"
    return Calendar(re.compile(source), numbers)


def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The calendar words of `text` in order."""
    titles = [match.span() for match in _TITLES.finditer(text)]
    found = [fact for fact in _words(text, lang) if not any(a <= fact.start < b for a, b in titles)]
    found += _numeric(text, lang)
    found += _days(text, lang, found)
    return tuple(sorted(found, key=lambda fact: (fact.start, fact.end)))


def _words(text: str, lang: Lang) -> Iterator[Fact]:
    calendar = _calendar(lang)
    for match in calendar.pattern.finditer(text):
        name = match["name"] or _LOWER_DAY.match(match["lower"])[0].capitalize()  # type: ignore[index]
        kind, number = calendar.numbers[name]
        start, end = match.span()
        rest = match["rest"] or ""
        sure = _is_date(text, match, name, rest, lang)
        value: object = number if sure else (kind, number)
        yield Fact(kind if sure else "hint", value, text[start:end], start, end)
        if lang == "de" and kind == "weekday" and _NIGHT_BEFORE.search(text, max(0, start - 20), start):
            yield Fact("hint", ("weekday", (number + 5) % 7 + 1), text[start:end], start, end)


def _is_date(text: str, match: re.Match[str], name: str, rest: str, lang: Lang) -> bool:
    if lang == "de" and rest and not re.match(r"s?(?:abend|nacht|morgen|mittag|vormittag|nachmittag|früh|s?$)", rest):
        return False
    if name not in _AMBIGUOUS:
        return True
    return bool(_TIME_BEFORE.search(text, max(0, match.start() - 14), match.start())) or bool(_TIME_AFTER.match(text, match.end()))


def _numeric(text: str, lang: Lang) -> Iterator[Fact]:
    """The months of 9.5.2021 and 2021-05-09; both readings of 5/9/2021 and 9/11."""
    if not any(sign in text for sign in ".-/"):
        return
    for match in written_forms(text, lang):
        if match.lastgroup in {"date", "iso"}:
            if date := numeric_date(match):
                start, end = match.span("month" if match["date"] else "iso_month")
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
    for match in _DAY_OF_MONTH[lang].finditer(text):
        if lang == "de":
            day, at, span = int(match[1]), match.end(), match.span(1)
        else:
            first = match["m"] is not None
            day, at = int(match[2] if first else match[3]), match.start() if first else match.end()
            span = match.span(2 if first else 3)
        if at in months and 1 <= day <= 31:
            yield Fact("day", (months[at].value, day), text[span[0] : span[1]], *span)


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
    theirs = other.dates
    values = {(fact.kind, fact.value) if fact.kind != "hint" else fact.value for fact in theirs}
    days = [fact.value for fact in theirs if fact.kind == "day"]
    alternatives: dict[tuple[int, int], set[object]] = {}
    for fact in ours:
        key = (fact.kind, fact.value) if fact.kind != "hint" else fact.value
        alternatives.setdefault((fact.start, fact.end), set()).add(key)
    for fact in ours:
        if fact.kind in {"month", "weekday"} and not alternatives[fact.start, fact.end] & values:
            if not (fact.text[0].isalpha() and re.search(rf"\b{fact.text}\b", other.text)):  # a title, kept as it is
                yield fact
        if fact.kind == "day" and fact.value not in days and _moved(fact.value, days):
            yield fact


def _moved(day: object, days: list[object]) -> bool:
    """The other text has this month and this day, but apart: 3. Mai und 5. Juni = 5 May and 3 June."""
    month, number = day  # type: ignore[misc]
    return any(other[0] == month for other in days) and any(other[1] == number for other in days)  # type: ignore[index]
