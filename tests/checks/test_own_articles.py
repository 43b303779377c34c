"""The checks on this project's own articles: careful English raises no error, spoiled English does.

The shares asked for lie a little under those measured (`tests/measure/own_articles.py`), so that a rule may move a case
or two but not fall apart.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from presseschau.checks import check_claim, check_translation
from presseschau.ingest import read_article
from presseschau.models import Article, Finding

FIXTURES = Path(__file__).parents[2] / "fixtures"
SLUGS = sorted(path.stem for path in (FIXTURES / "translations" / "own").glob("*.json"))
CLAIMS = [json.loads(line) for line in (FIXTURES / "claims" / "own_claims.jsonl").read_text("utf-8").splitlines()]


@lru_cache
def article(slug: str) -> Article:
    path = FIXTURES / "articles" / "own" / f"{slug}.txt"
    return read_article(path.read_bytes(), source=path.name)


def translated(slug: str) -> dict[str, str]:
    rows: dict[str, str] = json.loads((FIXTURES / "translations" / "own" / f"{slug}.json").read_text("utf-8"))
    return rows


def english(slug: str) -> list[str]:
    rows = translated(slug)
    return [rows[str(sentence.n)] for sentence in article(slug).sentences]


@pytest.mark.parametrize("slug", SLUGS)
def test_careful_english_has_no_error(slug: str) -> None:
    found = check_translation(list(zip(article(slug).sentences, english(slug), strict=True)))

    assert [item.message for items in found.values() for item in items if item.severity == "error"] == []


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if len(translated(slug)) > 6])
def test_two_sentences_merged_and_the_tail_padded_are_found(slug: str) -> None:
    good = english(slug)
    i = len(good) // 2
    bad = [*good[:i], f"{good[i]} {good[i + 1]}", *good[i + 2 :], "This concludes the report."]

    found = check_translation(list(zip(article(slug).sentences, bad, strict=True)))

    assert any(item.code == "coverage.shifted" for items in found.values() for item in items)
    assert any(item.severity == "error" for item in found[article(slug).sentences[i + 1].n])


@pytest.mark.parametrize(
    ("spoiled", "alarmed", "erroneous"),
    [("speaker_swapped", 0.95, 0.95), ("moved", 0.97, 0.85), ("number_changed", 0.97, 0.85), ("teaser", 0.95, 0.95),
     ("negated", 0.8, 0.75)],
)  # fmt: skip
def test_spoiled_claims_are_found(spoiled: str, alarmed: float, erroneous: float) -> None:
    found = [checked({**row, **row[spoiled]}) for row in CLAIMS if row[spoiled]]

    assert sum(any(item.severity != "info" for item in items) for items in found) >= alarmed * len(found)
    assert sum(any(item.severity == "error" for item in items) for items in found) >= erroneous * len(found)


def test_right_claims_have_no_error_and_few_warnings() -> None:
    found = [checked(row) for row in CLAIMS]

    assert [item.message for items in found for item in items if item.severity == "error"] == []
    assert sum(any(item.severity == "warning" for item in items) for items in found) <= 0.05 * len(found)


def checked(row: dict[str, Any]) -> tuple[Finding, ...]:
    text = article(row["article"])
    evidence = [sentence for sentence in text.sentences if sentence.n in row["sentences"]]
    return check_claim(row["text"], evidence, text, row["speaker"], cited=row["sentences"])
