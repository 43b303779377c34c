"""How much of running news text `lexicon.csv` knows: the share of German content words with a rendering.

Names (a capital, and no list of lang/ has the word) and figures are left out; a compound is known if its last or first
part is, a separated verb by its infinitive. WMT22, PUD and the project's own articles were not counted for
`tests/lang/frequency.txt`. First figures, with the 1,000 headwords of before: WMT22 73.6, PUD 78.7, own 81.9 %.

And what it is worth to say that an English word has no source (`Bitext.leftover`): how many content words of good human
pairs have none, and of words that were put in from the English of another pair (one in each pair, seed 5).
Run: python tests/measure/word_coverage.py [--data DIR] [--show]
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from outside import options, rows
from pairs import good_pairs, wilson

from presseschau.checks.bitext import German, bitext
from presseschau.facts.lexicon import english, first_part
from presseschau.facts.names.gazetteer import gazetteer
from presseschau.facts.words import Word
from presseschau.lang import SOURCE, listed

OWN = Path(__file__).parents[2] / "fixtures" / "articles" / "own"


def own_articles() -> list[str]:
    return [path.read_text("utf-8") for path in sorted(OWN.glob("*.txt"))]


def coverage(texts: Iterable[str]) -> tuple[int, Counter[str]]:
    """How many content words are known, and those that are not."""
    known, unknown = 0, Counter[str]()
    for text in texts:
        side = German(text)
        for word in side.content:
            if word.text.isupper() or any(letter.isdigit() for letter in word.text):
                continue
            if word.start in side.separated or any(english(p) or first_part(p) for p in word.lower.split("-") if p):
                known += 1
            elif not _is_name(word):
                unknown[word.text] += 1
    return known, unknown


def _is_name(word: Word) -> bool:
    if not word.text[0].isupper():
        return False
    lists = listed(SOURCE, "nouns") | listed(SOURCE, "words")
    return word.text in gazetteer(SOURCE).single or not {word.lower, word.lower.rstrip("s")} & lists


def sources(pairs: list[tuple[str, str]]) -> None:
    """What is said to have no source: of all content words, of those put in, and how often that is right."""
    chance = random.Random(5)
    own = [bitext(de, en) for de, en in pairs]
    words, without = sum(len(pair.english.content) for pair in own), sum(len(pair.leftover) for pair in own)
    put, found = 0, 0
    for pair in own:
        other = chance.choice(own).english.content
        if not other or (word := chance.choice(other)) in pair.english.known:
            continue
        put += 1
        found += word in bitext(pair.de, f"{pair.en} {word}").leftover
    print(f"   without a source: {wilson(without, words)} content words; of words put in {wilson(found, put)}")


def main() -> None:
    chosen = options(__doc__)
    sets = {
        "WMT22 news and others": [row["src"] for row in rows(chosen.data / "wmt22-deen" / "segments.jsonl")],
        "PUD": [row["de"] for row in rows(chosen.data / "pud-parallel" / "pairs.jsonl")],
        "own articles": own_articles(),
    }
    for name, texts in sets.items():
        known, unknown = coverage(texts)
        total = known + unknown.total()
        print(f"{name:24}{100 * known / total:.1f} % of {total} content words")
        if chosen.show:
            print("   ", ", ".join(word for word, _ in unknown.most_common(60)))
    every = good_pairs(chosen.data)
    for name in ("pud", "wmt22 news A", "wmt22 news B"):
        print(name)
        sources(every[name])


if __name__ == "__main__":
    main()
