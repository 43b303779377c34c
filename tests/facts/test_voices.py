"""Who says it: cues, speakers with their places, speakers carried over from the sentences before."""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases

from presseschau.facts.speech import voices


@pytest.mark.parametrize("case", cases("voices"))
def test_voices_of(case: dict[str, Any]) -> None:
    found = voices.voices_of(case["sentences"], case.get("paragraphs"))
    assert [voice and [voice.kind, voice.speaker, voice.sentence] for voice in found] == case["voices"]
    for voice in found:
        if voice and voice.sentence is not None:
            assert case["sentences"][voice.sentence][voice.start : voice.end] == voice.speaker


def test_a_speaker_is_not_carried_for_ever() -> None:
    said = ["Laut Anna Berg ist das so.", *["Es regnet."] * (voices.CARRIED_AT_MOST + 1), "Es sei kalt."]
    far = voices.voices_of(said)[-1]
    near = voices.voices_of([said[0], said[-1]])[-1]
    assert far is not None
    assert far.speaker is None
    assert near is not None
    assert near.speaker == "Anna Berg"


def test_no_sentences_no_voices() -> None:
    assert voices.voices_of([]) == ()
    assert voices.voices_of([""]) == (None,)
