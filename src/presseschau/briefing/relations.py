"""Who is to blame, and what came before what: accounts of two papers that differ in one relation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from presseschau.briefing.contexts import as_well, siblings
from presseschau.briefing.statements import ClaimWords, in_common, telling_words
from presseschau.checks.note.overlap import key
from presseschau.lang import regex

_BLAMES = ("held_responsible", "to_blame", "lies_with", "bears", "accuses", "accused")
_MOST = 0.6
"""Share of the words for what happened that the other claim must have."""


class _Blame(NamedTuple):
    who: tuple[str, ...]
    what: tuple[str, ...]
    by: frozenset[str]


def other_culprit(one: ClaimWords, other: ClaimWords) -> float:
    """Two are held responsible for the same, not by two speakers: the railway blames the builder, the state."""
    first, second = _blame(one), _blame(other)
    if not first or not second or one.denies != other.denies:
        return 0
    if first.by and second.by and first.by.isdisjoint(second.by):
        return 0
    if in_common(first.who, second.who) or not (shared := _shared(one, other, first.what, second.what)):
        return 0
    return shared + 1


@lru_cache(maxsize=1024)
def _blame(one: ClaimWords) -> _Blame | None:
    for name in _BLAMES:
        if found := regex("en", "disputes", name).search(one.text):
            told = found.groupdict()
            who, what, by = (telling_words(told.get(part) or "") for part in ("who", "what", "by"))
            return _Blame(who, what, frozenset(map(key, by))) if who and what else None
    return None


def other_order(one: ClaimWords, other: ClaimWords) -> float:
    """The same two things the other way round: signed before the election, only after it."""
    first, second = _order(one), _order(other)
    if not first or not second or one.denies != other.denies or as_well(one) or as_well(other):
        return 0
    (a, then, b), (c, after, d) = first, second
    if then != after:
        return _both(one, other, (a, c), (b, d))
    return _both(one, other, (a, d), (b, c))


def _both(one: ClaimWords, other: ClaimWords, *pairs: tuple[tuple[str, ...], tuple[str, ...]]) -> float:
    shared = [_shared(one, other, mine, others) for mine, others in pairs]
    return sum(shared) if all(shared) else 0


def _order(one: ClaimWords) -> tuple[tuple[str, ...], str, tuple[str, ...]] | None:
    """What came, before or after, and what."""
    found = regex("en", "disputes", "order_front").search(one.text) or regex("en", "disputes", "order").search(one.text)
    if not found:
        return None
    main, other = telling_words(found["main"]), telling_words(found["other"])
    return (main, found["order"].lower(), other) if main and other else None


def _shared(one: ClaimWords, other: ClaimWords, mine: Sequence[str], others: Sequence[str]) -> float:
    """How many of these words the two have in common, if they are most of both."""
    a, b = sum(map(other.has, mine)), sum(map(one.has, others))
    return (
        a + b if a >= _MOST * len(mine) and b >= _MOST * len(others) and not siblings(one, other, mine, others) else 0
    )
