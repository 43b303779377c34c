"""What a German word says: a pole of a concept, how something ended, or one of things or deeds of a kind.

The poles of a concept stand in `opposites.csv` in both languages, how something ended in `outcomes.csv`, what is
another one of its kind in `siblings.csv`. What un- and -los, in- and -less make of a word is read without a row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple, TypeAlias

from presseschau.checks.bitext import LONGEST_BEGINNING, SHORTEST
from presseschau.facts.lexicon import (
    english,
    english_forms,
    infinitives,
    lexicon,
    noun_stem,
    openings,
    split_compound,
    stem,
)
from presseschau.lang import PAIR, SOURCE, cuts, table, vocabulary
from presseschau.patterns import cached_on_disk


class Antonyms(NamedTuple):
    """A line of `opposites.csv` or `outcomes.csv`, which say what their columns mean."""

    de: tuple[str, ...]
    de_other: tuple[str, ...]
    en: tuple[str, ...]
    en_other: tuple[str, ...]
    outcome: str
    negated: bool
    not_with: tuple[str, ...]


class Sibling(NamedTuple):
    kind: str
    de: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True)
class Pole:
    """The English of a pole and what only the other says; `after`: the words that stand before the German one, `also`:
    those that stand in its sentence; `kind`: of siblings; the rest as in its row."""

    own: tuple[str, ...]
    other: tuple[str, ...]
    outcome: str = ""
    negated: bool = True
    not_with: tuple[str, ...] = ()
    after: str = ""
    also: tuple[str, ...] = ()
    kind: str = ""

    @property
    def is_deed(self) -> bool:
        """Of a kind of verbs?"""
        return self.kind.startswith("to ")

    @cached_property
    def other_forms(self) -> tuple[str, ...]:
        """What words of the other pole begin with."""
        return tuple(form for phrase in self.other for form in english_forms(phrase))

    @cached_property
    def other_beginnings(self) -> frozenset[str]:
        """How the first word of each of its phrases may begin."""
        first = (phrase.replace("-", " ").partition(" ")[0] for phrase in self.other)
        return frozenset(form[:LONGEST_BEGINNING] for word in first for form in english_forms(word))

    @cached_property
    def other_openings(self) -> tuple[str, ...]:
        """Letters with one of which a text must have a word if it says the other pole."""
        return openings(self.other)


_Listing: TypeAlias = tuple[tuple[Any, ...], bool, str, str]
"""What is in a row, whether a word stands there as the other one, its table, and the words of the phrase before it."""


@lru_cache(maxsize=8_192)
def poles(word: str) -> tuple[Pole, ...]:
    """What is said by a German headword, or by the phrases that it ends or tells."""
    said = (_pole(*listing) for listing in _listings().get(word, ()))
    return (*said, *(_sibling(*listing) for listing in _siblings().get(word, ())))


@cache
@cached_on_disk
def _listings() -> dict[str, list[_Listing]]:
    """By German headword, or the telling word of a phrase."""
    found: dict[str, list[_Listing]] = {}
    for name in ("opposites", "outcomes"):
        for row in table(PAIR, name, Antonyms):
            for turned, phrases in ((False, row.de), (True, row.de_other)):
                for phrase in phrases:
                    before, _, word = phrase.rpartition(" ")
                    found.setdefault(word, []).append((tuple(row), turned, name, before))
    return found


def _pole(fields: tuple[Any, ...], turned: bool, name: str, before: str) -> Pole:
    row = Antonyms(*fields)
    own, other = (row.en_other, row.en) if turned else (row.en, row.en_other)
    others = before.split()
    after, also = (before, ()) if name == "opposites" else ("", tuple(others))
    if "..." in others:
        after, also = "", tuple(others[:-1])
    return Pole(_bare(own), _sure(other), row.outcome, row.negated, row.not_with, after, also)


@cache
def _siblings() -> dict[str, list[tuple[Sibling, str]]]:
    """The same for what is no opposite, but another one of its kind (`siblings.csv`: the driver, the owner): the row,
    and the words before."""
    found: dict[str, list[tuple[Sibling, str]]] = {}
    for row in table(PAIR, "siblings", Sibling):
        for phrase in row.de:
            *others, word = phrase.split()
            found.setdefault(word, []).append((row, " ".join(others)))
    return found


@cache
def _kinds() -> dict[str, list[Sibling]]:
    found: dict[str, list[Sibling]] = {}
    for row in table(PAIR, "siblings", Sibling):
        found.setdefault(row.kind, []).append(row)
    return found


def _sibling(row: Sibling, after: str) -> Pole:
    own = _bare(row.en)
    others = [word for other in _kinds()[row.kind] if other is not row for word in other.en]
    proof = tuple(word for word in dict.fromkeys(others) if word[0] != "(" and word not in own)
    return Pole(own, proof, negated=False, kind=row.kind, after=after)


def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip("()") for word in words) if "(" in "".join(words) else words


def _sure(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word[0] != "(")


@lru_cache(maxsize=8_192)
def poles_of(word: str, noun: bool = False) -> tuple[Pole, ...]:
    """The poles that a lower-case German word says in any of its forms, or the last part of a compound; of two words
    that a form may belong to (billigte: cheap, to approve) those of both. `noun`: it is none of a verb (Zahl, zahlen).
    """
    bases = [base for base, _ in cuts(SOURCE, word, "listed") if len(base) > 2] if word not in lexicon() else ()
    headword = stem(word)
    groups = ((word, *bases, headword or ""), infinitives(word))
    forms = (next((f for f in group if poles(f) and not (noun and _is_verb(f, poles(f)))), "") for group in groups)
    if found := tuple(pole for form in dict.fromkeys(forms) for pole in poles(form)):
        return found
    if not headword and (parts := split_compound(word)):
        return tuple(pole for pole in poles(parts[1]) if not pole.after)
    return _by_rendering(headword) if headword and not (noun and headword.endswith("n")) else ()


def _is_verb(form: str, own: tuple[Pole, ...]) -> bool:
    return form.endswith("n") and not any(
        pole.after or (pole.kind and not pole.is_deed) for pole in own
    )  # ums Leben, Kommission


def _by_rendering(headword: str) -> tuple[Pole, ...]:
    """Of a word that no row has, those that at least half of its English says (untersagen, as verbieten: to ban)."""
    said = tuple(lexicon()[headword].split("|"))
    every = dict.fromkeys(pole for word in said for pole in _poles_in_english(word))
    meant = [pole for pole in every if 2 * sum(word in pole.own for word in said) >= len(said)]
    return tuple(replace(pole, own=(*pole.own, *said)) for pole in meant)


@lru_cache(maxsize=8_192)
def _poles_in_english(word: str) -> tuple[Pole, ...]:
    """What an English word says, for a warning."""
    return tuple(replace(_pole(*one), outcome="") for one in _by_english().get(word, ()))


@cache
@cached_on_disk
def _by_english() -> dict[str, list[_Listing]]:
    """An English word that says a pole -> its rows."""
    found: dict[str, list[_Listing]] = {}
    for row in table(PAIR, "opposites", Antonyms):
        for turned, words in ((False, row.en), (True, row.en_other)):
            for word in _sure(words):
                found.setdefault(word, []).append((tuple(row), turned, "opposites", ""))
    return found


@lru_cache(maxsize=8_192)
def derived(low: str) -> tuple[Pole, ...]:
    """What a word says by a prefix or suffix of denial, or would say with one, if no row has it."""
    denies, without = (tuple(vocabulary("en", name, "denial")) for name in ("prefixes", "endings"))
    for prefix in vocabulary(SOURCE, "prefixes", "denial"):
        if low.startswith(prefix) and (base := noun_stem(low.removeprefix(prefix))):
            plain = lexicon()[base].split("|")
            return (Pole(tuple(p + word for p in denies for word in plain), tuple(plain)),)
    for bare, _ in ((low, ""), *cuts(SOURCE, low, "adjective")):
        for start, _ in cuts(SOURCE, bare, "denial"):
            if base := noun_stem(start):
                plain = [word for word in lexicon()[base].split("|") if len(word) >= SHORTEST]
                having = (
                    word.removesuffix("e") + end for word in plain for end in vocabulary("en", "endings", "having")
                )
                return (Pole((*(word + end for word in plain for end in without), *english(bare)), tuple(having)),)
    if base := noun_stem(low):
        plain = [word for word in lexicon()[base].split("|") if len(word) > SHORTEST]
        lacking = tuple(word + end for word in plain for end in without)
        return (Pole(tuple(plain), (*(p + word for p in denies for word in plain), *lacking)),)
    return ()
