"""Make `lang/en/accounts.csv`: learn what makes two claims two accounts of one thing, and what makes them contradict.

Run: python tests/tools/make_accounts.py [--check] (needs the extra `semantic`, development only). Learnt on
fixtures/briefing/accounts.jsonl, told_differently.jsonl and the first seven corpora, all in view. Ridge logistic
regression on the pairs that the rules leave open. Printed first: each story judged by weights that were learnt without
it, which is what to expect of articles that nobody has seen. `--check`: only that.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
from accounts_world import labelled, stories  # noqa: E402
from briefing_judge import says  # noqa: E402
from briefing_world import CORPORA, UNSEEN, analyses, articles  # noqa: E402
from presseschau.briefing import wordings  # noqa: E402
from presseschau.briefing.accounts import LEAST, AccountPair, pairs  # noqa: E402
from presseschau.briefing.comparisons import comparisons  # noqa: E402
from presseschau.briefing.readings import readings  # noqa: E402
from presseschau.briefing.sources import claims, origins, sources  # noqa: E402
from presseschau.briefing.statements import statement  # noqa: E402
from presseschau.facts.encoder import Encoder, sentence_encoder  # noqa: E402
from presseschau.notes import Source, SourceClaim  # noqa: E402

OUT = ROOT / "src/presseschau/lang/en/accounts.csv"
HEADING = """# What the measures of two claims weigh (briefing/accounts): whether they tell of one thing, whether they
# contradict each other, with the likeness of a sentence encoder and with that of pieces of words.
# Made by tests/tools/make_accounts.py. Do not edit.
measure,same_encoder,disputed_encoder,same_pieces,disputed_pieces
"""
RIDGE = 3.0
_Kind = Callable[[str, str], str]


@dataclass(frozen=True)
class Labelled:
    story: str
    pair: AccountPair
    kind: str
    """same, disputed, other; unknown: not disputed, where nobody has said more."""
    open: bool
    """No rule shows it, and none forbids it."""


def worlds() -> Iterator[tuple[str, list[SourceClaim], list[Source], _Kind]]:
    for row in stories():
        told, papers, labels = labelled(row)
        yield row["story"], told, papers, lambda a, b, labels=labels: _kind(labels[a], labels[b])
    for name, folder in {**CORPORA, **{n: UNSEEN[n] for n in ("sixth", "seventh")}}.items():
        yield from _corpus(name, folder)


def _kind(one: tuple[str, str], other: tuple[str, str]) -> str:
    return "other" if one[0] != other[0] else "same" if one[1] == other[1] else "disputed"


def _corpus(name: str, folder: Path) -> Iterator[tuple[str, list[SourceClaim], list[Source], _Kind]]:
    expected: dict[str, Any] = json.loads((folder / "expected.json").read_text("utf-8"))
    made = dict(zip(articles(folder), analyses(folder), strict=True))
    for group, members in expected["groups"].items():
        papers, told = list(sources([made[m] for m in members])), list(claims([made[m] for m in members]))
        planted = set[frozenset[str]]()
        for one in expected["contradictions"]:
            sides = [
                [c.id for c in told if members[c.source - 1] in told_by and says(c.claim.text, value)]
                for value, told_by in one["figures"].items()
                if one["group"] == group
            ]
            planted |= {frozenset(pair) for a, b in combinations(sides, 2) for pair in product(a, b)}
        yield (
            f"{name} {group}", told, papers,
            lambda a, b, planted=planted: "disputed" if frozenset((a, b)) in planted else "unknown",
        )  # fmt: skip


def measured(encoder: Encoder | None) -> list[Labelled]:
    found = []
    for story, told, papers, kind in worlds():
        shown = [{c for f in one.figures for c in f.claims} for one in comparisons(told, papers)]
        for pair in pairs([statement(c) for c in told], origins(papers), readings(told, papers), encoder):
            known = any(pair.ids <= ids for ids in shown)
            is_open = not known and pair.may_contradict
            found.append(Labelled(story, pair, kind(pair.one.told.id, pair.other.told.id), is_open))
    return found


def learnt(rows: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The weight of each measure, and last what stands alone."""
    scale = rows.std(0) + 1e-9
    x = np.c_[rows / scale, np.ones(len(rows))]
    shrink = np.diag([*[RIDGE] * rows.shape[1], 1e-6])
    weights = np.zeros(x.shape[1])
    for _ in range(50):
        sure = 1 / (1 + np.exp(-(x @ weights)))
        step = np.linalg.solve(
            (x * (sure * (1 - sure))[:, None]).T @ x + shrink, x.T @ (sure - right) + shrink @ weights
        )
        weights -= step
    return np.r_[weights[:-1] / scale, weights[-1]]


def judged(name: str, found: list[Labelled], question: str, least: float) -> np.ndarray:
    """Prints what weights that were learnt without a story find in it; the weights learnt on all."""
    if question == "same":
        found = [one for one in found if one.kind in ("same", "other")]
    else:
        found = [one for one in found if one.open]
    rows = np.array([list(one.pair.measures.values()) for one in found], float)
    right = np.array([one.kind == question for one in found], float)
    story = np.array([one.story for one in found])
    sure = np.zeros(len(found))
    for left_out in dict.fromkeys(story):
        weights = learnt(rows[story != left_out], right[story != left_out])
        sure[story == left_out] = 1 / (1 + np.exp(-(rows[story == left_out] @ weights[:-1] + weights[-1])))
    for at in sorted({0.3, 0.45, 0.6, 0.7, least}):
        shown = sure >= at
        unknown = sum(1 for one, s in zip(found, shown, strict=True) if s and one.kind == "unknown")
        wrong = int((shown & (right == 0)).sum()) - unknown
        said = f"{int(right[shown].sum())} of {int(right.sum())} found, {wrong} wrong"
        print(f"{name}, {question}, from {at}{' (used)' if at == least else ''}: {said}, {unknown} not planted")
    return learnt(rows, right)


def main() -> None:
    wordings.otherwise = lambda _: lambda one, other: 0  # its table was written with these stories in view
    columns: list[np.ndarray] = []
    for name, encoder in (("encoder", sentence_encoder()), ("pieces", None)):
        found = measured(encoder)
        columns += [judged(name, found, question, LEAST[f"{question}_{name}"]) for question in ("same", "disputed")]
        measures = [*found[0].pair.measures, ""]
    if "--check" not in sys.argv:
        lines = [f"{m},{','.join(f'{column[i]:.3f}' for column in columns)}" for i, m in enumerate(measures)]
        OUT.write_text(HEADING + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
