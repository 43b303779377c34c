"""Rows for an assistant: how long a foreign text may be there, and how many there are of a kind."""

from __future__ import annotations

import json

import pytest

from presseschau.assistant import rows
from presseschau.assistant.quoting import cut
from presseschau.library.search import Answered, Hit, Shown
from presseschau.library.store import Listed
from presseschau.models import Article, Claim, Evidence, Finding, Span

LONG = "x" * 9_000


@pytest.mark.parametrize(("length", "whole"), [(500, True), (501, False)])
def test_a_text_is_cut_behind_its_limit(length: int, whole: bool) -> None:
    text = LONG[:length]
    assert cut(text) == (text if whole else f"{LONG[:500]} … (1 characters more)")


def test_of_a_hit_twelve_sentences_of_a_thousand_characters_are_shown_and_twelve_claims() -> None:
    listed = Listed(1, "a" * 64, LONG, LONG, LONG, LONG, LONG)
    (row,) = rows.of_hits(Answered(1, (Hit(listed, (Shown(1, LONG, LONG),) * 13, (LONG,) * 13),)))
    short, shown = f"{LONG[:500]} … (8500 characters more)", f"{LONG[:1000]} … (8000 characters more)"

    assert row["sentences"] == [{"n": 1, "german": shown, "english": shown}] * 12
    assert row["claims"] == [short] * 12
    assert {row[name] for name in ("source", "outlet", "published", "headline", "headline_english")} == {short}
    assert row["id"] == "a" * 64
    assert "claims" not in rows.of_hits(Answered(1, (Hit(listed, ()),)))[0]


def test_of_a_finding_and_a_claim_what_is_foreign_is_cut() -> None:
    found = Finding(code="c" * 61, severity="info", message=LONG, sentence=2)
    short = f"{LONG[:500]} … (8500 characters more)"
    assert rows.finding(found) == {
        "code": f"{'c' * 60} … (1 characters more)", "severity": "info", "message": short, "sentence": 2,
    }  # fmt: skip
    claim = Claim(
        id="c1", text="x" * 4_001, sentences=(1,), evidence=(Evidence(n=1, text="Ja.", start=0, end=3),), speaker=LONG,
        speaker_de=Span(start=0, end=9_000, text=LONG), via=(LONG,) * 13, relies_on=LONG, findings=(found,) * 13,
    )  # fmt: skip
    first, second = rows._claim(claim)
    assert (first["english"], first["evidence"], first["from_character"]) == ("x" * 4_000, "[1] Ja.", 0)
    assert (second["english"], second["evidence"], second["from_character"]) == ("x", None, 4_000)
    assert first["via"] == [short] * 12
    assert {first[name] for name in ("speaker", "speaker_german", "relies_on")} == {short}
    assert first["findings"] == [
        {"code": f"{'c' * 60} … (1 characters more)", "severity": "info", "message": short}
    ] * 12  # fmt: skip
    assert "claim" not in next(iter(rows._claim(claim, id=False)))


def test_what_is_not_known_of_an_article_is_not_there_and_the_rest_is_cut() -> None:
    known = Article(id="0" * 64, source=LONG, text="Ja.", text_sha256="0" * 64, sentences=(), metadata={"url": "u"})
    assert json.dumps(rows.about(known)) == json.dumps({"source": f"{LONG[:500]} … (8500 characters more)", "url": "u"})
    assert rows.warning(known) is None
