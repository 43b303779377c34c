"""German words planted in the English of good pairs: found by the untranslated check? And its alarms on the good pairs.

A random word of the German takes the place of the English word at the same share of the sentence (as a model does that
leaves a word it does not know). Not planted: words that the English has too, in any case; abbreviations; names: words
with a capital that stand in the same spelling in any good English of the set, or that the gold annotation or the German
reader calls a name. Three seeds; every figure is over planted words. Run: python tests/measure/german_left.py
[--data DIR] [--show]
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from pairs import data_directory, good_pairs, wilson

from presseschau.checks.untranslated import untranslated
from presseschau.facts import facts
from presseschau.facts.words import Word, words

SETS = ("pud", "wmt22 news A", "ntrex")
ALARMS = ("pud", "wmt22 all A", "wmt22 all B", "ntrex")
SEEDS = (11, 12, 13)


def english_of(pairs: list[tuple[str, str]]) -> frozenset[str]:
    """All words of the good English; a German word among them is a name, a cognate or a loan."""
    return frozenset(word.lower for _, en in pairs for word in words(en))


def candidates(de: str, en: str, english: frozenset[str]) -> list[tuple[float, Word]]:
    """(place as a share of the sentence, word) for each German word that no good English of the set has."""
    source = words(de)
    read = facts(de, "de")
    named = {i for f in (*read.persons, *read.places, *read.acronyms) for i in range(f.start, f.end)}
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


def planted(de: str, en: str, english: frozenset[str], rng: random.Random) -> tuple[str, str] | None:
    """The word and the English with it, or None if the pair offers nothing."""
    target = words(en)
    places = [j for j, word in enumerate(target) if j and word.text.islower() and len(word.text) > 2]
    left = candidates(de, en, english)
    if not left or not places or len(target) < 6:
        return None
    share, word = rng.choice(left)
    j = min(places, key=lambda j: abs(j / len(target) - share))
    return word.text, en[: target[j].start] + word.text + en[target[j].end :]


def main() -> None:
    data = data_directory(__doc__ or "")
    sets = good_pairs(data)
    print("planted German words found")
    for name in SETS:
        english = english_of(sets[name])
        hits: dict[str, list[bool]] = {"lower case": [], "noun": []}
        for seed in SEEDS:
            rng = random.Random(seed)
            for de, en in sets[name][:600]:
                if item := planted(de, en, english, rng):
                    word, text = item
                    found = bool(untranslated(de, text))
                    hits["lower case" if word.islower() else "noun"].append(found)
                    if not found and data_directory.show:  # type: ignore[attr-defined]
                        print(f"    missed {word}")
        both = [hit for kind in hits.values() for hit in kind]
        print(f"   {name:14} {'all':11} {wilson(sum(both), len(both))}")
        for kind, found_ in hits.items():
            print(f"   {'':14} {kind:11} {wilson(sum(found_), len(found_))}")
    print("alarms on the good pairs")
    for name in ALARMS:
        alarms = [(de, en, found) for de, en in sets[name] if (found := untranslated(de, en))]
        print(f"   {name:14} {wilson(len(alarms), len(sets[name]))}")
        for de, en, found in alarms:
            if data_directory.show:  # type: ignore[attr-defined]
                print(f"    {[f.en_span.text for f in found if f.en_span]}\n      {de}\n      {en}")


if __name__ == "__main__":
    main()
