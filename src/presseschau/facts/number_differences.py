"""Which numbers two texts do not share, and how: missing, added, shifted in scale, converted, rounded, other unit.

Values are compared as sets: saying a number twice or once is no difference. A span of several readings is matched
by any of them, so that 19.30 Uhr is 7.30 pm, die 90er the nineties, and "drei bis fünf Millionen" both ways of counting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby, pairwise

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.facts.number_value import Amount, Century, Clock, Decade, Pair, Quantity, Scale
from presseschau.facts.time_zones import zones
from presseschau.facts.units import UNITS, contradict, convert, convertible, in_base

_ONE: dict[Lang, re.Pattern[str]] = {
    "de": re.compile(r"\b(?:ein|eine[nmrs]?|einzig\w*|einmal\w*|erst\w*|pro|je|jede\w*)\b", re.IGNORECASE),
    "en": re.compile(r"\b(?:an?|one|once|single|first|per|each|every)\b", re.IGNORECASE),
}
_NAME_BEFORE = re.compile(r"\b[A-ZÄÖÜ]\w*[ -]$|[A-Za-z]$")
_ABOUT: dict[Lang, re.Pattern[str]] = {
    "de": re.compile(r"\b(?:fast|knapp|rund|etwa|circa|ca\.|ungefähr|gut|mehr als|über|unter|beinahe|annähernd|nahezu)\b", re.I),
    "en": re.compile(
        r"\b(?:almost|nearly|about|around|roughly|approximately|some|over|more than|close to|just (?:under|over)|up to|"
        r"less than|under|at least|circa|c\.)(?=\W)|~",
        re.I,
    ),
}
PAIR_GAP = 6
"""Between the two numbers of a score: "3-2", "3:2", "three to two"."""
TIME_TOLERANCE = 0.04
"""30 days are a month; a year is no 7 months."""
ROUNDING_TOLERANCE = 0.05


@dataclass(slots=True)
class _Pool:
    """All values of one text, for look-up."""

    amounts: set[Amount] = field(default_factory=set)
    clocks: list[Clock] = field(default_factory=list)
    decades: set[int] = field(default_factory=set)
    centuries: set[int] = field(default_factory=set)
    scales: set[int] = field(default_factory=set)
    pairs: set[tuple[Amount, Amount]] = field(default_factory=set)
    one: bool = False


def _pool(facts: Facts) -> _Pool:
    pool = _Pool(one=bool(_ONE[facts.lang].search(facts.text)))
    for fact in facts.numbers:
        _put(pool, fact.value)
    for one, other in pairwise(fact for fact in facts.numbers if isinstance(fact.value, Quantity)):
        if 0 <= other.start - one.end <= PAIR_GAP:
            pool.pairs.add(tuple(sorted((one.value.amount, other.value.amount))))  # type: ignore[attr-defined, arg-type]
    return pool


def _put(pool: _Pool, value: object) -> None:
    match value:
        case Quantity(amount=amount):
            pool.amounts.add(amount)
            pool.scales.update(scale for scale in _SIZES if 1 <= amount / scale < 1000)
        case Clock(minutes=minutes):
            pool.clocks.append(value)
            pool.amounts.update({minutes // 60, (minutes // 60) % 12})
        case Decade(year=year):
            pool.decades.add(year)
            pool.amounts.add(year)
        case Century(number=number):
            pool.centuries.add(number)
        case Scale(size=size):
            pool.scales.add(size)
        case Pair(first=first, second=second):
            pool.pairs.add((min(first, second), max(first, second)))


_SIZES = (12, 100, 10**3, 10**4, 10**5, 10**6, 10**9, 10**12, 10**15)


def _covered(value: object, pool: _Pool, named: bool = False) -> bool:
    """`named`: the number is part of a name (Formel 1), so that no article can stand for it."""
    match value:
        case Quantity(amount=amount, unit=unit):
            return (
                amount in pool.amounts
                or (amount == 1 and pool.one and not named)
                or (unit == "%" and _as_part(amount) in pool.amounts)
                or (isinstance(amount, Fraction) and _as_share(amount, pool))
            )
        case Clock():
            return any(_same_time(value, other) for other in pool.clocks) or (
                value.minutes % 60 == 0 and bool({value.minutes // 60, (value.minutes // 60) % 12 or 12} & pool.amounts)
            )
        case Decade(year=year):
            return _decade_covered(year, pool)
        case Century(number=number):
            start = (number - 1) * 100
            return number in pool.centuries or any(start <= year < start + 100 for year in pool.decades | pool.amounts)
        case Scale(size=size):
            return size in pool.scales
        case Pair(first=first, second=second):
            return (min(first, second), max(first, second)) in pool.pairs
    return False


def _as_part(share: Amount) -> Amount:
    part = Fraction(share) / 100
    return part if part.denominator in {2, 3, 4, 5, 10} else -1


def _as_share(part: Fraction, pool: _Pool) -> bool:
    """Two thirds = 66 or 67 per cent."""
    return part < 1 and any(abs(share - part * 100) < 1 for share in pool.amounts if 1 <= share <= 100)


def _same_time(one: Clock, other: Clock) -> bool:
    return (one.minutes - other.minutes) % (1440 if one.sure and other.sure else 720) == 0


def _decade_covered(year: int, pool: _Pool) -> bool:
    return year in pool.amounts or any(_same_decade(year, other) for other in pool.decades)


def _same_decade(one: int, other: int) -> bool:
    """The Sixties may be those of the 19th, 20th or 21st century."""
    short, full = sorted((one, other))
    return one == other or (short < 100 and 1800 <= full < 2100 and (full - short) % 100 == 0)


def _unmatched(facts: Facts, pool: _Pool, other: str) -> list[list[Fact]]:
    """The spans (all readings of each) that the other text's pool does not cover and that it does not quote."""
    needed = (readings for readings in _spans(facts) if any(fact.kind == "number" for fact in readings))
    return [
        readings
        for readings in needed
        if not any(_covered(fact.value, pool, _named(facts.text, fact)) for fact in readings) and not _quoted(readings[0].text, other)
    ]


def _named(text: str, fact: Fact) -> bool:
    return fact.text == "1" and _NAME_BEFORE.search(text, max(0, fact.start - 30), fact.start) is not None


def _quoted(words: str, other: str) -> bool:
    """A name kept in its language: "Five Lives" in a German sentence."""
    return words[0].isalpha() and re.search(rf"\b{re.escape(words)}\b", other) is not None


def differences(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """number.missing, .added, .scale, .unit, .rounded, .converted; `within` reports nothing missing."""
    if not source.numbers and not target.numbers:
        return ()
    missing = _unmatched(source, _pool(target), target.text)
    added = _unmatched(target, _pool(source), source.text)
    found: list[Difference] = list(_units(source, target))
    if missing and added:
        found += _pairs(missing, added, source, target)
    if missing:
        found += _pairs(missing, _spans(target), source, target, only="number.converted")
    if added:
        found += _pairs(_spans(source), added, source, target, only="number.converted")
    if direction == "both" and len(missing) == len(added) == 1:
        return (*found, Difference("number.missing", _lead(missing[0]), _lead(added[0])))
    if direction == "both":
        found += [Difference("number.missing", _lead(readings)) for readings in missing]
    elif added:
        found += _pairs(_spans(source), added, source, target, only="number.rounded")
    return (*found, *(Difference("number.added", None, _lead(readings)) for readings in added))


def _spans(facts: Facts) -> list[list[Fact]]:
    """All readings, span by span; the list may be consumed."""
    return [list(readings) for _, readings in groupby(facts.numbers, key=lambda fact: (fact.start, fact.end))]


def _lead(readings: list[Fact]) -> Fact:
    return next((fact for fact in readings if fact.kind == "number"), readings[0])


def _pairs(
    missing: list[list[Fact]], added: list[list[Fact]], source: Facts, target: Facts, only: str = ""
) -> Iterable[Difference]:
    """Take from `missing` and `added` what belongs together, and say how."""
    zone = zones(source.text) != zones(target.text)
    about = only == "number.rounded" and bool(_ABOUT[target.lang].search(target.text))
    for one in list(missing):
        for other in list(added):
            code = _relation(one, other, zone, about)
            if code and only in {"", code}:
                missing.remove(one)
                added.remove(other)
                yield Difference(code, one[0], _lead(other))
                break


def _relation(one: list[Fact], other: list[Fact], zone: bool, about: bool) -> str | None:
    for left in one:
        for right in other:
            if code := _value_relation(left.value, right.value, zone, about):
                return code
    return None


def _value_relation(left: object, right: object, zone: bool, about: bool) -> str | None:
    if isinstance(left, Clock) and isinstance(right, Clock):
        return "number.converted" if zone and (left.minutes - right.minutes) % 30 == 0 else None
    if isinstance(left, Scale) and isinstance(right, Scale):
        return "number.scale"
    if not isinstance(left, Quantity) or not isinstance(right, Quantity):
        return None
    if _power_of_ten(left.amount, right.amount):
        return "number.scale"
    if convertible(left.unit, right.unit) and _converted(left, right):
        return "number.converted"
    rounded = about and left.amount and _close(float(left.amount), float(right.amount), ROUNDING_TOLERANCE)
    return "number.rounded" if rounded and _digits(right.amount) < _digits(left.amount) else None


def _converted(left: Quantity, right: Quantity) -> bool:
    """One is the other within what rounding to its last figure hides: 100 km = 60 miles, 250 kilos = 550 pounds."""
    one, other = float(left.amount), float(right.amount)
    if UNITS[left.unit].dimension == "time":
        return _close(in_base(one, left.unit), in_base(other, right.unit), TIME_TOLERANCE)
    return any(
        _rounds_to(convert(other, right.unit, left.unit, difference), one)
        or _rounds_to(convert(one, left.unit, right.unit, difference), other)
        for difference in (False, True)
    )


def _rounds_to(exact: float, written: float) -> bool:
    figures = f"{written:.10g}".rstrip("0") if written % 1 else f"{written:.0f}"
    places = len(figures.partition(".")[2]) or len(figures.rstrip("0")) - len(figures)
    return abs(exact - written) <= 0.55 * 10.0**-places


def _close(one: float, other: float, tolerance: float) -> bool:
    return abs(one - other) <= tolerance * max(abs(one), abs(other))


def _power_of_ten(one: Amount, other: Amount) -> bool:
    if not one or not other or one == other:
        return False
    ratio = Fraction(one) / Fraction(other)
    large = ratio.numerator if ratio.denominator == 1 else ratio.denominator if ratio.numerator == 1 else 0
    return large >= 10 and str(large).strip("0") == "1"


def _digits(amount: Amount) -> int:
    """Significant digits."""
    return len(f"{float(amount):.12g}".replace(".", "").strip("0").split("e")[0])


def _units(source: Facts, target: Facts) -> Iterable[Difference]:
    """The same amount with another unit of the same sort: Euro for dollars, per cent for percentage points."""
    theirs: dict[Amount, list[Fact]] = {}
    for fact in target.numbers:
        if isinstance(fact.value, Quantity):
            theirs.setdefault(fact.value.amount, []).append(fact)
    for fact in source.numbers:
        if fact.kind == "number" and isinstance(fact.value, Quantity) and fact.value.unit:
            same = theirs.get(fact.value.amount, [])
            if same and all(_contradict(fact.value.unit, other.value) for other in same):
                yield Difference("number.unit", fact, same[0])


def _contradict(unit: str, other: object) -> bool:
    return isinstance(other, Quantity) and contradict(unit, other.unit)
