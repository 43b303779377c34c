"""`meaning.replaced`: a word became another one (a body for einen Mann).

A German word of which no English one may mean the same, and an English word that tells something and of which nothing
in the German may mean the same (`facts/senses.py`), are together a substitution or free wording. What tells them apart
was learnt: how often good translations render the one otherwise and have the other without a source; whether they stand
in the same place between words that render each other, and are of one part of speech; how much else is left over.
`tests/tools/make_replaced.py` learns it, into `replaced.csv`.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from typing import NamedTuple

from presseschau.checks.bitext import Bitext, Content
from presseschau.checks.pair.bodies import is_institution
from presseschau.facts import Facts
from presseschau.facts.lexicon import english
from presseschau.facts.senses import base_forms, german_senses, proves, readings, senses_said
from presseschau.facts.words import Word
from presseschau.findings import Remark
from presseschau.lang import PAIR, SOURCE, listed, vocabulary, weights

CODE = "meaning.replaced"
SHORTEST = 4
"""Letters of an English word that tells something."""
MOST_LEFT = 4
"""English words without a source, from which more of them say no more."""
STEP = 1.2
"""English words for a German one, where only one of its neighbours has a place."""
SHAPE = ("left", "distance", "relative", "part", "length", "denial", "renderings", "senses")
"""What is said of a candidate beside its two words, in this order."""


class Swap(NamedTuple):
    """A German word without English and an English word without German; `head`, `word`: under which their rates are
    known; `at`: the place of the English in `en.words`."""

    item: Content
    at: int
    head: str
    word: str
    shape: tuple[float, ...]


def replaced(pair: Bitext) -> Iterator[Remark]:
    """At most one remark: the likeliest candidate, if it is likely enough."""
    known = weights(PAIR, "replaced")
    best, found = known["= limit"], None
    for one in candidates(pair):
        own = (known[f"de {one.head}"], known[f"en {one.word}"], *one.shape)
        score = sum(known[f"= {name}"] * value for name, value in zip(("german", "english", *SHAPE), own, strict=True))
        if score > best:
            best, found = score, one
    if found:
        said = pair.english.words[found.at]
        yield Remark(CODE, (found.item.start, found.item.end), (said.start, said.end))


def candidates(pair: Bitext) -> list[Swap]:
    """Every German word without English, with every English word without German."""
    said_in_figures = _figures(pair.german.facts)
    missing = [
        item
        for item in pair.coverage
        if item.known and not item.covered and _is_word(item.text) and item.start not in said_in_figures
    ]
    if not missing or not (left := _telling(pair)):
        return []
    en, german = pair.english, pair.german
    verbs = {start: verb for start, (_, verb) in german.separated.items()}
    meant = {item.start: _meant(item.text.lower(), verbs.get(item.start, "")) for item in missing}
    said = senses_said(en.low)
    every = frozenset().union(*said.values())
    missing = [item for item in missing if meant[item.start].isdisjoint(every)]
    if not missing:
        return []
    others = (_meant(word.lower, verbs.get(word.start, "")) for word in german.words if word.start not in meant)
    sources = frozenset().union(*meant.values(), *others)
    left = [at for at in left if said[en.words[at].lower].isdisjoint(sources)]
    places = _Places(pair)
    denial = float(_denies(SOURCE, german.words) != _denies("en", en.words))
    found = []
    for item in missing:
        verb = verbs.get(item.start, "")
        heads = (verb,) if verb else readings(item.text.lower())
        kind = _kind(item, pair.de, verb)
        rendered = len(english(verb or item.text.lower()))
        for at in left:
            word = en.words[at].lower
            forms = base_forms(word)
            shape = (
                float(min(MOST_LEFT, len(left) - 1)),
                *places.apart(item.start, at),
                max(_share(kind, form, word) for form in forms),
                log(len(german.words)),
                denial,
                log(1 + rendered),
                float(not meant[item.start]),
            )
            found.append(Swap(item, at, heads[0] if heads else item.text.lower(), min(forms, key=len), shape))
    return found


def _is_word(text: str) -> bool:
    """No figure, unit of time or body, of which other checks know more."""
    units = vocabulary(SOURCE, "time_units")
    return (
        not text[0].isdigit() and units.keys().isdisjoint((text, *readings(text.lower()))) and not is_institution(text)
    )


def _figures(own: Facts) -> frozenset[int]:
    """Every place of a text in a number, date or span, which other checks compare."""
    facts = (*own.numbers, *own.dates, *own.periods)
    return frozenset().union(*(range(fact.start, fact.end) for fact in facts))


def _meant(word: str, verb: str) -> frozenset[int]:
    return frozenset().union(*(german_senses(part, verb) for part in word.split("-")))


def _telling(pair: Bitext) -> list[int]:
    """Where in the words of the English such stand, in lower case, that tell something and no German word accounts for
    by the lexicon."""
    left, grammar, figures = set(pair.leftover), listed("en", "function_words"), _figures(pair.english.facts)
    return [
        at
        for at, word in enumerate(pair.english.words)
        if word.lower in left
        and (word.text[0].islower() or not at)
        and len(word.text) >= SHORTEST
        and word.lower not in grammar
        and word.start not in figures
        and proves(word.lower)
    ]


class _Places:
    """Where in the English a German word should stand, by its neighbours that have one place there."""

    def __init__(self, pair: Bitext) -> None:
        self._order = {word.start: i for i, word in enumerate(pair.german.words)}
        there = {word.start: i for i, word in enumerate(pair.english.words)}
        known = [(self._order[de], there[en]) for de, en in pair.places.items() if de in self._order and en in there]
        self._known = sorted(known)
        self._lengths = len(self._order), len(there)

    def apart(self, start: int, at: int) -> tuple[float, float]:
        """How far an English word is from there: in words, as a logarithm; and in shares of both sentences."""
        own, (german, english) = self._order[start], self._lengths
        before = next((one for one in reversed(self._known) if one[0] < own), None)
        after = next((one for one in self._known if one[0] > own), None)
        if before and after:
            expected = before[1] + (own - before[0]) / (after[0] - before[0]) * (after[1] - before[1])
        elif before:
            expected = before[1] + STEP * (own - before[0])
        elif after:
            expected = after[1] - STEP * (after[0] - own)
        else:
            expected = own / german * english
        return log(1 + abs(at - expected)), abs(own / german - at / english)


def _kind(item: Content, de: str, verb: str) -> str:
    """Its part of speech: noun, verb or other; empty if a capital does not tell."""
    if verb:
        return "verb"
    if item.text[0].isupper():
        return "noun" if de[: item.start].rstrip()[-1:].isalnum() or de[: item.start].rstrip()[-1:] == "," else ""
    return "verb" if any(head.endswith("n") for head in readings(item.text.lower())) else "other"


def _share(kind: str, form: str, word: str) -> float:
    """How often an English word is of that part of speech, 0 to 1; of an unknown one, of the usual."""
    if not kind:
        return max(_share(one, form, word) for one in ("noun", "verb", "other"))
    share = weights(PAIR, "replaced")[f"{kind} {form}"]
    return (share + (kind == "verb") / 2) / 1.5 if word.endswith(("ed", "ing")) else share


def _denies(lang: str, own: tuple[Word, ...]) -> bool:
    known = vocabulary(lang, "negation")
    return any(word.lower in known or word.lower.endswith("n't") for word in own)
