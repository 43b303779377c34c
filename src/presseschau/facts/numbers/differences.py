"""Which numbers two texts do not share, and how.

number.missing and .added; .scale: the same figures, another order of magnitude; .unit: the same amount of something
else (Euro for dollars); .rounded: a claim says "almost 3 million" for 2.97 million; .converted: miles for kilometres,
another time zone. Values are compared as sets: to say a number twice or once is not a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache

from presseschau.facts.fact import Difference, Direction, Fact, Facts
from presseschau.facts.numbers.match import Pool, covered, pool, spans, unmatched
from presseschau.facts.numbers.units import contradict, convert, convertible, units
from presseschau.facts.numbers.value import Amount, Clock, NumberPair, Quantity, Scale
from presseschau.lang import PAIR, regex, rules, vocabulary

Relation = Callable[[object, object], str | None]
"""The code of the difference if two values are one number in two forms."""

TIME_TOLERANCE = 0.04
"""30 days are a month; a year is no 7 months."""
PAIRED = 100
"""Numbers of a text that are held against those of the other one by one."""
ROUNDING_TOLERANCE = 0.05
"""Almost 3 million may stand for 2.97 million, not for 2.7."""


def differences(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """The differences in the order scale/converted/rounded, unit, missing, added; `within` reports nothing missing.

    If exactly one number is missing and one was added, that is one `number.missing` with both.
    """
    if not source.numbers and not target.numbers:
        return ()
    source_pool, target_pool = pool(source), pool(target)
    missing = unmatched(source, target_pool, target.text)
    added = unmatched(target, source_pool, source.text)
    scores = _scores(source, target, source_pool)
    added = scores + [readings for readings in added if not _inside(readings[0], scores)]
    found: list[Difference] = []
    if missing or added:
        found += _related(source, target, missing, added, direction)
    found += _pairs(_vague(source, target_pool), _vague(target, source_pool), _scale)
    found += _units(source, target, direction)
    found += _exchanged(source, target, source_pool, target_pool)
    if direction == "within":
        missing = []
    if len(missing) == len(added) == 1:
        return (*found, Difference("number.missing", _lead(missing[0]), _lead(added[0])))
    found += [Difference("number.missing", _lead(readings)) for readings in missing]
    return (*found, *(Difference("number.added", None, _lead(readings)) for readings in added))


def _related(
    source: Facts, target: Facts, missing: list[list[Fact]], added: list[list[Fact]], direction: Direction
) -> Iterator[Difference]:
    """Takes from `missing` and `added` what is the other text's number in another form, and says which form."""
    yield from _pairs(missing, added, _converted)
    if zones(source.text) != zones(target.text):
        yield from _pairs(missing, added, _shifted)
        yield from _pairs(spans(source.numbers), added, _shifted)
    yield from _pairs(missing, spans(target.numbers), _converted)
    yield from _pairs(spans(source.numbers), added, _converted)
    if direction == "within" and added:
        approximate = [readings for readings in added if _about(target, readings[0])]
        for difference in _pairs(spans(source.numbers), approximate, _rounded):
            added[:] = [readings for readings in added if difference.target not in readings]
            yield difference
    yield from _pairs(missing, added, _telling_scale if direction == "within" else _scale)


def _pairs(missing: list[list[Fact]], added: list[list[Fact]], relation: Relation) -> Iterator[Difference]:
    for one in missing[:PAIRED]:
        for other in added[:PAIRED]:
            code = next(filter(None, (relation(a.value, b.value) for a in one for b in other)), None)
            if code:
                missing.remove(one)
                added.remove(other)
                yield Difference(code, _lead(one), _lead(other))
                break


def _lead(readings: list[Fact]) -> Fact:
    return next((fact for fact in readings if fact.kind == "number"), readings[0])


def _converted(left: object, right: object) -> str | None:
    """One is the other within what rounding to its last figure hides: 100 km = 60 miles, 250 kilos = 550 pounds."""
    if not isinstance(left, Quantity) or not isinstance(right, Quantity):
        return None
    if (left.unit, right.unit) == ("‰", "%") and left.amount == 10 * right.amount:
        return "number.converted"  # blood alcohol: 0,4 Promille is 0.04 per cent
    if not convertible(left.unit, right.unit):
        return None
    one, other = float(left.amount), float(right.amount)
    if units()[left.unit].dimension == "time":
        same = _close(convert(one, left.unit, right.unit), other, TIME_TOLERANCE)
    else:
        same = any(
            _rounds_to(convert(other, right.unit, left.unit, difference), one)
            or _rounds_to(convert(one, left.unit, right.unit, difference), other)
            for difference in (False, True)
        )
    return "number.converted" if same else None


def _rounds_to(exact: float, written: float) -> bool:
    figures = f"{written:.10g}".rstrip("0") if written % 1 else f"{written:.0f}"
    places = len(figures.partition(".")[2]) or len(figures.rstrip("0")) - len(figures)
    return abs(exact - written) <= 0.55 * 10.0**-places


def _close(one: float, other: float, tolerance: float) -> bool:
    return abs(one - other) <= tolerance * max(abs(one), abs(other))


@lru_cache(maxsize=256)
def zones(text: str) -> frozenset[str]:
    """The time zones that a text names, by names that are the same for both languages."""
    return frozenset(rule.kind for rule in rules(PAIR, "zones").values() if rule.regex.search(text))


def _shifted(left: object, right: object) -> str | None:
    """The texts name different time zones and the clocks differ by whole half hours."""
    if not isinstance(left, Clock) or not isinstance(right, Clock):
        return None
    return "number.converted" if (left.minutes - right.minutes) % 30 == 0 else None


def _scale(left: object, right: object) -> str | None:
    """Million for billion, 1.5 for 15, thousands for tens of thousands."""
    if isinstance(left, Scale) and isinstance(right, Scale):
        return "number.scale"
    if not isinstance(left, Quantity) or not isinstance(right, Quantity) or not left.amount or not right.amount:
        return None
    ratio = Fraction(left.amount) / Fraction(right.amount)
    power = ratio.numerator if ratio.denominator == 1 else ratio.denominator if ratio.numerator == 1 else 1
    return "number.scale" if power > 1 and str(power).rstrip("0") == "1" else None


def _telling_scale(left: object, right: object) -> str | None:
    """In a claim, which leaves much out, 300 is not the 3 of some date; 2.97 billion is 2.97 million."""
    code = _scale(left, right)
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        large = max(left.amount, right.amount) >= 10**6
        return code if large or _figures(left.amount) > 1 else None
    return code


def _about(facts: Facts, fact: Fact) -> bool:
    about = regex(facts.lang, "numbers", "about")
    return about.search(facts.text, max(0, fact.start - 30), fact.start) is not None


def _rounded(left: object, right: object) -> str | None:
    """Fewer significant figures and near."""
    if not isinstance(left, Quantity) or not isinstance(right, Quantity) or not left.amount:
        return None
    near = _close(float(left.amount), float(right.amount), ROUNDING_TOLERANCE)
    return "number.rounded" if near and _figures(right.amount) < _figures(left.amount) else None


def _figures(amount: Amount) -> int:
    """Number of significant figures."""
    return len(f"{float(amount):.12e}".split("e")[0].replace(".", "").rstrip("0"))


KINDS = ("ordinal", "times", "one")
"""Words that need not be kept as numbers, but must not become others of their kind: the second for the third."""


def _exchanged(source: Facts, target: Facts, source_pool: Pool, target_pool: Pool) -> Iterator[Difference]:
    """An ordinal, a multiple or a span of the one text that the other has not, beside one that only that has."""
    for kind in KINDS:
        lost = _only_here(source, target, target_pool, kind)
        new = _only_here(target, source, source_pool, kind) if lost else []
        if lost and new:
            yield Difference("number.missing", lost[0], new[0])


def _only_here(side: Facts, other: Facts, there: Pool, kind: str) -> list[Fact]:
    found = []
    for readings in spans(side.numbers):
        if any(fact.kind == kind for fact in readings) and not any(_stands(fact, other, there) for fact in readings):
            found.append(readings[0])
    return found


def _stands(fact: Fact, other: Facts, there: Pool) -> bool:
    """Has the other text the number, or for a single span (a week) any word of its unit?"""
    if not isinstance(fact.value, Quantity):
        return covered(fact.value, there)
    if fact.kind == "one" and fact.value.amount == 1:
        units = vocabulary(other.lang, "time_units", "mentioned")
        own = [word for word, unit in units.items() if unit == fact.value.unit]
        return not own or any(word in other.text.lower() for word in own)
    if fact.kind in ("ordinal", "times"):
        return any(_answers(fact, readings) for readings in spans(other.numbers))
    return fact.value.amount in there.amounts or fact.value.amount in there.hours


def _answers(fact: Fact, readings: list[Fact]) -> bool:
    """Is an ordinal or a multiple one of these readings? What may be three months (a quarter) is no third, two years
    are not twice."""
    own = [one.value for one in readings if isinstance(one.value, Quantity)]
    if (readings[0].kind == "hint" and len(own) > 1) or (fact.kind == "times" and any(one.unit for one in own)):
        return False
    return isinstance(fact.value, Quantity) and fact.value.amount in [one.amount for one in own]


def _scores(source: Facts, target: Facts, source_pool: Pool) -> list[list[Fact]]:
    """Beside a German 1:2, an English 2-2 is another score, though both its numbers are there."""
    if not any(isinstance(fact.value, NumberPair) and fact.kind == "number" for fact in source.numbers):
        return []
    scores = [fact for fact in target.numbers if isinstance(fact.value, NumberPair) and fact.kind == "hint"]
    return [[fact] for fact in scores if not covered(fact.value, source_pool)]


def _inside(fact: Fact, scores: list[list[Fact]]) -> bool:
    return any(score.start <= fact.start and fact.end <= score.end for (score,) in scores)


def _vague(facts: Facts, others: Pool) -> list[list[Fact]]:
    """Tausende and the like, if the other text has nothing of that size. Below a million they may be left out."""
    exact = {fact.start for fact in facts.numbers if fact.kind == "number"}
    small = [
        fact
        for fact in facts.numbers
        if isinstance(fact.value, Scale) and fact.kind == "hint" and fact.start not in exact
    ]
    return [[fact] for fact in small if not covered(fact.value, others)]


def _units(source: Facts, target: Facts, direction: Direction) -> Iterator[Difference]:
    """The same amount with another unit of the same sort: Euro for dollars, per cent for percentage points.

    `within`: of any sort (euros for metres), unless the source has that amount elsewhere so, or without a unit.
    """
    ours, theirs = _measured(source), _measured(target)
    for amount, facts in ours.items():
        same = theirs.get(amount, [])
        if direction == "within":
            wrong = [other for other in same if all(_another(_unit(fact), _unit(other)) for fact in facts)]
            if wrong:
                yield Difference("number.unit", facts[0], wrong[0])
            continue
        for fact in facts:
            if same and all(contradict(_unit(fact), _unit(other)) for other in same):
                yield Difference("number.unit", fact, same[0])


def _measured(facts: Facts) -> dict[Amount, list[Fact]]:
    """The numbers by their amount."""
    found: dict[Amount, list[Fact]] = {}
    for fact in facts.numbers:
        if fact.kind == "number" and isinstance(fact.value, Quantity):
            found.setdefault(fact.value.amount, []).append(fact)
    return found


def _unit(fact: Fact) -> str:
    return fact.value.unit if isinstance(fact.value, Quantity) else ""


def _another(one: str, other: str) -> bool:
    """Units that cannot be one: of two sorts, or two of one sort."""
    if not one or not other or "°" in (one, other) or {one, other} == {"GBP", "pound"}:
        return False
    return contradict(one, other) or units()[one].dimension != units()[other].dimension
