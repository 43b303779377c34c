"""Which figures of several sources are figures for the same thing. In doubt they are not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from itertools import combinations

from presseschau.briefing.quantities import Counted
from presseschau.briefing.readings import Reading, like_size
from presseschau.facts.number_value import Amount

_TRIVIAL = 10
"""Below it, equal amounts of a thing that is in no table are chance (two ships, three days)."""
_PARTICULAR = 100
_NEXT = 2
"""Sentences between a figure and the one that someone else gives for it."""
_MONEY = frozenset(("EUR", "USD", "GBP", "CHF", "JPY"))
_SAYING = frozenset(("angab", "nach", "laut", "auskunft", "bericht", "information", "sprecher", "sprecherin"))
_COMMON = 0.5
"""A noun that stands beside figures in this share of the sources is the story's own and says nothing of a figure."""


def clusters(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Readings of one and the same quantity, each cluster in the order of publication; singles are left out."""
    usable = [r for r in readings if r.counted.unit in _MONEY or r.counted.unit in ("", "%")]
    common = _common(usable)
    parent = list(range(len(usable)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for one, other in _links(usable, common):
        parent[root(one)] = root(other)
    found: defaultdict[int, list[Reading]] = defaultdict(list)
    for i, reading in enumerate(usable):
        found[root(i)].append(reading)
    ordered = (sorted(one, key=lambda r: r.order) for one in found.values())
    return [kept for one in ordered if len(kept := _one_each(one)) > 1]


def _links(readings: Sequence[Reading], common: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Pairs of readings of the same quantity: by what they count, and by equal amounts in like surroundings."""
    by_thing: dict[Hashable, int] = {}
    by_amount: defaultdict[Hashable, list[int]] = defaultdict(list)
    for i, reading in enumerate(readings):
        if (key := _key(reading.counted)) is not None:
            yield by_thing.setdefault(key, i), i
        by_amount[reading.counted.unit, reading.counted.amount].append(i)
        before = _given_for(readings, i)
        if before is not None:
            yield before, i
    for i, reading in enumerate(readings):
        if old := reading.change:
            for j in by_amount[old.unit, old.amount]:
                if _alike(old, readings[j].counted, common):
                    yield j, i
    for one, other in combinations([i for i, r in enumerate(readings) if _is_sum(r.counted)], 2):
        if _same_sum(readings[one], readings[other]):
            yield one, other
    for equal in by_amount.values():
        for one, other in combinations(equal, 2):
            if _alike(readings[one].counted, readings[other].counted, common):
                yield one, other


def _is_sum(counted: Counted) -> bool:
    return counted.thing is not None and bool(counted.unit) and not counted.thing.strong


def _same_sum(one: Reading, other: Reading) -> bool:
    """The cost, or the turnover, of the same thing in two papers: der Neubau kostet 140 Millionen, 180 Millionen."""
    a, b = one.counted, other.counted
    about = {noun for noun in a.near & b.near if noun not in _SAYING and not (a.thing and a.thing.words.match(noun))}
    return one.source.n != other.source.n and a.thing == b.thing and a.unit == b.unit and bool(about)


def _given_for(readings: Sequence[Reading], i: int) -> int | None:
    """The reading of the same article that the i-th one disputes or replaces."""
    reading = readings[i]
    if reading.change is not None:
        beside = (j for j in (i - 1, i + 1) if 0 <= j < len(readings))
        return next((j for j in beside if _stands_for(readings[j], reading) and _is(readings[j], reading.change)), None)
    if not reading.counted.said and not reading.counted.bare:
        return None
    return next((j for j in range(i - 1, -1, -1) if _stands_for(readings[j], reading)), None)


def _stands_for(before: Reading, reading: Reading) -> bool:
    """May a figure that someone gives (sprach von 900 Unterschriften) be given for the one before?"""
    one, other = before.counted, reading.counted
    if before.source.n != reading.source.n or one.unit != other.unit or not like_size(one, other):
        return False
    if reading.change is None and not other.bare and reading.sentence - before.sentence > _NEXT:
        return False
    return one.thing is None or other.thing is None or one.thing == other.thing or not one.thing.strong


def _is(reading: Reading, counted: Counted) -> bool:
    return reading.counted.amount == counted.amount


def _key(counted: Counted) -> Hashable | None:
    """What two figures must share to be compared though they differ; None if nothing is sure enough."""
    thing = counted.thing
    if counted.part_of is not None and counted.noun:
        return "part of", counted.part_of, counted.noun
    if counted.cut and not counted.whole and (thing is None or thing.name in ("jobs", "staff")):
        return "cut"
    if thing is not None and thing.strong:
        return thing.name, counted.unit, counted.grade
    if thing is not None and thing.people and counted.governs:
        return "people of", counted.governs
    if counted.unit and counted.governs:
        return counted.unit, counted.governs
    return None


def _alike(one: Counted, other: Counted, common: frozenset[str]) -> bool:
    """May equal amounts be the same quantity?"""
    if one.grade != other.grade or one.whole != other.whole or one.amount < _TRIVIAL:
        return False
    if one.thing and other.thing and one.thing.people != other.thing.people:
        return one.cut and other.cut
    if _specific(one.amount):
        return True
    named = (one.noun == other.noun != "") or (one.thing is not None and one.thing == other.thing)
    return named or bool((one.near & other.near) - common - {one.noun, other.noun})


def _specific(amount: Amount) -> bool:
    """310 or 54.3: too particular to be met twice by chance in reports of one event."""
    return amount.denominator != 1 or (amount >= _PARTICULAR and amount % _PARTICULAR != 0)


def _common(readings: Sequence[Reading]) -> frozenset[str]:
    sources = {r.source.n for r in readings}
    holding = Counter(noun for _, noun in {(r.source.n, noun) for r in readings for noun in r.counted.near})
    return frozenset(noun for noun, n in holding.items() if len(sources) > 2 and n > _COMMON * len(sources))


def _one_each(cluster: Sequence[Reading]) -> list[Reading]:
    """Without a source's further amounts for which nobody in the text is named: they count something else."""
    kept: list[Reading] = []
    for reading in cluster:
        mine = [r for r in kept if r.source.n == reading.source.n and r.counted.amount != reading.counted.amount]
        if not mine or reading.counted.said or reading.change is not None or _replaces(mine, reading):
            kept.append(reading)
    return kept


def _replaces(mine: Sequence[Reading], reading: Reading) -> bool:
    return any(r.change is not None and r.change.amount == reading.counted.amount for r in mine)
