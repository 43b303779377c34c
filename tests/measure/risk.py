"""How well the risk of a sentence tells wrong English of the demonstration model, learnt anew without each article.

fixtures/risk/sentences.jsonl: German, the model's English, and for each of those who read them apart whether a reader
would learn something wrong (`wrong`); a sentence counts as the first says, and the agreement is printed. Figures are of
sentences whose article was left out: area under the curve for all signs, for what the checks found alone, and without
each sign; how many are wrong in the riskiest quarter; calibration in ten bins; and how many of 100 good human pairs
would be read first (PUD, WMT22 news, NTREX in --data). `--write` puts the weights learnt from all articles into
src/presseschau/checks/risk.toml.
Run: python tests/measure/risk.py [--data DIR] [--write]
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

import numpy as np
from outside import add_data
from pairs import good_pairs, wilson

from presseschau.checks import check_pair
from presseschau.checks.bitext import bitext
from presseschau.checks.risk import signs

ROOT = Path(__file__).parents[2]
LABELLED = ROOT / "fixtures" / "risk" / "sentences.jsonl"
WEIGHTS = ROOT / "src" / "presseschau" / "checks" / "risk.toml"
GOOD = ("pud", "wmt22 news A", "wmt22 news B", "ntrex")
RIDGE = 10.0
"""Strength of the penalty; of 3, 10 and 30 it made no difference that counts."""
READ_FIRST_OF_GOOD = 0.03
"""Share of good human pairs that may be read first."""

Array = Any


def figures(german: str, english: str) -> list[float]:
    return list(signs(bitext(german, english), check_pair(german, english)).figures.values())


NAMES = list(signs(bitext("Haus", "house"), ()).figures)


class Model:
    """A logistic mix of standardised figures."""

    def __init__(self, x: Array, wrong: Array, ridge: float = RIDGE) -> None:
        self.mean, self.spread = x.mean(0), x.std(0) + 1e-9
        z = self._design(x)
        penalty = ridge * np.diag([0.0, *[1.0] * x.shape[1]])
        self.weights = np.zeros(z.shape[1])
        for _ in range(50):  # Newton's method; it settles in fewer than ten steps
            p = 1 / (1 + np.exp(-z @ self.weights))
            slope = z.T @ (p - wrong) + penalty @ self.weights
            self.weights = self.weights - np.linalg.solve((z * (p * (1 - p))[:, None]).T @ z + penalty, slope)

    def _design(self, x: Array) -> Array:
        return np.c_[np.ones(len(x)), (x - self.mean) / self.spread]

    def odds(self, x: Array) -> Array:
        return self._design(x) @ self.weights


def area(odds: Array, wrong: Array) -> float:
    """Under the curve: how often a wrong sentence stands above a right one."""
    above, below = odds[wrong][:, None], odds[~wrong][None]
    return float(((above > below) + 0.5 * (above == below)).mean())


def left_out(x: Array, wrong: Array, articles: Array) -> Array:
    """The odds of each sentence by a mix that never saw its article."""
    odds = np.zeros(len(wrong))
    for article in sorted(set(articles)):
        here = articles == article
        odds[here] = Model(x[~here], wrong[~here]).odds(x[here])
    return odds


def kappa(first: Array, second: Array) -> float:
    """Cohen's: agreement beyond chance."""
    same, chance = (first == second).mean(), first.mean() * second.mean() + (1 - first.mean()) * (1 - second.mean())
    return float((same - chance) / (1 - chance))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data(parser)
    parser.add_argument("--write", action="store_true", help="write the weights")
    options = parser.parse_args()
    rows = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    x = np.array([figures(row["de"], row["en"]) for row in rows])
    labels = np.array([row["wrong"] for row in rows])
    wrong, articles = labels[:, 0], np.array([row["article"] for row in rows])
    print(f"{len(rows)} sentences of {len(set(articles))} articles, wrong: {wilson(int(wrong.sum()), len(rows))}")
    if labels.shape[1] > 1:
        same = int((labels[:, 0] == labels[:, 1]).sum())
        print(f"two readers apart agree on {wilson(same, len(rows))}, kappa {kappa(labels[:, 0], labels[:, 1]):.2f}")
    odds = left_out(x, wrong, articles)
    found = [NAMES.index(name) for name in ("errors", "warnings")]
    print(f"area under the curve: all signs {area(odds, wrong):.3f}, findings alone "
          f"{area(left_out(x[:, found], wrong, articles), wrong):.3f}")  # fmt: skip
    for i, name in enumerate(NAMES):
        rest = [j for j in range(len(NAMES)) if j != i]
        print(f"   without {name:10} {area(left_out(x[:, rest], wrong, articles), wrong):.3f}")
    riskiest = np.argsort(-odds)[: len(rows) // 4]
    print(f"wrong in the riskiest quarter: {wilson(int(wrong[riskiest].sum()), len(riskiest))}")
    print("risk from   to   sentences   said   wrong")
    said = 1 / (1 + np.exp(-odds))
    for low, high in pairwise(np.quantile(said, np.linspace(0, 1, 11))):
        here = (said >= low) & ((said < high) | (high == said.max()))
        print(f"     {low:.2f} {high:.2f} {here.sum():10}   {said[here].mean():.2f}   {wrong[here].mean():.2f}")
    model = Model(x, wrong)
    pairs = [pair for name in GOOD for pair in good_pairs(options.data)[name][:400]]
    good = model.odds(np.array([figures(de, en) for de, en in pairs]))
    reserve = max(0.0, float(np.quantile(good, 1 - READ_FIRST_OF_GOOD)))
    print(f"good human pairs read first: as of the demonstration model {(good >= 0).mean():.1%}, with a reserve of "
          f"{reserve:.2f} {(good >= reserve).mean():.1%} of {len(pairs)}")  # fmt: skip
    if options.write:
        write(model, reserve)


def write(model: Model, reserve: float) -> None:
    def table(name: str, values: Array) -> str:
        return f"\n[{name}]\n" + "".join(f"{n} = {v:.4f}\n" for n, v in zip(NAMES, values, strict=True))

    WEIGHTS.write_text(
        "# Learnt by tests/measure/risk.py --write; not to be changed by hand.\n"
        f"bias = {model.weights[0]:.4f}\nreserve = {reserve:.4f}\n"
        + table("mean", model.mean) + table("spread", model.spread) + table("weight", model.weights[1:]),
        "utf-8",
    )  # fmt: skip
    print(f"written: {WEIGHTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
