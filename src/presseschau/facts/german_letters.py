"""Is a word German, judged by its letters alone: a linear score learnt by `tests/tools/make_german_letters.py`.

For words that no list has. Endings, umlauts and compounds weigh most; names and English words were the other class.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import fsum

from presseschau.lang import weights

LONGEST = 5
"""Letters of the longest piece that is weighed."""


def pieces(word: str) -> frozenset[str]:
    """Pieces of one to five letters, with a mark for the beginning, the end and a capital."""
    return frozenset(_pieces(word))


def _pieces(word: str) -> Iterator[str]:
    case = "A" if word[0].isupper() else "a"
    bounded = f"^{word.lower()}$"
    yield case
    for n in range(1, LONGEST + 1):
        for k in range(len(bounded) - n + 1):
            yield bounded[k : k + n]
    for n in range(2, LONGEST + 1):
        yield case + bounded[-n:]
    yield f"{case}{min(len(word), 14)}"


@lru_cache(maxsize=8192)
def german_score(word: str) -> float:
    """Logarithm of the odds that `word` is German rather than English or a name, as in the lists it was learnt on."""
    learnt = weights("de", "letters")
    return fsum(learnt[piece] for piece in pieces(word))
