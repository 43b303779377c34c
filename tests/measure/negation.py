"""Negation: false alarms on good pairs, detection of planted errors. Run: python tests/measure/negation.py [--data
DIR]"""

from __future__ import annotations

import random
import re
from pathlib import Path

from outside import options, rows
from pairs import good_pairs, wilson

from presseschau.facts.fact import Difference, Facts
from presseschau.facts.polarity import negation


def alarms(de: str, en: str, weak: bool = False) -> list[Difference]:
    """The negation differences of a pair: the sure ones, or with `weak` all."""
    source = Facts(de, "de", negations=negation.read(de, "de"))
    target = Facts(en, "en", negations=negation.read(en, "en"))
    return [d for d in negation.differences(source, target) if weak or not d.weak]


def false_alarms(data: Path, show: bool) -> None:
    print(f"{'set':14} {'pairs':>6} {'lost':>5} {'added':>6} {'per 100':>8} {'with weak':>10}")
    for name, pairs in good_pairs(data).items():
        found = [(de, en, d) for de, en in pairs for d in alarms(de, en)]
        lost = sum(d.code == "negation.lost" for *_, d in found)
        weak = sum(len(alarms(de, en, weak=True)) for de, en in pairs)
        print(
            f"{name:14} {len(pairs):6} {lost:5} {len(found) - lost:6} "
            f"{100 * len(found) / len(pairs):8.2f} {100 * weak / len(pairs):10.2f}"
        )
        if show:
            for de, en, d in found:
                print(f"    {d.code} {(d.source or d.target).text!r}\n      {de}\n      {en}")  # type: ignore[union-attr]


def demetr(data: Path, show: bool) -> None:
    items = rows(data / "demetr-de" / "items.jsonl")
    for kind in ("critical_id8_negation", "critical_id7_antonym"):
        group = [r for r in items if r["pert"] == kind]
        caught = [r for r in group if alarms(r["de"], r["pert_mt"]) and not alarms(r["de"], r["mt"])]
        print(
            f"demetr {kind}: paired {wilson(len(caught), len(group))}; "
            f"silent on the good side {sum(not alarms(r['de'], r['mt']) for r in group)}"
        )
        if show:
            for r in group:
                if r not in caught and "id8" in kind:
                    print(f"    missed\n      {r['de']}\n      {r['mt']}\n      {r['pert_mt']}")
    other = [r for r in items if r["pert"].startswith("minor") or r["pert"] == "base_id35_reference"]
    wrong = sum(bool(alarms(r["de"], r["pert_mt"])) for r in other)
    print(f"demetr minor errors and references: alarms {wilson(wrong, len(other))}")


_DELETE = (
    (re.compile(r"\b(?:do|does|did)(?:n['’]t| not) "), ""),
    (re.compile(r"\b(ca)n(?:['’]t|not)\b"), r"\1n"),
    (re.compile(r"\b(wo)n['’]t\b"), "will"),
    (re.compile(r"(\w)n['’]t\b"), r"\1"),
    (re.compile(r"\b(?:not|never) "), ""),
    (re.compile(r"\bno one\b"), "everyone"),
    (re.compile(r"\b(?:no|neither) "), "a "),
    (re.compile(r"\bnothing\b"), "something"),
)


def without_negation(en: str) -> str | None:
    """`en` with its first negation taken out, or None if it has none that can be taken out by a simple edit."""
    found = [(m.start(), pattern, new) for pattern, new in _DELETE if (m := pattern.search(en))]
    if not found:
        return None
    _, pattern, new = min(found, key=lambda item: item[0])
    return pattern.sub(new, en, count=1)


def deleted(data: Path, show: bool) -> None:
    sets = good_pairs(data)
    negated = [
        (de, en, cut)
        for name in ("pud", "ntrex")
        for de, en in sets[name]
        if any(f.value == "strong" for f in negation.read(de, "de")) and (cut := without_negation(en))
    ]
    for title, weak in (("sure", False), ("sure or weak", True)):
        sample = random.Random(8).sample(negated, 100)
        caught = [(de, en, cut) for de, en, cut in sample if alarms(de, cut, weak) and not alarms(de, en, weak)]
        print(f"negation deleted in PUD/NTREX pairs, {title}: {wilson(len(caught), len(sample))}")
    if show:
        for item in sample:
            if item not in caught:
                print("    missed\n      " + "\n      ".join(item))


def dfki(data: Path, show: bool) -> None:
    items = rows(data / "dfki-testsuite-deen" / "items.jsonl")
    for title, chosen in (
        ("Modal negated", lambda p: p.startswith("Modal negated")),
        ("Negation", lambda p: p == "Negation"),
        ("all others", lambda p: "egat" not in p),
    ):
        good = [(r["source_sentence"], en) for r in items if chosen(r["phenomenon"]) for en in r["positive_tokens"]]
        bad = [(de, en) for de, en in good if alarms(de, en)]
        print(f"dfki {title}: alarms on right translations {wilson(len(bad), len(good))}")
        if show:
            for de, en in bad:
                print(f"    {de}  |  {en}")


def salient(data: Path) -> None:
    group = [r for r in rows(data / "bbh-salient-errors" / "items.jsonl") if r["error"] == "Negation or Antonyms"]
    print(f"bbh Negation or Antonyms: caught {wilson(sum(bool(alarms(r['de'], r['en'])) for r in group), len(group))}")


def main() -> None:
    given = options(__doc__)
    data, show = given.data, given.show
    false_alarms(data, show)
    demetr(data, show)
    deleted(data, show)
    dfki(data, show)
    salient(data)


if __name__ == "__main__":
    main()
