"""Words and where they stand: what the name, negation and voice readers share."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

# A word keeps inner apostrophes, hyphens and dots of initialisms (n't, Ukraine-Krieg, U.S.).
_WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W_]+(?:['’\-‑&][^\W_]+)*", re.UNICODE)


class Word(NamedTuple):
    """One word: `text[start:end]`; `lower` is its lower case with a straight apostrophe."""

    text: str
    start: int
    end: int
    lower: str


_PLAIN = str.maketrans("’‑", "'-")
_SMALL_OR_LARGE = re.compile(r"[^\W\d_]")
_LARGE = re.compile(r"[A-ZÄÖÜ]")


@lru_cache(maxsize=256)
def shouts(text: str) -> bool:
    """Are so many letters of `text` capitals that a capital says nothing (a headline in capitals, a list of codes)?"""
    return len(_LARGE.findall(text)) > 0.5 * len(_SMALL_OR_LARGE.findall(text))


@lru_cache(maxsize=256)
def words(text: str) -> tuple[Word, ...]:
    """The words of `text` in order, numbers included; offsets are code points, 0-based, end exclusive."""
    plain = text.translate(_PLAIN)
    return tuple(Word(text[a:b], a, b, plain[a:b].lower()) for a, b in (m.span() for m in _WORD.finditer(text)))
