"""Claims and points against their evidence: what is invented, what leaked in, what is cited wrongly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from presseschau.checks import check_claim, check_point
from presseschau.models import Article

CASES = Path(__file__).parents[2] / "fixtures" / "checks"
ARTICLE = Article.model_validate_json((CASES / "article.json").read_text("utf-8"))
ROWS = [json.loads(line) for line in (CASES / "claims.jsonl").read_text("utf-8").splitlines()]
BY_ENGLISH = {
    3: "About 5,000 travellers were stranded in Hamburg and Bremen.",
    6: "The lines to Hanover should be cleared by Thursday morning.",
}
BY_NUMBER = {sentence.n: sentence for sentence in ARTICLE.sentences}


@pytest.mark.parametrize("row", ROWS, ids=[row["text"][:40] or "empty" for row in ROWS])
def test_claim(row: dict[str, Any]) -> None:
    evidence = [BY_NUMBER[n] for n in row["sentences"] if n in BY_NUMBER]

    found = check_claim(row["text"], evidence, ARTICLE, row["speaker"], claim="c1", cited=row["sentences"])

    assert sorted({item.code for item in found if item.severity != "info"}) == row["codes"]
    assert all(item.claim == "c1" for item in found)


def test_what_leaked_in_is_named() -> None:
    found = check_claim("Finance minister Krause plans higher taxes.", [BY_NUMBER[2]], ARTICLE)

    assert [item.en_span.text for item in found if item.code == "evidence.foreign" and item.en_span] == ["Krause"]


def test_a_name_from_another_sentence_may_stand_for_a_pronoun() -> None:
    found = check_claim("The storm Anna cut off 4,000 households on Sylt.", [BY_NUMBER[7]], ARTICLE)

    assert all(item.severity == "info" for item in found)


@pytest.mark.parametrize(
    ("speaker", "n", "codes"),
    [
        ("Petra Lindner", 3, []),
        ("spokeswoman Lindner", 3, []),
        ("transport ministry", 6, []),
        ("Petra Lindner", 6, ["speaker.wrong"]),
        ("German Weather Service", 3, ["speaker.wrong"]),
        ("Friedhelm Okonkwo", 3, ["speaker.unknown"]),
        ("Krause", 3, ["speaker.unknown"]),
        ("a passer-by", 3, []),
    ],
)
def test_the_speaker_must_be_the_one_of_the_german(speaker: str, n: int, codes: list[str]) -> None:
    found = check_claim(BY_ENGLISH[n], [BY_NUMBER[n]], ARTICLE, speaker)

    assert [item.code for item in found if item.severity != "info"] == codes


def test_a_point_need_not_keep_every_voice() -> None:
    text, evidence = "The lines to Hanover will be cleared by Thursday morning.", [BY_NUMBER[6]]

    assert any(item.code == "voice.lost" for item in check_claim(text, evidence, ARTICLE))
    assert not any(item.code == "voice.lost" for item in check_point(text, evidence, ARTICLE))


def test_german_spans_of_joined_evidence_count_in_the_article() -> None:
    evidence = [BY_NUMBER[2], BY_NUMBER[6]]
    found = check_claim("The lines to Hanover are cleared.", evidence, ARTICLE)

    spans = [item.de_span for item in found if item.de_span]
    assert spans
    assert all(ARTICLE.text[span.start : span.end] == span.text for span in spans)
