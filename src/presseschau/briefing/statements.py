"""What two claims have in common and what only one says, by their English and what their German may be called.

Brand and blaze are one word for it: a word of one claim stands in the other if its English
has it in some form, or if it is English for a word of the other's German (`facts/lexicon.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from presseschau.briefing.likeness import german
from presseschau.checks.bitext import English
from presseschau.checks.note.overlap import content, key
from presseschau.checks.pair.opposites import said_at
from presseschau.checks.pair.poles import Pole, poles_of
from presseschau.facts import facts
from presseschau.facts.lexicon import english, first_part, separated
from presseschau.facts.speech.english import attributions
from presseschau.facts.words import words
from presseschau.lang import listed, regex, table, vocabulary
from presseschau.notes import SourceClaim

_STATES = ("earlier", "asked")
_LONG = 4
"""Letters of an English beginning that a longer word may go on from."""


@dataclass(frozen=True, eq=False)
class ClaimWords:
    """A claim by its content words (lower case, in order), without its speaker, figures and dates;
    `names` are the last
    words of persons.

    `text` is its English, `there` its German. `denied`: the words behind a denial. `poles`: what it says that has an
    opposite, each with the keys of its English words. `called`: what else its words may be called. `states`: what it is
    of instead of how it is (what was before, what somebody wants); `years`: the year that opens it.
    """

    told: SourceClaim
    text: str
    there: str
    words: tuple[str, ...]
    names: frozenset[str]
    figures: frozenset[object]
    denies: bool
    denied: tuple[str, ...]
    poles: tuple[tuple[Pole, frozenset[str]], ...]
    called: frozenset[str]
    states: frozenset[str]
    years: str

    def has(self, word: str) -> bool:
        """Is this English word, or one that means the same, in it?"""
        if key(word) in _keys(self.words) or word in self.called:
            return True
        return any(word[:i] in self.called for i in range(_LONG, len(word) + 1))

    def shared(self, other: ClaimWords) -> tuple[str, ...]:
        """Its words that the other has as well."""
        return tuple(word for word in self.words if other.has(word))


@lru_cache(maxsize=4096)
def _keys(said: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(key, said))


def alike(one: ClaimWords, other: ClaimWords) -> int:
    """How many words they have in common: the mean of what each finds in the other."""
    return (len(one.shared(other)) + len(other.shared(one)) + 1) // 2


def statement(claim: SourceClaim) -> ClaimWords:
    """The claim, read once."""
    text, there = claim.claim.text, german(claim)
    read = facts(text, "en")
    by = " ".join([claim.claim.speaker or "", *(name for one in attributions(text) for name in one.names[:1])])
    voices = {key(word) for word in content(by)}
    strong = [fact for fact in read.negations if fact.value == "strong"]
    framed = [match.span() for match in regex("en", "disputes", "framing").finditer(text)]
    taken = [*((fact.start, fact.end) for fact in (*read.dates, *read.numbers, *strong)), *framed]
    named = {word.text for word in words(text) if word.start and word.text[0].isupper()}
    own = [
        word
        for word in words(text)
        if not any(start <= word.start < end for start, end in taken)
        and tells(word.lower)
        and key(word.text) not in voices
        and word.text not in named
    ]
    denial = regex("en", "disputes", "denied").search(text)
    at = denial.end() if denial else strong[0].end if strong else len(text)
    behind = text.find(";", at) % (len(text) + 1)
    return ClaimWords(
        told=claim,
        text=text,
        there=there,
        words=tuple(dict.fromkeys(word.lower for word in own)),
        names=frozenset(fact.text.split()[-1] for fact in read.persons)
        | frozenset((claim.claim.speaker or "").split()[-1:]) - {""},
        figures=frozenset(fact.value for fact in read.numbers),
        denies=(len(strong) + (denial is not None)) % 2 == 1,
        denied=tuple(word.lower for word in own if at <= word.start < behind),
        poles=_poles(text, there),
        called=_called(there, text.lower()),
        states=frozenset(name for name in _STATES if regex("en", "disputes", name).search(text)),
        years=year[0] if (year := regex("en", "disputes", "in_year").search(text)) else "",
    )  # fmt: skip


def tells(lower: str) -> bool:
    """Is the English word in lower case one with content?"""
    return (
        len(lower) > 2
        and lower.isalpha()
        and lower not in listed("en", "function_words")
        and lower not in listed("en", "short_words")
    )


def telling_words(text: str) -> tuple[str, ...]:
    """The English words with content, in lower case."""
    return tuple(word.lower for word in words(text) if tells(word.lower))


def in_common(some: Iterable[str], others: Iterable[str]) -> bool:
    """Is a word of the one, in any form, among the other?"""
    return not {*map(key, some)}.isdisjoint(map(key, others))


@lru_cache(maxsize=4096)
def _called(there: str, text: str) -> frozenset[str]:
    """How English words begin that stand for a German one which the English of the claim has."""
    found = words(there)
    verbs = (verb for _, verb in separated(found, there).values())
    lower = [part for word in found for part in word.lower.split("-") if len(part) > 2]
    said = [word.lower for word in words(text)]
    meant = [[form for form in (*english(word), *first_part(word)) if len(form) > 2] for word in (*lower, *verbs)]
    called = {form for forms in meant if any(word.startswith(tuple(forms)) for word in said) for form in forms}
    return frozenset(called.union(*(_synonyms(word) for word in said if tells(word))))


@lru_cache(maxsize=8192)
def _synonyms(word: str) -> frozenset[str]:
    """How English words begin that mean the same as this one in lower case, and its other forms (took, taken)."""
    forms = frozenset(
        form for row in table("en", "synonyms", _Synonyms) if _is_one(word, row.words) for form in row.words
    )
    return forms | _forms().get(word, frozenset())


@lru_cache(maxsize=4096)
def meanings(said: tuple[str, ...]) -> Mapping[str, int]:
    """How often each of these words in lower case is said, those of one meaning as one."""
    return Counter(_meaning(word) for word in said)


@lru_cache(maxsize=8192)
def _meaning(word: str) -> str:
    rows = table("en", "synonyms", _Synonyms)
    return next((row.words[0] for row in rows if _is_one(word, row.words)), key(word))


def _is_one(word: str, beginnings: tuple[str, ...]) -> bool:
    return any(word == one or (len(one) >= _LONG and word.startswith(one)) for one in beginnings)


@lru_cache(maxsize=1)
def _forms() -> dict[str, frozenset[str]]:
    """English form -> all forms of its word, where they do not begin alike."""
    rows = vocabulary("en", "irregular").items()
    families = [frozenset((word, *forms.split("|"))) for word, forms in rows]
    return {form: family for family in families for form in family}


class _Synonyms(NamedTuple):
    """A line of `synonyms.csv`."""

    words: tuple[str, ...]


class _States(NamedTuple):
    """A line of `states.csv`."""

    one: tuple[str, ...]
    other: tuple[str, ...]


@lru_cache(maxsize=4096)
def _poles(text: str, there: str) -> tuple[tuple[Pole, frozenset[str]], ...]:
    """What the German says that has an opposite and the English repeats; and what the English says by itself."""
    said, found = English(text), words(there)
    verbs = (verb for _, verb in separated(found, there).values())
    every = [pole for word in (*(w.lower for w in found), *verbs) for pole in poles_of(word) if not pole.after]
    for row in table("en", "states", _States):
        every += [Pole(row.one, row.other), Pole(row.other, row.one)]
    told = ((pole, [place.text for own in pole.own if (place := said_at(own, said))]) for pole in dict.fromkeys(every))
    return tuple(
        (pole, frozenset(key(word) for place in places for word in place.split())) for pole, places in told if places
    )


def opposite(one: Pole, other: Pole) -> bool:
    """Are they the two poles of one concept, or two things of one kind (the cellar, the roof)?"""
    if one.kind or other.kind:
        return one.kind == other.kind and not {*one.own} & {*other.own} and bool(one.other)
    return bool(one.other) and {*one.other} <= {*other.own} and {*other.other} <= {*one.own}
