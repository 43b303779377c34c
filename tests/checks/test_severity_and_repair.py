"""The one table of codes: every code is graded, worded for repair, and a repair is kept only if it is better."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from presseschau.checks import badness, better, severity
from presseschau.checks.finding import finding
from presseschau.checks.severity import CLAIM, PAIR

REPAIR = Path(__file__).parents[2] / "prompts" / "repair"
ASKED_AGAIN = sorted({*PAIR, *CLAIM} - {"input.row"})
VARIABLES = {"n", "de", "en", "message", "source", "target"}


@pytest.mark.parametrize("code", [code for code in ASKED_AGAIN if CLAIM[code] != "info"])
def test_every_grave_code_has_its_repair_wording(code: str) -> None:
    text = (REPAIR / f"{code}.txt").read_text("utf-8")

    assert set(string.Template(text).get_identifiers()) <= VARIABLES
    assert len(text) < 200  # a small model reads it


def test_claims_are_judged_at_least_as_hard_as_pairs() -> None:
    rank = {"info": 0, "warning": 1, "error": 2}

    assert all(rank[CLAIM[code]] >= rank[grade] for code, grade in PAIR.items())
    assert severity("name.added") == "warning"
    assert severity("name.added", "claim") == "error"
    assert severity("no.such.code") == "warning"


def test_better_means_fewer_errors_then_fewer_warnings() -> None:
    error, warning = finding("number.missing", "x"), finding("voice.lost", "x")
    info = finding("number.converted", "x")

    assert badness([error, warning, info]) == (1, 1)
    assert better([warning, warning], [error])
    assert better([], [warning])
    assert not better([info], [])
    assert not better([error], [warning, warning])
    assert not better([warning] * 3, [error])  # an error that went by writing about something else
    assert better([warning] * 3, [error, warning])
