"""Keys under which a word is much the same in German and in English spelling: a name (`key`), a cognate (`skeleton`).

German papers transcribe by Duden (Selenskyj, Uschakow, Schoigu, Netanjahu), English ones by BGN/PCGN or the bearer's
own spelling (Zelensky, Ushakov, Shoigu, Netanyahu). The key writes both alike, or nearly. A skeleton has the consonants
alone (Koalition, coalition).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache, partial
from operator import eq, methodcaller

from presseschau.facts.words import ratio
from presseschau.patterns import late

# In order; German spellings first, so that what is left is common ground. Letters alone are replaced, which is faster.
_STEPS: tuple[tuple[str | re.Pattern[str], str], ...] = (
    ("schtsch", "sh"), ("shch", "sh"), ("dsch", "j"), ("dzh", "j"), ("tsch", "h"), ("tch", "h"),
    (late(r"cz(?=[aeiou])"), "h"), ("sch", "sh"), ("zh", "sh"), ("sz", "sh"), ("ch", "h"), ("kh", "h"),
    ("ck", "k"), ("qu", "k"), ("q", "k"), (late(r"c(?=[eiy])"), "s"), ("c", "k"), ("th", "t"), ("ph", "f"),
    ("dj", "j"), ("gh", "g"), ("x", "ks"), ("tz", "s"), ("ts", "s"), ("z", "s"), ("w", "v"), ("f", "v"), ("ae", "a"),
    ("oe", "o"), ("ue", "u"), ("oo", "u"), ("ou", "u"), ("ie", "i"), ("ee", "i"), ("j", "y"), ("i", "y"),
    (late(r"(?<=[aeou])h(?=[^aeouy]|$)"), ""), (late(r"(.)\1+"), r"\1"),
    (late(r"(?<=[a-z]{3})yy?$"), "y"),
)  # fmt: skip
_OTHER = late(r"[^a-z]")
_PLAIN = str.maketrans("äöüßéèáóíñç", "aouseeaoinc")


@lru_cache(maxsize=16_384)
def key(name: str) -> str:
    """The key of one word: lower-case ASCII letters, empty if the word has none. Apostrophes and hyphens are
    dropped."""
    folded = name.casefold().translate(_PLAIN)
    if not folded.isascii():
        from anyascii import anyascii

        folded = anyascii(folded).casefold()
    found = _OTHER.sub("", folded)
    for step in _steps():
        found = step(found)
    return found


@cache
def _steps() -> tuple[Callable[[str], str], ...]:
    return tuple(
        methodcaller("replace", old, new) if isinstance(old, str) else partial(old.sub, new) for old, new in _STEPS
    )


def likeness(one: str, other: str) -> float:
    """How much two words are the same name: 0 to 100, the ratio of their keys."""
    first, second = key(one), key(other)
    if first == second:
        return 100.0 if first else 0.0
    return ratio(first, second)


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
