"""A name that changes its spelling within an article: found where planted, alarms on professional translations.

In each NTREX article one English mention of each name that stands in three sentences or more, spelt as in the German,
is spelt otherwise (two inner letters changed places, one doubled, or one left out). Found: `name.inconsistent` in that
sentence. Run: python tests/measure/inconsistent_names.py [--data DIR] [--show]
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from outside import options, rows
from pairs import wilson

from presseschau.checks import check_translation
from presseschau.facts.names import persons
from presseschau.models import Sentence

CODE = "name.inconsistent"
Pairs = list[tuple[str, str]]


def articles(data: Path) -> list[Pairs]:
    found: dict[str, Pairs] = {}
    for row in rows(data / "ntrex-deen" / "segments.jsonl"):
        found.setdefault(row["doc"], []).append((row["de"].strip(), row["en"].strip()))
    return list(found.values())


def alarmed(pairs: Pairs) -> set[int]:
    """The numbers of the sentences with the finding, from 0."""
    at, sentences = 0, []
    for n, (de, en) in enumerate(pairs, start=1):
        sentences.append((Sentence(n=n, start=at, end=at + len(de), text=de, paragraph=1, role="body"), en))
        at += len(de) + 1
    return {n - 1 for n, found in check_translation(sentences).items() if any(f.code == CODE for f in found)}


def spoilt(name: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(name) - 2)
    ways = [
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        name[:at] + name[at] + name[at:],
        name[:at] + name[at + 1 :],
    ]
    return rng.choice([one for one in ways if one != name])


def planted(pairs: Pairs, rng: random.Random) -> Iterator[tuple[int, Pairs, str]]:
    """Where, the article with the other spelling, and that."""
    names = {
        fact.text for de, _ in pairs for fact in persons.read(de, "de") if len(fact.text) > 4 and fact.text.isalpha()
    }
    for name in sorted(names):
        there = [i for i, (de, en) in enumerate(pairs) if all(re.search(rf"\b{name}\b", text) for text in (de, en))]
        if len(there) >= 3:
            i, other = rng.choice(there[1:]), spoilt(name, rng)
            yield i, [*pairs[:i], (pairs[i][0], re.sub(rf"\b{name}\b", other, pairs[i][1])), *pairs[i + 1 :]], other


def main() -> None:
    given = options(__doc__)
    every, rng = articles(given.data), random.Random(20261130)
    before = [alarmed(pairs) for pairs in every]
    print(f"alarms on sound sentences: {wilson(sum(map(len, before)), sum(map(len, every)))}")
    hits = []
    for pairs, sound in zip(every, before, strict=True):
        for i, changed, other in planted(pairs, rng):
            hits.append(i in alarmed(changed) - sound)
            if given.show and not hits[-1]:
                print(f"missed {other}: {changed[i][1]}")
    print(f"another spelling planted: found {wilson(sum(hits), len(hits))}")


if __name__ == "__main__":
    main()
