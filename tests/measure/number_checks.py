"""How well numbers and dates are read and compared: false alarms, planted errors, known errors, reader accuracy, speed.

    python tests/measure/number_checks.py [--data DIR] [--show]     DIR defaults to ../shared/data
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))
sys.path.insert(0, str(Path(__file__).parent))

from planted_numbers import PLANTS  # noqa: E402

from presseschau.facts import dates, numbers  # noqa: E402
from presseschau.facts.fact import Difference, Facts, Lang  # noqa: E402

INFO = {"number.converted"}
SEED = 20261122
PLANTS_PER_PAIR = 3


def read(text: str, lang: Lang) -> Facts:
    return Facts(text, lang, numbers=numbers.read(text, lang), dates=dates.read(text, lang))


def alarms(de: str, en: str) -> list[Difference]:
    source, target = read(de, "de"), read(en, "en")
    found = numbers.differences(source, target) + dates.differences(source, target)
    return [difference for difference in found if difference.code not in INFO]


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def wilson(hits: int, total: int) -> str:
    """Share and, below 100, its 95 % Wilson interval."""
    if not total:
        return "-"
    share = hits / total
    if total >= 100:
        return f"{100 * share:.1f} %"
    z = 1.96
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return f"{100 * share:.1f} % [{100 * (middle - half):.0f}-{100 * (middle + half):.0f}]"


def good_pairs(data: Path) -> dict[str, list[tuple[str, str]]]:
    pud = rows(data / "pud-parallel/pairs.jsonl")
    wmt = rows(data / "wmt22-deen/segments.jsonl")
    ntrex = rows(data / "ntrex-deen/segments.jsonl")
    return {
        "pud": [(str(row["de"]), str(row["en"])) for row in pud],
        "wmt22 refA": [(str(row["src"]), str(row["refA"])) for row in wmt],
        "wmt22 refB": [(str(row["src"]), str(row["refB"])) for row in wmt],
        "ntrex": [(str(row["de"]).strip(), str(row["en"]).strip()) for row in ntrex],
    }


def false_alarms(sets: dict[str, list[tuple[str, str]]], show: bool) -> None:
    print("\nFalse alarms per 100 good pairs (some are real errors of the reference)")
    for name, pairs in sets.items():
        counts: Counter[str] = Counter()
        for de, en in pairs:
            found = alarms(de, en)
            counts.update(difference.code for difference in found)
            if show and found:
                print_case(de, en, found)
        number = sum(count for code, count in counts.items() if code.startswith("number."))
        date = sum(count for code, count in counts.items() if code.startswith("date."))
        print(f"  {name:11} n={len(pairs)}  numbers {100 * number / len(pairs):.2f}  dates {100 * date / len(pairs):.2f}  {dict(counts)}")


def print_case(de: str, en: str, found: Iterable[Difference]) -> None:
    print(f"    DE {de}\n    EN {en}")
    for difference in found:
        print("      ", difference.code, difference.source and difference.source.text, difference.target and difference.target.text)


def planted(sets: dict[str, list[tuple[str, str]]], show: bool) -> None:
    print(f"\nPlanted errors found (seed {SEED}, pairs that were silent before)")
    rng = random.Random(SEED)  # noqa: S311
    tried: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    for pairs in sets.values():
        for de, en in pairs:
            if alarms(de, en):
                continue
            for name, plant in PLANTS.items():
                for changed in {plant(en, rng) for _ in range(PLANTS_PER_PAIR)} - {None, en}:
                    tried[name] += 1
                    found = bool(alarms(de, str(changed)))
                    hit[name] += found
                    if show and not found:
                        print(f"    missed {name}\n    DE {de}\n    EN {changed}")
    for name in PLANTS:
        print(f"  {name:8} {hit[name]:5} of {tried[name]:5}  {wilson(hit[name], tried[name])}")


def demetr(data: Path, show: bool) -> None:
    print("\ndemetr-de: silent on mt, alarm on pert_mt")
    by_kind: dict[str, list[tuple[bool, bool]]] = {}
    for row in rows(data / "demetr-de/items.jsonl"):
        good, bad = alarms(str(row["de"]), str(row["mt"])), alarms(str(row["de"]), str(row["pert_mt"]))
        by_kind.setdefault(str(row["pert"]), []).append((bool(good), bool(bad)))
        if show and str(row["pert"]).startswith("critical_id10") and (good or not bad):
            print_case(str(row["de"]), str(row["pert_mt"]), good + bad)
    for kind, results in sorted(by_kind.items()):
        pairs = sum(bad and not good for good, bad in results)
        if kind.startswith("critical_id10") or pairs:
            print(f"  {kind:40} pair accuracy {pairs} of {len(results)}  {wilson(pairs, len(results))}")


def salient(data: Path, show: bool) -> None:
    print("\nbbh-salient-errors: recall of number and date checks by class")
    totals: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for row in rows(data / "bbh-salient-errors/items.jsonl"):
        kind, found = str(row["error"]), alarms(str(row["de"]), str(row["en"]))
        totals[kind] += 1
        hits[kind] += bool(found)
        if show and (kind == "Numerical Values") != bool(found):
            print_case(str(row["de"]), str(row["en"]), found)
    for kind, total in totals.items():
        print(f"  {kind:28} {hits[kind]} of {total}  {wilson(hits[kind], total)}")


def speed(sets: dict[str, list[tuple[str, str]]]) -> None:
    pairs = sets["wmt22 refA"][:1000]
    started = time.process_time()
    for de, en in pairs:
        alarms(de, en)
    print(f"\nSpeed: {1000 * (time.process_time() - started) / len(pairs):.2f} s CPU for 1,000 pairs (numbers and dates)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--show", action="store_true", help="print every case behind the figures")
    options = parser.parse_args()
    if not options.data.is_dir():
        sys.exit(f"No data in {options.data}: name the folder with --data.")
    sets = good_pairs(options.data)
    false_alarms(sets, options.show)
    planted(sets, options.show)
    demetr(options.data, options.show)
    salient(options.data, options.show)
    speed(sets)


if __name__ == "__main__":
    main()
