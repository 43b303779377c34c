"""Forms in which figures stand for more than an amount: 19.30 Uhr, 7:30 pm, 3:2, 9.5.2021, 2017/18, the 1990s.

Each form becomes one or more readings of its span; a comparison is satisfied by any of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from presseschau.facts.fact import Lang
from presseschau.facts.numbers.value import Century, Clock, Decade, NumberPair, NumberValue, Quantity
from presseschau.lang import regex
from presseschau.patterns import compiled


class NumberReading(NamedTuple):
    """`needed`: the other text must have it (or another reading of the same span). `sort`: what the fact is called if
    not."""

    value: NumberValue
    start: int
    end: int
    needed: bool = True
    sort: str = "hint"


_DATE: dict[Lang, str] = {
    "de": r"(?P<date>(?<![\d.,:/])(?P<day>\d{1,2})\.[ \u00a0]?(?P<month>\d{1,2})\."
    r"(?:[ \u00a0]?(?P<year>\d{4}|\d{2}(?!\d|[.,:]\d)))?(?!\d|,\d))",
    # In English "1.05." is an amount at the end of a sentence.
    "en": r"(?P<date>(?<![\d.,:/$£€])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4}|\d{2}(?!\d|[.,:]\d)))",
}
_SPOKEN_DATE = (
    r"(?P<spoken>(?:(?<=[aoA]m )|(?<=zum ))(?P<spoken_day>\d{1,2})\.(?P<spoken_month>0?[1-9]|1[0-2])"
    r"(?![\d.,]|\s?[Uu]hr|\s?(?:Prozent|%|Euro|Mi)))"
)
_ISO = r"(?P<iso>(?<!\d)(?P<iso_year>\d{4})-(?P<iso_month>\d{1,2})-(?P<iso_day>\d{1,2})(?!\d))"
_SLASH_DATE = r"(?P<slash>(?<![\d/])(?P<slash_a>\d{1,2})/(?P<slash_b>\d{1,2})/(?P<slash_year>\d{4}|\d{2})(?![\d/]))"
_SEASON = r"(?P<season>(?<![\d.,])(?P<first_year>1[89]\d\d|20\d\d)(?:/|–|-|/-)(?P<short_year>\d\d)(?![\d-]))"
_FRACTION = r"(?P<fraction>(?<![\d/.,])(?<!\d[ \u00a0])(?P<upper>\d{1,2})/(?P<lower>\d{1,2})(?![\d/]))"
_COLON = r"(?P<colon>(?<![\d:.])(?P<left>\d{1,3})(?: ?: ?|:)(?P<right>\d{1,3})(?::\d\d)?(?![\d:]))"
_HEIGHT = (
    r"(?P<height>(?<![\d.,])(?P<feet>[3-8])(?:[- ]?(?:foot|feet|ft)[- ]?|['’′]\s?)(?P<inches>1[01]|\d)(?!\d)"
    r"(?:[- ]?(?:inch(?:es)?|in\b)|[\"”″])?)"
)
_DECADE: dict[Lang, str] = {
    "de": r"(?P<decade>(?<![\d.,])(?P<decade_year>\d{2}|\d{4})-?er[ns]?(?![a-zäöüß]))",
    "en": r"(?P<decade>(?<![\d.,$£€])(?P<decade_year>\d0|\d{3}0)(?:['’])?s\b)",
}
_HOUR = r"(?P<clock>(?<![\d.,:])(?P<hour>[01]?\d|2[0-4])(?:[.:]"
_CLOCK: dict[Lang, str] = {
    "de": _HOUR + r"(?P<minute>[0-5]\d))?(?:[.:][0-5]\d)?"
    r"(?:[ \u00a0]?[Uu]hr\b(?:[ ](?P<minute_after>[0-5]\d)\b(?![ ]?[\w€$%]))?|h(?P<minute_h>[0-5]\d)\b))",
    "en": _HOUR + r"[ ]?(?P<minute>[0-5]\d))?(?:[ \u00a0]?(?P<half>[ap])\.?[ ]?m\b\.?|[ ]o['’]clock\b))",
}
_HUNDRED_HOURS = (
    r"(?P<military>(?<![\d.,:])(?P<mil_hour>[01]\d|2[0-3])(?P<mil_minute>[0-5]\d)"
    r"(?=[ ]?(?:GMT|UTC|BST|CES?T|hours|hrs|local time)\b))"
)
_CENTURY: dict[Lang, str] = {
    "de": r"(?P<century>(?<![\d.,])(?P<century_number>\d{1,2})\.[ \u00a0](?=Jh|Jahr))",
    "en": r"(?P<century>(?<![\d.,])(?P<century_number>\d{1,2})(?:st|nd|rd|th)(?=[- ]centur))",
}


@lru_cache(maxsize=2)
def _pattern(lang: Lang) -> re.Pattern[str]:
    own = [_SPOKEN_DATE] if lang == "de" else [_HEIGHT, _HUNDRED_HOURS]
    shared = [_ISO, _SLASH_DATE, _SEASON, _FRACTION, _COLON]
    forms = "|".join([_CLOCK[lang], _DATE[lang], *own, *shared, _DECADE[lang], _CENTURY[lang]])
    return compiled(rf"(?=\d)(?:{forms})")  # at most letters nothing more is tried


_DATE_PREFIXES = {"date": "", "iso": "iso_", "spoken": "spoken_"}


def numeric_date(match: re.Match[str]) -> tuple[int, int, str] | None:
    """(day, month, group name prefix) of 9.5.2021, 2021-05-09 and "am 9.5", if such a day exists."""
    prefix = _DATE_PREFIXES[match.lastgroup or ""]
    day, month = int(match[f"{prefix}day"]), int(match[f"{prefix}month"])
    return (day, month, prefix) if 1 <= day <= 31 and 1 <= month <= 12 else None


@lru_cache(maxsize=16)
def written_forms(text: str, lang: Lang) -> tuple[re.Match[str], ...]:
    """All such forms in text order."""
    return tuple(_pattern(lang).finditer(text))


def readings(match: re.Match[str], lang: Lang) -> list[NumberReading]:
    """What one form may mean; empty if it is none after all."""
    return list(_FORMS[match.lastgroup or ""](match, lang)) if match.lastgroup in _FORMS else []


def _number(match: re.Match[str], group: str, needed: bool = True) -> NumberReading:
    return NumberReading(Quantity(int(match[group])), *match.span(group), needed)


def _years(match: re.Match[str], group: str) -> Iterator[NumberReading]:
    yield _number(match, group)
    if len(match[group]) == 2:
        for century in (1900, 2000):
            yield NumberReading(Quantity(century + int(match[group])), *match.span(group), False)


def _date(match: re.Match[str], lang: Lang) -> Iterator[NumberReading]:
    """The month is a date fact; as a number it is only a hint."""
    date = numeric_date(match)
    if date is None:
        return
    prefix = date[2]
    yield _number(match, f"{prefix}day")
    yield _number(match, f"{prefix}month", needed=False)
    if match.groupdict().get(f"{prefix}year"):
        yield from _years(match, f"{prefix}year")


def _slash_date(match: re.Match[str], lang: Lang) -> Iterator[NumberReading]:
    """5/9/2021: which is the day is not known."""
    yield _number(match, "slash_a", needed=int(match["slash_a"]) > 12)
    yield _number(match, "slash_b", needed=int(match["slash_b"]) > 12)
    yield from _years(match, "slash_year")


def _season(match: re.Match[str], lang: Lang) -> Iterator[NumberReading]:
    """2017/18 and 1939-45: the second year in full or in short."""
    first, short = int(match["first_year"]), int(match["short_year"])
    yield _number(match, "first_year")
    if short == (first + 1) % 100 or short > first % 100:
        century = first // 100 + (1 if short == 0 else 0)
        yield NumberReading(Quantity(century * 100 + short), *match.span("short_year"))
        yield NumberReading(Quantity(short), *match.span("short_year"), False)
    else:
        yield _number(match, "short_year")


def _fraction(match: re.Match[str], lang: Lang) -> Iterator[NumberReading]:
    upper, lower = int(match["upper"]), int(match["lower"])
    yield NumberReading(NumberPair(upper, lower), *match.span(), (upper, lower) != (24, 7))
    if lower:
        value = Fraction(upper, lower)
        yield NumberReading(Quantity(value if value.denominator > 1 else value.numerator), *match.span(), False)
    if upper == lower or max(upper, lower) > 10:  # fifty-fifty; 9/11, where one of the two is a month
        yield from (NumberReading(Quantity(number), *match.span(), False) for number in (upper, lower))
    yield from (_number(match, group, needed=False) for group in ("upper", "lower"))


def _colon(match: re.Match[str], lang: Lang) -> Iterator[NumberReading]:
    """20:15 is a time or a score; 3:2 can only be a score or a ratio."""
    left, right = int(match["left"]), int(match["right"])
    yield NumberReading(NumberPair(left, right), *match.span())
    if left <= 24 and right < 60 and len(match["right"]) == 2:
        yield NumberReading(Clock((left * 60 + right) % 1440, left > 12 or left == 0), *match.span(), False)
    yield from (_number(match, group, needed=False) for group in ("left", "right"))


def _decade(match: re.Match[str], lang: Lang) -> Iterator[NumberReading]:
    year = int(match["decade_year"])
    if year % 10:  # a 98er vintage, the 68ers
        yield from _years(match, "decade_year")
    else:
        yield NumberReading(Decade(year), *match.span())


def _clock(match: re.Match[str], lang: Lang) -> Iterator[NumberReading]:
    hour, half = int(match["hour"]), match["half"] if lang == "en" else None
    after = (match["minute_after"] or match["minute_h"]) if lang == "de" else None
    minute = int(match["minute"] or after or 0)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    sure = bool(half) or hour > 12 or (lang == "de" and not regex(lang, "numbers", "other_half").search(match.string))
    yield NumberReading(Clock((hour * 60 + minute) % 1440, sure), *match.span())


def _hundred_hours(match: re.Match[str], lang: Lang) -> Iterator[NumberReading]:
    """1730 GMT"""
    yield NumberReading(Clock(int(match["mil_hour"]) * 60 + int(match["mil_minute"])), *match.span())
    yield NumberReading(Quantity(int(match[0])), *match.span(), False)


def _century(match: re.Match[str], lang: Lang) -> Iterator[NumberReading]:
    yield _number(match, "century_number")
    yield NumberReading(Century(int(match["century_number"])), *match.span("century_number"), False)


def _height(match: re.Match[str], lang: Lang) -> Iterator[NumberReading]:
    yield NumberReading(Quantity(12 * int(match["feet"]) + int(match["inches"]), "inch"), *match.span())
    yield NumberReading(NumberPair(int(match["feet"]), int(match["inches"])), *match.span(), False)
    yield from (_number(match, group, needed=False) for group in ("feet", "inches"))


_FORMS = {
    "date": _date, "iso": _date, "spoken": _date, "slash": _slash_date, "season": _season, "fraction": _fraction,
    "colon": _colon, "decade": _decade, "clock": _clock, "century": _century, "height": _height,
    "military": _hundred_hours,
}  # fmt: skip
