"""Seasons and relative time: alarms on good pairs by kind, and periods planted, swapped or deleted in the English.

A sure difference is an alarm; weak ones (shown after +) are only notes. Planted: one English period that the German
answers becomes another of its kind, a unit becomes a season or the other way round, or it is cut out (seed 5).
Run: python tests/measure/periods.py [--data DIR] [--show]
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from outside import options
from pairs import good_pairs, wilson

from presseschau.checks import check_pair
from presseschau.facts.fact import Difference, Facts
from presseschau.facts.time import periods

KINDS = {
    "span": ("week", "month", "year", "day"),
    "season": ("spring", "summer", "autumn", "winter"),
    "day word": ("yesterday", "today", "tomorrow"),
    "part of day": ("morning", "afternoon", "evening", "night"),
}
BEFORE = "(?:(?:in|on|of|since) )?(?:the )?(?:last |past |previous |this |next |coming )?"
NAMED = ("date.", "content.omitted", "number.")
SETS = ("pud", "wmt22 news A", "wmt22 news B", "ntrex")


def found(de: str, en: str) -> tuple[Difference, ...]:
    """The differences of periods in one pair."""
    source = Facts(de, "de", periods=periods.read(de, "de"))
    target = Facts(en, "en", periods=periods.read(en, "en"))
    return periods.differences(source, target)


def alarms(sets: dict[str, list[tuple[str, str]]], show: bool) -> None:
    print("good pairs: periods read, alarms (pairs), weak ones by code and kind")
    for name, pairs in sets.items():
        read, weak, alarmed = 0, Counter[str](), 0
        for de, en in pairs:
            read += len(periods.read(de, "de"))
            all_ = found(de, en)
            sure = [d for d in all_ if not d.weak]
            alarmed += bool(sure)
            weak.update(f"{d.code} {(d.source or d.target).kind}" for d in all_ if d.weak)  # type: ignore[union-attr]
            for d in sure if show else ():
                print(f"    {d.code} {d.source and d.source.text} {d.target and d.target.text}\n      {de}\n      {en}")
        print(f"   {name:14} read {read:5}  alarms {wilson(alarmed, len(pairs)):30} {dict(sorted(weak.items()))}")


def planted(en: str, rng: random.Random) -> dict[str, str]:
    """How -> the English with one period word changed, for each way that it offers."""
    result = {}
    for kind, values in KINDS.items():
        matches = list(re.finditer(rf"\b(?:{'|'.join(values)})\b", en))
        if len(matches) != 1:
            continue
        (match,) = matches
        if kind == "span" and not re.search(r"\b(?:last|past|previous|this|next|coming) $", en[: match.start()]):
            continue
        other = rng.choice([value for value in values if value != match[0]])
        result[f"{kind}: swapped"] = en[: match.start()] + other + en[match.end() :]
        phrase = re.search(rf"\b{BEFORE}{match[0]}\b", en)
        if phrase:
            result[f"{kind}: deleted"] = re.sub("  +", " ", en[: phrase.start()] + en[phrase.end() :])
            if kind in ("span", "season"):
                instead = "last week" if kind == "season" else "in the summer"
                result[f"{kind}: for the other"] = en[: phrase.start()] + instead + en[phrase.end() :]
    return result


def detection(sets: dict[str, list[tuple[str, str]]]) -> None:
    print("\nplanted in good pairs whose German has the period: an error or a warning, or at least a note")
    rng = random.Random(5)
    hits: dict[str, list[tuple[bool, bool]]] = {}
    for pairs in sets.values():
        for de, en in pairs:
            if not (here := periods.read(de, "de")) or found(de, en):
                continue
            kinds = {fact.kind for fact in here}
            for how, bad in planted(en, rng).items():
                if how.partition(":")[0] in kinds:
                    noted = [f for f in check_pair(de, bad) if f.code.startswith(NAMED)]
                    hits.setdefault(how, []).append((any(f.severity != "info" for f in noted), bool(noted)))
    for how, cells in sorted(hits.items()):
        alarm, note = (wilson(sum(cell[i] for cell in cells), len(cells)) for i in (0, 1))
        print(f"   {how:25} alarm {alarm:34} or note {note}")


def main() -> None:
    given = options(__doc__)
    sets = {name: good_pairs(given.data)[name] for name in SETS}
    alarms(sets, given.show)
    detection({name: sets[name] for name in SETS if name != "wmt22 news B"})


if __name__ == "__main__":
    main()
