"""A hedge is kept by a hedge of its kind or by a word that says who says so."""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases, sure

from presseschau.facts.polarity import hedges


@pytest.mark.parametrize("case", cases("hedges"))
def test_pairs(case: dict[str, Any]) -> None:
    assert sure(hedges, "hedges", case["de"], case["en"]) == case["codes"]


@pytest.mark.parametrize(
    ("text", "kind"), [("Er soll fliehen.", "weak hedge"), ("Er soll im Mai geflohen sein.", "hedge")]
)
def test_soll_is_sure_with_a_perfect_infinitive_only(text: str, kind: str) -> None:
    (fact,) = hedges.read(text, "de")
    assert (fact.kind, fact.value, fact.start, fact.end) == (kind, "reported", 3, 7)
