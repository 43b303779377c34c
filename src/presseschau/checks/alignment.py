"""What English a German word may have become: by a word list of the news (`lexicon.csv`), and by spelling, as cognates
and names do (Koalition, coalition; Uschakow, Ushakov).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from presseschau.lang import cuts, table

# Sounds, not letters: the same consonants in the same order are the same word written by another spelling.
_SPELLING = (
    ("tsch", "K"), ("sch", "S"), ("sh", "S"), ("ch", "K"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("tz", "s"),
    ("qu", "kf"), ("x", "ks"), ("c", "k"), ("q", "k"), ("z", "s"), ("ß", "s"), ("w", "f"), ("v", "f"),
    ("S", "s"), ("K", "k"),
)  # fmt: skip
_SILENT = re.compile(r"(?<!^)[aeiouyjäöüáàâãåéèêëíìîïóòôõøúùûýæœh]")
_DOUBLE = re.compile(r"(.)\1+")
SHORTEST_COGNATE = 3
"""Sounds below which likeness is chance."""


@lru_cache(maxsize=8_192)
def skeleton(word: str) -> str:
    """The consonants of a lower-case word, spelt one way; a leading vowel stays as "a"."""
    for old, new in _SPELLING:
        if old in word:
            word = word.replace(old, new)
    word = _DOUBLE.sub(r"\1", _SILENT.sub("", word))
    return "a" + word[1:] if word[:1] in tuple("aeiouyjäöüé") else word


SHORTEST_PART = 4
"""Letters of a compound's part below which a match is chance."""


class _LexiconRow(NamedTuple):
    de: tuple[str, ...]
    en: tuple[str, ...]


@lru_cache(maxsize=1)
def lexicon() -> dict[str, tuple[str, ...]]:
    """German stem in lower case -> English beginnings in lower case."""
    found: dict[str, tuple[str, ...]] = {}
    for row in table("de_en", "lexicon", _LexiconRow):
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
