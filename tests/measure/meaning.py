"""Wrong translations found and right ones left in peace, by kind, on pairs written before their rules.

    python tests/measure/meaning.py [--show] [FILE.jsonl ...]      (default: fixtures/checks/meaning/*.jsonl)

A row: `de`, `en`, `kind`, `expect` (finding: the English is wrong; none: it is right). Found: an error or a warning.
Each row is also counted against its twin (same German): told apart means the wrong one is found, the right one silent.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

from presseschau.checks import check_pair  # noqa: E402

LOTS = ROOT / "fixtures" / "checks" / "meaning"


def measure(path: Path, show: bool) -> None:
    total: Counter[tuple[str, str]] = Counter()
    loud: Counter[tuple[str, str]] = Counter()
    verdict: dict[str, dict[str, bool]] = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        kind, expect = row.get("kind", ""), row["expect"]
        codes = sorted({f.code for f in check_pair(row["de"], row["en"]) if f.severity in ("error", "warning")})
        total[kind, expect] += 1
        loud[kind, expect] += bool(codes)
        verdict.setdefault(row["de"], {})[expect] = bool(codes)
        if show and bool(codes) != (expect == "finding"):
            print("alarm " if codes else "missed", row["de"], "|", row["en"], "|", ", ".join(codes))
    print(f"{path.stem:20} {'found':>10} {'cries wolf':>12}")
    for kind in dict.fromkeys(kind for kind, _ in total):
        found, wolf = (f"{loud[kind, e]}/{total[kind, e]}" for e in ("finding", "none"))
        print(f"  {kind:18} {found:>10} {wolf:>12}")
    found, wolf = (
        f"{sum(n for (_, e), n in loud.items() if e == x)}/{sum(n for (_, e), n in total.items() if e == x)}"
        for x in ("finding", "none")
    )
    twins = [twin for twin in verdict.values() if len(twin) == 2]
    apart = sum(twin["finding"] and not twin["none"] for twin in twins)
    print(f"  {'in all':18} {found:>10} {wolf:>12}   told apart {apart}/{len(twins)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--show", action="store_true", help="each pair that is missed and each false alarm")
    options = parser.parse_args()
    for path in options.files or sorted(LOTS.glob("*.jsonl")):
        measure(path, options.show)


if __name__ == "__main__":
    main()
