"""Numbers of a text: amounts, money, shares, measures, clock times, scores, decades, orders of magnitude.

`kind` is "number" for a fact that the other text must have. "hint" marks what may stand for a number but need not
(beide, twice), and further readings: several facts on one span are alternatives, and one of them suffices. "ordinal"
(zweite), "times" (verdoppelt, Zwillinge) and "one" (a week, eine Viertelstunde) are hints too, but must not become
another one of their kind. Bare Hundert and Tausend are hints only.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import pairwise

from presseschau.facts.fact import Fact, Lang
from presseschau.facts.numbers.amounts import AmountSpan, amounts
from presseschau.facts.numbers.differences import differences
from presseschau.facts.numbers.numerals import digit_counts
from presseschau.facts.numbers.units import unit_patterns
from presseschau.facts.numbers.value import Amount, Clock, Decade, NumberPair, Quantity, Scale
from presseschau.facts.numbers.written_forms import NumberReading, readings, written_forms
from presseschau.lang import SOURCE, Pattern, regex, rules, vocabulary
from presseschau.patterns import late

__all__ = ["differences", "read"]

_LETTER_SCALES = {"k": 10**3, "K": 10**3, "m": 10**6, "M": 10**6, "b": 10**9, "B": 10**9}
_LETTER_SCALE = late(r"[kKmMbB]\b")
_CLOCK_FIGURE = late(r"([01]?\d|2[0-4])(?:[.:]([0-5]\d))?")
_DOTTED = late(r"\d+\.\d{1,2}")
_SCORE = late(r"\d{1,2}[-–]\d{1,2}")
_HOUR_SIGN = late(r" ?h\b")
_DIGIT = late(r"\d")
_ENDLESS = late(r"(?<!\d)(?:\d{1000,}|\d{1,3}(?:[.,'’\s]\d{3}){333,})")
"""More figures than any number has. From 4,300 on Python refuses to read them."""


def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The numbers of `text` in order, further readings of a span after its first."""
    found: list[NumberReading] = []
    if _DIGIT.search(text):
        text = _ENDLESS.sub(lambda run: "#" * len(run[0]), text)
        found += _forms(text, lang)
    found += digit_counts(text, lang)
    found += _clock_words(text, lang)
    taken = [(reading.start, reading.end) for reading in found]
    spans = amounts(text, lang, taken)
    found += [reading for span in spans for reading in _span_readings(text, lang, span)]
    found += _parts_of_an_hour(text, lang)
    found.sort(key=_order)
    found += _shared(text, found, lang)
    found = sorted(_without_idioms(text, found, lang), key=_order)
    return tuple(Fact("number" if r.needed else r.sort, r.value, text[r.start : r.end], r.start, r.end) for r in found)


def _order(reading: NumberReading) -> tuple[int, int, bool]:
    """Readings of one span side by side, the needed one first."""
    return reading.start, -reading.end, not reading.needed


def _without_idioms(text: str, found: list[NumberReading], lang: Lang) -> list[NumberReading]:
    idioms = [match.span() for match in regex(lang, "numbers", "idiom").finditer(text)] if found else []
    if not idioms:
        return found
    return [
        reading._replace(needed=False) if any(a <= reading.start < b for a, b in idioms) else reading
        for reading in found
    ]


def _forms(text: str, lang: Lang) -> Iterator[NumberReading]:
    for match in written_forms(text, lang):
        yield from readings(match, lang)


def _span_readings(text: str, lang: Lang, span: AmountSpan) -> Iterator[NumberReading]:
    start, end, value = span.start, span.end, span.values[0]
    if span.sort == "decade":
        yield NumberReading(Decade(int(value)), start, end, needed=False)
        return
    if span.sort in {"vague", "bare"}:
        size = int(value)
        yield NumberReading(Scale(size), start, end, needed=size >= 10**6)
        if span.sort == "bare":
            yield NumberReading(Quantity(size), start, end, needed=False)
        return
    if span.sort in {"hint", "ordinal", "times", "rank"}:
        unit = _unit_after(text, end, lang) if value in (Fraction(1, 2), 1) else ""
        if span.sort == "hint" and value == 1 and unit:  # one month
            yield NumberReading(Quantity(1, unit), start, end, needed=False, sort="one")
            return
        for reading in span.values:
            yield NumberReading(Quantity(reading, unit), start, end, span.sort == "rank", span.sort)
        if span.sort == "ordinal" and lang == SOURCE:
            if regex(lang, "numbers", "floor").match(text, end):
                yield NumberReading(Quantity(value + 1), start, end, needed=False, sort="ordinal")
            if value > 1 and regex(lang, "numbers", "one_of").search(text, max(0, start - 9), start):
                yield NumberReading(Quantity(1 / Fraction(value)), start, end, needed=False)
        return
    if span.sort == "counted":
        stems = vocabulary(lang, "time_units", "stem").items()
        unit = next((unit for stem, unit in stems if stem in text[start:end]), "")
        yield NumberReading(Quantity(value, unit), start, end)
    elif span.sort == "unit_of":
        unit = _unit_after(text, end, lang)
        if unit:
            yield NumberReading(Quantity(value, unit), start, end, needed=False, sort="one")
    else:
        yield from _count(text, lang, span)


def _unit_after(text: str, end: int, lang: Lang) -> str:
    patterns = unit_patterns(lang)
    after = patterns.after.match(text, end)
    return patterns.names[after.lastgroup] if after and after.lastgroup else ""


def _count(text: str, lang: Lang, span: AmountSpan) -> Iterator[NumberReading]:
    value, start, end = span.values[0], span.start, span.end
    if regex(lang, "numbers", "oclock").match(text, end) and value <= 24:
        yield NumberReading(Clock(int(value * 60) % 1440, False), start, end)
        return
    money = _money_before(text, start, lang)
    letter = _LETTER_SCALE.match(text, end) if text[end - 1].isdigit() else None
    if letter and money:
        yield NumberReading(Quantity(value * _LETTER_SCALES[letter[0]], money), start, letter.end())
        return
    unit = money or _unit_after(text, end, lang)
    if lang == "de" and regex(lang, "numbers", "club").match(text, start):
        yield NumberReading(Quantity(value), start, end, needed=False)
        return
    pronoun = text[start:end] == "two" and regex("en", "numbers", "the_two").search(text, max(0, start - 9), start)
    yield NumberReading(Quantity(value, unit), start, end, not pronoun)
    if letter:
        yield NumberReading(Quantity(value * _LETTER_SCALES[letter[0]], ""), start, end, needed=False)
    if value > 1 and regex(lang, "numbers", "one_in").search(text, max(0, start - 18), start):
        yield NumberReading(Quantity(1 / Fraction(value)), start, end, needed=False)
    if text[end - 1].isdigit():
        yield from _figure_readings(text, lang, start, end)


def _figure_readings(text: str, lang: Lang, start: int, end: int) -> Iterator[NumberReading]:
    """What figures may mean besides their amount: the year '98, 19.30 as a time, Artikel 81.1."""
    written = text[start:end]
    if len(written) == 2 and written.isdecimal() and text[max(0, start - 1) : start] in {"'", "’"}:
        for century in (1900, 2000):
            yield NumberReading(Quantity(century + int(written)), start, end, needed=False)
    if lang == "de" and _DOTTED.fullmatch(written):  # no decimals in German
        first, _, second = written.partition(".")
        yield NumberReading(NumberPair(int(first), int(second)), start, end, needed=False)
        yield NumberReading(Quantity(int(first)), start, start + len(first), needed=False)
        yield NumberReading(Quantity(int(second)), start + len(first) + 1, end, needed=False)
    figure = _CLOCK_FIGURE.fullmatch(written)
    if figure and (figure[2] or _HOUR_SIGN.match(text, end)):
        minutes = int(figure[1]) * 60 + int(figure[2] or 0)
        yield NumberReading(Clock(minutes % 1440, False), start, end, needed=False)


def _money_before(text: str, start: int, lang: Lang) -> str:
    head = text[max(0, start - 5) : start].rstrip(" \u00a0")
    for match in unit_patterns(lang).before.finditer(head):
        if match.end() == len(head):
            return match.lastgroup or ""
    return ""


def _clock_words(text: str, lang: Lang) -> Iterator[NumberReading]:
    if not _hours(lang).possible(text):
        return
    for word, minutes in (("midnight", 0), ("noon", 720)):
        for match in regex(lang, "numbers", word).finditer(text):
            yield NumberReading(Clock(minutes), *match.span(), False)
    for pattern, offset in _timed(lang, "clock"):
        for match in pattern.finditer(text):
            hour, few = _hour(match["hour"], lang), match.groupdict().get("few")
            if hour is not None:
                more = (
                    int(amounts(few, lang, [])[0].values[0]) * (-1 if match.groupdict().get("before") else 1)
                    if few
                    else 0
                )
                yield NumberReading(Clock((hour * 60 + offset + more) % 1440, False), *match.span("time"))


def _parts_of_an_hour(text: str, lang: Lang) -> Iterator[NumberReading]:
    """Eine Viertelstunde, half an hour: in minutes."""
    for pattern, minutes in _timed(lang, "minutes") if _hours(lang).possible(text) else ():
        for match in pattern.finditer(text):
            yield NumberReading(Quantity(minutes, "minute"), *match.span(), False, "one")


@cache
def _hours(lang: Lang) -> Pattern:
    """All of these rules: what most texts have nothing of."""
    kinds = ("midnight", "noon", "clock", "minutes")
    return Pattern(*(rule for rule in rules(lang, "numbers").values() if rule.kind.split()[0] in kinds))


@cache
def _timed(lang: Lang, kind: str) -> tuple[tuple[Pattern, int], ...]:
    """The rules of a kind that says minutes behind it: "clock -15", "minutes 30"."""
    kinds = ((rule.regex, rule.kind.partition(" ")) for rule in rules(lang, "numbers").values())
    return tuple((pattern, int(minutes)) for pattern, (own, _, minutes) in kinds if own == kind)


def _hour(written: str, lang: Lang) -> int | None:
    if written in {"midnight", "Mitternacht", "noon"}:
        return 12 if written == "noon" else 0
    found = amounts(written, lang, [])
    amount = found[0].values[0] if found else None
    return int(amount) if amount and 1 <= amount <= 24 else None


def _shared(text: str, found: list[NumberReading], lang: Lang) -> list[NumberReading]:
    """What the second of "3 bis 5 Millionen Euro", "12 und 14 Uhr" may lend the first: scale, unit, clock."""
    more: list[NumberReading] = []
    of = regex(lang, "numbers", "fraction_of")
    firsts = [reading for reading in found if reading.needed]
    for one, other in pairwise(firsts):
        if not isinstance(one.value, Quantity):
            continue
        more += _score(text, one, other)
        if regex(lang, "numbers", "range").fullmatch(text, one.end, other.start):
            more += _lent(text, one, other, one.value.amount)
        elif isinstance(other.value, Quantity) and of.fullmatch(text, one.end, other.start):
            more += _ratio(one, other, one.value.amount, other.value.amount)
    return more


def _score(text: str, one: NumberReading, other: NumberReading) -> Iterator[NumberReading]:
    """3-2 may be a score."""
    if _SCORE.fullmatch(text, one.start, other.end):
        score = NumberPair(int(text[one.start : one.end]), int(text[other.start : other.end]))
        yield NumberReading(score, one.start, other.end, False)


def _ratio(one: NumberReading, other: NumberReading, part: Amount, whole: Amount) -> Iterator[NumberReading]:
    """Four in ten are 40 per cent."""
    if whole and part < whole <= 100:
        for reading in (one, other):
            yield NumberReading(Quantity(Fraction(part) / Fraction(whole)), reading.start, reading.end, False)


def _lent(text: str, one: NumberReading, other: NumberReading, amount: Amount) -> Iterator[NumberReading]:
    if isinstance(other.value, Clock):
        figure = _CLOCK_FIGURE.fullmatch(text, one.start, one.end)
        if figure:
            minutes = int(figure[1]) * 60 + int(figure[2] or 0)
            yield NumberReading(Clock(minutes % 1440, minutes > 720 and other.value.sure), one.start, one.end, False)
    if isinstance(other.value, Quantity) and "," not in text[one.end : other.start]:
        for scale in (10**12, 10**9, 10**6, 10**3):
            if other.value.amount >= scale > amount and not text[one.start : one.end].endswith("000"):
                yield NumberReading(Quantity(amount * scale, other.value.unit), one.start, one.end, False)
                break
        if other.value.unit:
            yield NumberReading(Quantity(amount, other.value.unit), one.start, one.end, False)
