"""How surely a sentence says it: own sentences labelled by hand, at least a hundred."""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases
from hypothesis import given
from hypothesis import strategies as st

from presseschau.facts.speech.german import stance
from presseschau.facts.speech.voices import voices_of


@pytest.mark.parametrize("case", cases("stances"))
def test_stance(case: dict[str, Any]) -> None:
    read = stance(case["de"], voices_of([case["de"]])[0] is not None)
    assert (read or "asserted") == case["stance"]


@pytest.mark.parametrize(
    "german",
    [
        "Der Trainer nannte die Vorwürfe „absurd“, der Spieler soll Geld genommen haben.",
        "Die Firma soll Abfälle vergraben haben, die Gewerkschaft fordert Aufklärung.",
        "Er soll die Kasse geleert haben; ein Urteil wird für Mai erwartet.",
        "Nach Ansicht der Anklage hat er angeblich alles geplant.",
        "Laut Polizei steht der Mann im Verdacht, er habe die Tat geplant.",
    ],
)
def test_alleged_wins_over_every_other_stance(german: str) -> None:
    assert stance(german, voiced=True) == stance(german, voiced=False) == "alleged"


def test_a_hundred_sentences_are_labelled() -> None:
    assert len({case.values[0]["de"] if hasattr(case, "values") else case["de"] for case in cases("stances")}) >= 100


@given(st.text(alphabet="aensoll habenwirdt,.;: dürfte mit vor „“", max_size=400))
def test_any_text_is_read_in_time(text: str) -> None:
    assert stance(text, voiced=False) in (None, "alleged", "opinion", "predicted", "planned", "reported")
