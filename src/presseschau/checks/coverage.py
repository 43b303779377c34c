"""Which content words of a German sentence its English covers: the evidence for omission and for shifted sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from presseschau.checks.lexicon import english, first_part
from presseschau.checks.likeness import alike, skeleton
from presseschau.facts.words import Word, words
from presseschau.lang import listed

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
