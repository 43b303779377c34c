"""Which words of a German sentence its English covers: the evidence for omission and for shifted sentences.

Counterparts are found by figures, by a small word list of the news (`lexicon.csv`), and by spelling: cognates and names
(Koalition, coalition; Uschakow, Ushakov). The list is evidence, never a rule by itself: a missing counterpart is normal
in a free translation, several in a row are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from presseschau.facts.words import Word, words
from presseschau.lang import cuts, listed, table

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


def alike(first: str, second: str) -> bool:
    """True if two skeletons are the same word: equal, or one continues the other by an ending."""
    if first == second:
        return len(first) >= SHORTEST_COGNATE
    short, long = sorted((first, second), key=len)
    return len(short) > SHORTEST_COGNATE and len(long) - len(short) <= 2 and long.startswith(short)


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


SHORTEST = 4
"""Letters of a lower-case German word that counts as content; shorter ones are mostly grammar."""

_HYPHEN = re.compile(r"[-‑]")
_NO_DIGIT = re.compile(r"\D")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class Content:
    """One content word of the German. `known`: the word list or a number says what its English must look like."""

    text: str
    start: int
    end: int
    covered: bool
    known: bool


@dataclass(frozen=True, slots=True)
class English:
    """The words of an English text, ready for look-up."""

    words: tuple[str, ...]
    skeletons: frozenset[str]
    numbers: frozenset[str]
    prefixes: frozenset[str]


@lru_cache(maxsize=512)
def read_english(en: str) -> English:
    """`en` as words, sounds and numbers."""
    low = tuple(part.removesuffix("'s") for item in words(en) for part in item.lower.split("-"))
    prefixes = frozenset(word[:size] for word in low for size in range(2, min(len(word), 12) + 1))
    return English(low, frozenset(map(skeleton, low)), numbers(en), prefixes)


def numbers(text: str) -> frozenset[str]:
    """The figures of `text` without their marks: 1.000,5 and 1,000.5 are both 10005."""
    return frozenset(_NO_DIGIT.sub("", match.group()) for match in _NUMBER.finditer(text))


@lru_cache(maxsize=512)
def german_content(de: str) -> tuple[Word, ...]:
    """The words of `de` that carry content: nouns, names, numbers, longer verbs and adjectives."""
    return tuple(item for item in words(de) if _is_content(item))


def _is_content(item: Word) -> bool:
    if item.text[0].isdigit():
        return True
    if item.lower in listed("de", "function_words"):
        return False
    return len(item.text) >= SHORTEST or (item.text[0].isupper() and len(item.text) >= 3 and item.start > 0)


@lru_cache(maxsize=512)
def coverage(de: str, en: str) -> tuple[Content, ...]:
    """The content words of `de` in order, each with whether `en` has its translation, cognate, name or figure."""
    target = read_english(en)
    return tuple(_content(item, target) for item in german_content(de))


def _content(item: Word, target: English) -> Content:
    known, covered = False, False
    for part in _HYPHEN.split(item.lower):
        part_known, part_covered = _look_up(part, target)
        known, covered = known or part_known, covered or part_covered
    return Content(item.text, item.start, item.end, covered, known)


def _look_up(part: str, target: English) -> tuple[bool, bool]:
    if part[:1].isdigit():
        digits = _NO_DIGIT.sub("", part)
        return True, any(digits in number for number in target.numbers)
    if part in target.words:
        return False, True
    translations = english(part)
    if any(_stands(beginning, target) for beginning in translations):
        return True, True
    if any(_stands(beginning, target) for beginning in first_part(part)):
        return True, True
    return bool(translations), _sounds(part, target.skeletons)


def _stands(beginning: str, target: English) -> bool:
    """Short English words must stand whole (or with an s), so that `us` is not found in `use`."""
    if len(beginning) >= 4:
        return beginning[:12] in target.prefixes
    return beginning in target.words or beginning + "s" in target.words


def _sounds(word: str, others: frozenset[str]) -> bool:
    """One of the other skeletons is the same word."""
    own = skeleton(word)
    if own in others:
        return len(own) >= 3
    return len(own) >= 4 and any(alike(own, other) for other in others)


def leftover(de: str, en: str) -> int:
    """Letters of the English content words that no German content word accounts for: free wording, or an addition."""
    return sum(map(len, leftover_words(de, en)))


@lru_cache(maxsize=512)
def leftover_words(de: str, en: str) -> tuple[str, ...]:
    """The English content words, in lower case, that no German content word accounts for."""
    sounds, beginnings, low = _german_sides(de)
    return tuple(
        word
        for word in read_english(en).words
        if len(word) >= SHORTEST
        and word not in listed("en", "function_words")
        and not word[0].isdigit()
        and word not in low
        and not any(word[:size] in beginnings for size in range(2, len(word) + 1))
        and not _sounds(word, sounds)
    )


@lru_cache(maxsize=512)
def _german_sides(de: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    parts = [part for item in german_content(de) for part in _HYPHEN.split(item.lower) if part]
    beginnings = {word for part in parts for word in (*english(part), *first_part(part))}
    return frozenset(map(skeleton, parts)), frozenset(beginnings), frozenset(parts)
