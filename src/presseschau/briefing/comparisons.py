"""The same quantity in several sources, side by side: agreed, disputed or changed.

It rests on the German (`same_quantity.py`); a figure is shown as the English of a claim gives it, and only if one does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal

from presseschau.briefing.named_bodies import named_bodies
from presseschau.briefing.readings import Reading, readings
from presseschau.briefing.same_quantity import clusters
from presseschau.briefing.sources import origins, usable
from presseschau.facts.number_value import Amount
from presseschau.notes import Comparison, Figure, Source, SourceClaim

Kind = Literal["agreed", "disputed", "changed"]
_ORDER: tuple[Kind, ...] = ("disputed", "changed", "agreed")
_SCALES = frozenset(("thousand", "million", "billion", "trillion"))


def comparisons(claims: Sequence[SourceClaim], sources: Sequence[Source]) -> tuple[Comparison, ...]:
    """Disputed ones first, then changed, then agreed; each sort by the date of its first report.

    The claims are those of one story. Agreed needs two independent sources; one article may dispute with itself
    (the police say 1,000, the union 1,800).
    """
    named = named_bodies(usable(claims), sources, origins(sources))
    return tuple(sorted((*figures(claims, sources), *named), key=lambda one: _ORDER.index(one.kind)))


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
    """(old, new): the text names both, or says that its figure is a new state and nobody gives an old one later."""
    named = {
        (r.change.amount, amount)
        for amount, values in by_amount.items()
        for r in values
        if r.change is not None and _reported_elsewhere(by_amount.get(r.change.amount, ()), r)
    }
    yield from sorted(named)
    if named:
        return
    for new, values in sorted(by_amount.items(), key=lambda one: one[1][0].order):
        since = min((r.published for r in values if r.now), default=None)
        before = [old for old in by_amount if old != new and _last(by_amount[old]) < (since or "")]
        if since and values[0].published >= since and before:
            yield max(before, key=lambda old: _last(by_amount[old])), new


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
