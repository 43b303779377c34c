"""Units that stand beside a number, their names in both languages, and what they convert to (units.csv)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from presseschau.facts.fact import Lang
from presseschau.lang import PAIR, SOURCE, table
from presseschau.patterns import compiled


class Unit(NamedTuple):
    """`factor` x amount + `offset` = the amount in the dimension's base unit. No `factor`: no fixed rate (money).
    `written`: as a message says it."""

    dimension: str
    factor: float | None
    offset: float
    written: str


class UnitRow(NamedTuple):
    """Names are regular expressions, in both languages or one. `yes`: an example for each of their alternatives."""

    unit: str
    dimension: str
    factor: float | None
    offset: float | None
    both: str
    de: str
    en: str
    written: str
    yes: tuple[str, ...]


@lru_cache(maxsize=1)
def units() -> dict[str, Unit]:
    """All units by name."""
    return {
        row.unit: Unit(row.dimension, row.factor, row.offset or 0, row.written or row.unit)
        for row in table(PAIR, "units", UnitRow)
    }


class UnitPatterns(NamedTuple):
    """`before` matches a currency that ends where the number begins; `after` a unit that begins where it ends."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    names: dict[str, str]


@lru_cache(maxsize=2)
def unit_patterns(lang: Lang) -> UnitPatterns:
    """Compiled on first use; group names cannot hold signs, so `names` maps group to unit."""
    rows = [
        (row.unit, "|".join(filter(None, (row.de if lang == SOURCE else row.en, row.both))))
        for row in table(PAIR, "units", UnitRow)
    ]
    names = {f"u{number}": unit for number, (unit, forms) in enumerate(rows) if forms}
    alternatives = "|".join(f"(?P<u{number}>{forms})" for number, (_, forms) in enumerate(rows) if forms)
    before = compiled(r"(?P<EUR>€|EUR)|(?P<USD>(?:US|[ACS]|USD)?\$|USD)|(?P<GBP>£|GBP)|(?P<JPY>¥)|(?P<CHF>CHF|Fr\.)")
    return UnitPatterns(before, compiled(rf"\.?[ \u00a0\u202f\u2009-]?(?:{alternatives})"), names)


def convert(amount: float, unit: str, other: str, difference: bool = False) -> float:
    """The amount in `other`. For a difference (12 degrees warmer) the offset of a temperature scale falls away."""
    one, two = units()[unit], units()[other]
    if one.factor is None or two.factor is None:
        raise ValueError(f"{unit} and {other} have no fixed rate")
    if difference:
        return amount * one.factor / two.factor
    return (amount * one.factor + one.offset - two.offset) / two.factor


def contradict(one: str, other: str) -> bool:
    """Different units of one sort; bare degrees and pounds (money or mass) contradict nothing of theirs."""
    if not one or not other or one == other or "°" in (one, other) or {one, other} == {"GBP", "pound"}:
        return False
    sorts = {units()[one].dimension, units()[other].dimension}
    return len(sorts) == 1 or ("pound" in (one, other) and "money" in sorts)


def convertible(one: str, other: str) -> bool:
    """Different units of one dimension that has fixed rates."""
    if not one or not other or one == other:
        return False
    known = units()
    return known[one].dimension == known[other].dimension and known[one].factor is not None
