"""Words and where they stand, which the readers share; and runs of words, which two texts have in common word for word,
whatever their line breaks and quotation marks; and how much two of them are alike."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from hashlib import blake2b
from typing import NamedTuple

from presseschau.patterns import late

# A word keeps inner apostrophes, hyphens and dots of initialisms (n't, Ukraine-Krieg, U.S.).
_WORD = late(r"(?:[A-Z]\.){2,}|[^\W_]+(?:['’\-‑&][^\W_]+)*", re.UNICODE)


RUN = 5
"""Words a run: the usual size for near duplicates of news (Broder 1997 compares shingles of 4 to 10 words)."""


class Word(NamedTuple):
    """One word: `text[start:end]`; `lower` is its lower case with a straight apostrophe."""

    text: str
    start: int
    end: int
    lower: str


_word = partial(tuple.__new__, Word)
"""From a tuple, without the way through a function that each named one goes: there are fifty words in a pair."""
_LETTERS = late(r"[^\W\d_]+")
_CAPITALS = late(r"[A-ZÄÖÜ]+")


@lru_cache(maxsize=256)
def shouts(text: str) -> bool:
    """Are so many letters of `text` capitals that a capital says nothing (a headline in capitals, a list of codes)?"""
    return sum(map(len, _CAPITALS.findall(text))) > 0.5 * sum(map(len, _LETTERS.findall(text)))


@lru_cache(maxsize=64)
def words(text: str) -> tuple[Word, ...]:
    """The words of `text` in order, numbers included; offsets are code points, 0-based, end exclusive."""
    plain = text.replace("’", "'").replace("‑", "-")
    places = [match.span() for match in _WORD.finditer(text)]
    return tuple(map(_word, [(text[a:b], a, b, plain[a:b].lower()) for a, b in places]))


@lru_cache(maxsize=64)
def lower_words(text: str) -> frozenset[str]:
    """What the words of `text` are in lower case: a cheap look whether one of a list is among them."""
    return frozenset([word.lower for word in words(text)])


def runs(text: str) -> set[int]:
    """A 64-bit hash of each run of five words in lower case; empty for a text of fewer. The same in every process."""
    said = re.findall(r"\w+", text.lower())
    return {
        int.from_bytes(blake2b(" ".join(said[i : i + RUN]).encode(), digest_size=8).digest())
        for i in range(len(said) - RUN + 1)
    }


def alike(one: set[int], other: set[int]) -> float:
    """The share of all runs that both have, 0 to 1."""
    return len(one & other) / max(1, len(one | other))


def ratio(one: str, other: str) -> float:
    """How much two strings are alike, 0 to 100: the letters of their longest common subsequence among all of both."""
    places: dict[str, int] = {}
    for i, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << i
    whole = left = (1 << len(one)) - 1
    for letter in other:  # a bit for each letter of `one`, all at once (Hyyrö 2004)
        here = left & places.get(letter, 0)
        left = (left + here) | (left - here)
    return 200.0 * (len(one) - (left & whole).bit_count()) / (len(one) + len(other) or 1)
