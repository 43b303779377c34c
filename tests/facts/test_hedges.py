"""A hedge is kept by a hedge of its kind or by a word that says who says so."""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases, sure

from presseschau.facts import hedges


@pytest.mark.parametrize("case", cases("hedges"))
def test_pairs(case: dict[str, Any]) -> None:
    assert sure(hedges, "hedges", case["de"], case["en"]) == case["codes"]


def test_soll_is_never_sure() -> None:
    (fact,) = hedges.read("Er soll geflohen sein.", "de")
    assert (fact.kind, fact.value, fact.start, fact.end) == ("weak hedge", "reported", 3, 7)
