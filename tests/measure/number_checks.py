"""Numbers and dates compared: false alarms on good pairs, planted and known errors, speed.

    python tests/measure/number_checks.py [--data DIR] [--show]     DIR defaults to ../shared/data

An alarm is any difference but a conversion (miles for kilometres). Some alarms on good pairs are errors of the pair.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))
sys.path.insert(0, str(Path(__file__).parent))

from outside import options, rows
from pairs import good_pairs, wilson
from planted_numbers import PLANTS

from presseschau.facts.fact import Difference, Facts, Lang
from presseschau.facts.numbers import read as numbers
from presseschau.facts.time import dates

INFO = {"number.converted"}
SEED = 20261122
PLANTS_PER_PAIR = 3
Pairs = dict[str, list[tuple[str, str]]]


def read(text: str, lang: Lang) -> Facts:
    return Facts(text, lang, numbers=numbers.read(text, lang), dates=dates.read(text, lang))


def alarms(de: str, en: str) -> list[Difference]:
    source, target = read(de, "de"), read(en, "en")
    found = numbers.differences(source, target) + dates.differences(source, target)
    return [difference for difference in found if difference.code not in INFO]


def print_case(de: str, en: str, found: Iterable[Difference]) -> None:
    print(f"    DE {de}\n    EN {en}")
    for each in found:
        print("      ", each.code, each.source and each.source.text, "->", each.target and each.target.text)


def false_alarms(sets: Pairs, show: bool) -> None:
    print("\nFalse alarms per 100 good pairs")
    for name, pairs in sets.items():
        counts: Counter[str] = Counter()
        for de, en in pairs:
            found = alarms(de, en)
            counts.update(difference.code for difference in found)
            if show and found:
                print_case(de, en, found)
        per_kind = {
            kind: 100 * sum(count for code, count in counts.items() if code.startswith(kind)) / len(pairs)
            for kind in ("number", "date")
        }
        print(f"  {name:13} n={len(pairs):4}", *(f"{k}s {v:.2f}" for k, v in per_kind.items()), dict(counts))


def planted(sets: Pairs, show: bool) -> None:
    print(f"\nPlanted errors found (seed {SEED}; pairs that were silent before)")
    rng = random.Random(SEED)
    outcomes: dict[str, list[bool]] = {name: [] for name in PLANTS}
    silent = [(de, en) for pairs in sets.values() for de, en in pairs if not alarms(de, en)]
    for de, en in silent:
        for name, plant in PLANTS.items():
            for changed in sorted({plant(en, rng) or en for _ in range(PLANTS_PER_PAIR)} - {en}):
                outcomes[name].append(bool(alarms(de, changed)))
                if show and not outcomes[name][-1]:
                    print_case(de, f"[{name} missed] {changed}", ())
    for name, found in outcomes.items():
        print(f"  {name:8} {wilson(sum(found), len(found))}")


def demetr(data: Path, show: bool) -> None:
    print("\ndemetr-de, pair accuracy: silent on mt, alarm on pert_mt")
    results: dict[str, list[bool]] = {}
    for row in rows(data / "demetr-de" / "items.jsonl"):
        good, bad = alarms(row["de"], row["mt"]), alarms(row["de"], row["pert_mt"])
        results.setdefault(row["pert"], []).append(bool(bad) and not good)
        if show and row["pert"].startswith("critical_id10") and (good or not bad):
            print_case(row["de"], row["pert_mt"], good + bad)
    for kind, right in sorted(results.items()):
        if kind.startswith("critical_id10") or any(right):
            print(f"  {kind:30} {wilson(sum(right), len(right))}")


def salient(data: Path, show: bool) -> None:
    print("\nbbh-salient-errors: alarms of the number and date checks by class of the error")
    results: dict[str, list[bool]] = {}
    for row in rows(data / "bbh-salient-errors" / "items.jsonl"):
        found = alarms(row["de"], row["en"])
        results.setdefault(row["error"], []).append(bool(found))
        if show and (row["error"] == "Numerical Values") != bool(found):
            print_case(row["de"], row["en"], found)
    for kind, found_of in results.items():
        print(f"  {kind:26} {wilson(sum(found_of), len(found_of))}")


def speed(sets: Pairs) -> None:
    pairs = sets["wmt22 all A"][:1000]
    started = time.process_time()
    for de, en in pairs:
        alarms(de, en)
    print(f"\nSpeed: {time.process_time() - started:.2f} s CPU for {len(pairs)} pairs (numbers and dates)")


def main() -> None:
    given = options(__doc__)
    data, show = given.data, given.show
    sets = good_pairs(data)
    false_alarms(sets, show)
    planted(sets, show)
    demetr(data, show)
    salient(data, show)
    speed(sets)


if __name__ == "__main__":
    main()
