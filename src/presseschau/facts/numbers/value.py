"""The values a number fact can have. Two facts with equal values say the same."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Amount = int | Fraction


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount, exact; `unit` is a name of `units.py` (`%`, `EUR`, `km`) or empty."""

    amount: Amount
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """Minutes after midnight, 0..1439. `sure`: which half of the day is known (19.30 Uhr, 7.30 pm)."""

    minutes: int
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Decade:
    """The years beginning with `year`; below 100 the century is not said (die Sechziger)."""

    year: int


@dataclass(frozen=True, slots=True)
class Century:
    """19 for the 19th century."""

    number: int


@dataclass(frozen=True, slots=True)
class Scale:
    """An order of magnitude without a count: Tausende, Milliardenhilfe, tens of thousands."""

    size: int


@dataclass(frozen=True, slots=True)
class NumberPair:
    """A score, ratio or fraction as written: 3:2, 24/7."""

    first: int
    second: int


NumberValue = Quantity | Clock | Decade | Century | Scale | NumberPair
