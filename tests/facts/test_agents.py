"""Who does it to whom (fixtures/facts/agents_pairs.jsonl)."""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases, sure

from presseschau.facts.polarity import agents


@pytest.mark.parametrize("case", cases("agents_pairs"))
def test_pairs(case: dict[str, Any]) -> None:
    assert sure(agents, "agents", case["de"], case["en"]) == case["codes"]


def test_the_two_stand_where_they_say() -> None:
    text = "US-Präsident Trump lobt den Kanzler Merz."

    found = agents.read(text, "de")

    assert [(fact.kind, fact.text) for fact in found] == [("agent", "Trump"), ("patient", "Merz")]
    assert all(text[fact.start : fact.end] == fact.text for fact in found)
