"""The word sets with which German left in English is told from English."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

from presseschau.checks.lexicon import lexicon
from presseschau.lang import vocabulary


@dataclass(frozen=True, slots=True)
class LeftWords:
    """`function`: German grammar. `particle`: those of it that stand in names; `article`: the articles of them.
    `twofold`: words of both languages, told apart by the English word before (`pronoun`, `before_die`). `english`:
    spelt like German, or German words at home in English. `name`, `surname`: titles, firms, towns, and family names
    that are common nouns too. `grammar`: English grammar. `determiner`, `before_noun`: what stands before a common
    noun; `before_name`: before a town or a speaker. `beginnings`: English words of the word list."""

    function: frozenset[str]
    particle: frozenset[str]
    english: frozenset[str]
    name: frozenset[str]
    surname: frozenset[str]
    grammar: frozenset[str]
    article: frozenset[str]
    twofold: frozenset[str]
    before_die: frozenset[str]
    pronoun: frozenset[str]
    determiner: frozenset[str]
    before_noun: frozenset[str]
    before_name: frozenset[str]
    beginnings: frozenset[str]


@lru_cache(maxsize=1)
def left_words() -> LeftWords:
    """The sets of `german_left.csv`."""
    names = tuple(field.name for field in fields(LeftWords) if field.name != "beginnings")
    sets = {name: frozenset(vocabulary("de_en", "german_left", name)) for name in names}
    return LeftWords(**sets, beginnings=frozenset(word for words in lexicon().values() for word in words))
