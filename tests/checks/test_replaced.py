"""`meaning.replaced`: a German word without English and an English word without German, in one place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from presseschau.checks import check_pair
from presseschau.checks.bitext import bitext
from presseschau.checks.pair.replaced import candidates
from presseschau.facts.senses import base_forms, english_senses, german_senses, proves, senses_said

LOT = Path(__file__).parents[2] / "fixtures" / "checks" / "meaning" / "replaced.jsonl"


def _found(de: str, en: str) -> list[tuple[str, str]]:
    every = (item for item in check_pair(de, en) if item.code == "meaning.replaced")
    return [(item.de_span.text, item.en_span.text) for item in every if item.de_span and item.en_span]


@pytest.mark.parametrize(
    ("de", "right", "wrong", "words"),
    [
        ("Die Feuerwehr rettete einen Mann aus dem Kanal.", "Firefighters pulled a man from the canal.",
         "Firefighters pulled a body from the canal.", ("Mann", "body")),
        ("Kritiker verrissen den Roman.", "Critics panned the novel.", "Critics celebrated the novel.",
         ("verrissen", "celebrated")),
        ("Das Parlament verschob die Abstimmung.", "Parliament postponed the vote.", "Parliament boycotted the vote.",
         ("verschob", "boycotted")),
    ],
)  # fmt: skip
def test_the_word_and_what_stands_for_it_are_named(de: str, right: str, wrong: str, words: tuple[str, str]) -> None:
    assert _found(de, right) == []
    assert _found(de, wrong) == [words]


def test_the_lot_in_view() -> None:
    rows = [json.loads(line) for line in LOT.read_text("utf-8").splitlines()]
    loud = [row["expect"] for row in rows if any(item.severity != "info" for item in check_pair(row["de"], row["en"]))]
    assert loud.count("finding") >= 60  # 49 of 152 before the rule
    assert loud.count("none") <= 3


def test_a_word_that_may_mean_the_same_is_no_candidate() -> None:
    assert not candidates(bitext("Der Fahrer wurde getötet.", "The driver died."))
    assert not candidates(bitext("Die Firma stellt den Betrieb ein.", "The firm is closing down its operations."))
    assert [one.word for one in candidates(bitext("Der Richter lachte.", "The judge resigned."))] == ["resign"]


def test_forms_phrases_and_compounds_have_their_senses() -> None:
    assert "kill" in base_forms("killed")
    assert "carry" not in base_forms("car")
    assert german_senses("getötet") & english_senses("murdered")
    assert german_senses("bankräuber") & english_senses("thief")
    assert senses_said(("called", "the", "strike", "off"))["called"] & german_senses("absagen")
    assert proves("acquitted")
    assert not proves("can")
