"""Quotation marks of every style, nested and without a partner."""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases
from hypothesis import given
from hypothesis import strategies as st

from presseschau.facts.fact import Facts
from presseschau.facts.speech import quotes


@pytest.mark.parametrize("case", cases("quotes"))
def test_read(case: dict[str, Any]) -> None:
    assert [fact.text for fact in quotes.read(case["text"], case["lang"])] == case["quotes"]


@pytest.mark.parametrize(("source", "codes"), [("It was “a dark day” he said.", []), ("He was sad.", ["quote.added"])])
def test_in_one_language_a_quotation_is_word_for_word(source: str, codes: list[str]) -> None:
    note = "He called it “a dark day”."
    sides = [Facts(text, "en", quotes=quotes.read(text, "en")) for text in (source, note)]
    assert [d.code for d in quotes.differences(*sides)] == codes


@given(st.text(alphabet="ab 1,.„“”\"»«‚‘’'›‹`", max_size=40))
def test_any_heap_of_marks_is_read(text: str) -> None:
    for fact in quotes.read(text, "de"):
        assert fact.text == text[fact.start : fact.end]
        assert 0 <= fact.start < fact.end <= len(text)
