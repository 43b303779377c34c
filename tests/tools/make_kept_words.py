"""Make `lang/de_en/kept_words.csv` and `lang/de/words.txt`: learn which German words translations keep as they are.

Run: python tests/tools/make_kept_words.py [--data DIR] (needs numpy, development only). Learnt on NTREX-128 (CC BY-SA
4.0), the Europarl NER corpus (no known restrictions) and MLQE critical errors (CC0): a capitalised German word is kept
if its key is in the English. Logistic regression, AdaGrad, fixed seed. The word list holds single words of these texts,
no text.
"""

from __future__ import annotations

import csv
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "measure")]
from outside import options, rows  # noqa: E402

from presseschau.facts.names import places  # noqa: E402
from presseschau.facts.names.kept_words import features  # noqa: E402
from presseschau.facts.names.persons import all_keys  # noqa: E402
from presseschau.facts.names.transliteration import key  # noqa: E402
from presseschau.facts.words import Word, words  # noqa: E402

OUT = ROOT / "src" / "presseschau" / "lang"
SETS = ("ntrex-deen/segments.jsonl", "europarl-ner-deen/pairs.jsonl", "mlqe-critical-ende/items.jsonl")
EPOCHS, RATE, SHRINK, SMALLEST = 10, 0.1, 3e-4, 0.12


def examples(pairs: list[tuple[str, str]]) -> Iterator[tuple[Word, set[str], bool]]:
    for de, en in pairs:
        there, taken, tokens = all_keys(en), {f.start for f in places.read(de, "de")}, words(de)
        for i, word in enumerate(tokens):
            if (
                len(word.text) > 2
                and word.text[0].isupper()
                and not word.text.isupper()
                and word.start not in taken
                and not re.search(r"\d", word.text)
            ):
                keys = {key(word.text), key(word.text.removesuffix("s"))}
                yield word, set(features(tokens, i, de)), bool(keys & there)


def learn(seen: list[tuple[set[str], bool]]) -> dict[str, float]:
    counts = Counter(feature for found, _ in seen for feature in found)
    index = {feature: k for k, feature in enumerate(f for f, n in sorted(counts.items()) if n >= 4)}
    data = [(np.array(sorted(index[f] for f in found if f in index)), kept) for found, kept in seen]
    weights, squares, bias, order = np.zeros(len(index)), np.full(len(index), 1e-6), 0.0, random.Random(0)
    for _ in range(EPOCHS):
        order.shuffle(data)
        for where, kept in data:
            error = 1 / (1 + np.exp(-(bias + weights[where].sum()))) - kept
            squares[where] += error * error
            weights[where] -= RATE * error / np.sqrt(squares[where]) + RATE * SHRINK * weights[where]
            bias -= 0.01 * error
    return {"": float(bias)} | {f: float(weights[k]) for f, k in index.items() if abs(weights[k]) >= SMALLEST}


def main() -> None:
    data = options(__doc__).data
    pairs = [(r["de"].strip(), r["en"].strip()) for name in SETS for r in rows(data / name)]
    small = Counter(w for de, _ in pairs for w in re.findall(r"(?<![\w-])[a-zäöüß]{2,}\b", de))
    seen, nouns = [], Counter[str]()
    for word, found, kept in examples(pairs):
        seen.append((found, kept))
        nouns[word.lower] += -1 if kept else 1
    known = sorted({*small, *(w for w, n in nouns.items() if n > 0 and w.isalpha())})
    (OUT / "de" / "words.txt").write_text("\n".join(known) + "\n", "utf-8")
    weights = learn(seen)
    with (OUT / "de_en" / "kept_words.csv").open("w", encoding="utf-8", newline="") as file:
        file.write("# Made by tests/tools/make_kept_words.py. Do not edit.\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows((feature, f"{weight:.2f}") for feature, weight in weights.items())
    print(f"{len(seen)} words, {len(weights)} weights, {len(known)} German words")


if __name__ == "__main__":
    main()
