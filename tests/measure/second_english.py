"""How often `reader.differs` speaks, where another translator is played by a second good English of the same sentence.

WMT22 news (two references, three systems; research use, not copied): each as ours and as the other's. DEMETR: a
reference as the other's, a good translation and the same with one error as ours. Firefox's translator is not asked.
Run: python tests/measure/second_english.py [--data DIR]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from outside import add_data
from pairs import wilson

from presseschau.checks.bitext import bitext
from presseschau.checks.pair.second_english import differs, words_alone


def grade(german: str, ours: str, theirs: str) -> str:
    return next((item.severity for item in differs(german, ours, theirs, "The other")), "")


def said(name: str, grades: list[str]) -> None:
    counts = Counter(grades)
    shown = ", ".join(f"{kind} {wilson(counts[kind], len(grades))}" for kind in ("warning", "info"))
    print(f"{name:42} {shown}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data(parser)
    parser.add_argument("--most", type=int, default=500, help="sentences of a set")
    options = parser.parse_args()
    rows = [json.loads(line) for line in _file(options.data / "wmt22-deen").read_text("utf-8").splitlines()]
    rows = rows[:: max(1, len(rows) // options.most)]
    for ours, theirs in (("refA", "refB"), ("refB", "refA"), ("Online-W", "Online-B"), ("Online-W", "refA")):
        pairs = [(row["src"], _text(row, ours), _text(row, theirs)) for row in rows]
        said(f"good: {ours} beside {theirs}", [grade(*pair) for pair in pairs])
        alone = Counter(min(6, len(words_alone(bitext(de, en), bitext(de, other)))) for de, en, other in pairs)
        print("    words alone:", dict(sorted(alone.items())))
    kinds: dict[str, list[tuple[str, str]]] = defaultdict(list)
    items = [json.loads(line) for line in _file(options.data / "demetr-de").read_text("utf-8").splitlines()]
    for item in items[:: max(1, len(items) // options.most)]:
        de, good, bad, other = (item[name] for name in ("de", "mt", "pert_mt", "ref"))
        kinds[item["pert"]].append((grade(de, good, other), grade(de, bad, other)))
    for kind, pairs_of_kind in kinds.items():
        said(f"{kind}: good", [good for good, _ in pairs_of_kind])
        said(f"{kind}: wrong", [bad for _, bad in pairs_of_kind])


def _file(folder: Path) -> Path:
    return next(iter(sorted(folder.glob("*.jsonl"))))


def _text(row: dict[str, object], name: str) -> str:
    systems = row["sys"]
    assert isinstance(systems, dict)
    return str(row.get(name) or systems[name])


if __name__ == "__main__":
    main()
