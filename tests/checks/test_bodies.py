"""Bodies and roles that have no name of their own: their English, and whether an English speaker is one of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from presseschau.checks.bodies import same_body
from presseschau.checks.english_name import english_name

CASES = Path(__file__).parents[2] / "fixtures/checks/english_speakers.jsonl"


@pytest.mark.parametrize("case", [json.loads(line) for line in CASES.read_text("utf-8").splitlines()])
def test_the_english_of_a_mention(case: dict[str, Any]) -> None:
    assert english_name(case["de"]) == case["en"]


@pytest.mark.parametrize(
    ("speaker", "german", "same"),
    [
        ("a spokesman for the Kiel public prosecutor's office", "ein Sprecher der Staatsanwaltschaft Kiel", True),
        ("a spokesman for the Berlin police", "ein Sprecher der Staatsanwaltschaft Kiel", False),
        ("the Lübeck police", "die Polizei Kiel", False),
        ("the State Criminal Police Office", "Das Landeskriminalamt", True),
        ("the committee", "des Komitees", True),
        ("the police", "die Feuerwehr", False),
        ("the mayor", "Waldaufsicht", False),
    ],
)
def test_an_english_speaker_is_the_body(speaker: str, german: str, same: bool) -> None:
    assert same_body(speaker, german) == same
