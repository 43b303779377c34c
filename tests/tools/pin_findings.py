"""Pins what the checks find today in fixtures/checks/pinned*.jsonl, and prints what that changes.

    PYTHONPATH=src python tests/tools/pin_findings.py            # pin anew, print the difference: review it, commit it
    PYTHONPATH=src python tests/tools/pin_findings.py --check    # print the difference only, exit 1 if there is any
    PYTHONPATH=src python tests/tools/pin_findings.py --add pinned.jsonl fixtures/checks/news.jsonl

A row holds its own text, so a pin changes only if the program does. `--add` takes up the rows of a JSONL file that are
not pinned yet: {"de", "en"} into pinned.jsonl; {"article", "text", "sentences"} into pinned_claims.jsonl ("speaker", if
it is a claim and no point); {"text", "claims"} into pinned_notes.jsonl; {"article", "spoilt", "at"} into
pinned_translations.jsonl; {"article", "n"} or {"sentences"} into pinned_voices.jsonl. `set` is the row's own or the
name of the file. A merge conflict in a file of pins: take either side, then pin anew.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from pinned import FIXTURES, PINS, Row, changes, rows, told

INPUT = {
    "pinned.jsonl": ("de", "en"),
    "pinned_claims.jsonl": ("article", "text", "sentences", "speaker"),
    "pinned_notes.jsonl": ("text", "claims"),
    "pinned_translations.jsonl": ("article", "spoilt", "at"),
    "pinned_voices.jsonl": ("article", "n", "sentences", "paragraphs", "cited", "de", "en"),
}
"""The keys that a row of each file is given; `set` and `found` stand around them."""


def write(name: str, pinned: list[Row]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in pinned)
    (FIXTURES / "checks" / name).write_text(text, "utf-8")


def add(name: str, path: Path) -> None:
    """Takes up the rows of `path` whose input is not in the file yet."""
    pinned = rows(name) if (FIXTURES / "checks" / name).exists() else []
    known = {_input(name, row) for row in pinned}
    new = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for row in new:
        if _input(name, row) not in known and any(key in row for key in ("de", "article", "sentences", "claims")):
            known.add(_input(name, row))
            given = {key: row[key] for key in INPUT[name] if key in row}
            pinned.append({"set": row.get("set", path.stem), **given, "found": PINS[name](given)})
    write(name, pinned)


def _input(name: str, row: Row) -> str:
    return json.dumps([row.get(key) for key in INPUT[name]])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--check", action="store_true", help="change no file")
    options.add_argument("--add", nargs=2, metavar=("PINS", "FILE"), action="append", default=[])
    given = options.parse_args()
    for name, path in given.add:
        add(name, Path(path))
    changed = 0
    for name in PINS:
        pinned = rows(name)
        codes: Counter[str] = Counter()
        new = {id(row): now for row, now in changes(name, pinned)}
        for row in pinned:
            if id(row) in new:
                print(told(row, new[id(row)]))
                before, after = Counter(map(_code, row["found"])), Counter(map(_code, new[id(row)]))
                codes.update({f"+ {code}": n for code, n in (after - before).items()})
                codes.update({f"- {code}": n for code, n in (before - after).items()})
                row["found"] = new[id(row)]
        if new and not given.check:
            write(name, pinned)
        changed += len(new)
        print(f"{name}: {len(pinned)} rows, {len(new)} changed", *sorted(f"{code} x{n}" for code, n in codes.items()))
    sys.exit(1 if given.check and changed else 0)


def _code(found: str | Row) -> str:
    """Severity and code of a finding; what is read beside a claim has none."""
    return " ".join(found.split()[:2]) if isinstance(found, str) else "read"


if __name__ == "__main__":
    main()
