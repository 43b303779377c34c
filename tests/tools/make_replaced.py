"""Makes `lang/de_en/replaced.csv`: what tells a word that became another one from free wording.

Learnt on good pairs (NTREX, Europarl, the right ones of MLQE; never PUD or WMT22), on the same with one English word
put for another (seed 3), and on the lots of `fixtures/checks/meaning` that are in view, those before `replaced.jsonl`:
- de, en: how often a headword has no English, a word no German, in good pairs (minus the logarithm, against the usual)
- noun, verb, other: how often an English word is of that part of speech (WordNet 3.0, Debian's `wordnet-base`)
- =: the weights of a logistic regression, its limit set for LIMIT alarms in 100 good pairs that have no other finding.
Run: python tests/tools/make_replaced.py [--data DIR] [--wordnet DIR]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from math import log
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "measure")]

from outside import add_data, rows  # noqa: E402
from pairs import good_pairs  # noqa: E402

from presseschau.checks import check_pair  # noqa: E402
from presseschau.checks.bitext import bitext  # noqa: E402
from presseschau.checks.pair import replaced  # noqa: E402
from presseschau.facts.senses import Sense, base_forms, proves, readings  # noqa: E402
from presseschau.lang import table, tables  # noqa: E402

TARGET = ROOT / "src" / "presseschau" / "lang" / "de_en" / "replaced.csv"
LOTS = ("first", "kinds", "coarse", "coarse_kinds", "who", "idioms")
USUAL = {"de": 0.2, "en": 0.12}
"""Share of a headword's places without English, of a word's without German, where nothing is known of them."""
SEEN = 4
"""Places that what is usual counts as."""
LIMIT = 0.4
FOLDS = 5
WEIGHT = 5.0
"""What a pair of the lots counts, against one of the sets."""
Pair = tuple[str, str]
Rates = dict[str, float]


def counted(pairs: list[Pair]) -> dict[str, Counter[str]]:
    """How often headwords and words stand there (de, en), and how often without the other (-de, -en)."""
    found = {name: Counter[str]() for name in ("de", "en", "-de", "-en")}
    for pair in (bitext(de, en) for de, en in pairs):
        if not pair.english.words:
            continue
        verbs = {start: verb for start, (_, verb) in pair.german.separated.items()}
        for item in pair.german.content:
            found["de"][verbs.get(item.start) or (*readings(item.lower), item.lower)[0]] += 1
        for word in {word.lower for word in pair.english.words}:
            if forms := base_forms(word):
                found["en"][min(forms, key=len)] += 1
        every = replaced.candidates(pair)
        found["-de"].update({one.item.start: one.head for one in every}.values())
        found["-en"].update({one.word for one in every})
    return found


def rates(parts: list[dict[str, Counter[str]]]) -> Rates:
    found: Rates = {}
    for lang, usual in USUAL.items():
        seen, left = Counter[str](), Counter[str]()
        for part in parts:
            seen.update(part[lang])
            left.update(part[f"-{lang}"])
        for word, n in seen.items():
            found[f"{lang} {word}"] = log(usual) - log((left[word] + usual * SEEN) / (n + SEEN))
    return found


def rows_of(pair: Pair, known: Rates) -> list[tuple[tuple[float, ...], str, str]]:
    return [
        ((known.get(f"de {one.head}", 0.0), known.get(f"en {one.word}", 0.0), *one.shape), one.item.text, one.word)
        for one in replaced.candidates(bitext(*pair))
    ]


def spoilt(pair: Pair, others: dict[str, list[str]], dice: random.Random) -> tuple[Pair, str, str] | None:
    """An English word that renders a German one alone, put for another one of its form."""
    both = bitext(*pair)
    there = {word.start: word for word in both.english.words}
    known = [(item, there[both.places[item.start]]) for item in both.german.content if item.start in both.places]
    fit = [(item, word) for item, word in known if word.text.islower() and word.text.isalpha() and proves(word.lower)]
    if not fit:
        return None
    item, word = dice.choice(fit)
    if not (choice := others.get(form(word.lower))):
        return None
    other = dice.choice(choice)
    return (pair[0], pair[1][: word.start] + other + pair[1][word.end :]), item.text, min(base_forms(other), key=len)


def form(word: str) -> str:
    """Its likeliest part of speech, and its ending."""
    kinds = {kind: replaced._share(kind, min(base_forms(word), key=len), word) for kind in ("noun", "verb", "other")}
    return max(kinds, key=lambda kind: kinds[kind]) + next(
        (end for end in ("ing", "ed", "s") if word.endswith(end)), ""
    )


def shares(folder: Path) -> dict[str, float]:
    """noun, verb, other and a word of `senses.csv` -> its share of the word's uses in WordNet's tagged texts."""
    uses: dict[str, Counter[str]] = {}
    for name, kind in (("noun", "noun"), ("verb", "verb"), ("adj", "other"), ("adv", "other")):
        for line in (folder / f"index.{name}").read_text().splitlines():
            if line[0] != " ":
                word, _, synsets, pointers, *rest = line.split()
                uses.setdefault(word, Counter())[kind] += float(rest[int(pointers) + 1]) + 0.3 * int(synsets)
    words = {word.strip("()") for row in table("en", "senses", Sense) for word in row.words}
    return {
        f"{kind} {word}": round(n / sum(uses[word].values()), 2)
        for word in words & uses.keys()
        for kind, n in uses[word].items()
    }


def fitted(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Weights of a logistic regression, the last that of the constant (Newton's method, a little ridge)."""
    x = np.hstack([x, np.ones((len(x), 1))])
    beta = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ beta))
        hessian = (x * (w * p * (1 - p))[:, None]).T @ x + np.eye(len(beta))
        beta += np.linalg.solve(hessian, x.T @ (w * (y - p)) - beta)
    return beta


def write(values: dict[str, float]) -> None:
    doc = "# What tells a word that became another one from free wording, learnt by tests/tools/make_replaced.py.\n"
    lines = sorted(f"{name},{value:.2f}" for name, value in values.items() if abs(value) >= 0.05)
    TARGET.write_text(doc + "\n".join(lines) + "\n", "utf-8")
    tables.weights.cache_clear()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data(parser)
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    options = parser.parse_args()
    parts = shares(options.wordnet)
    write(parts)
    sets = good_pairs(options.data)
    mlqe = [
        (r["de"], r["en"]) for r in rows(options.data / "mlqe-critical-ende" / "items.jsonl") if r["label"] == "NOT"
    ]
    good = sets["ntrex"] + sets["europarl"]
    folds = [good[k::FOLDS] for k in range(FOLDS)]
    counts = [*map(counted, folds), counted(mlqe)]
    known = rates(counts)
    dice, others = random.Random(3), dict[str, list[str]]()
    for word in sorted({w.lower for _, en in good for w in bitext("", en).english.words if w.text.islower()}):
        if word.isalpha() and len(word) >= replaced.SHORTEST and proves(word):
            others.setdefault(form(word), []).append(word)
    x, y, w, scored = [], [], [], []
    for k, fold in enumerate(folds):
        own = rates(counts[:k] + counts[k + 1 :])
        for pair in fold:
            if every := [shape for shape, *_ in rows_of(pair, own)]:
                scored.append((pair, every))
                x += every
                y += [0.0] * len(every)
            if one := spoilt(pair, others, dice):
                for shape, *words in rows_of(one[0], own):
                    if words == [one[1], one[2]]:
                        x.append(shape)
                        y.append(1.0)
    w = [1.0] * len(y)
    lots = [json.loads(line) for lot in LOTS for line in (ROOT / f"fixtures/checks/meaning/{lot}.jsonl").open()]
    beta = fitted(np.array(x), np.array(y), np.array(w))
    for _ in range(3):  # which candidate of a wrong pair it is, is not known: the likeliest
        mx, my = list(x), list(y)
        for row in lots:
            every = [shape for shape, *_ in rows_of((row["de"], row["en"]), known)]
            if row["expect"] == "finding" and every:
                every = [max(every, key=lambda one: float(np.dot(one, beta[:-1])))]
            mx += every
            my += [float(row["expect"] == "finding")] * len(every)
        mw = w + [WEIGHT] * (len(my) - len(w))
        beta = fitted(np.array(mx), np.array(my), np.array(mw))
    best = sorted((max(float(np.dot(one, beta[:-1])) for one in every), pair) for pair, every in scored)
    silent = [
        score
        for score, pair in best
        if not any(f.severity != "info" for f in check_pair(*pair) if f.code != replaced.CODE)
    ]
    limit = silent[-int(len(good) * LIMIT / 100)]
    names = [f"= {name}" for name in ("german", "english", *replaced.SHAPE)]
    learnt = {**parts, **known, **dict(zip(names, map(float, beta), strict=False)), "= limit": limit}
    write(learnt)
    print({name: round(value, 2) for name, value in learnt.items() if name.startswith("=")}, len(learnt))


if __name__ == "__main__":
    main()
