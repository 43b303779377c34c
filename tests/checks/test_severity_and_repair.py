"""The one table of codes: every code is graded, worded for repair and documented; a repair is kept only if better."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

from presseschau.checks import badness, better
from presseschau.findings import CODES, ROWS, Found, flag
from presseschau.models import Span

ROOT = Path(__file__).parents[2]
REPAIR = ROOT / "prompts" / "repair"
VARIABLES = {"n", "de", "en", "message", "source", "target"}
OTHERS = {"note.css", "note.html", "note.json", "content.xml", "date.issue", "date.publication", "date.release"}
"""Names of files, and of elements of NITF."""
RANK = {"info": 0, "warning": 1, "error": 2}
_CODE = re.compile(
    r"(?:coverage|language|content|repetition|number|date|place|name|acronym|negation|direction|role|agent|hedge|voice"
    r"|quote|glossary|speaker|evidence|citation|note|translation|input|task|review)\.[a-z]+"
)


@pytest.mark.parametrize("code", [row.name for row in ROWS if row.repair])
def test_every_code_that_is_asked_again_has_its_repair_wording(code: str) -> None:
    file = REPAIR / ("note" if code.startswith("citation.") else "") / f"{code}.txt"
    text = file.read_text("utf-8")

    assert set(string.Template(text).get_identifiers()) <= VARIABLES
    assert len(text) < 200  # a small model reads it


def test_every_repair_wording_is_that_of_a_code() -> None:
    files = {path.stem for path in REPAIR.rglob("*.txt")} - {"default", "answer.malformed", "answer.truncated"}

    assert {name for name in files if name not in CODES} == set()


def test_a_code_that_came_later_says_since_when() -> None:
    """Else a run begun before would not go on: its settings count the wording that it can use."""
    since = {row.name for row in ROWS if row.since}
    first = {path.stem for path in (ROOT / "fixtures/continuity/prompts/repair").glob("*.txt")}

    assert {path.stem for path in REPAIR.glob("*.txt")} - first == since & {row.name for row in ROWS if row.repair}, (
        "a new row of ROWS needs since='VERSION', the version that will be the first with it, and a file "
        "prompts/repair/CODE.txt (or repair=False)"
    )


def test_claims_and_notes_are_judged_at_least_as_hard_as_pairs() -> None:
    for row in ROWS:
        assert RANK[row.severity("pair")] <= RANK[row.severity("claim")] <= RANK[row.severity("note")]
    assert flag("name.added", "x").severity == "warning"
    assert flag("name.added", "x", scope="claim").severity == "error"


def test_a_message_has_the_words_of_both_sides_without_being_given_them() -> None:
    found = flag("quote.lost", de=Span(start=0, end=3, text="Das"), scope="claim")

    assert found.message == "The German quotes “Das”; the claim has no quotation."


def test_a_code_stands_in_one_row_and_one_without_a_row_is_refused() -> None:
    assert len(CODES) == len(ROWS)
    with pytest.raises(KeyError):
        flag("no.such.code")


def test_every_code_of_the_program_has_a_row_and_findings_are_made_in_one_place() -> None:
    """The strings of the code that look like codes, and calls of Finding, are read from the sources."""
    strange, made = set(), set()
    for path in (ROOT / "src" / "presseschau").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value):
                strange |= {node.value} - set(CODES)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
                made.add(path.name)
    assert strange - OTHERS == set()
    assert made == {"findings.py"}


def test_the_table_of_the_docs_is_made_from_the_rows() -> None:
    made = subprocess.run(
        [sys.executable, str(ROOT / "tests/tools/make_codes_table.py"), "--print"], capture_output=True, check=True
    ).stdout.decode()

    assert made.strip() in (ROOT / "docs" / "checks.md").read_text("utf-8")


def test_better_means_fewer_errors_then_fewer_warnings() -> None:
    error, warning = Found("number.missing", "error", "x"), Found("voice.lost", "warning", "x")
    info = Found("number.converted", "info", "x")

    assert badness([error, warning, info]) == (1, 1)
    assert better([warning, warning], [error])
    assert better([], [warning])
    assert not better([info], [])
    assert not better([error], [warning, warning])
    assert better([warning] * 3, [error, warning])
    assert not better([warning] * 3, [error])  # an error that went by writing about something else
