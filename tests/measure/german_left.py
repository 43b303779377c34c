"""German words planted in the English of good pairs: found by the untranslated check? And its alarms on the good pairs.

A random word of the German takes the place of the English word at the same share of the sentence (as a model does that
leaves a word it does not know). Not planted: words that any good English of the set has, for names, cognates and loans
stay as they are; places, public figures and acronyms by the tables. Three seeds; every figure is over planted words.
The letters' weights were learnt on NTREX, so PUD and WMT22 are the unseen ones.
Run: python tests/measure/german_left.py [--data DIR] [--show]
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from outside import options
from pairs import good_pairs, wilson

from presseschau.checks.bitext import bitext
from presseschau.checks.pair.another_language import in_another_language
from presseschau.checks.pair.untranslated import german_left
from presseschau.facts import facts
from presseschau.facts.words import Word, words
from presseschau.findings import Remark

SETS = ("pud", "wmt22 news A", "ntrex")
ALARMS = ("pud", "wmt22 all A", "wmt22 all B", "ntrex")
SEEDS = (11, 12, 13)
DETERMINER = re.compile(
    r"\b(?:d(?:er|ie|as|em|en|es)|(?:k|m|s)?ein(?:e[mnrs]?)?|ihr(?:e[mnrs]?)?|im|am|zum|zur|beim|vom|dies\w+|jed\w+"
    r"|alle|viele|mehrere|einige)\s(?:[a-zäöüß]+(?:e|en|er|es|em)\s)?$",
    re.IGNORECASE,
)
"""An article, with or without an adjective: what follows is a noun and seldom a name."""


def untranslated(de: str, en: str) -> Sequence[Remark]:
    pair = bitext(de, en)
    return in_another_language(pair) or german_left(pair)


def english_of(pairs: list[tuple[str, str]]) -> frozenset[str]:
    """All words of the good English; a German word among them is a name, a cognate or a loan."""
    return frozenset(word.lower for _, en in pairs for word in words(en))


def candidates(de: str, en: str, english: frozenset[str]) -> list[tuple[float, Word]]:
    """(place as a share of the sentence, word) for each German word that no good English of the set has."""
    source = words(de)
    read = facts(de, "de")
    persons = (fact for fact in read.persons if fact.kind == "known")
    named = {i for fact in (*persons, *read.places, *read.acronyms) for i in range(fact.start, fact.end)}
    return [
        (i / len(source), word)
        for i, word in enumerate(source)
        if i
        and word.text.isalpha()
        and len(word.text) > 2
        and not word.text[1:].isupper()
        and word.lower not in english
        and word.start not in named
    ]


def planted(de: str, en: str, english: frozenset[str], rng: random.Random) -> tuple[str, str, bool] | None:
    """The word, the English with it, and whether an article or the like shows a common noun; None if the pair offers
    nothing."""
    target = words(en)
    places = [j for j, word in enumerate(target) if j and word.text.islower() and len(word.text) > 2]
    left = candidates(de, en, english)
    if not left or not places or len(target) < 6:
        return None
    share, word = rng.choice(left)
    j = min(places, key=lambda j: abs(j / len(target) - share))
    behind = word.text[0].isupper() and bool(DETERMINER.search(de[: word.start]))
    return word.text, en[: target[j].start] + word.text + en[target[j].end :], behind


def report(sets: dict[str, list[tuple[str, str]]], show: bool) -> None:
    """Print what is found of the planted words, and the alarms on the good pairs themselves."""
    print("German words planted in good English, seeds 11 to 13: found")
    for name in SETS:
        hits = {"lower case": [], "noun": []}  # type: dict[str, list[bool]]
        articled: list[bool] = []
        for word, found, behind in outcomes(sets[name]):
            hits["lower case" if word.islower() else "noun"].append(found)
            if behind:
                articled.append(found)
            if show and not found:
                print(f"    missed {word}")
        both = [hit for kind in hits.values() for hit in kind]
        for kind, cells in {"all": both, **hits, "  with article": articled}.items():
            print(f"   {name:14} {kind:14} {wilson(sum(cells), len(cells))}")
    print("alarms on the good pairs")
    for name in ALARMS:
        alarms = [(de, en, found) for de, en in sets[name] if (found := untranslated(de, en))]
        print(f"   {name:14} {wilson(len(alarms), len(sets[name]))}")
        for de, en, found in alarms if show else ():
            print(f"    {[en[slice(*f.en)] for f in found if f.en]}\n      {de}\n      {en}")


def outcomes(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, bool, bool]]:
    """Each planted word of the first 600 pairs, whether it was found, and whether an article stands before it in the
    German; three seeds."""
    english = english_of(pairs)
    for seed in SEEDS:
        rng = random.Random(seed)
        for de, en in pairs[:600]:
            if item := planted(de, en, english, rng):
                yield item[0], bool(untranslated(de, item[1])), item[2]


def main() -> None:
    given = options(__doc__)
    report(good_pairs(given.data), given.show)


if __name__ == "__main__":
    main()
