"""Writes the table of codes in docs/checks.md from the rows of presseschau.findings (`--print`: to stdout).

python tests/tools/make_codes_table.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from presseschau.findings import ROWS

DOCS = Path(__file__).parents[2] / "docs" / "checks.md"
BEGIN, END = "<!-- codes: made by tests/tools/make_codes_table.py -->\n", "<!-- end of codes -->"


def table() -> str:
    """A row a code: its severities for pairs, for claims and for notes, and what it says."""
    lines = ["| code | pair | claim | note | says |", "|---|---|---|---|---|"]
    for row in ROWS:
        grades = (row.severity("pair"), row.severity("claim"), row.severity("note"))
        lines.append(f"| `{row.name}` | {' | '.join(grades)} | {row.says} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if "--print" in sys.argv:
        sys.stdout.write(table())
    else:
        text = DOCS.read_text("utf-8")
        before, _, rest = text.partition(BEGIN)
        DOCS.write_text(before + BEGIN + table() + END + rest.partition(END)[2], "utf-8")
