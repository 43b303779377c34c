"""The words by which German left in English is told from English."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from presseschau.facts.lexicon import english, lexicon, noun_stem, split_compound
from presseschau.facts.names.kept_words import german_score, is_listed_noun
from presseschau.lang import PAIR, SOURCE, listed, regex, vocabulary
from presseschau.patterns import cached_on_disk


class LeftWords(NamedTuple):
    """`function`: German grammar. `particle`: those of it that stand in names; `article`: the articles of them.
    `twofold`: words of both languages, told apart by the English word before (`pronoun`, `before_die`). `english`:
    spelt like German, or German words at home in English. `name`, `surname`, `town`: titles, firms, rivers,
    and family names and towns that are common nouns too. `grammar`: English grammar. `determiner`, `before_noun`: what
    stands before a common noun; `before_name`: before a town or a speaker. `beginnings`: English words of the list."""

    function: frozenset[str]
    particle: frozenset[str]
    english: frozenset[str]
    name: frozenset[str]
    surname: frozenset[str]
    town: frozenset[str]
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
    names = tuple(name for name in LeftWords._fields if name != "beginnings")
    sets = {name: frozenset(vocabulary(PAIR, "german_left", name)) for name in names}
    return LeftWords(**sets, beginnings=_beginnings())


@cached_on_disk
def _beginnings() -> frozenset[str]:
    return frozenset("|".join(lexicon().values()).split("|"))


SINGULAR = 3.0
"""Score by letters below which a listed noun without an article may be a family name (Brett)."""


def german_noun(low: str, *, bare: bool = False) -> bool:
    """A common noun by the word list or by its suffix; place names (Winterberg) and cognates (Ukraine) are not.

    `bare`: nothing stands before it in the German that a common noun in the singular needs, an article or the like.
    Then a compound may be a company (Zielpunkt), and a suffix must close a listed noun (Erwärmung, not Samsung).
    """
    if regex(SOURCE, "german_left", "place").search(low) or low.rstrip("s") in left_words().beginnings:
        return False
    if (
        (base := noun_stem(low))
        and (low.startswith(base) or low in listed(SOURCE, "nouns") or low in listed(SOURCE, "words"))
        and not (bare and low == base and german_score(low.capitalize()) < SINGULAR)
        and low[len(base) :] in vocabulary(SOURCE, "endings", "plural")
        and (low != base + "n" or base[-1] in "elr")
    ):
        cognate = any(low.startswith(word) for word in english(low) if len(word) > 3)
        return not cognate or bool(regex(SOURCE, "german_left", "plural").search(low))
    if len(low) > 5 and regex(SOURCE, "german_left", "noun").search(low):
        sure = not bare or regex(SOURCE, "german_left", "sure_noun").search(low)
        return bool(sure) or any(is_listed_noun(low[start:]) for start in range(len(low) - 5))
    return not bare and len(low) > 8 and split_compound(low) is not None
