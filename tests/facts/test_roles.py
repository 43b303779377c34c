"""Offices beside names (fixtures/facts/roles_pairs.jsonl)."""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases, sure

from presseschau.facts.names import roles


@pytest.mark.parametrize("case", cases("roles_pairs"))
def test_pairs(case: dict[str, Any]) -> None:
    assert sure(roles, "roles", case["de"], case["en"]) == case["codes"]


def test_the_text_of_a_role_is_the_name_beside_it() -> None:
    text = "Bundeskanzlerin Angela Merkel und der US-Präsident Joe Biden"

    found = roles.read(text, "de")

    assert [(fact.value, fact.text) for fact in found] == [("chancellor", "Angela Merkel"), ("president", "Joe Biden")]
    assert all(text[fact.start : fact.end] == fact.text for fact in found)
