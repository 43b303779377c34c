"""Words that sound alike in both languages, as cognates and names do (Koalition, coalition; Uschakow, Ushakov)."""

from __future__ import annotations

from functools import lru_cache
from operator import eq

from presseschau.patterns import late

# Sounds, not letters: the same consonants in the same order are the same word written by another spelling.
_SPELLING = (
    ("tsch", "K"), ("sch", "S"), ("sh", "S"), ("ch", "K"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("tz", "s"),
    ("qu", "kf"),
)  # fmt: skip
_LETTERS = str.maketrans(
    {"x": "ks", "c": "k", "q": "k", "z": "s", "ß": "s", "w": "f", "v": "f", "S": "s", "K": "k"},
)
_SILENT = str.maketrans("", "", "aeiouyjäöüáàâãåéèêëíìîïóòôõøúùûýæœh")
_VOWELS = frozenset("aeiouyjäöüé")
_DOUBLE = late(r"(.)\1+")
SHORTEST_COGNATE = 3
"""Sounds below which likeness is chance."""


@lru_cache(maxsize=8_192)
def skeleton(word: str) -> str:
    """The consonants of a lower-case word, spelt one way; a leading vowel stays as "a"."""
    for old, new in _SPELLING:
        if old in word:
            word = word.replace(old, new)
    word = word.translate(_LETTERS)
    word = word[:1] + word[1:].translate(_SILENT)
    if any(map(eq, word, word[1:])):
        word = _DOUBLE.sub(r"\1", word)
    return "a" + word[1:] if word[:1] in _VOWELS else word
