"""`number.moved`: a figure is there, but stands for something else.

The German counts by it (um 12 Prozent), up to it (auf) or from it (von ... auf), the English another way; or two
figures changed places: the one stands beside what the German says of the other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from presseschau.checks.bitext import Bitext
from presseschau.facts import Fact, Facts
from presseschau.findings import Remark
from presseschau.lang import SOURCE, regex

CODE = "number.moved"
REACH = 30
"""Characters before a figure in which the word stands that says how it counts."""
MOST = 12
"""Figures of a text, beyond which nobody can say what changed places."""
_OTHERWISE = {"by": ("to", "from"), "to": ("by", "from"), "from": ("to",)}


class _Figure(NamedTuple):
    """The same amount in both texts."""

    german: Fact
    english: Fact


def moved(pair: Bitext) -> Iterator[Remark]:
    """A remark for the first figure that counts another way; else one for two figures that changed places."""
    figures = _figures(pair)
    for german, english in figures:
        ours, theirs = _counts(pair.german.facts, german), _counts(pair.english.facts, english)
        if theirs in _OTHERWISE.get(ours, ()):
            yield _remark(german, english)
            return
    for one, other in _swapped(pair, figures) if 1 < len(figures) <= MOST else ():
        yield _remark(one.german, one.english, other)
        return


def _remark(german: Fact, english: Fact, other: _Figure | None = None) -> Remark:
    de, en = (f"“{one.text}”" for one in (german, english))
    message = f"{de} counts by, up to or from in the German; {en} counts another way in the English."
    if other:
        message = f"{de} and “{other.german.text}” have changed places in the English."
    return Remark(CODE, (german.start, german.end), (english.start, english.end), message)


def _figures(pair: Bitext) -> list[_Figure]:
    """The amounts that each text has once, in the German's order."""
    german, english = pair.german.amounts, pair.english.amounts
    return [_Figure(fact, english[amount]) for amount, fact in german.items() if amount in english]


def _counts(facts: Facts, fact: Fact) -> str:
    """By, to or from, if one of them stands before the figure."""
    for way in ("by", "to", "from"):
        if regex(facts.lang, "changes", way).search(facts.text, max(0, fact.start - REACH), fact.start):
            goes_on = (
                facts.lang != SOURCE or way != "from" or regex(SOURCE, "changes", "up_to").match(facts.text, fact.end)
            )
            return way if goes_on else ""
    return ""


def _swapped(pair: Bitext, figures: list[_Figure]) -> Iterator[tuple[_Figure, _Figure]]:
    """Neighbours of which each has around it in the English what the other has in the German, and nothing else."""
    behind = sorted(figures, key=lambda one: one.english.start)
    for one, other in pairwise(figures):
        first, second = sorted((behind.index(one), behind.index(other)))
        edge = _edge(SOURCE, pair.de, one.german, other.german)
        parting = _edge("en", pair.en, behind[first].english, behind[second].english)
        if edge is None or parting is None or second != first + 1:
            continue
        here, there = figures.index(one), bisect_right([f.german.start for f in figures], other.german.start)
        start = figures[here - 1].german.end if here else 0
        end = figures[there].german.start if there < len(figures) else len(pair.de)
        from_, to = (
            behind[first - 1].english.end if first else 0,
            behind[second + 1].english.start if second + 1 < len(behind) else len(pair.en),
        )
        sides: dict[bool, set[bool]] = {True: set(), False: set()}
        for item in pair.german.content:
            place = pair.place(item.start) if start <= item.start < end and not item.text[0].isdigit() else None
            if place is not None and from_ <= place < to:
                sides[item.start < edge].add(place < parting)
        one_first = one.english.start < other.english.start
        if sides[True] == {not one_first} and sides[False] == {one_first}:
            yield one, other


def _edge(lang: str, text: str, one: Fact, other: Fact) -> int | None:
    """Where the part of the sentence ends that belongs to the first of two figures."""
    edges = [match.end() for match in regex(lang, "changes", "edge").finditer(text, one.end, other.start)]
    return edges[-1] if edges else None
