"""Numbers that a claim works out from its evidence, as a good paraphrase does.

About a third for 37 per cent, four out of five for 340 of 410, five million less for 71 million after 76 million,
12 November for nine days after the third.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from functools import partial

from presseschau.checks.bitext import Bitext
from presseschau.facts.numbers.value import Quantity, Scale
from presseschau.lang import regex

_rule = partial(regex, "en", "derived_numbers")

NEAR = Fraction(12, 100)
"""How far a share in words may lie from the share of the evidence, relative to it: a third for 37 per cent."""

DAYS = {"day": 1, "week": 7}
LONGEST = 60
"""Days or weeks that are counted from a day."""


def hedged(text: str, start: int) -> bool:
    """Does a word such as about, almost or more than stand before the number that begins at `start` in `text`?"""
    return bool(_rule("hedge").search(text[max(0, start - 24) : start]))


def derived_numbers(pair: Bitext) -> frozenset[tuple[int, int]]:
    """Where in the English numbers stand that follow from the figures of the German: rounded shares and differences."""
    text = pair.en
    figures = [fact.value for fact in pair.german.facts.numbers if isinstance(fact.value, Quantity)]
    shares = set(_shares(figures))
    apart = {
        (abs(a.amount - b.amount), a.unit)
        for a in figures
        for b in figures
        if a.unit == b.unit and a.amount != b.amount
    }
    sizes = {fact.value.size for fact in pair.german.facts.numbers if isinstance(fact.value, Scale)}  # Millionenstadt
    found, values = set(), set()
    for fact in pair.english.facts.numbers:
        value, place = fact.value, (fact.start, fact.end)
        if not isinstance(value, Quantity):
            continue
        if 0 < value.amount < 1 and not value.unit:
            exact = value.amount in shares
            near = hedged(text, fact.start) or " in " in text[max(0, fact.start - 8) : fact.end]
            if exact or (near and any(abs(value.amount - share) <= NEAR * share for share in shares)):
                found.add(place)
                values.add(value)
        around = text[max(0, fact.start - 24) : fact.end + 24]
        differs = any(value.amount == amount and value.unit in ("", unit) for amount, unit in apart)
        if value.amount in sizes:
            found.add(place)
        if differs and _rule("compared").search(around):
            found.add(place)
    days = set(_days(pair, figures))
    found |= {(fact.start, fact.end) for fact in pair.english.facts.dates if fact.value in days}
    others = {(fact.start, fact.end) for fact in pair.english.facts.numbers if fact.value in values}
    return frozenset(found | others)  # four out of five: both


def _days(pair: Bitext, figures: list[Quantity]) -> Iterator[tuple[int, int]]:
    """Month and day so many days or weeks after or before a day of the German; of a common year."""
    spans = [int(one.amount * DAYS[one.unit]) for one in figures if one.unit in DAYS and one.amount <= LONGEST]
    for fact in pair.german.facts.dates:
        if fact.kind == "day" and isinstance(fact.value, tuple) and fact.value != (2, 29):
            for away in spans:
                for day in (date(2001, *fact.value) + timedelta(away), date(2001, *fact.value) - timedelta(away)):
                    yield day.month, day.day


def _shares(figures: list[Quantity]) -> Iterator[Fraction]:
    """The shares that the figures give: per cent, fractions, and one count of another."""
    for a in figures:
        if a.unit == "%" and 0 < a.amount < 100:
            yield Fraction(a.amount) / 100
        elif 0 < a.amount < 1 and not a.unit:
            yield Fraction(a.amount)
        for b in figures:
            if a.unit == b.unit != "%" and 0 < a.amount < b.amount:
                yield Fraction(a.amount) / Fraction(b.amount)
