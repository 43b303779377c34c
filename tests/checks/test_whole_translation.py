"""A numbered translation as a whole: nothing missing, nothing on its neighbour's number; spans count in the article."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from presseschau.checks import check_translation
from presseschau.checks.bitext import bitext
from presseschau.checks.pair.shifted import shifted
from presseschau.models import Article, Sentence

CASES = Path(__file__).parents[2] / "fixtures" / "checks"
ARTICLE = Article.model_validate_json((CASES / "article.json").read_text("utf-8"))
ROWS = [json.loads(line) for line in (CASES / "shifted.jsonl").read_text("utf-8").splitlines()]


def pairs(english: list[str | None]) -> list[tuple[Sentence, str | None]]:
    return list(zip(ARTICLE.sentences, english, strict=True))


@pytest.mark.parametrize("row", ROWS, ids=[row["note"] for row in ROWS])
def test_shifted_sentences_are_found_and_no_others(row: dict[str, Any]) -> None:
    found = shifted([(sentence, bitext(sentence.text, en or "")) for sentence, en in pairs(row["en"])])

    assert set(row["shifted"]) <= set(found)
    assert not set(found) - set(row["shifted"]) - {len(ARTICLE.sentences)}  # a padded tail may be found as well
    assert all(item.code == "coverage.shifted" for item in found.values())


def test_the_good_translation_has_no_error_and_no_warning() -> None:
    found = check_translation(pairs(ROWS[0]["en"]))

    assert list(found) == [sentence.n for sentence in ARTICLE.sentences]
    assert [item for items in found.values() for item in items if item.severity != "info"] == []


LIKELY = pytest.mark.xfail(strict=True, reason="with traveller for Fahrgast one word is common: two warnings, no error")


@pytest.mark.parametrize("row", [pytest.param(ROWS[1], marks=LIKELY), *ROWS[2:4]], ids=lambda row: row["note"])
def test_the_padded_tail_is_found_one_way_or_another(row: dict[str, Any]) -> None:
    last = check_translation(pairs(row["en"]))[len(ARTICLE.sentences)]
    assert any(item.severity == "error" for item in last), row["note"]


def test_missing_english_is_said_for_its_sentence_only() -> None:
    english: list[str | None] = list(ROWS[0]["en"])
    english[6] = None
    english[7] = "  "

    found = check_translation(pairs(english))

    missing = {n for n, items in found.items() if any(item.code == "coverage.missing" for item in items)}
    assert missing == {7, 8}


def test_german_spans_count_in_the_article() -> None:
    english: list[str | None] = list(ROWS[0]["en"])
    english[3] = str(english[3]).replace("120", "1,200")

    (found,) = [item for item in check_translation(pairs(english))[4] if item.severity == "error"]

    assert found.de_span is not None
    assert ARTICLE.text[found.de_span.start : found.de_span.end] == found.de_span.text
    assert found.de_span.text.startswith("120")
    assert found.sentence == 4


def test_the_surname_of_somebody_named_in_full_is_no_german_left() -> None:
    german = ("Sandra Kasten gewann.", "Bald lief auch Kasten davon.", "Bald kam auch der Kasten an.")
    rows = [Sentence(n=n, paragraph=0, role="body", start=0, end=len(de), text=de) for n, de in enumerate(german, 1)]
    english = ["Sandra Kasten won.", "Soon Kasten ran away too.", "Soon the Kasten arrived too."]

    found = check_translation(list(zip(rows, english, strict=True)))
    alone = check_translation([(rows[1], english[1])])

    left = {n for n, items in {**found, 4: alone[2]}.items() if any(f.code == "language.untranslated" for f in items)}
    assert left == {3, 4}
