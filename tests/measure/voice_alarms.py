"""How many of the alarms about lost voices and hedges are right: people drop a third of them, so many are.

The verdicts are rows of `fixtures/facts/voice_alarms_judged.jsonl`, read and judged one by one by one judge (an AI
assistant, no second reader): `set`, `row` (0-based, in the set's file), `code`, `right` and a `reason`; no text.
Right: the German marks the statement as someone's words or as unsure, and the English says it as a fact. The script
prints the share that is right, of all judged alarms and of those still raised, and how many nobody has judged.
Run: python tests/measure/voice_alarms.py [--data DIR] [--show]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from outside import options, rows
from pairs import wilson

from presseschau.checks import check_pair

JUDGED = Path(__file__).parents[2] / "fixtures" / "facts" / "voice_alarms_judged.jsonl"
CODES = ("voice.lost", "hedge.lost")
Alarm = tuple[str, int, str]
"""(set, row, code)"""


def all_pairs(data: Path) -> dict[str, list[tuple[str, str]]]:
    """Every good pair in the order of its file."""
    wmt = rows(data / "wmt22-deen" / "segments.jsonl")
    return {
        "wmt22 A": [(r["src"], r["refA"]) for r in wmt],
        "wmt22 B": [(r["src"], r["refB"]) for r in wmt],
        "pud": [(r["de"], r["en"]) for r in rows(data / "pud-parallel" / "pairs.jsonl")],
        "ntrex": [(r["de"].strip(), r["en"].strip()) for r in rows(data / "ntrex-deen" / "segments.jsonl")],
    }


def alarms(sets: dict[str, list[tuple[str, str]]]) -> dict[Alarm, str]:
    """Each alarm, with its severity."""
    return {
        (name, row, finding.code): finding.severity
        for name, pairs in sets.items()
        for row, (de, en) in enumerate(pairs)
        for finding in check_pair(de, en)
        if finding.code in CODES
    }


def main() -> None:
    given = options(__doc__)
    sets = all_pairs(given.data)
    raised = alarms(sets)
    judged = {
        (item["set"], item["row"], item["code"]): item
        for item in map(json.loads, JUDGED.read_text("utf-8").splitlines())
    }
    print("alarms about voices and hedges on good pairs that are right, judged by hand")
    for title, keys in (("all judged", list(judged)), ("still raised", [key for key in judged if key in raised])):
        for code in (*CODES, ""):
            chosen = [judged[key]["right"] for key in keys if key[2].startswith(code)]
            print(f"   {title:14} {code or 'both':12} {wilson(sum(chosen), len(chosen))}")
    severe = [judged[key]["right"] for key in judged if raised.get(key) == "warning"]
    print(f"   {'still raised':14} {'as warning':12} {wilson(sum(severe), len(severe))}")
    new = [key for key in raised if key not in judged]
    print(f"not judged: {len(new)} of {len(raised)} alarms")
    if given.show:
        for key in new:
            de, en = sets[key[0]][key[1]]
            print(f"{key} {raised[key]}\n    {de}\n    {en}")


if __name__ == "__main__":
    main()
