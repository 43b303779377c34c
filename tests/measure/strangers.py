"""Another sentence's English: found by words alone, and with the sentence encoder; alarms on good pairs; CPU.

The English of each pair is that of the next one (neighbours in one article mostly), or of one 17 farther on. A pair
counts as found with `coverage.shifted`. Run: python tests/measure/strangers.py [--data DIR]
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from outside import options
from pairs import good_pairs, wilson

from presseschau.checks.pair.check import check_pairs
from presseschau.facts.encoder import Encoder, sentence_encoder

SETS = ("pud", "wmt22 news A", "wmt22 news B", "ntrex")
Pairs = list[tuple[str, str]]


def caught(pairs: Pairs, encoder: Encoder | None) -> int:
    return sum(any(f.code == "coverage.shifted" for f in found) for found in check_pairs(pairs, None, encoder))


def moved(pairs: Pairs, step: int) -> Pairs:
    return [(de, pairs[(i + step) % len(pairs)][1]) for i, (de, _) in enumerate(pairs)]


def report(name: str, pairs: Pairs, encoder: Encoder) -> None:
    print(name)
    for which, one in (("rules", None), ("rules and encoder", encoder)):
        alarms, found = caught(pairs, one), caught(moved(pairs, 1), one)
        far = caught(moved(pairs, 17), one)
        f1 = 2 * found / (2 * found + alarms + len(pairs) - found)
        print(
            f"   {which:18} next sentence's {wilson(found, len(pairs))}, another's {wilson(far, len(pairs))}, "
            f"alarms {wilson(alarms, len(pairs))}, F1 at one in two {100 * f1:.1f}"
        )


def speed(pairs: Pairs, encoder: Encoder) -> None:
    """Of pairs that were not read before, so that nothing is remembered."""
    encoder.vectors(["warm"])
    check_pairs(pairs[:50])
    half = len(pairs) // 2
    for which, some, one in (("rules", pairs[50:half], None), ("rules and encoder", pairs[half:], encoder)):
        begun = time.process_time()
        check_pairs(some, None, one)
        seconds = 1000 * (time.process_time() - begun) / len(some)
        print(f"   1,000 pairs, {which}: {seconds:.2f} s CPU")


def main() -> None:
    encoder = sentence_encoder()
    every = good_pairs(options(__doc__).data)
    speed(every["ntrex"], encoder)
    for name in SETS:
        report(name, every[name], encoder)


if __name__ == "__main__":
    main()
