"""What an error is worth: for every code of a pair that is an error anywhere, how often it is right.

Good: PUD, WMT22 news, NTREX and Europarl, professional translations; every alarm on them counts as false, though some
are slips of the translator. Wrong: DEMETR and BBH, figures, denials, German words and phrases planted in or cut out of
the good ones, English of another sentence, the wrong rows of `fixtures/checks/meaning`; found is what the right English
does not have. Precision is for as many wrong pairs as good ones: found in 100 wrong ones, over that and alarms in 100
good ones. An error should be right in at least 95 of 100. Codes of claims are measured by `claims_spoiled.py`.
Run: python tests/measure/severities.py [--data DIR] [--show]
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from detection import drop
from german_left import english_of, planted
from negation import without_negation
from outside import ROOT, options, rows
from pairs import good_pairs
from planted_numbers import PLANTS

from presseschau.checks import check_pair

GOOD = ("pud", "wmt22 news A", "wmt22 news B", "ntrex", "europarl")
STEP = 4
"""Every so many good pairs are damaged, each in all the ways that it can be."""
GRADES = ("error", "warning")
Wrong = tuple[str, str, str]
"""German, right English, wrong English."""


def wrong_pairs(data: Path, good: list[tuple[str, str]]) -> Iterator[Wrong]:
    for row in rows(data / "demetr-de" / "items.jsonl"):
        if row["pert"].startswith(("critical", "major", "base_id33")):
            yield row["de"], row["mt"], row["pert_mt"]
    for row in rows(data / "bbh-salient-errors" / "items.jsonl"):
        yield row["de"], "", row["en"]
    for path in sorted((ROOT / "fixtures" / "checks" / "meaning").glob("*.jsonl")):
        twins: dict[str, dict[str, str]] = {}
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            twins.setdefault(row["de"], {})[row["expect"]] = row["en"]
        yield from ((de, twin.get("none", ""), twin["finding"]) for de, twin in twins.items() if "finding" in twin)
    rng, english = random.Random(20261130), english_of(good)
    for i, (de, en) in enumerate(good[::STEP]):
        left = planted(de, en, english, rng)
        other = good[(i * STEP + 17) % len(good)][1]
        ways = [plant(en, rng) for plant in PLANTS.values()]
        ways += [without_negation(en), drop(en, rng), left[0] if left else None, other, ""]
        yield from ((de, en, text) for text in ways if text is not None and text != en)


def fired(de: str, en: str) -> set[tuple[str, str]]:
    return {(f.code, f.severity) for f in check_pair(de, en) if f.severity in GRADES} if en or de else set()


def main() -> None:
    given = options(__doc__)
    sets = good_pairs(given.data)
    good = [pair for name in GOOD for pair in sets.get(name, [])]
    alarms: Counter[tuple[str, str]] = Counter()
    right: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for de, en in good:
        right[de, en] = found = fired(de, en)
        alarms.update(found)
        if given.show:
            print(*(f"{code}: {de} | {en}" for code, grade in sorted(found) if grade == "error"), sep="\n", end="")
    hits: Counter[tuple[str, str]] = Counter()
    total = 0
    for de, sound, text in wrong_pairs(given.data, good):
        total += 1
        before = (right[de, sound] if (de, sound) in right else fired(de, sound)) if sound else set()
        hits.update(fired(de, text) - before)
    print(f"{len(good)} good pairs, {total} wrong ones; precision for as many of the one as of the other")
    print(f"{'code':24} {'grade':8} {'alarms':>7} {'found':>7} {'precision':>10}")
    for code, grade in sorted({*alarms, *hits}):
        share, false = hits[code, grade] / total, alarms[code, grade] / len(good)
        precision = 100 * share / (share + false)
        low = "   below 95" if grade == "error" and precision < 95 else ""
        print(f"{code:24} {grade:8} {alarms[code, grade]:7} {hits[code, grade]:7} {precision:8.1f} %{low}")


if __name__ == "__main__":
    main()
