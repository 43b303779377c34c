"""Names in English: bodies and roles without a name of their own, what the tables spell, one name in an article."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presseschau.briefing.positions import speakers
from presseschau.checks import check_translation, respelled
from presseschau.checks.claim.grounding import grounded
from presseschau.checks.claim.grounding import speakers as speakers_in
from presseschau.checks.naming.english_name import english_name, region_of, same_body
from presseschau.facts.speech.voices import voices_of
from presseschau.ingest import read_article
from presseschau.models import Claim, Evidence, Finding, Sentence
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


def _findings(*pairs: tuple[str, str]) -> list[Finding]:
    at, rows = 0, []
    for n, (de, en) in enumerate(pairs, start=1):
        rows.append((Sentence(n=n, start=at, end=at + len(de), text=de, paragraph=1, role="body"), en))
        at += len(de) + 1
    return [item for found in check_translation(rows).values() for item in found]


def _inconsistent(*pairs: tuple[str, str]) -> list[tuple[int | None, str, str]]:
    return [
        (item.sentence, item.de_span.text, item.en_span.text)
        for item in _findings(*pairs)
        if item.code == "name.inconsistent" and item.de_span and item.en_span
    ]


@pytest.mark.parametrize(
    ("german", "usual", "other"),
    [("Selenskyj", "Zelensky", "Zelenskyy"), ("Kiew", "Kyiv", "Kiev"), ("Brandtner", "Brandtner", "Brantner")],
)
def test_another_spelling_is_found_where_it_stands(german: str, usual: str, other: str) -> None:
    rows = [(f"Am Montag kam {german} an.", f"{name} arrived on Monday.") for name in (usual, usual, other)]
    rows.append(("Auch Eva Brandtner kam.", "Eva Brandtner came too."))
    assert _inconsistent(*rows) == [(3, german, other)]
    (item,) = (item for item in _findings(*rows) if item.code == "name.inconsistent")
    assert item.severity == "warning"
    assert item.message == f"“{german}” is “{usual}” elsewhere in the article; here the English says “{other}”."


def test_what_most_sentences_say_is_the_name() -> None:
    rows = [("In Kiew schneite es.", f"It snowed in {name}.") for name in ("Kiev", "Kyiv", "Kyiv")]
    assert _inconsistent(*rows) == [(1, "Kiew", "Kiev")]


def test_cases_and_possessives_are_no_other_names() -> None:
    assert not _inconsistent(
        ("Brandners Anwalt kam.", "Brandner's lawyer came."),
        ("Dann kam Brandner selbst.", "Then Brandner himself came."),
        ("In Deutschland schneite es.", "It snowed in Germany."),
        ("Die Menschen in Deutschland froren.", "People in Germany froze; German winters are cold."),
    )


def test_a_name_that_another_sentence_has_is_no_addition() -> None:
    first = ("Am Montag kam Aljoscha Brandner aus Leipzig an.", "Aljoscha Brandner arrived from Leipzig on Monday.")
    second = ("Er sprach am Abend im Rathaus vor vielen Gästen.", "Brandner spoke at Leipzig town hall in the evening.")
    together = [item for item in _findings(first, second) if item.code in ("name.added", "place.added")]
    alone = [item for item in _findings(second) if item.code in ("name.added", "place.added")]
    assert {item.severity for item in together} == {"info"}
    assert {item.code for item in alone if item.severity == "warning"} == {"place.added"}


CASES = [
    json.loads(line) for line in (Path(__file__).parents[2] / "fixtures/checks/spelling.jsonl").read_text().splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["en"])
def test_names_are_spelt_in_english(case):
    assert respelled(case["en"], case["de"]) == case["spelt"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["en"])
def test_twice_is_once(case):
    once = respelled(case["en"], case["de"])
    assert respelled(once, case["de"]) == once


@given(st.text())
def test_a_german_text_without_names_changes_nothing(english):
    assert respelled(english, "Das ist gut.") == english
