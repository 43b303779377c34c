"""Through whom words came, and on whose word they rest."""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases

from presseschau.facts.speech.german import passed_on, relied_on


@pytest.mark.parametrize("case", cases("chain"))
def test_chain(case: dict[str, Any]) -> None:
    sentence, speaker = case["sentence"], case["speaker"]
    start = sentence.index(speaker)
    source = relied_on(sentence)

    found = passed_on(sentence, (start, start + len(speaker)))

    assert [sentence[slice(*place)] for place in found] == case["passed_on"]
    assert (sentence[slice(*source)] if source else None) == case["relied_on"]


def test_nobody_passes_on_what_nobody_says() -> None:
    assert passed_on("Laut Polizei ist alles ruhig.", None) == ()
