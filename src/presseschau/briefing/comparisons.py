"""The same quantity in several sources, side by side: agreed, disputed or changed.

It rests on the German; a figure is shown as the English of a claim gives it, and only if one does. In doubt two figures
are not for the same thing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Literal

from presseschau.briefing.accounts import AccountPair, contradictions
from presseschau.briefing.quantities import AGE, Counted, named
from presseschau.briefing.readings import Reading, like_size, named_bodies, readings
from presseschau.briefing.sources import origins, usable
from presseschau.briefing.wordings import wordings
from presseschau.facts.lexicon import english
from presseschau.facts.numbers.value import Amount
from presseschau.lang import SOURCE, vocabulary
from presseschau.notes import Comparison, Figure, Source, SourceClaim

_LIKE = 3
"""The larger of two figures for one thing is at most so many times the smaller."""
_NEARLY = Fraction(9, 5)
"""The same for figures of one kind whose sentences have little in common."""
_CLOSE, _BY_NOUN = Fraction(3, 2), 0.5
"""The same for figures of one thing that nobody else counts, and how alike these are."""
_MANY = 3
_YEARS = 3
"""By which an age may be given wrongly."""
_TRIVIAL = 10
"""Below it, equal amounts of a thing that is in no table are chance (two ships, three days)."""
_PARTICULAR = 100
_NEXT = 2
"""Sentences between a figure and the one that someone else gives for it."""
_MONEY = frozenset(("EUR", "USD", "GBP", "CHF", "JPY"))
_COMMON = 0.5
"""A noun that stands beside figures in this share of the sources is the story's own and says nothing of a figure."""


def clusters(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Readings of one and the same quantity, each cluster in the order of publication; singles are left out."""
    usable = [r for r in readings if r.counted.unit != "year" or (r.counted.thing and r.counted.thing.strong)]
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
    by_thing: defaultdict[Hashable, list[list[int]]] = defaultdict(list)
    by_amount: defaultdict[Hashable, list[int]] = defaultdict(list)
    for i, reading in enumerate(readings):
        if (key := _key(reading.counted)) is not None:
            of_one_state = (own for own in by_thing[key] if all(readings[j].comparable(reading) for j in own))
            if (same := next(of_one_state, None)) is None:
                by_thing[key].append([i])
            else:
                yield same[0], i
                same.append(i)
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
    yield from _alone(readings, _counts_the_same)
    given = {(r.source.n, r.counted.unit, r.counted.amount) for r in readings}

    def differ(one: Reading, other: Reading) -> float:
        """As `_nearly`, where neither source gives the other's figure as well."""
        sides = (one, other), (other, one)
        both = any((a.source.n, b.counted.unit, b.counted.amount) in given for a, b in sides)
        return 0 if both else _nearly(one, other)

    yield from _alone(readings, differ)
    for equal in by_amount.values():
        for one, other in combinations(equal, 2):
            a, b = readings[one], readings[other]
            if _alike(a.counted, b.counted, common) or (_people(a, b) and a.beside & b.beside):
                yield one, other


def _people(one: Reading, other: Reading) -> bool:
    """In der Fabrik arbeiten 95 Menschen; die 95 Beschäftigten können nicht arbeiten."""
    things = (one.counted.thing, other.counted.thing)
    return all(t is not None and t.people and not t.strong for t in things) and one.counted.amount >= _TRIVIAL


def _is_age(counted: Counted) -> bool:
    return counted.thing is not None and counted.thing.name == AGE


def _alone(readings: Sequence[Reading], likeness: Callable[[Reading, Reading], float]) -> Iterator[tuple[int, int]]:
    """Figures of two sources that are alike by this measure, each more like the other than any figure of its source."""
    found: defaultdict[tuple[int, int], list[tuple[float, int]]] = defaultdict(list)
    for one, other in combinations(range(len(readings)), 2):
        if readings[one].source.n != readings[other].source.n and (like := likeness(readings[one], readings[other])):
            found[one, readings[other].source.n].append((like, other))
            found[other, readings[one].source.n].append((like, one))
    best = {place: _best(others) for place, others in found.items()}
    for (one, _), like_it in best.items():
        if like_it is not None and one < like_it and best[like_it, readings[one].source.n] == one:
            yield one, like_it


def _best(others: Sequence[tuple[float, int]]) -> int | None:
    """The one that is more like than the others; None if two are as much."""
    (like, other), *rest = sorted(others, reverse=True)
    return None if rest and rest[0][0] == like else other


def _counts_the_same(one: Reading, other: Reading) -> bool:
    """Untreue in 14, in 16 Fällen: the same thing counted, figures of like size, a further word in common."""
    a, b = one.counted, other.counted
    if _is_share(a) or a.unit != b.unit or a.noun != b.noun or not (a.noun or a.unit) or a.unit == "year":
        return False
    return _may_be_one(one, other) and _within(_LIKE, a, b) and bool(one.beside & other.beside)


def _nearly(one: Reading, other: Reading) -> float:
    """Figures of one kind that differ a little: how many words their sentences have in common, in German or English."""
    a, b = one.counted, other.counted
    if _size(a) == _size(b) or not _may_be_one(one, other):
        return 0
    if _is_age(a) and _is_age(b):
        apart = abs(Fraction(a.amount) - Fraction(b.amount))
        return float(1 / apart) if apart <= _YEARS else 0
    shared: float = len(((one.beside & other.beside) | (one.said & other.said)) - {a.noun, b.noun})
    kinds = {_kind(a), _kind(b)}
    if len(kinds) > 1 and not (a.unit or b.unit) and _same_noun(a.noun, b.noun):
        kinds = {a.noun}
    if len(kinds) > 1:  # 120 Menschen, 140 Gläubiger
        shared = shared if "people" in kinds and "" not in kinds and not (a.unit or b.unit) and shared >= _MANY else 0
    people = kinds == {"people"} and a.noun != b.noun and _certain_people(a) and _certain_people(b)
    if shared == 1 and (people or kinds == {"%"}):  # 12 Frauen, 14 Männer; of the employees, and no more
        return _BY_NOUN if kinds == {"%"} and _within(_CLOSE, a, b) else 0
    if not shared and a.noun and a.noun in kinds and not (a.thing or b.thing) and _within(_CLOSE, a, b):
        return _BY_NOUN
    if not shared and len(kinds) == 1 and (a.unit or kinds == {"people"}) and not _is_share(a) and not people:
        shared = _BY_NOUN
    return shared if "" not in kinds and _within(_NEARLY, a, b) else 0


def _certain_people(counted: Counted) -> bool:
    """Frauen, Schüler; not Menschen, nor what the table tells from them."""
    named = counted.thing is not None and counted.thing.name == "people"
    return named and counted.noun not in vocabulary(SOURCE, "counted", "anybody")


def _kind(counted: Counted) -> str:
    """What figures must count alike to be compared at all: the unit, people, or the noun."""
    if _is_share(counted):
        return "%"
    if counted.unit:
        return counted.unit if counted.unit != "year" or _is_age(counted) else ""
    if counted.thing and counted.thing.people:
        return counted.thing.name if counted.thing.strong else "people"
    return counted.thing.name if counted.thing else counted.noun


@lru_cache(maxsize=4096)
def _same_noun(one: str, other: str) -> bool:
    """May they name the same: Räder, Windräder; Fahrzeuge, Autos?"""
    if not one or not other:
        return False
    begins = (
        a.startswith(b) or b.startswith(a) for a in english(one) for b in english(other) if min(len(a), len(b)) > 4
    )
    return one.endswith(other) or other.endswith(one) or any(begins)


def _may_be_one(one: Reading, other: Reading) -> bool:
    """Does nothing that stands with two figures say that they count different things?"""
    a, b = one.counted, other.counted
    if (a.thing and b.thing and a.thing != b.thing and not (a.thing.people and b.thing.people)) or a.grade != b.grade:
        return False
    parts = a.whole or b.whole or a.part_of is not None or b.part_of is not None
    return a.cut == b.cut and not parts and not one.change and not other.change and one.comparable(other)


def _is_share(counted: Counted) -> bool:
    """Two thirds, 67 per cent."""
    return counted.unit == "%" or (not counted.unit and 0 < counted.amount < 1)


def _size(counted: Counted) -> Amount:
    return counted.amount * 100 if _is_share(counted) and not counted.unit else counted.amount


def _within(most: Amount | int, a: Counted, b: Counted) -> bool:
    return max(_size(a), _size(b)) <= most * min(_size(a), _size(b))


def _is_sum(counted: Counted) -> bool:
    return counted.thing is not None and bool(counted.unit) and not counted.thing.strong


def _same_sum(one: Reading, other: Reading) -> bool:
    """The cost, or the turnover, of the same thing in two papers: der Neubau kostet 140 Millionen, 180 Millionen."""
    a, b = one.counted, other.counted
    saying = vocabulary(SOURCE, "counted", "saying")
    about = {noun for noun in a.near & b.near if noun not in saying and not (a.thing and a.thing.name in named(noun))}
    alike = one.source.n != other.source.n and a.thing == b.thing and a.unit == b.unit
    return alike and one.comparable(other) and bool(about)


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
    if _is_age(counted) and not counted.governs:
        return None
    if thing is not None and thing.strong:
        return thing.name, counted.unit, counted.grade, counted.governs if _is_age(counted) else ""
    if thing is not None and thing.people and counted.governs:
        return "people of", counted.governs
    if counted.unit and counted.governs:
        return counted.unit, counted.governs
    return None


def _alike(one: Counted, other: Counted, common: frozenset[str]) -> bool:
    """May equal amounts be the same quantity?"""
    if one.grade != other.grade or one.whole != other.whole or one.amount < _TRIVIAL:
        return False
    if _is_age(one) or _is_age(other):
        return _is_age(one) and _is_age(other) and not (one.governs and other.governs)
    if one.thing and other.thing and one.thing.people != other.thing.people:
        return one.cut and other.cut
    if _specific(one.amount) or (one.unit in _MONEY and one.amount >= _PARTICULAR and _digits(one.amount) > 1):
        return True
    named = (one.noun == other.noun != "") or (one.thing is not None and one.thing == other.thing)
    return named or bool((one.near & other.near) - common - {one.noun, other.noun})


def _specific(amount: Amount) -> bool:
    """310 or 54.3: too particular to be met twice by chance in reports of one event."""
    return amount.denominator != 1 or (amount >= _PARTICULAR and amount % _PARTICULAR != 0)


def _digits(amount: Amount) -> int:
    """Those that count: 3.8 million has two."""
    return len(str(amount.numerator).rstrip("0"))


def _common(readings: Sequence[Reading]) -> frozenset[str]:
    sources = {r.source.n for r in readings}
    holding = Counter(noun for _, noun in {(r.source.n, noun) for r in readings for noun in r.counted.near})
    return frozenset(noun for noun, n in holding.items() if len(sources) > 2 and n > _COMMON * len(sources))


def _one_each(cluster: Sequence[Reading]) -> list[Reading]:
    """Without a source's further amounts for which nobody in the text is named: they count something else. Where none
    is, the one that another source gives counts the same, else the first."""
    sources = Counter(amount for _, amount in {(r.source.n, r.counted.amount) for r in cluster})
    told = {r.source.n for r in cluster if r.counted.said or r.change is not None}
    own: dict[int, Amount] = {}
    for reading in sorted(cluster, key=lambda r: r.source.n not in told and sources[r.counted.amount] == 1):
        own.setdefault(reading.source.n, reading.counted.amount)
    kept: list[Reading] = []
    for reading in cluster:
        mine = [r for r in kept if r.source.n == reading.source.n and r.counted.amount != reading.counted.amount]
        further = reading.counted.amount != own[reading.source.n]
        if not further or reading.counted.said or reading.change is not None or _replaces(mine, reading):
            kept.append(reading)
    return kept


def _replaces(mine: Sequence[Reading], reading: Reading) -> bool:
    return any(r.change is not None and r.change.amount == reading.counted.amount for r in mine)


Kind = Literal["agreed", "disputed", "changed"]
_ORDER: tuple[Kind, ...] = ("disputed", "changed", "agreed")
_SCALES = frozenset(("thousand", "million", "billion", "trillion"))


def comparisons(
    claims: Sequence[SourceClaim], sources: Sequence[Source], measured: Sequence[AccountPair] = ()
) -> tuple[Comparison, ...]:
    """Disputed ones first, then changed, then agreed; each sort by the date of its first report.

    The claims are those of one story. Agreed needs two independent sources; one article may dispute with itself
    (the police say 1,000, the union 1,800). `measured` (`accounts`): what the rules do not see.
    """
    whose, held = origins(sources), usable(claims)
    named, words = named_bodies(held, sources, whose), wordings(held, sources, whose)
    shown = (*figures(claims, sources), *words, *named)
    return tuple(sorted((*shown, *contradictions(measured, shown)), key=lambda one: _ORDER.index(one.kind)))


def figures(claims: Sequence[SourceClaim], sources: Sequence[Source]) -> tuple[Comparison, ...]:
    """The comparisons of figures alone, in the order of their first reports."""
    whose = origins(sources)
    found = clusters(readings(usable(claims), sources))
    found.sort(key=lambda one: one[0].order)
    return tuple(comparison for cluster in found for comparison in _compared(cluster, whose))


def _compared(cluster: Sequence[Reading], whose: dict[int, str]) -> Iterator[Comparison]:
    by_amount: defaultdict[Amount, list[Reading]] = defaultdict(list)
    for reading in cluster:
        by_amount[reading.counted.amount].append(reading)
    changes = list(_changes(by_amount))
    for old, new in changes:
        yield _comparison("changed", [by_amount[old], by_amount[new]])
    for _, new in changes:
        by_amount.pop(new, None)
    if len(by_amount) > 1 and _from_two(by_amount):
        yield _comparison("disputed", [by_amount[amount] for amount in sorted(by_amount)])
    elif not changes and len({whose[r.source.n] for values in by_amount.values() for r in values}) > 1:
        yield _comparison("agreed", list(by_amount.values()))


def _changes(by_amount: dict[Amount, list[Reading]]) -> Iterator[tuple[Amount, Amount]]:
    """(old, new): the text names both, or says that its figure is a new state and nobody gives an old one later; or of
    the injured one paper counts more on a later day, and nobody gives the old number then."""
    named = {
        (r.change.amount, amount)
        for amount, values in by_amount.items()
        for r in values
        if r.change is not None and _reported_elsewhere(by_amount.get(r.change.amount, ()), r)
    }
    yield from sorted(named)
    if named:
        return
    stated = list(_stated(by_amount))
    yield from stated
    if not stated and all(_rises(r.counted) for values in by_amount.values() for r in values):
        for old, new in pairwise(sorted(by_amount)):
            papers = ({r.source.outlet or r.source.agency for r in by_amount[one]} for one in (old, new))
            later = "" < _last(by_amount[old])[:_DAY] < min(r.published for r in by_amount[new])[:_DAY]
            if later and set.intersection(*papers) - {None}:
                yield old, new


def _stated(by_amount: dict[Amount, list[Reading]]) -> Iterator[tuple[Amount, Amount]]:
    for new, values in sorted(by_amount.items(), key=lambda one: one[1][0].order):
        since = min((r.published for r in values if r.now), default=None)
        before = [old for old in by_amount if old != new and _last(by_amount[old]) < (since or "")]
        if since and values[0].published >= since and before:
            yield max(before, key=lambda old: _last(by_amount[old])), new


def _rises(counted: Counted) -> bool:
    return counted.thing is not None and counted.thing.rises


_DAY = len("2026-05-13")


def _last(values: Sequence[Reading]) -> str:
    """The latest day of publication."""
    return max(r.published for r in values)


def _from_two(by_amount: dict[Amount, list[Reading]]) -> bool:
    """Do two articles give the amounts, or one in two sentences or as the words of two?"""
    every = [r for values in by_amount.values() for r in values]
    return len({(r.source.n, r.sentence) for r in every}) > 1 or any(r.counted.said for r in every)


def _reported_elsewhere(old: Sequence[Reading], new: Reading) -> bool:
    """Does any other sentence give the old amount? "200 instead of 10,000" in one sentence alone is rhetoric."""
    return any((r.source.n, r.sentence) != (new.source.n, new.sentence) for r in old)


def _comparison(kind: Kind, values: Sequence[Sequence[Reading]]) -> Comparison:
    return Comparison(about=_about(values), kind=kind, figures=tuple(_figure(one) for one in values))


def _figure(values: Sequence[Reading]) -> Figure:
    given = [one for reading in values for one in reading.claims]
    return Figure(
        value=next((value for _, value in given if value[-1].isalpha()), given[0][1]),
        claims=tuple(dict.fromkeys(claim for claim, _ in given)),
        sources=tuple(sorted({reading.source.n for reading in values})),
    )


def _about(values: Sequence[Sequence[Reading]]) -> str:
    """In English: what the table calls it, else the commonest last word of the values ("900 workstations")."""
    every = [reading for one in values for reading in one]
    if any(reading.counted.cut for reading in every):
        return "jobs to go"
    named = next(
        (r.counted.thing for r in every if r.counted.thing and (r.counted.thing.strong or r.counted.unit)), None
    )
    if named:
        return named.english
    nouns = Counter(value.split()[-1] for reading in every for _, value in reading.claims if " " in value)
    told = [noun for noun, _ in nouns.most_common() if noun.isalpha() and noun not in _SCALES]
    return told[0] if told else next((r.counted.noun for r in every if r.counted.noun), "figures")
