"""How much of an English sentence stands in what it cites: shared content words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from presseschau.facts.words import words
from presseschau.lang import listed

_STEM = 5
"""Letters by which injured and injuries are one word."""


def key(word: str) -> str:
    """The beginning of a word by which its forms are known again."""
    low = word.lower().replace("’", "'").removesuffix("'s").replace(",", "").replace("-", "")
    return low[:_STEM] if len(low) > _STEM else low.removesuffix("s") if len(low) > 3 else low


@lru_cache(maxsize=4096)
def content(text: str) -> tuple[str, ...]:
    """The content words and figures of an English text, in order, each once."""
    grammar = listed("en", "function_words")
    kept = (
        part
        for word in words(text)
        for part in word.text.split("-")
        if part[:1].isdigit()
        or (len(part) > 2 and part.lower() not in grammar and part.lower() not in listed("en", "shared_words"))
    )
    return tuple(dict.fromkeys(kept))


def covered(text: str, english: Iterable[str]) -> frozenset[str]:
    """The content words of `text` that stand in one of the `english` texts."""
    there = {key(word) for one in english for word in content(one)}
    return frozenset(word for word in content(text) if key(word) in there)
