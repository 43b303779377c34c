"""The word sets with which German left in English is told from English, loaded once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from presseschau.checks.lexicon import lexicon


@dataclass(frozen=True, slots=True)
class LeftWords:
    """`function`: German grammar; `particle`: those of it that stand in names; `english`: spelt like German or at home in
    English; `name`: titles, firms, surnames that are common nouns; `grammar`: English grammar; `beginnings`: English words of the list."""

    function: frozenset[str]
    particle: frozenset[str]
    english: frozenset[str]
    name: frozenset[str]
    grammar: frozenset[str]
    beginnings: frozenset[str]


@lru_cache(maxsize=1)
def left_words() -> LeftWords:
    """The sets of `data/german_left.txt`."""
    text = files("presseschau.checks").joinpath("data/german_left.txt").read_text("utf-8")
    sections = dict(line.split(": ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    beginnings = frozenset(word for words in lexicon().values() for word in words)
    return LeftWords(**{name: frozenset(found.split()) for name, found in sections.items()}, beginnings=beginnings)
