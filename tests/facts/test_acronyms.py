"""Acronyms that differ, that are written out, that are the same."""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases, sure

from presseschau.facts import acronyms


@pytest.mark.parametrize("case", cases("acronyms"))
def test_pairs(case: dict[str, Any]) -> None:
    assert sure(acronyms, "acronyms", case["de"], case["en"]) == case["codes"]


def test_the_value_is_the_english_acronym() -> None:
    found = acronyms.read("Die EZB und der EuGH, 5 EUR, Kapitel XIV", "de")
    assert [(fact.value, fact.text) for fact in found] == [("ECB", "EZB"), ("ECJ", "EuGH")]
