"""False alarms and planted errors found on pairs that were written before the rules were read (`fixtures/checks`).

A planted error counts as found if its pair has an error or a warning that the good translation of the same German has
not. python tests/measure/unseen.py [--show] [FILE]
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from presseschau.checks import check_pair

LOT = Path(__file__).parents[2] / "fixtures" / "checks" / "unseen_third.jsonl"


def codes(de: str, en: str) -> dict[str, str]:
    """Code -> message of the errors and warnings."""
    return {item.code: item.message for item in check_pair(de, en) if item.severity != "info"}


def main() -> None:
    """Print both figures, planted errors by kind; with --show each alarm and each miss."""
    show = "--show" in sys.argv
    files = [Path(name) for name in sys.argv[1:] if not name.startswith("--")]
    rows = [json.loads(line) for line in (files[0] if files else LOT).read_text("utf-8").splitlines()]
    good = {row["de"]: codes(row["de"], row["en"]) for row in rows if row["planted"] is None}
    alarms = {de: found for de, found in good.items() if found}
    print(f"good pairs {len(good)}, with an error or a warning {len(alarms)} ({100 * len(alarms) / len(good):.1f} %)")
    english = {row["de"]: row["en"] for row in rows if row["planted"] is None}
    for de, found in alarms.items() if show else ():
        print(f"  ALARM {found}\n    {de}\n    {english[de]}")
    planted, seen = Counter[str](), Counter[str]()
    for row in rows:
        if row["planted"] is not None:
            planted[row["planted"]] += 1
            if codes(row["de"], row["en"]).keys() - good.get(row["de"], {}).keys():
                seen[row["planted"]] += 1
            elif show:
                print(f"  MISSED {row['planted']}\n    {row['de']}\n    {row['en']}")
    print(f"planted errors found {seen.total()} of {planted.total()}")
    print("  " + ", ".join(f"{kind} {seen[kind]} of {planted[kind]}" for kind in planted))


if __name__ == "__main__":
    main()
