"""Bodies and roles that have no name of their own: their English, and whether an English speaker is one of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from presseschau.briefing.positions import speakers
from presseschau.checks.claim.grounding import grounded
from presseschau.checks.claim.grounding import speakers as speakers_in
from presseschau.checks.naming.english_name import english_name, region_of, same_body
from presseschau.facts.speech.voices import voices_of
from presseschau.ingest import read_article
from presseschau.models import Claim, Evidence
from presseschau.notes import SourceClaim

FIXTURES = Path(__file__).parents[2] / "fixtures/checks"


def cases(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FIXTURES / name).read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", cases("english_speakers.jsonl"))
def test_the_english_of_a_mention(case: dict[str, Any]) -> None:
    assert english_name(case["de"], case.get("region", "")) == case["en"]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Der Regierungsrat des Kantons Bern zahlt. Die Landesregierung schweigt.", "CH"),
        ("Die Landesregierung in Tirol zahlt heuer.", "AT"),
        ("Der Kanton Bern und das Land Tirol zahlen heuer nicht.", ""),
        ("Die Landesregierung in Kiel zahlt.", ""),
    ],
)
def test_where_an_article_is_from(text: str, region: str) -> None:
    assert region_of(text) == region


def test_the_government_of_a_swiss_article_is_the_federal_council() -> None:
    text = "Mehr Geld\n\nDer Regierungsrat des Kantons Bern zahlt. Die Landesregierung erklärte, sie prüfe das."
    article = read_article(text, source="x", lang_check="off")
    assert speakers_in(article) == {3: "Federal Council"}


@pytest.mark.parametrize("case", cases("affiliated.jsonl"))
def test_who_is_of_a_body_is_the_speaker_and_not_the_body(case: dict[str, Any]) -> None:
    voice = voices_of([case["de"]])[0]
    assert voice is not None
    assert english_name(voice.speaker or "") == case["speaker"]


def test_a_claim_and_a_note_give_the_words_to_the_person() -> None:
    said = "Georg Thamm von der Universität Potsdam sagte, der See sei krank. Thamm sagte, er werde sterben."
    text = f"Neue Zahlen\n\n{said}"
    article = read_article(text, source="x", lang_check="off")
    told = [
        grounded(Claim(id=f"c{s.n}", text="The lake is ill.", sentences=(s.n,), evidence=(Evidence.of(s),)), article)
        for s in article.sentences[1:]
    ]
    assert [claim.speaker for claim in told] == ["Georg Thamm", "Georg Thamm"]
    assert told[0].speaker_de is not None
    assert told[0].speaker_de.text == "Georg Thamm von der Universität Potsdam"
    named = speakers([SourceClaim(id=claim.id, source=1, claim=claim) for claim in told])
    assert set(named.values()) == {"Georg Thamm"}


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
