"""What English and German words mean, as far as one word may stand for another in a translation: the rows of
`senses.csv`, each a sense. A German word has the senses of its English in `lexicon.csv`, of all its readings and, in a
compound, of its parts; so two words that share none hardly render each other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from presseschau.facts.lexicon import SHORTEST_PART, infinitives, lexicon, noun_stem
from presseschau.lang import table, vocabulary
from presseschau.patterns import cached_on_disk

READINGS = 3
"""Verbs that a form may belong to, of which the senses are taken."""
SHORTEST_BEGINNING = 5
"""Letters of a beginning in `lexicon.csv` (accus) from which the words that begin so are meant."""
GAP = 4
"""Words between a verb and its particle (called the strike off)."""
_INFLECTED = (("s", ""), ("es", ""), ("ed", "e"), ("ing", "e"), ("er", "e"), ("ers", "e"), ("ly", "e"), ("est", "e"))
_DOUBLED = ("ed", "ing")


class Sense(NamedTuple):
    """A line of `senses.csv`, which says what its columns mean."""

    words: tuple[str, ...]
    de: tuple[str, ...]


class Senses(NamedTuple):
    """The rows by what stands in them: their numbers by English word, those of which it is proof, by German headword;
    phrases by their first word; irregular forms; the English words in order."""

    english: dict[str, list[int]]
    proof: frozenset[str]
    german: dict[str, list[int]]
    phrases: dict[str, list[tuple[tuple[str, ...], int]]]
    irregular: dict[str, list[str]]
    order: list[str]


@cache
def _senses() -> Senses:
    return Senses(*_read())


@cached_on_disk
def _read() -> tuple[Any, ...]:
    english: dict[str, list[int]] = {}
    german: dict[str, list[int]] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    proof = set()
    for number, row in enumerate(table("en", "senses", Sense)):
        for word in row.words:
            bare = word.strip("()")
            english.setdefault(bare, []).append(number)
            first, *rest = bare.split(" ")
            if rest:
                phrases.setdefault(first, []).append((tuple(rest), number))
            elif bare == word:
                proof.add(word)
        for word in row.de:
            german.setdefault(word, []).append(number)
    irregular: dict[str, list[str]] = {}
    for word, forms in vocabulary("en", "irregular").items():
        for form in forms.split("|"):
            irregular.setdefault(form, []).append(word)
    return english, frozenset(proof), german, phrases, irregular, sorted(english)


@lru_cache(maxsize=16_384)
def base_forms(word: str) -> tuple[str, ...]:
    """The words of the rows that a lower-case English word may be a form of (killed: kill), itself first."""
    known = _senses()
    found = {word: None, **dict.fromkeys(known.irregular.get(word, ()))}
    for ending, instead in _INFLECTED:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            bare = word.removesuffix(ending)
            found |= dict.fromkeys((bare, bare + instead, *([bare[:-1] + "y"] if bare[-1] == "i" else [])))
            if ending in _DOUBLED and len(bare) > SHORTEST_PART - 1 and bare[-1] == bare[-2]:
                found[bare[:-1]] = None
    return tuple([form for form in found if form in known.english or form in known.phrases])


@lru_cache(maxsize=16_384)
def english_senses(word: str) -> frozenset[int]:
    """What a lower-case English word may mean in any of its forms, as numbers of rows."""
    known = _senses().english
    return frozenset([number for form in base_forms(word) for number in known.get(form, ())])


def proves(word: str) -> bool:
    """Does a lower-case English word stand for what it means wherever it stands (not in brackets in its row)?"""
    return not _senses().proof.isdisjoint(base_forms(word))


def senses_said(words: Sequence[str]) -> dict[str, frozenset[int]]:
    """What each of the lower-case words of an English text may mean, alone or as the beginning of a phrase."""
    found = {word: english_senses(word) for word in words}
    for at, word in enumerate(words):
        if phrases := _beginning(word):
            found[word] = found[word].union(_phrases(phrases, words, at))
    return found


@lru_cache(maxsize=16_384)
def _beginning(word: str) -> tuple[tuple[tuple[str, ...], int], ...]:
    """The rest of each phrase that an English word may begin, and its sense."""
    known = _senses().phrases
    return tuple([phrase for form in base_forms(word) for phrase in known.get(form, ())])


def _phrases(phrases: Iterable[tuple[tuple[str, ...], int]], words: Sequence[str], at: int) -> Iterator[int]:
    """The senses of those that go on in this place."""
    for rest, number in phrases:
        place = at
        for part in rest:
            near = words[place + 1 : place + 1 + GAP]
            step = next((k for k, word in enumerate(near, 1) if word == part or part in base_forms(word)), 0)
            if not step:
                break
            place += step
        else:
            yield number


@lru_cache(maxsize=16_384)
def readings(word: str) -> tuple[str, ...]:
    """The headwords that a lower-case German word may be a form of, or its last part if it is a compound; the likeliest
    first."""
    noun, verbs = noun_stem(word), tuple(infinitives(word))[:READINGS]
    if found := tuple(dict.fromkeys((noun, *verbs) if noun else verbs)):
        return found
    ends = (noun_stem(word[i:]) for i in range(3, len(word) - SHORTEST_PART + 1))
    return next(((end,) for end in ends if end and len(end) >= SHORTEST_PART), ())


@lru_cache(maxsize=16_384)
def german_senses(word: str, verb: str = "") -> frozenset[int]:
    """What a lower-case German word may mean, or `verb`, the infinitive of a separated verb that it belongs to."""
    heads = dict.fromkeys((*readings(word), *([verb] if verb else ()), *_first_parts(word)))
    known = _senses().german
    return frozenset([number for head in heads for number in (*_rendered(head), *known.get(head, ()))])


def _first_parts(word: str) -> tuple[str, ...]:
    entries = lexicon()
    for i in range(len(word) - 3, SHORTEST_PART - 1, -1):
        part = word[:i]
        for form in (part, part[:-1] if part[-1] in "sn" else part, part + "e", part[:-1] + "e"):
            if len(form) >= SHORTEST_PART and form in entries:
                return (form,)
    return ()


@lru_cache(maxsize=8_192)
def _rendered(headword: str) -> frozenset[int]:
    """The senses of the English of a headword."""
    return frozenset().union(*(english_senses(word) or _begun(word) for word in lexicon()[headword].split("|")))


def _begun(beginning: str) -> frozenset[int]:
    if len(beginning) < SHORTEST_BEGINNING:
        return frozenset()
    known, found = _senses(), set[int]()
    for at in range(bisect_left(known.order, beginning), len(known.order)):
        if not known.order[at].startswith(beginning):
            break
        found.update(known.english[known.order[at]])
    return frozenset(found)
