"""How surely a sentence says it: own sentences labelled by hand, at least a hundred."""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases
from hypothesis import given
from hypothesis import strategies as st

from presseschau.facts.speech.stances import stance
from presseschau.facts.speech.voices import voices_of


@pytest.mark.parametrize("case", cases("stances"))
def test_stance(case: dict[str, Any]) -> None:
    read = stance(case["de"], voices_of([case["de"]])[0] is not None)
    assert (read or "asserted") == case["stance"]


def test_a_hundred_sentences_are_labelled() -> None:
    assert len({case.values[0]["de"] if hasattr(case, "values") else case["de"] for case in cases("stances")}) >= 100


@given(st.text(alphabet="aensoll habenwirdt,.;: dürfte mit vor „“", max_size=400))
def test_any_text_is_read_in_time(text: str) -> None:
    assert stance(text, voiced=False) in (None, "alleged", "opinion", "predicted", "planned", "reported")
