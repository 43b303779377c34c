"""Up or down, at least or at most, before or after (fixtures/facts/directions_pairs.jsonl)."""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases, sure
from hypothesis import given
from hypothesis import strategies as st

from presseschau.checks import check_pair
from presseschau.facts.fact import Lang
from presseschau.facts.polarity import directions

WORDS = ["stieg", "sank", "mehr", "als", "über", "3", "rose", "fell", "less", "than", "after", "vor", "dem", "Spiel"]


@pytest.mark.parametrize("case", cases("directions_pairs"))
def test_pairs(case: dict[str, Any]) -> None:
    assert sure(directions, "directions", case["de"], case["en"]) == case["codes"]


@given(st.lists(st.sampled_from(WORDS)))
def test_facts_stand_where_they_say(parts: list[str]) -> None:
    text = " ".join(parts)
    languages: tuple[Lang, ...] = ("de", "en")
    for lang in languages:
        assert all(fact.text == text[fact.start : fact.end] for fact in directions.read(text, lang))


def test_a_reader_is_told_both_words() -> None:
    (found,) = check_pair("Die Zahl der Gäste sank deutlich.", "The number of guests rose markedly.")

    assert (found.code, found.severity) == ("direction.reversed", "warning")
    assert "“sank”" in found.message
    assert "“rose”" in found.message
