"""How like two texts are in their letters: chrF (Popović 2015), and what it might be on other sentences of the kind.

The figures are those of sacrebleu 2.6 (`tests/facts/test_chrf.py`), which would bring six packages for these lines.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence

from presseschau.models import Value

ORDER, BETA = 6, 2.0
_DRAWS, _SEED = 1000, 7

Counts = tuple[tuple[int, int, int], ...]
"""For n-grams of 1 to ORDER letters: how many both texts share, how many the translation has, and the reference."""


class Interval(Value):
    """A figure and the range in which 95 % of samples of as many sentences lie."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.1f} ({self.low:.1f} to {self.high:.1f})"


def chrf(translation: str, reference: str) -> float:
    """0 to 100; white space does not count."""
    return score([counts(translation, reference)])


def chrf_of(pairs: Sequence[tuple[str, str]]) -> Interval:
    """The chrF of all (translation, reference) together, with a bootstrap interval over sentences: the same for the
    same pairs. 0 for none."""
    each = [counts(*pair) for pair in pairs]
    return _interval(len(each), lambda drawn: score([each[i] for i in drawn]))


def chrf_difference(one: Sequence[tuple[str, str]], other: Sequence[tuple[str, str]]) -> Interval:
    """The chrF of `other` minus that of `one`, for translations of the same references, with the interval of drawing
    the same sentences from both."""
    ours, theirs = ([counts(*pair) for pair in pairs] for pairs in (one, other))
    return _interval(len(ours), lambda drawn: score([theirs[i] for i in drawn]) - score([ours[i] for i in drawn]))


def _interval(size: int, figure: Callable[[Sequence[int]], float]) -> Interval:
    draw = random.Random(_SEED)  # noqa: S311
    every = range(size)
    found = sorted(figure(draw.choices(every, k=size)) for _ in range(_DRAWS)) if size else [0.0]
    at = (len(found) * 25 // 1000, (len(found) * 975 - 1) // 1000)
    return Interval(value=round(figure(every), 2), low=round(found[at[0]], 2), high=round(found[at[1]], 2))


def counts(translation: str, reference: str) -> Counts:
    ours, theirs = ("".join(text.split()) for text in (translation, reference))
    return tuple(_shared(ours, theirs, n) for n in range(1, ORDER + 1))


def _shared(ours: str, theirs: str, n: int) -> tuple[int, int, int]:
    one, other = (Counter(text[i : i + n] for i in range(len(text) - n + 1)) for text in (ours, theirs))
    return (one & other).total(), one.total(), other.total()


def score(each: Sequence[Counts]) -> float:
    """0 to 100, of the sums; an order that either side has no n-gram of is left out, as sacrebleu does."""
    sums = [tuple(sum(column) for column in zip(*rows, strict=True)) for rows in zip(*each, strict=True)]
    used = [row for row in sums if row[1] and row[2]]
    precision: float = sum(both / ours for both, ours, _ in used) / max(1, len(used))
    recall: float = sum(both / theirs for both, _, theirs in used) / max(1, len(used))
    weighed = BETA**2 * precision + recall
    return 100 * (1 + BETA**2) * precision * recall / weighed if weighed else 0.0
