"""Which English words usually stand for a German one: `lexicon.csv`, looked up by any form of a word.

A row is a headword as a dictionary has it (infinitive, nominative), or several, and English words as they stand in one.
Forms are taken back to headwords: endings, umlauts of plurals, the stems of strong verbs (`strong_verbs.csv`), ge- and
-zu- between a prefix and its verb (aufgenommen, aufzunehmen). A compound is looked up by its last part or its first; a
separated verb by both its words (nahm ... auf).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from presseschau.facts.words import Word, lower_words
from presseschau.lang import PAIR, SOURCE, cuts, renderings, vocabulary

SHORTEST_PART = 4
"""Letters of a compound's part below which a match is chance."""
_PLAIN = str.maketrans("äöü", "aou")
_VOWELS = frozenset("aeiouäöüy")


def lexicon() -> Mapping[str, str]:
    """German headword in lower case -> English words in lower case, separated by |."""
    return renderings(PAIR, "lexicon")


@lru_cache(maxsize=16_384)
def stem(word: str) -> str | None:
    """The headword of a lower-case German word, or None."""
    return noun_stem(word) or next(iter(infinitives(word)), None)


@lru_cache(maxsize=1)
def _ranks() -> Mapping[str, int]:
    return {word: rank for rank, word in enumerate(lexicon())}


def frequency_rank(word: str) -> int:
    """How many headwords are more frequent in the news than that of a lower-case German word; their number if it has
    none."""
    ranks = _ranks()
    return ranks.get(stem(word) or "", len(ranks))


@lru_cache(maxsize=16_384)
def noun_stem(word: str) -> str | None:
    """The headword of a lower-case noun or adjective, an ending off and the umlaut of a plural or comparative back, or
    None."""
    entries = lexicon()
    if word in entries:
        return word
    for base, _ in cuts(SOURCE, word, "listed"):
        if len(base) >= SHORTEST_PART - 1:
            if base in entries:
                return base
            if (plain := base.translate(_PLAIN)) in entries:
                return plain
    plain = word.translate(_PLAIN)
    return plain if plain != word and plain in entries else None


@lru_cache(maxsize=16_384)
def infinitives(word: str) -> tuple[str, ...]:
    """The infinitives of the list that `word` may be a form of, those with a longer prefix first."""
    entries, found = lexicon(), list[str]()
    for prefix in _prefixes().get(word[:2], ()):
        if word.startswith(prefix) and len(word) - len(prefix) > 2:
            found += (prefix + verb for verb in possible_infinitives(word[len(prefix) :]) if prefix + verb in entries)
    return (*found, *(verb for verb in possible_infinitives(word) if verb in entries))


@lru_cache(maxsize=1)
def _prefixes() -> dict[str, list[str]]:
    """The prefixes by their first two letters, the longest first."""
    every = {*vocabulary(SOURCE, "prefixes", "separable"), *vocabulary(SOURCE, "prefixes", "verb")}
    found: dict[str, list[str]] = {}
    for prefix in sorted(every, key=len, reverse=True):
        found.setdefault(prefix[:2], []).append(prefix)
    return found


@lru_cache(maxsize=16_384)
def possible_infinitives(form: str) -> tuple[str, ...]:
    """The infinitives that a form of a verb without its prefix may belong to, whether there is such a verb or not."""
    strong, found = vocabulary(SOURCE, "strong_verbs"), []
    for bare in (form, *(form[2:] for start in ("ge", "zu") if form.startswith(start))):
        for base, _ in cuts(SOURCE, bare, "verb"):
            if base in strong:
                found += strong[base].split("|")
            if len(base) > 1:
                found += (base + "en", base + "n")
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=16_384)
def english(word: str) -> tuple[str, ...]:
    """English beginnings for a lower-case German word, of its last part if it is a compound; empty if unknown."""
    if found := stem(word):
        return _beginnings(found)
    for i in range(3, len(word) - SHORTEST_PART + 1):
        if (found := noun_stem(word[i:])) and len(found) >= SHORTEST_PART:
            return _beginnings(found)
    return ()


@lru_cache(maxsize=16_384)
def first_part(word: str) -> tuple[str, ...]:
    """English beginnings for the first part of a lower-case German compound, joint taken off; empty if unknown."""
    entries = lexicon()
    for i in range(len(word) - 3, SHORTEST_PART - 1, -1):
        part = word[:i]
        for form in (part, part[:-1] if part[-1] in "sn" else part, part + "e", part[:-1] + "e"):
            if len(form) >= SHORTEST_PART and form in entries:
                return _beginnings(form)
    return ()


@lru_cache(maxsize=16_384)
def split_compound(word: str) -> tuple[str, str] | None:
    """The two headwords of the list that a lower-case German compound is put together of, with nothing left (not
    Reuss-reisen); None if it is none."""
    entries = lexicon()
    for i in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        first = word[:i]
        for form in (first, first[:-1] if first[-1] in "sn" else first, first + "e"):
            if len(form) >= SHORTEST_PART and form in entries and (last := noun_stem(word[i:])):
                return form, last
    return None


class Beginnings(NamedTuple):
    """What English words for a German one are if they are short, and begin with if they are long."""

    whole: tuple[str, ...]
    long: tuple[str, ...]

    def fit(self, word: str) -> bool:
        """Is this lower-case English word one of them, in any form?"""
        return word in self.whole or word.startswith(self.long)


@lru_cache(maxsize=8_192)
def beginnings_of(word: str, parts: bool = False) -> Beginnings:
    """Of the English for a lower-case German word; with `parts` also for its first part."""
    every = (*english(word), *(first_part(word) if parts else ()))
    long = tuple([one for one in every if len(one) >= SHORTEST_PART])
    return Beginnings(tuple([form for one in every if one not in long for form in (one, one + "s")]), long)


@lru_cache(maxsize=64)
def headwords(text: str) -> frozenset[str]:
    """What the words of a German text may be forms of, whether it is in the list or not."""
    return frozenset().union(*map(_headwords, lower_words(text)))


@lru_cache(maxsize=16_384)
def _headwords(word: str) -> tuple[str, ...]:
    bases = (base for base, _ in cuts(SOURCE, word, "listed") if len(base) > 1)
    return (word, *bases, stem(word) or "", *infinitives(word), *possible_infinitives(word))


def separated(own: tuple[Word, ...], text: str) -> dict[int, tuple[int, str]]:
    """The separated verbs among the words of a German text (nahm ... auf): where the verb starts -> where its particle
    starts, and the infinitive of the list (aufnehmen)."""
    found: dict[int, tuple[int, str]] = {}
    particles = vocabulary(SOURCE, "prefixes", "separable")
    for at, item in enumerate(own):
        if item.text not in particles or not at:
            continue
        follows = text[item.end : own[at + 1].start if at + 1 < len(own) else None].strip()
        if not (follows or at + 1 == len(own) or own[at + 1].lower in ("und", "oder")):
            continue
        for back in range(at - 1, max(-1, at - REACH), -1):
            noun = back and own[back].text[0].isupper() and not text[own[back - 1].end : own[back].start].strip()
            if not noun and (verb := _joined(item.lower, own[back])):
                found[own[back].start] = item.start, verb
                break
            between = text[own[back].end : own[back + 1].start].strip(" ,\"'“”„«»()–-")
            if between and not (own[back].text.isdecimal() and own[back + 1].text[0].isdecimal()):  # 6.00
                break  # a sentence ends in between
    return found


REACH = 30
"""Words between which a verb and its particle are looked for."""


def _joined(particle: str, word: Word) -> str | None:
    if not word.text[1:].islower():
        return None
    participle = word.lower.startswith("ge")  # unless the verb begins so, too (geht ... aus)
    verbs = (verb for verb in possible_infinitives(word.lower) if not participle or verb.startswith("ge"))
    return next((particle + verb for verb in verbs if particle + verb in lexicon()), None)


@lru_cache(maxsize=16_384)
def _beginnings(headword: str) -> tuple[str, ...]:
    """What the English words of a headword begin with, in any of their forms."""
    return tuple(dict.fromkeys(form for word in lexicon()[headword].split("|") for form in english_forms(word)))


@lru_cache(maxsize=16_384)
def english_forms(word: str) -> tuple[str, ...]:
    """What a lower-case English word begins with in its forms and relations: itself first (decide, decid; go, went)."""
    return tuple(_forms(word))


@lru_cache(maxsize=8_192)
def openings(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Letters with one of which an English text must have a word if it has one of the phrases in any form: most of
    their forms need not be made to see that it has none."""
    irregular, found = vocabulary("en", "irregular"), list[str]()
    for first in (phrase.replace("-", " ").partition(" ")[0] for phrase in phrases):
        known = len(first) >= OPENING and first not in irregular
        found += [first[:OPENING]] if known else (form[:OPENING] for form in english_forms(first))
    return tuple(dict.fromkeys(found))


OPENING = 3
"""Letters with which each form of a word begins, unless it is irregular."""


def _forms(word: str) -> Iterator[str]:
    yield word
    if (irregular := vocabulary("en", "irregular").get(word)) is not None:
        yield from irregular.split("|")
    if len(word) >= SHORTEST_PART + 1 and word[-1] == "e" != word[-2]:
        yield word[:-1]
    if len(word) >= SHORTEST_PART and word[-1] == "y" and word[-2] not in _VOWELS:
        yield word[:-1] + "i"
    yield from (base for base, _ in cuts("en", word, "derived") if len(base) > SHORTEST_PART)
