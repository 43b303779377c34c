"""A small German-English word list (`lexicon.csv`): which English words usually stand for a German one.

It holds about 1,000 words of the news, written for this project. It is evidence, never a rule by itself: a missing
counterpart is normal in a free translation, several in a row are not.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from presseschau.lang import cuts, table

SHORTEST_PART = 4
"""Letters of a compound's part below which a match is chance."""


class _Row(NamedTuple):
    de: tuple[str, ...]
    en: tuple[str, ...]


@lru_cache(maxsize=1)
def lexicon() -> dict[str, tuple[str, ...]]:
    """German stem in lower case -> English beginnings in lower case."""
    found: dict[str, tuple[str, ...]] = {}
    for row in table("de_en", "lexicon", _Row):
        for stem in row.de:
            found[stem] = tuple(dict.fromkeys((*found.get(stem, ()), *row.en)))
    return found


@lru_cache(maxsize=8_192)
def stem(word: str) -> str | None:
    """The list's stem of a lower-case German word (inflection taken off), or None."""
    entries = lexicon()
    if word in entries:
        return word
    cut = (stem for stem, _ in cuts("de", word, "listed"))
    return next((stem for stem in cut if stem in entries and len(stem) >= SHORTEST_PART - 1), None)


@lru_cache(maxsize=8_192)
def english(word: str) -> tuple[str, ...]:
    """English beginnings for a lower-case German word, of its last part if it is a compound; empty if unknown."""
    if found := stem(word):
        return lexicon()[found]
    for i in range(3, len(word) - SHORTEST_PART + 1):
        if (found := stem(word[i:])) and len(found) >= SHORTEST_PART:
            return lexicon()[found]
    return ()


@lru_cache(maxsize=8_192)
def first_part(word: str) -> tuple[str, ...]:
    """English beginnings for the first part of a lower-case German compound, joint taken off; empty if unknown."""
    entries = lexicon()
    for i in range(len(word) - 3, SHORTEST_PART - 1, -1):
        part = word[:i]
        for form in (part, part[:-1] if part[-1] in "sn" else part, part + "e", part[:-1] + "e"):
            if len(form) >= SHORTEST_PART and (found := entries.get(form)):
                return found
    return ()
