"""Denials of a claim against the clauses that it tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from presseschau.checks.bitext import bitext
from presseschau.checks.claim.denial import denials

CASES = Path(__file__).parents[2] / "fixtures" / "checks" / "denial.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row["en"][:50] for row in ROWS])
def test_denial(row: dict[str, Any]) -> None:
    found = list(denials(bitext(row["de"], row["en"])))

    assert [(item.code, item.severity) for item in found] == ([(row["code"], row["severity"])] if row["code"] else [])
    assert all(row["de"][item.de_span.start : item.de_span.end] == item.de_span.text for item in found if item.de_span)
    assert all(row["en"][item.en_span.start : item.en_span.end] == item.en_span.text for item in found if item.en_span)
