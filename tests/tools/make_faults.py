"""docs/faults.md, made from the tests: every fault that is tried, what happens, and which test holds it.

    PYTHONPATH=src python tests/tools/make_faults.py

A test says so with `@pytest.mark.fault(group, happens, name="...")`: one row for each of its cases, or one in all. What
happens may name parameters of the case (`{case.requests}`). `by` is the parameter that names a fault, if only one does.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "faults.md"
GROUPS = {
    "network": "The way to a server",
    "status": "What a server refuses",
    "limits": "Rate limits, quotas, moderation",
    "answers": "What a server answers",
    "money": "Money",
    "batches": "A provider's batches",
    "machine": "Processes, disks, signals",
    "input": "Inputs",
    "terminal": "Outputs and the terminal",
}
HEAD = """# What goes wrong, and what happens then

Made by `tests/tools/make_faults.py` from the tests, which try each of these faults over real HTTP, with real files or
real processes; do not edit it. {rows:,} rows. A request is tried again up to `Policy.attempts` times, here three; exit
codes are those of `presseschau --help`, classes those of `errors.py`.
"""


@dataclass(frozen=True)
class Row:
    group: str
    fault: str
    happens: str
    test: str


class Collector:
    """A pytest plugin that takes in the marked cases."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, str], Row] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            for marker in item.iter_markers("fault"):
                row = _row(item, *marker.args, **marker.kwargs)
                self.rows.setdefault((row.group, row.fault, row.test), row)


def _row(item: pytest.Item, group: str, happens: str, *, name: str = "", by: str = "") -> Row:
    assert group in GROUPS, f"{item.nodeid}: there is no group {group!r}"
    spec: Any = getattr(item, "callspec", None)
    case = "" if spec is None or by == "-" else str(spec.params[by]) if by else spec.id
    fault = ": ".join(filter(None, (name, case)))
    assert fault, f"{item.nodeid} needs a name"
    test = re.sub(r"\[.*", "", item.nodeid).removeprefix("tests/")
    happens = happens.format(**spec.params) if spec is not None else happens
    return Row(group, _cell(fault), _cell(happens), _cell(test.replace("::", " · ")))


def _cell(text: str) -> str:
    text = "".join(letter if letter.isprintable() else f"\\\\x{ord(letter):02x}" for letter in text)
    text = text if len(text) <= 160 else f"{text[:157]}..."
    return text.replace("|", "\\\\|").replace("<", "&lt;").strip()


def page() -> str:
    """The page as the tests say it now."""
    marked = [str(path) for path in sorted((ROOT / "tests").rglob("test_*.py")) if "mark.fault(" in path.read_text()]
    found = Collector()
    code = pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", "--no-header", *marked], plugins=[found])
    if code:
        raise SystemExit(code)
    parts = [HEAD.format(rows=len(found.rows))]
    for group, title in GROUPS.items():
        rows = sorted((row for row in found.rows.values() if row.group == group), key=lambda row: (row.test, row.fault))
        lines = [f"| {row.fault} | {row.happens} | {row.test} |" for row in rows]
        parts.append("\n".join([f"\n## {title}\n", "| fault | what happens | test |", "|---|---|---|", *lines, ""]))
    return "".join(parts)


def made_in_another_process() -> str:
    """The page; within a run of pytest, another one cannot be begun."""
    made = subprocess.run(
        [sys.executable, __file__, "--print"], capture_output=True, text=True, check=True, encoding="utf-8", cwd=ROOT
    )
    return made.stdout.split("\f", 1)[1]


if __name__ == "__main__":
    text = page()
    if "--print" in sys.argv:
        print("\f" + text, end="")
    else:
        PAGE.write_text(text, encoding="utf-8")
        print(f"{text.count(chr(10) + '| ') - 2 * len(GROUPS)} rows")
