"""Make `lang/de/letters.csv`: by its letters, is a word German, or English or a name?

Run: python tests/tools/make_german_letters.py [--data DIR] (needs numpy, development only). German: words of the German
side of NTREX-128 (CC BY-SA 4.0), the Europarl NER corpus (no known restrictions), MLQE (CC0), UD German GSD (CC BY-SA
4.0) and of the language identification sentences (CC BY 4.0) that no English side has. Not German: words of the English
sides, names that both sides have among them. Logistic regression on pieces of one to five letters, AdaGrad, fixed seed.
"""

from __future__ import annotations

import csv
import random
import sys
from collections import Counter
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "measure")]
from outside import options, rows  # noqa: E402

from presseschau.facts.names.kept_words import pieces  # noqa: E402
from presseschau.facts.words import words  # noqa: E402

OUT = ROOT / "src" / "presseschau" / "lang" / "de" / "letters.csv"
SETS = ("ntrex-deen/segments.jsonl", "europarl-ner-deen/pairs.jsonl", "mlqe-critical-ende/items.jsonl")
EPOCHS, RATE, SHRINK, SMALLEST = 12, 0.1, 2e-4, 0.1


def sides(data: Path) -> tuple[list[str], list[str]]:
    """All German and all English texts."""
    pairs = [(r["de"], r["en"]) for name in SETS for r in rows(data / name)]
    german, english = [de for de, _ in pairs], [en for _, en in pairs]
    german += [r["text"] for r in rows(data / "ud-german" / "gsd_dev.jsonl") if "text" in r]
    for row in rows(data / "langid" / "items.jsonl"):
        (german if row["lang"] == "de" else english).append(row["text"])
    return german, english


def types(texts: list[str]) -> Counter[str]:
    """Words in the case in which they stand inside a sentence; capitals throughout are acronyms."""
    return Counter(w.text for t in texts for w in words(t)[1:] if w.text.isalpha() and not w.text[1:].isupper())


def main() -> None:
    german, english = (types(texts) for texts in sides(options(__doc__).data))
    lower = {word.lower() for word in english}
    seen = [(word, True) for word in german if word.lower() not in lower and len(word) > 2]
    seen += [(word, False) for word in english if len(word) > 2]
    seen.sort()
    counts = Counter(piece for word, _ in seen for piece in pieces(word))
    index = {piece: k for k, piece in enumerate(p for p, n in sorted(counts.items()) if n >= 4)}
    data = [(np.array(sorted(index[p] for p in pieces(word) if p in index)), label) for word, label in seen]
    weights, squares, order = np.zeros(len(index)), np.full(len(index), 1e-6), random.Random(0)
    for _ in range(EPOCHS):
        order.shuffle(data)
        for where, label in data:
            error = 1 / (1 + np.exp(-weights[where].sum())) - label
            squares[where] += error * error
            weights[where] -= RATE * error / np.sqrt(squares[where]) + RATE * SHRINK * weights[where]
    kept = {p: float(weights[k]) for p, k in index.items() if abs(weights[k]) >= SMALLEST}
    with OUT.open("w", encoding="utf-8", newline="") as file:
        file.write("# Made by tests/tools/make_german_letters.py. Do not edit.\n")
        csv.writer(file, lineterminator="\n").writerows((piece, f"{weight:.2f}") for piece, weight in kept.items())
    print(f"{len(seen)} words, {len(kept)} weights")


if __name__ == "__main__":
    main()
