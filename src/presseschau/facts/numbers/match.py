"""When a number of one text is there in the other: all values of a text in a pool, and what a pool covers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from presseschau.facts.fact import Fact, Facts
from presseschau.facts.numbers.value import Amount, Century, Clock, Decade, NumberPair, Quantity, Scale
from presseschau.lang import regex
from presseschau.patterns import late

_NAME_BEFORE = late(r"\b[A-ZÄÖÜ]\w*[ -]$|[A-Za-z]$")
_SIZES = ((12, 10), (100, 10), (10**3, 100), (10**4, 10), (10**5, 10), (10**6, 1000), (10**9, 1000), (10**12, 1000))
"""An order of magnitude and how many of it may be counted: "Zehntausende" may be 50,000 and not 500,000."""
PAIR_GAP = 10
"""Characters between the two numbers of a pair: "3-2", "three to two", "7. bis zum 9."."""


@dataclass(slots=True)
class Pool:
    """All values of one text, for look-up."""

    amounts: set[Amount] = field(default_factory=set)
    shares: set[Amount] = field(default_factory=set)
    clocks: set[Clock] = field(default_factory=set)
    hours: set[Amount] = field(default_factory=set)
    decades: set[int] = field(default_factory=set)
    centuries: set[int] = field(default_factory=set)
    scales: set[int] = field(default_factory=set)
    pairs: set[tuple[Amount, Amount]] = field(default_factory=set)
    one: bool = False

    def put(self, value: object) -> None:
        match value:
            case Quantity(amount=amount, unit=unit):
                self.amounts.add(amount)
                if unit == "%":
                    self.shares.add(amount)
                if amount >= 12:
                    self.scales.update(size for size, count in _SIZES if size <= amount < size * count)
            case Clock(minutes=minutes):
                self.clocks.add(value)
                self.hours.update((minutes // 60, minutes // 60 % 12 or 12, 24 if minutes == 0 else minutes // 60))
            case Decade(year=year):
                self.decades.add(year)
                self.amounts.add(year)
            case Century(number=number):
                self.centuries.add(number)
            case Scale(size=size):
                self.scales.add(size)
            case NumberPair(first=first, second=second):
                self.pairs.add((min(first, second), max(first, second)))


def pool(facts: Facts) -> Pool:
    """The values of `facts.numbers`, hints included; two numbers side by side are also a pair."""
    filled = Pool(one=bool(regex(facts.lang, "numbers", "one").search(facts.text)))
    before: tuple[Fact, Amount] | None = None
    for fact in facts.numbers:
        filled.put(fact.value)
        if isinstance(fact.value, Quantity):
            amount = fact.value.amount
            if before and 0 <= fact.start - before[0].end <= PAIR_GAP:
                filled.pairs.add((min(amount, before[1]), max(amount, before[1])))
            before = fact, amount
    return filled


def said_once(facts: Facts) -> dict[Amount, Fact]:
    """The amounts that a text has just once, in its order."""
    found = [
        (fact.value.amount, fact)
        for readings in spans(facts.numbers)
        for fact in readings[:1]
        if fact.kind == "number" and isinstance(fact.value, Quantity)
    ]
    times = Counter(amount for amount, _ in found)
    return {amount: fact for amount, fact in found if times[amount] == 1}


def spans(facts: Sequence[Fact]) -> list[list[Fact]]:
    """The facts by span: those of one span are alternatives. The list may be consumed."""
    return [list(readings) for _, readings in groupby(facts, key=lambda fact: (fact.start, fact.end))]


def unmatched(facts: Facts, others: Pool, other_text: str) -> list[list[Fact]]:
    """The spans that must be in the other text and are not, in no reading, nor as a name left in its language."""
    return [
        readings
        for readings in spans(facts.numbers)
        if any(fact.kind == "number" for fact in readings)
        and not any(covered(fact.value, others, _in_name(facts.text, fact)) for fact in readings)
        and not _quoted(readings[0].text, other_text)
    ]


def covered(value: object, others: Pool, in_name: bool = False) -> bool:
    """`in_name`: the number is part of a name (Formel 1), so that no article can stand for it."""
    match value:
        case Quantity(amount=amount, unit=unit):
            return _amount_covered(amount, unit, others) or (amount == 1 and others.one and not in_name)
        case Clock(minutes=minutes):
            hours = {minutes // 60, minutes // 60 % 12 or 12} if minutes % 60 == 0 else set()
            return any(_same_time(value, other) for other in others.clocks) or bool(hours & others.amounts)
        case Decade(year=year):
            return _decade_covered(year, others)
        case Century(number=number):
            years = range((number - 1) * 100, number * 100)
            return number in others.centuries or any(year in years for year in others.decades | others.amounts)
        case Scale(size=size):
            return size in others.scales
        case NumberPair(first=first, second=second):
            lead = 0 in (first, second) and max(first, second) in others.amounts  # 0:2, two goals down; goalless
            return lead or (min(first, second), max(first, second)) in others.pairs
    return False


def _amount_covered(amount: Amount, unit: str, others: Pool) -> bool:
    """The same amount; or two thirds for 66 or 67 per cent and the other way round."""
    if amount in others.amounts or amount in others.hours:
        return True
    if unit == "%":
        parts = (part for part in others.amounts if isinstance(part, Fraction) and part < 1)
        return any(abs(float(amount - part * 100)) < 1 for part in parts)
    if isinstance(amount, Fraction) and amount.numerator == 1 and amount.denominator in others.amounts:  # one in five
        return True
    return amount < 1 and any(abs(float(share - amount * 100)) < 1 for share in others.shares)


def _same_time(one: Clock, other: Clock) -> bool:
    return (one.minutes - other.minutes) % (1440 if one.sure and other.sure else 720) == 0


def _decade_covered(year: int, others: Pool) -> bool:
    if year % 100 == 0 and year // 100 + 1 in others.centuries:  # the 1800s
        return True
    return year in others.amounts or any(_same_decade(year, other) for other in others.decades)


def _same_decade(one: int, other: int) -> bool:
    """The Sixties may be those of the 19th, 20th or 21st century."""
    short, full = sorted((one, other))
    return one == other or (short < 100 and 1800 <= full < 2100 and (full - short) % 100 == 0)


def _in_name(text: str, fact: Fact) -> bool:
    return fact.text == "1" and _NAME_BEFORE.search(text, max(0, fact.start - 30), fact.start) is not None


def _quoted(words: str, other: str) -> bool:
    """ "Five Lives" within a German sentence."""
    return words[0].isalpha() and words in other and re.search(rf"\b{re.escape(words)}\b", other) is not None
