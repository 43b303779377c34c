"""Numbers of a text: amounts, money, shares, measures, clock times, scores, decades, orders of magnitude.

`kind` is "number" for a fact that the other text must have. "hint" marks what may stand for a number but need not
(beide, third, twice), and further readings: several facts on one span are alternatives, and one of them suffices.
Ordinal words, bare Hundert and Tausend, and ein/one are hints only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from presseschau.facts.amounts import AmountSpan, amounts
from presseschau.facts.fact import Fact, Lang
from presseschau.facts.number_differences import differences
from presseschau.facts.number_value import Amount, Clock, Decade, Quantity, Scale
from presseschau.facts.numerals import exact
from presseschau.facts.units import unit_patterns
from presseschau.facts.written_forms import Reading, readings, written_forms

__all__ = ["differences", "read"]

_LETTER_SCALES = {"k": 10**3, "K": 10**3, "m": 10**6, "M": 10**6, "b": 10**9, "B": 10**9}
_LETTER_SCALE = re.compile(r"[kKmMbB]\b")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_RANGE = re.compile(
    r"(?:er)?-?[ \u00a0]?(?:bis(?: zu)?|–|—|-|to|or|and|und|oder|beziehungsweise|bzw\.|sowie|,)[ \u00a0]?"
    r"(?:etwa |rund |knapp |ca\. |about |as (?:much|many) as |[$€£])?"
)
_CLOCK_FIGURE = re.compile(r"([01]?\d|2[0-4])(?:[.:]([0-5]\d))?")
_UHR = re.compile(r" Uhr\b| o['’]clock\b")
_CLOCK_WORDS: dict[Lang, tuple[tuple[re.Pattern[str], int], ...]] = {
    "de": (
        (re.compile(r"\b[Mm]itternacht"), 0), (re.compile(r"\b[Mm]ittags?\b"), 720),
    ),
    "en": ((re.compile(r"\b[Mm]idnight"), 0), (re.compile(r"\b(?:[Nn]oon|[Mm]idday)\b"), 720)),
}  # fmt: skip
_HALF_HOUR = re.compile(r"\b(halb|[Hh]alf past|[Vv]iertel nach|[Qq]uarter past|[Vv]iertel vor|[Qq]uarter to) (?=\w)")
_HALF_HOUR_MINUTES = {"halb": -30, "half past": 30, "viertel nach": 15, "quarter past": 15, "viertel vor": -15, "quarter to": -15}
_MAY_BE_NUMBER = re.compile(r"\d")


def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The numbers of `text` in order, further readings of a span after its first."""
    found = list(_forms(text, lang)) if _MAY_BE_NUMBER.search(text) else []
    taken = [(reading.start, reading.end) for reading in found]
    spans = amounts(text, lang, taken)
    found += [reading for span in spans for reading in _span_readings(text, lang, span)]
    found += _clock_words(text, lang)
    found.sort(key=lambda reading: (reading.start, not reading.needed))
    found += _shared(text, found)
    found.sort(key=lambda reading: (reading.start, not reading.needed))
    return tuple(
        Fact("number" if r.needed else "hint", r.value, text[r.start : r.end], r.start, r.end) for r in found
    )


def _forms(text: str, lang: Lang) -> Iterator[Reading]:
    for match in written_forms(text, lang):
        yield from readings(match, lang)


def _span_readings(text: str, lang: Lang, span: AmountSpan) -> Iterator[Reading]:
    start, end, value = span.start, span.end, span.values[0]
    if span.sort == "decade":
        yield Reading(Decade(int(value)), start, end, needed=False)
        return
    if span.sort == "vague":
        size = int(value)
        yield Reading(Scale(size), start, end, needed=size >= 10**6)
        return
    if span.sort == "hint":
        for reading in span.values:
            yield Reading(Quantity(reading), start, end, needed=False)
        return
    yield from _count(text, lang, span)


def _count(text: str, lang: Lang, span: AmountSpan) -> Iterator[Reading]:
    value, start, end = span.values[0], span.start, span.end
    if _UHR.match(text, end) and value <= 24:
        yield Reading(Clock(int(value * 60) % 1440, False), start, end)
        yield Reading(Quantity(value), start, end, needed=False)
        return
    patterns = unit_patterns(lang)
    money = _money_before(text, start, lang)
    letter = _LETTER_SCALE.match(text, end) if text[end - 1].isdigit() else None
    if letter and money:
        yield Reading(Quantity(value * _LETTER_SCALES[letter[0]], money), start, letter.end())
        return
    after = None if money else patterns.after.match(text, end)
    unit = money or (patterns.names[after.lastgroup] if after and after.lastgroup else "")
    yield Reading(Quantity(value, unit), start, end)
    if letter:
        yield Reading(Quantity(value * _LETTER_SCALES[letter[0]], ""), start, end, needed=False)
    if span.end - start == 2 and text[start - 1 : start] in {"'", "’"} and text[start:end].isdigit():
        yield Reading(Quantity(1900 + int(value)), start, end, needed=False)
        yield Reading(Quantity(2000 + int(value)), start, end, needed=False)
    figure = _CLOCK_FIGURE.fullmatch(text, start, end)
    if figure and figure[2]:
        yield Reading(Clock((int(figure[1]) * 60 + int(figure[2])) % 1440, False), start, end, needed=False)


def _money_before(text: str, start: int, lang: Lang) -> str:
    head = text[max(0, start - 5) : start].rstrip(" \u00a0")
    for match in unit_patterns(lang).before.finditer(head):
        if match.end() == len(head):
            return match.lastgroup or ""
    return ""


def _clock_words(text: str, lang: Lang) -> Iterator[Reading]:
    for pattern, minutes in _CLOCK_WORDS[lang]:
        for match in pattern.finditer(text):
            yield Reading(Clock(minutes), *match.span(), False)


def _shared(text: str, found: list[Reading]) -> list[Reading]:
    """What the second of "3 bis 5 Millionen Euro", "12 und 14 Uhr" may lend the first: scale, unit, clock."""
    more: list[Reading] = []
    firsts = [reading for reading in found if reading.needed]
    for one, other in zip(firsts, firsts[1:], strict=False):
        if not isinstance(one.value, Quantity) or not _RANGE.fullmatch(text, one.end, other.start):
            continue
        more += _lent(text, one, other, one.value.amount)
    return more


def _lent(text: str, one: Reading, other: Reading, amount: Amount) -> Iterator[Reading]:
    if isinstance(other.value, Clock):
        figure = _CLOCK_FIGURE.fullmatch(text, one.start, one.end)
        if figure:
            minutes = int(figure[1]) * 60 + int(figure[2] or 0)
            yield Reading(Clock(minutes % 1440, minutes > 720 and other.value.sure), one.start, one.end, False)
    if isinstance(other.value, Quantity):
        for scale in (10**12, 10**9, 10**6, 10**3):
            if other.value.amount >= scale > amount and not text[one.start : one.end].endswith("000"):
                yield Reading(Quantity(amount * scale, other.value.unit), one.start, one.end, False)
                break
        if other.value.unit:
            yield Reading(Quantity(amount, other.value.unit), one.start, one.end, False)
