"""Right claims as a good model words them, with the names and figures that make them stand alone, raise no alarm."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from presseschau.checks import check_claim
from presseschau.facts.speech.carried import answers
from presseschau.ingest import read_article
from presseschau.models import Article

FOLDER = Path(__file__).parents[2] / "fixtures" / "claims"
ROWS = [
    json.loads(line)
    for name in ("in_view_natural", "in_view_second", "in_view_third")
    for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()
]
GERMAN = {row["article"]: row["german"] for row in ROWS if "german" in row}
CLAIMS = [row for row in ROWS if "text" in row]


@lru_cache
def article(name: str) -> Article:
    return read_article(GERMAN[name].encode(), source=name)


def alarms(row: dict[str, Any]) -> set[str]:
    evidence = [s for s in article(row["article"]).sentences if s.n in row["sentences"]]
    found = check_claim(row["text"], evidence, article(row["article"]), row["speaker"], cited=row["sentences"])
    return {item.code for item in found if item.severity != "info"}


@pytest.mark.parametrize("row", CLAIMS, ids=[f"{row['article']}-{row['sentences'][0]}" for row in CLAIMS])
def test_right_claims(row: dict[str, Any]) -> None:
    assert alarms(row) == set(row.get("wrongly", ()))


def test_hardly_one_is_alarmed() -> None:
    assert sum("wrongly" in row for row in CLAIMS) <= 0.05 * len(CLAIMS)


@pytest.mark.parametrize(
    ("name", "text", "n", "speaker", "code"),
    [
        ("schulhof", "Mayor Vollmer called for an independent expert report.", 8, "Annegret Vollmer", "speaker.wrong"),
        ("bach", "The anglers' club said it had reacted within two hours.", 16, "Karl Dobler", "speaker.wrong"),
        ("fluss", "The repair will take nine weeks, the shipping company says.", 4, None, "number.added"),
        ("museum", "The budget provides for 45 more posts.", 16, None, "evidence.elsewhere"),
        ("fabrik", "Hellmann's orders from the car industry slumped.", 12, None, "evidence.unsupported"),
        ("molkerei", "The closure is a black day, the NGG union said.", 13, "the NGG union", "speaker.wrong"),
        (
            "urteil",
            "Lawyer Deniz Yilmaz called the verdict the only possible one.",
            15,
            "Deniz Yilmaz",
            "speaker.wrong",
        ),
        ("wolf", "The district will not appeal.", 10, None, "negation.added"),
        ("betrug", "The 47-year-old embezzled money from 31 clients.", 3, None, "hedge.lost"),
        ("zugunglück", "He was convicted of negligent homicide.", 8, None, "hedge.lost"),
        ("wald", "Agriculture minister Niklas Vohs paid out five million euros.", 9, "Niklas Vohs", "hedge.lost"),
        ("streik", "Vida has secured 12 per cent and no less than 400 euros.", 7, "Vida", "meaning.turned"),
        ("gipfel", "Italy had broken European law.", 6, "the Italian prime minister", "speaker.wrong"),
        ("werk", "Job security had been promised.", 12, "the chief executive", "speaker.wrong"),
        ("imker", "A garden without clover is a desert, the mayor said.", 16, "Udo Zeller", "speaker.unknown"),
    ],
)
def test_wrong_claims(name: str, text: str, n: int, speaker: str | None, code: str) -> None:
    assert code in alarms({"article": name, "text": text, "sentences": [n], "speaker": speaker})


@pytest.mark.parametrize(
    ("name", "n", "speaker"),
    [
        ("hallenbad", 9, "the town treasurer"),
        ("hallenbad", 16, "Quernheim's mayor"),
        ("betrug", 8, "the prosecution"),
        ("werk", 7, "the company"),
        ("werk", 13, "a spokesman for Brenk"),
        ("gipfel", 8, "France's interior minister"),
        ("zugunglück", 15, "the regional head of Pro Bahn"),
        ("kaese", 14, "the Bavarian consumer protection minister"),
        ("kaese", 6, "the RKI"),
        ("wald", 14, "a Nabu representative"),
    ],
)
def test_who_speaks_may_be_called_by_office_or_body(name: str, n: int, speaker: str) -> None:
    assert alarms({"article": name, "text": "This is so.", "sentences": [n], "speaker": speaker}) == set()


def test_who_answers_in_an_interview() -> None:
    asked = ["Frau Holm, was nun?", "Und dann?", "Noch etwas?"]
    sentences = ["Ein Gespräch mit Eva Holm", asked[0], "Abwarten.", asked[1], "Wer weiß.", asked[2], "Nein."]
    places = answers(sentences, range(len(sentences)))
    assert sorted(places) == [2, 4, 6]
    assert {sentences[place.sentence][place.start : place.end] for place in places.values()} == {"Eva Holm"}
    assert answers([*sentences[:4], "Wer?", "Warum?"], [1, 1, 1, 1, 1, 1]) == {}
    assert answers(["Eva Holm und Udo Kern", *sentences[1:]], range(len(sentences))) == {}
