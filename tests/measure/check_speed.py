"""How long the checks of 1,000 sentence pairs take on one core, by check; the goal is under 2 seconds.

Every measurement runs in a fresh process state of caches: the pairs differ, so caching does not flatter it. The tables
are loaded before (they cost once a run); that cost is printed too. Processor time, so a busy machine does not count.
Run: python tests/measure/check_speed.py [--data DIR]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from outside import options
from pairs import good_pairs

from presseschau.checks import check_glossary, check_pair, house_glossary
from presseschau.checks.agreement import agreement
from presseschau.checks.bitext import Bitext, bitext
from presseschau.checks.meta import meta
from presseschau.checks.pair.another_language import in_another_language
from presseschau.checks.pair.leaks import repetition
from presseschau.checks.pair.omission import omission
from presseschau.checks.pair.shifted import unrelated
from presseschau.checks.pair.untranslated import german_left

COUNT = 1000
PARTS: dict[str, Callable[[Bitext], object]] = {
    "numbers ... quotations": agreement,
    "untranslated": lambda pair: in_another_language(pair) or german_left(pair),
    "omission": omission,
    "unrelated (after omission)": unrelated,
    "repetition": repetition,
    "talk about the task": meta,
    "built-in glossary": lambda pair: check_glossary(pair.de, pair.en, house_glossary()),
}


def main() -> None:
    pairs = good_pairs(options(__doc__).data)["ntrex"]
    started = time.process_time()
    check_pair("Der Bund zahlt am Montag 9 Milliarden Euro.", "The federal government is paying 9 billion euros.")
    print(f"{'first pair (tables are loaded)':30}{time.process_time() - started:8.2f} s")
    started = time.process_time()
    for de, en in pairs[:COUNT]:
        check_pair(de, en)
    print(f"{'1,000 pairs, all checks':30}{time.process_time() - started:8.2f} s")
    for name, check in PARTS.items():  # pairs not seen before, or seen too long ago to be cached
        started = time.process_time()
        for de, en in pairs[len(pairs) - COUNT + 3 :]:
            check(bitext(de, en))
        print(f"   {name:27}{time.process_time() - started:8.2f} s")


if __name__ == "__main__":
    main()
