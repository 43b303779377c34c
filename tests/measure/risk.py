"""How well the risk of a sentence tells wrong English of the demonstration model, learnt anew without each article.

fixtures/risk/sentences.jsonl: German, the model's English, and for each of those who read them apart whether a reader
would learn something wrong (`wrong`); a sentence counts as the first says; how far they agree is printed, and what the
figures are by the second's word and by that of most. `sure` and `back` are what the model said of its words and of the
way back, where it was asked (`--ask` asks about those that lack it); meanings are compared here. What is not known of a
sentence counts as the mean. Figures are of sentences whose article was left out: area under the curve for all signs
(plain), with the way back (deep), for what the checks found alone, and without each sign; how many are wrong in the
riskiest quarter; calibration in ten bins; how many of the wrong and of the right ones are read first; the sentences
labelled later by what was learnt from the first 333; the same with findings by how grave they are, of whatever kind;
and how many of 100 good human pairs would be read first (PUD, WMT22 news, NTREX in --data). `--write` puts the weights
learnt from all articles into src/presseschau/checks/risk.toml.
Run: python tests/measure/risk.py [--data DIR] [--ask] [--write]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

import numpy as np
from outside import add_data
from pairs import good_pairs, wilson

from presseschau.analysis import Options
from presseschau.checks import check_pair
from presseschau.checks.bitext import bitext
from presseschau.checks.risk import ModelSigns, signs
from presseschau.facts.encoder import sentence_encoder
from presseschau.ingest import read_article
from presseschau.llm.engine import choose, open_engine
from presseschau.models import Request
from presseschau.pipeline.answer_schema import exactly, fixed, record
from presseschau.pipeline.answer_schema import row as in_order
from presseschau.pipeline.numbered import Window, windows
from presseschau.pipeline.small_model import manner
from presseschau.pipeline.small_model import request as translation_request
from presseschau.pipeline.translation import TranslationAnswer
from presseschau.pipeline.way_back import request
from presseschau.storage.files import write_file

ROOT = Path(__file__).parents[2]
LABELLED = ROOT / "fixtures" / "risk" / "sentences.jsonl"
WEIGHTS = ROOT / "src" / "presseschau" / "checks" / "risk.toml"
ARTICLES = (
    "fixtures/articles/own",
    "src/presseschau/measuring/articles",
    "fixtures/claims/natural",
    "fixtures/briefing",
)
GOOD = ("pud", "wmt22 news A", "wmt22 news B", "ntrex")
FIRST = 333
"""Sentences labelled first: by them the signs were chosen."""
RIDGE = 10.0
"""Strength of the penalty; of 3, 10 and 30 it made no difference that counts."""
READ_FIRST_OF_GOOD = 0.03
"""Share of good human pairs that may be read first."""

SURPRISED = -3.1
"""The lowest logarithm of a token's probability that was seen where the model wrote what it found likeliest."""

SET = {"read": (0.0, 1.0, 3.0)}
"""Mean, spread and weight of what is not learnt: no reader's answers were labelled."""

Array = Any
NAMES = ["lost", "lost_rare", "rare", "longest", "unsourced", "turned", "facts", "unsure", "doubt", "torn", "unlike"]
DEEP = [*NAMES, "astray"]
BY_SEVERITY = ["errors", "warnings"]
"""What the checks found by how grave it is, of whatever kind: the signs before 30 November."""
ALL = (*DEEP, *BY_SEVERITY)
FINDINGS = ["turned", "facts"]


def figures(german: str, english: str, heard: ModelSigns = ModelSigns()) -> list[float]:  # noqa: B008
    """By `ALL`; not a number where it is not known."""
    seen = signs(bitext(german, english), check_pair(german, english))
    known = {
        **seen.figures,
        **heard.figures,
        "errors": min(2, seen.errors),
        "warnings": min(2, seen.found - seen.errors),
    }
    return [known.get(name, np.nan) for name in ALL]


_HEARD = (("sure", "least", "torn"), ("back", "nouns"))


def heard(row: Mapping[str, Any], meaning: float | None) -> ModelSigns:
    """What the fixture has of it."""
    sure, back = (dict(zip(names, row.get(names[0], ()), strict=False)) for names in _HEARD)
    return ModelSigns(**sure, **back, meaning=meaning)


class Model:
    """A logistic mix of standardised figures."""

    def __init__(self, x: Array, wrong: Array, ridge: float = RIDGE) -> None:
        self.mean, self.spread = np.nanmean(x, 0), np.nanstd(x, 0) + 1e-9
        z = self._design(x)
        penalty = ridge * np.diag([0.0, *[1.0] * x.shape[1]])
        self.weights = np.zeros(z.shape[1])
        for _ in range(50):  # Newton's method; it settles in fewer than ten steps
            p = 1 / (1 + np.exp(-z @ self.weights))
            slope = z.T @ (p - wrong) + penalty @ self.weights
            self.weights = self.weights - np.linalg.solve((z * (p * (1 - p))[:, None]).T @ z + penalty, slope)

    def _design(self, x: Array) -> Array:
        return np.c_[np.ones(len(x)), np.nan_to_num((x - self.mean) / self.spread)]

    def odds(self, x: Array) -> Array:
        return self._design(x) @ self.weights


def area(odds: Array, wrong: Array) -> float:
    """Under the curve: how often a wrong sentence stands above a right one."""
    above, below = odds[wrong][:, None], odds[~wrong][None]
    return float(((above > below) + 0.5 * (above == below)).mean())


def judged(odds: Array, wrong: Array) -> str:
    riskiest = np.argsort(-odds)[: len(odds) // 4]
    share = wilson(int(wrong[riskiest].sum()), len(riskiest))
    return f"area {area(odds, wrong):.3f}, wrong in the riskiest quarter {share}"


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


async def ask() -> None:
    """Adds what the model says of the English, and of the way back, to the sentences of the file that lack it, in the
    requests of a run whose only answers are what is there: a second for each sentence on two free cores."""
    rows = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    sources = {path.stem: path for folder in ARTICLES for path in (ROOT / folder).rglob("*.txt")}
    async with open_engine(choose("local:qwen2.5-coder-1.5b")) as engine:
        for row in [row for row in rows if "back" not in row]:
            asked = request(row["de"], row["en"], Options())
            back = (await engine.ask(asked)).sure[asked.forced]
            row["back"] = [back.mean, back.nouns]
            _keep(rows)
        for name in dict.fromkeys(row["article"] for row in rows if len(row.get("sure", ())) < len(_HEARD[0])):
            own = {row["n"]: row for row in rows if row["article"] == name}
            article = read_article(sources[name].read_bytes(), source=sources[name].name)
            for window in windows(article, manner("").window):
                numbers = [n for n in window.numbers if n in own]
                answer = await engine.ask(_only({n: own[n]["en"] for n in numbers}, window))
                for row in [own[n] for n in numbers if len(own[n].get("sure", ())) < len(_HEARD[0])]:
                    sure = answer.sure.get(row["en"])
                    if sure and sure.least > SURPRISED:  # else it would not have written that: it is of a repair
                        row["sure"] = [sure.mean, sure.least, sure.torn]
                _keep(rows)


def _only(english: Mapping[int, str], window: Window) -> Request[TranslationAnswer]:
    """The request for the window's translation, to which this English is the only answer there may be."""
    said = [record(n=fixed(n), en=exactly(text)) for n, text in english.items()]
    return replace(translation_request(window, english, Options(), {}), tight=record(sentences=in_order(said)))


def _keep(rows: list[dict[str, Any]]) -> None:
    write_file(LABELLED, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data(parser)
    parser.add_argument("--write", action="store_true", help="write the weights")
    parser.add_argument("--ask", action="store_true", help="first ask the model about sentences it was not asked about")
    options = parser.parse_args()
    if options.ask:
        asyncio.run(ask())
    rows = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    german, english = (sentence_encoder().vectors([row[lang] for row in rows]) for lang in ("de", "en"))
    meanings = (german * english).sum(1)
    x = np.array([
        figures(row["de"], row["en"], heard(row, float(meaning)))
        for row, meaning in zip(rows, meanings, strict=True)
    ])  # fmt: skip
    wrong = np.array([row["wrong"][0] for row in rows])
    by_others = {
        "reader 2": np.array([row["wrong"][1] for row in rows]),
        "most": np.array([2 * sum(row["wrong"]) + row["wrong"][0] > len(row["wrong"]) for row in rows]),
    }
    articles = np.array([row["article"] for row in rows])
    print(f"{len(rows)} sentences of {len(set(articles))} articles, wrong: {wilson(int(wrong.sum()), len(rows))}")
    for i, j in ((0, 1), (0, 2), (1, 2)):
        one, other = np.array([[row["wrong"][k] for k in (i, j)] for row in rows if len(row["wrong"]) > j]).T
        agree = wilson(int((one == other).sum()), len(one))
        print(f"reader {i + 1} and reader {j + 1} agree on {agree}, kappa {kappa(one, other):.2f}")
    torn = x[:, DEEP.index("torn")]
    for name, part in {"first": slice(FIRST), "later": slice(FIRST, None)}.items():
        here = ~np.isnan(torn[part])
        found = area(torn[part][here], wrong[part][here])
        print(f"torn alone, labelled {name}: area {found:.3f} where it is known, of {here.sum()} sentences")
    for name in [name for i, name in enumerate(DEEP) if np.isnan(x[:, i]).all()]:
        x = np.delete(x, DEEP.index(name), 1)  # known of no sentence: nothing is learnt of it
        for names in (NAMES, DEEP):
            names.remove(name) if name in names else None
        print(f"{name} is not known")
    known = ~np.isnan(x)
    columns = [*DEEP, *BY_SEVERITY]
    sets = {"plain": NAMES, "deep": DEEP, "findings alone": FINDINGS}
    for name in ("plain", "deep"):
        sets[f"{name} by severity"] = [one for one in sets[name] if one not in FINDINGS] + BY_SEVERITY
    for name, names in sets.items():
        chosen = x[:, [columns.index(one) for one in names]]
        odds = left_out(chosen, wrong, articles)
        print(f"{name}: {judged(odds, wrong)}")
        for said, others in by_others.items():
            print(f"   by the word of {said}, {name}: {judged(left_out(chosen, others, articles), others)}")
        first = left_out(chosen[:FIRST], wrong[:FIRST], articles[:FIRST])
        later = Model(chosen[:FIRST], wrong[:FIRST]).odds(chosen[FIRST:])
        print(f"   labelled first, {name}: {judged(first, wrong[:FIRST])}")
        print(f"   labelled later, {name}: {judged(later, wrong[FIRST:])}")
    plain = [DEEP.index(name) for name in NAMES]
    x = x[:, : len(DEEP)]
    for i, name in enumerate(DEEP):
        rest = [j for j in (plain if name in NAMES else range(len(DEEP))) if j != i]
        told = f"{known[:, i].sum()} known, alone {area(np.nan_to_num(x[known[:, i], i]), wrong[known[:, i]]):.3f}"
        print(f"   without {name:10} {area(left_out(x[:, rest], wrong, articles), wrong):.3f} ({told})")
    x, every = x[:, plain], x
    odds = left_out(x, wrong, articles)
    said = 1 / (1 + np.exp(-odds))
    for i, (low, high) in enumerate(pairwise(np.quantile(said, np.linspace(0, 1, 11))), 1):
        here = (said >= low) & ((said < high) | (high == said.max()))
        print(f"bin {i}: risk {low:.2f} to {high:.2f}, {here.sum()} sentences, said {said[here].mean():.2f}, "
              f"wrong {wrong[here].mean():.2f}")  # fmt: skip
    print(f"read first, of the wrong ones {wilson(int((odds >= 0)[wrong].sum()), int(wrong.sum()))}, of the right ones "
          f"{wilson(int((odds >= 0)[~wrong].sum()), int((~wrong).sum()))}")  # fmt: skip
    model, deep = Model(x, wrong), Model(every, wrong)
    pairs = [pair for name in GOOD for pair in good_pairs(options.data)[name][:400]]
    good = model.odds(np.array([figures(de, en) for de, en in pairs])[:, [ALL.index(n) for n in NAMES]])
    reserve = max(0.0, float(np.quantile(good, 1 - READ_FIRST_OF_GOOD)))
    print(f"good human pairs read first: as of the demonstration model {(good >= 0).mean():.1%}, with a reserve of "
          f"{reserve:.2f} {(good >= reserve).mean():.1%} of {len(pairs)}")  # fmt: skip
    if options.write:
        write(model, deep, reserve)


def write(model: Model, deep: Model, reserve: float) -> None:
    def table(name: str, values: Array, i: int) -> str:
        said = {**dict(zip(DEEP, values, strict=False)), **{name: value[i] for name, value in SET.items()}}
        return f"\n[{name}]\n" + "".join(f"{n} = {v:.4f}\n" for n, v in said.items())

    WEIGHTS.write_text(
        "# Learnt by tests/measure/risk.py --write; not to be changed by hand.\n"
        f"bias = {model.weights[0]:.4f}\ndeep_bias = {deep.weights[0]:.4f}\nreserve = {reserve:.4f}\n"
        + table("mean", deep.mean, 0) + table("spread", deep.spread, 1)
        + table("weight", model.weights[1:], 2) + table("deep", deep.weights[1:], 2),
        "utf-8",
    )  # fmt: skip
    print(f"written: {WEIGHTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
