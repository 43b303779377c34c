"""Writes the table of variables in docs/environment.md from the options of the command line (`--print`: to stdout).

python tests/tools/make_environment_table.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from presseschau.cli.environment import variables

DOCS = Path(__file__).parents[2] / "docs" / "environment.md"
BEGIN, END = "<!-- variables: made by tests/tools/make_environment_table.py -->\n", "<!-- end of variables -->"


def table() -> str:
    """A row a variable: its names, the option, and what that says."""
    lines = ["| variable | option | |", "|---|---|---|"]
    for variable in variables():
        names = " or ".join(f"`{name}`" for name in variable.names)
        option = f"`{variable.option}`" if variable.option != "-" else "(a secret: no option)"
        lines.append(f"| {names} | {option} | {variable.says} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if "--print" in sys.argv:
        sys.stdout.write(table())
    else:
        text = DOCS.read_text("utf-8")
        before, _, rest = text.partition(BEGIN)
        DOCS.write_text(before + BEGIN + table() + END + rest.partition(END)[2], "utf-8")
