"""Layout: how many units, dropped blocks and kept parts of the own articles and layout cases come out right.

python tests/measure/layout.py [--errors]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

from presseschau.ingest import read_article  # noqa: E402
from presseschau.models import Article  # noqa: E402

METADATA = ("headline", "topic", "published", "updated", "agency", "outlet", "author")


def compare(article: Article, expected: dict[str, Any]) -> list[tuple[str, bool, str]]:
    """(what, right?, detail) for every expectation about one article."""
    checks = []
    for name in METADATA:
        if name in expected:
            got = getattr(article, name)
            checks.append(("metadata", got == expected[name], f"{name}: {got!r} instead of {expected[name]!r}"))
    units = {(s.role, s.text) for s in article.sentences}
    wanted = {(role, text) for role, text in expected["roles"]}
    checks += [("unit", unit in units, f"missing {unit}") for unit in sorted(wanted)]
    checks += [("unit", False, f"extra {unit}") for unit in sorted(units - wanted)]
    whens = {str(s.n): s.when for s in article.sentences if s.when}
    checks += [
        ("time", whens.get(n) == when, f"when {n}: {whens.get(n)}") for n, when in expected.get("whens", {}).items()
    ]
    dropped = [d.text for d in article.dropped]
    for start in expected["dropped_contains"]:
        checks.append(("dropped", any(d.startswith(start) for d in dropped), f"not dropped: {start}"))
    checks += [
        ("dropped", any(d.startswith(start) for start in expected["dropped_contains"]), f"wrongly dropped: {d[:70]}")
        for d in dropped
    ]
    kept = {(k.role, k.text) for k in article.kept}
    for role, text in expected.get("kept", []):
        checks.append(("kept", (role, text) in kept, f"not kept: {role} {text[:70]}"))
    incomplete = any(f.code == "input.incomplete" for f in article.findings)
    checks.append(("incomplete", incomplete == expected["incomplete"], f"incomplete: {incomplete}"))
    return checks


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="print what came out wrong")
    args = parser.parse_args()
    totals: dict[str, list[int]] = {}
    for path in sorted((ROOT / "fixtures" / "articles" / "own").glob("*.expected.json")):
        expected = json.loads(path.read_text("utf-8"))
        name = path.name.removesuffix(".expected.json")
        article = read_article(path.with_name(f"{name}.txt").read_bytes(), source=name)
        for what, right, detail in compare(article, expected):
            total = totals.setdefault(what, [0, 0])
            total[0] += right
            total[1] += 1
            if args.errors and not right:
                print(f"{name}: {detail}")
    for what, (right, count) in sorted(totals.items()):
        print(f"{what:<12} {right:>4} of {count:>4} right")
    return 0


if __name__ == "__main__":
    sys.exit(main())
