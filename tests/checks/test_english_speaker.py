"""The speaker in English, as the translation of the sentence words it."""

from __future__ import annotations

import pytest

from presseschau.checks.claim.grounding import grounded
from presseschau.checks.naming.english_name import in_german, left_in_german
from presseschau.facts.speech import english
from presseschau.ingest import read_article
from presseschau.models import Claim, Evidence


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The fire is under control, a spokesman for the fire brigade said.", "spokesman for the fire brigade"),
        ("According to the police, three people were injured.", "police"),
        ("Delays are to be expected, the company said.", "company"),
        ("The mayor said it was late, and according to the police three were injured.", None),
        ("On Monday a spokesman for the police also warned of ice.", "spokesman for the police"),
        ("“It is out,” confirmed the fire brigade on Monday.", "fire brigade"),
        ("The report was confirmed.", None),
        ("It is raining.", None),
    ],
)
def test_who_says_it(text: str, speaker: str | None) -> None:
    assert english.speaker(text) == speaker


def test_a_name_is_not_german() -> None:
    assert in_german("Sprecher der Feuerwehr", "A spokesman said it burns.")
    assert not in_german("Stadtwerke", "The Stadtwerke said so.")
    assert not in_german("Ole Kern", "Ole Kern said so.")
    assert not in_german("the police", "Around 1,000 people demonstrated.")
    assert [left_in_german(one, "It burns.") for one in ("administration", "police", "Land")] == [False, False, True]


@pytest.mark.parametrize(
    ("said", "speaker"),
    [
        ("The fire is out, a spokesman for the forest wardens said.", "spokesman for the forest wardens"),
        ("The fire is out.", "Sprecher der Waldaufsicht"),
        ("The fire is out, the king of Norway said.", "Sprecher der Waldaufsicht"),
    ],
)
def test_a_speaker_without_a_name_is_taken_from_the_english(said: str, speaker: str) -> None:
    text = "Das Feuer sei gelöscht, sagte ein Sprecher der Waldaufsicht."
    article = read_article(f"Brand in Kiel gelöscht\n\n{text} Es war ein langer Einsatz.", source="t")
    (cited,) = [s for s in article.sentences if s.text == text]
    evidence = (Evidence(n=cited.n, start=cited.start, end=cited.end, text=text),)
    found = grounded(Claim(id="c1", text=said, sentences=(cited.n,), evidence=evidence), article)
    assert found.speaker == speaker
    assert found.speaker_de is not None
    assert found.speaker_de.text == "ein Sprecher der Waldaufsicht"
