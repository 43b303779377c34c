"""Acronyms that differ, that are written out, that are the same."""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases, sure

from presseschau.facts.names import acronyms


@pytest.mark.parametrize("case", cases("acronyms"))
def test_pairs(case: dict[str, Any]) -> None:
    assert sure(acronyms, "acronyms", case["de"], case["en"]) == case["codes"]


@pytest.mark.parametrize("case", cases("acronyms_known"))
def test_what_the_table_knows_is_found_under_each_english_name_and_missed_surely(case: dict[str, Any]) -> None:
    """Four of five rows of the table; the others are no capitals in German, or words of both languages."""
    for english in case["en"]:
        whole = f"{english}ation" if english.endswith("organi") else english
        assert sure(acronyms, "acronyms", f"{case['de']} meldet sich.", f"{whole} speaks.") == []
    assert sure(acronyms, "acronyms", f"{case['de']} meldet sich.", "Somebody speaks.") == ["name.missing"]


def test_the_value_is_the_english_acronym() -> None:
    found = acronyms.read("Die EZB und der EuGH, 5 EUR, Kapitel XIV", "de")
    assert [(fact.value, fact.text) for fact in found] == [("ECB", "EZB"), ("ECJ", "EuGH")]
