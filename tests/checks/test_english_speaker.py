"""The speaker in English, as the translation of the sentence words it."""

from __future__ import annotations

import pytest

from presseschau.checks.english_speaker import english_speaker, in_german
from presseschau.checks.grounding import grounded
from presseschau.ingest import read_article
from presseschau.models import Claim, Evidence


@pytest.mark.parametrize(
    ("english", "speaker"),
    [
        ("The fire is under control, a spokesman for the fire brigade said.", "spokesman for the fire brigade"),
        ("According to the police, three people were injured.", "police"),
        ("Delays are to be expected, the company said.", "company"),
        ("The mayor said it was late, and according to the police three were injured.", None),
        ("It is raining.", None),
    ],
)
def test_who_says_it(english: str, speaker: str | None) -> None:
    assert english_speaker(english) == speaker


def test_a_name_is_not_german() -> None:
    assert in_german("Sprecher der Feuerwehr", "A spokesman said it burns.")
    assert not in_german("Stadtwerke", "The Stadtwerke said so.")
    assert not in_german("Ole Kern", "Ole Kern said so.")


@pytest.mark.parametrize(
    ("english", "speaker"),
    [
        ("The fire is out, a spokesman for the forest wardens said.", "spokesman for the forest wardens"),
        ("The fire is out.", "Sprecher der Waldaufsicht"),
        ("The fire is out, the king of Norway said.", "Sprecher der Waldaufsicht"),
    ],
)
def test_a_speaker_without_a_name_is_taken_from_the_english(english: str, speaker: str) -> None:
    text = "Das Feuer sei gelöscht, sagte ein Sprecher der Waldaufsicht."
    article = read_article(f"Brand in Kiel gelöscht\n\n{text} Es war ein langer Einsatz.", source="t")
    (cited,) = [s for s in article.sentences if s.text == text]
    evidence = (Evidence(n=cited.n, start=cited.start, end=cited.end, text=text),)
    found = grounded(Claim(id="c1", text=english, sentences=(cited.n,), evidence=evidence), article)
    assert found.speaker == speaker
    assert found.speaker_de is not None
    assert found.speaker_de.text == "ein Sprecher der Waldaufsicht"
