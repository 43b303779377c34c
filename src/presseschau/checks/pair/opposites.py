"""`meaning.opposite`: the English says the other pole of a concept (convicted for freigesprochen).

Both poles of a concept stand in `opposites.csv` in both languages. An English word of the other pole is one only if no
German word accounts for it, and the German word itself has no counterpart; a denial that one side has more than the
other may turn the pole (nicht verurteilt: acquitted). What un- and -los, in- and -less make of a word is read without a
row.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from presseschau.checks.bitext import LONGEST_BEGINNING, SHORTEST, Bitext, Content, English
from presseschau.facts import Fact
from presseschau.facts.lexicon import english, english_forms, first_part, infinitives, lexicon, noun_stem, stem
from presseschau.findings import Found, flag, span
from presseschau.lang import PAIR, SOURCE, cuts, table, vocabulary
from presseschau.models import Severity, Span

CODE = "meaning.opposite"
NEAR = 20
"""Code points between a denial and the word that it denies."""
ENDING = 4
"""Letters that may follow an English word in its forms (acquit, acquittal)."""


class _Row(NamedTuple):
    de: tuple[str, ...]
    de_other: tuple[str, ...]
    en: tuple[str, ...]
    en_other: tuple[str, ...]
    domain: str
    negated: bool


class Pole(NamedTuple):
    """The English of a pole and of the other; `domain`: court, vote, death or none; `negated`: a denial of the one may
    be the other."""

    own: tuple[str, ...]
    other: tuple[str, ...]
    domain: str
    negated: bool


@cache
def poles() -> dict[str, tuple[Pole, ...]]:
    """German headword -> the poles that it says."""
    found: dict[str, tuple[Pole, ...]] = {}
    for row in table(PAIR, "opposites", _Row):
        for words, own, other in ((row.de, row.en, row.en_other), (row.de_other, row.en_other, row.en)):
            for word in words:
                found[word] = (*found.get(word, ()), Pole(own, other, row.domain, row.negated))
    return found


@lru_cache(maxsize=8_192)
def poles_of(word: str) -> tuple[Pole, ...]:
    """The poles that a lower-case German word says in any of its forms."""
    known = poles()
    bases = (base for base, _ in cuts(SOURCE, word, "listed") if len(base) > 2)
    return next((known[form] for form in (word, *bases, stem(word), *infinitives(word)) if form in known), ())


def opposites(pair: Bitext) -> Iterator[Found]:
    """At most one finding: the first German word whose other pole the English says instead."""
    for item in pair.coverage:
        _, verb = pair.german.separated.get(item.start, (0, ""))
        low = verb or item.text.lower()
        if item.covered and any(map(pair.english.has, english(low))):
            continue
        derived = _derived(low) if low[0] == item.text[0] and not item.covered else ()
        for pole in (*poles_of(low), *derived):
            if said := _other(pole, item, pair):
                grade: Severity = "error" if pole.domain else "warning"
                yield flag(CODE, de=span(pair.de, item.start, item.end), en=said, grade=grade)
                return


def _other(pole: Pole, item: Content, pair: Bitext) -> Span | None:
    """The English words of the other pole, if nothing speaks against it."""
    en = pair.english
    if any(_at(word, en) is not None for word in pole.own):
        return None
    at = next((at for word in pole.other if (at := _at(word, en)) is not None), None)
    if at is None or _accounted(en.low[at], item, pair):
        return None
    said = _place(at, en)
    return None if _turned(pole, item, said, pair) else said


def _turned(pole: Pole, item: Content, said: Span, pair: Bitext) -> bool:
    """Is one side denied where the other is not: in all that is said beside the two words, or close to them? Where the
    denial of a pole is not the other (not rising, falling), only words that deny their clause count."""
    any_kind = pole.negated or None
    places: tuple[Content | Span, Content | Span] = item, said
    sides = zip((pair.german.facts.negations, pair.english.facts.negations), places, strict=True)
    own = [[f for f in facts if (any_kind or f.value == "strong") and not _within(f, place)] for facts, place in sides]
    near = [any(_gap(fact, place) <= NEAR for fact in facts) for facts, place in zip(own, places, strict=True)]
    near[0] = near[0] or pair.de[: item.start].split()[-1:] == ["nicht"]  # nicht unmöglich is no denial otherwise
    return len(own[0]) != len(own[1]) or near[0] != near[1]


def _gap(fact: Fact, place: Content | Span) -> int:
    return max(place.start - fact.end, fact.start - place.end)


def _within(fact: Fact, place: Content | Span) -> bool:
    return fact.start < place.end and place.start < fact.end


def _at(phrase: str, en: English) -> int | None:
    """Where these words stand side by side in the English, each in any of its forms: place in `en.low`."""
    own = [english_forms(word) for word in phrase.split(" ")]
    if not any(form[:LONGEST_BEGINNING] in en.beginnings for form in own[0]):
        return None
    places = range(len(en.low) - len(own) + 1)
    return next((at for at in places if all(_is_form(en.low[at + k], forms) for k, forms in enumerate(own))), None)


def _is_form(word: str, forms: tuple[str, ...]) -> bool:
    return any(
        word in (form, form + "s")
        or (len(form) >= SHORTEST and word.startswith(form) and len(word) - len(form) <= ENDING)
        for form in forms
    )


def _accounted(word: str, item: Content, pair: Bitext) -> bool:
    """Is the English word that of another German word?"""
    return any(
        word == low or _is_form(word, (*english(low), *first_part(low)))
        for other in pair.german.content
        if other.start != item.start
        for low in (*other.lower.split("-"), pair.german.separated.get(other.start, (0, ""))[1])
        if low
    )


def _place(at: int, en: English) -> Span:
    """The word of the English that `en.low[at]` is, or is a part of."""
    before = 0
    for word in en.words:
        before += len(word.lower.split("-"))
        if before > at:
            break
    return span(en.text, word.start, word.end)


@lru_cache(maxsize=8_192)
def _derived(low: str) -> tuple[Pole, ...]:
    """What a word says by a prefix or suffix of denial, or would say with one, if no row has it."""
    denies = vocabulary("en", "prefixes", "denial")
    for prefix in vocabulary(SOURCE, "prefixes", "denial"):
        if low.startswith(prefix) and (base := noun_stem(low.removeprefix(prefix))):
            plain = lexicon()[base].split("|")
            return (Pole(tuple(p + word for p in denies for word in plain), tuple(plain), "", True),)
    if base := noun_stem(low):
        plain = [word for word in lexicon()[base].split("|") if len(word) > SHORTEST]
        without = tuple(word + end for word in plain for end in vocabulary("en", "endings", "denial"))
        return (Pole(tuple(plain), (*(p + word for p in denies for word in plain), *without), "", True),)
    return ()
