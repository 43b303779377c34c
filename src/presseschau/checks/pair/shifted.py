"""`coverage.shifted`: the English of a sentence belongs to its neighbour, repeats it, or says two sentences at once.

A model that merges two sentences and pads the tail returns the right count, each with a wrong number. What gives it
away are the content words: names, figures and known words of sentence i that stand in the English of i-1 or i+1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from presseschau.checks.alignment import coverage
from presseschau.facts.words import words
from presseschau.findings import Found, flag
from presseschau.models import Sentence

CODE = "coverage.shifted"
REACH = 2
"""Sentences before and after that are compared."""
OWN, OTHER = 0.34, 0.4
"""Share of own content words below which, and of the neighbour's above which, the English belongs to the neighbour."""
LEAD = 2
"""Content words that the neighbour must have more."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a German sentence fits an English one: content words covered, and all of them."""

    covered: int
    total: int

    @property
    def share(self) -> float:
        return self.covered / self.total if self.total else 0.0


def shifted(pairs: Sequence[tuple[Sentence, str | None]]) -> dict[int, Found]:
    """Findings by sentence number, only for sentences that have one. `pairs` are neighbours in the article's order."""
    offsets = _spread(pairs, {i: offset for i in range(len(pairs)) if (offset := _offset(pairs, i))})
    merged = {i for i in range(len(pairs) - 1) if i not in offsets and _holds_next(pairs, i, offsets)}
    repeats = {i: j for i in range(len(pairs)) if (j := _repeats(pairs, i)) is not None}
    found: dict[int, Found] = {}
    for i, (sentence, _) in enumerate(pairs):
        if message := _message(pairs, i, offsets, merged, repeats):
            found[sentence.n] = flag(CODE, message)
    return found


def _message(
    pairs: Sequence[tuple[Sentence, str | None]],
    i: int,
    offsets: dict[int, int],
    merged: set[int],
    repeats: dict[int, int],
) -> str | None:
    n = pairs[i][0].n
    if i in repeats:
        return f"The English of sentence {n} repeats that of sentence {pairs[repeats[i]][0].n}."
    if i in offsets:
        j = i + offsets[i]
        if 0 <= j < len(pairs):
            return f"The English of sentence {n} belongs to sentence {pairs[j][0].n}."
        return f"The English of sentence {n} belongs to no sentence of the article."
    if i in merged:
        return f"The English of sentence {n} also covers sentence {pairs[i + 1][0].n}."
    return None


def _fit(pairs: Sequence[tuple[Sentence, str | None]], de: int, en: int) -> Fit:
    content = coverage(pairs[de][0].text, pairs[en][1] or "")
    return Fit(sum(item.covered for item in content), len(content))


def _offset(pairs: Sequence[tuple[Sentence, str | None]], i: int) -> int:
    """Distance to the sentence that the English of `i` belongs to; 0 if it is its own or nothing speaks clearly."""
    if not pairs[i][1]:
        return 0
    own = _fit(pairs, i, i)
    best, distance = own, 0
    for j in range(max(0, i - REACH), min(len(pairs), i + REACH + 1)):
        other = _fit(pairs, j, i)
        if (other.share, other.covered) > (best.share, best.covered):
            best, distance = other, j - i
    clear = own.share <= OWN and best.share >= OTHER and best.share >= 2 * own.share
    return distance if clear and best.covered >= own.covered + LEAD else 0


def _spread(pairs: Sequence[tuple[Sentence, str | None]], offsets: dict[int, int]) -> dict[int, int]:
    """A shift goes on until something stops it: neighbours of a shifted sentence that fit the same way belong to it."""
    found = dict(offsets)
    for step in (1, -1):
        order = range(len(pairs)) if step == 1 else range(len(pairs) - 1, -1, -1)
        for i in order:
            offset = found.get(i - step)
            if offset is None or i in found or not pairs[i][1]:
                continue
            own, j = _fit(pairs, i, i), i + offset
            if not 0 <= j < len(pairs):  # the padded tail
                if own.share <= OWN / 2:
                    found[i] = offset
            elif (other := _fit(pairs, j, i)).share > own.share and own.share <= OWN and other.covered:
                found[i] = offset
    return found


def _holds_next(pairs: Sequence[tuple[Sentence, str | None]], i: int, offsets: dict[int, int]) -> bool:
    """The English of `i` is long and says the next sentence too, whose own English does not."""
    en, following = pairs[i][1], pairs[i + 1][1]
    if not en or len(en) < 1.3 * len(pairs[i][0].text):
        return False
    taken = _fit(pairs, i + 1, i)
    kept = _fit(pairs, i + 1, i + 1) if following else Fit(0, 1)
    return taken.covered >= LEAD and taken.share >= OTHER and (i + 1 in offsets or kept.share < taken.share)


def _repeats(pairs: Sequence[tuple[Sentence, str | None]], i: int) -> int | None:
    """The sentence before, up to `REACH` back, whose English is the same though its German is not."""
    own = _words(pairs[i][1])
    if len(own) < 3:
        return None
    for j in range(i - 1, max(-1, i - 1 - REACH), -1):
        if own == _words(pairs[j][1]) and _words(pairs[j][0].text) != _words(pairs[i][0].text):
            return j
    return None


def _words(text: str | None) -> list[str]:
    return [item.lower for item in words(text or "")]
