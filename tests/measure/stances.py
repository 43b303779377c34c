"""How surely the German says it: stances read by code, against sentences labelled by hand.

The sentences are this project's own (fixtures/facts/stances.jsonl; what each stance means is said in the README there);
those of the set "second" were written after the rules. Prints accuracy, and per stance precision and recall.
Run: python tests/measure/stances.py [--show]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from pairs import wilson

from presseschau.facts.speech.german import stance
from presseschau.facts.speech.voices import voices_of

ROOT = Path(__file__).parents[2]
STANCES = ("asserted", "reported", "alleged", "planned", "predicted", "opinion")


def read(sentence: str) -> str:
    """What a claim of a model that names no stance would get."""
    return stance(sentence, voices_of([sentence])[0] is not None) or "asserted"


def scored(rows: list[dict[str, str]], show: bool) -> None:
    pairs = [(row["stance"], read(row["de"])) for row in rows]
    print(f"accuracy {wilson(sum(wanted == found for wanted, found in pairs), len(pairs))}")
    for name in STANCES:
        right = pairs.count((name, name))
        precision = wilson(right, sum(found == name for _, found in pairs))
        print(f"   {name:10} precision {precision:32} recall {wilson(right, sum(w == name for w, _ in pairs))}")
    for row, (wanted, found) in zip(rows, pairs, strict=True) if show else ():
        if wanted != found:
            print(f"   {found}, not {wanted}: {row['de']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="print what was read otherwise")
    show = parser.parse_args().show
    lines = (ROOT / "fixtures/facts/stances.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    for name in dict.fromkeys(row.get("set", "first") for row in rows):
        print(f"{name} set")
        scored([row for row in rows if row.get("set", "first") == name], show)


if __name__ == "__main__":
    main()
