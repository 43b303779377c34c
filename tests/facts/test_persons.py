"""One man in two spellings; two men who must not be mixed."""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases, sure
from hypothesis import given
from hypothesis import strategies as st

from presseschau.facts.names import persons
from presseschau.facts.names.kept_words import is_german
from presseschau.facts.names.transliteration import key, likeness


@pytest.mark.parametrize("case", cases("persons"))
def test_same_person(case: dict[str, Any]) -> None:
    assert ("name.missing" not in sure(persons, "persons", case["de"], case["en"])) is case["same"]


@pytest.mark.parametrize("case", cases("persons_pairs"))
def test_pairs(case: dict[str, Any]) -> None:
    assert sure(persons, "persons", case["de"], case["en"]) == sorted(case["codes"])


@pytest.mark.parametrize("word", ["bundeskanzlerin", "häuser", "flughafens", "büchern", "verhandlungen", "zollbeamten"])
def test_german_words_are_known_in_every_form(word: str) -> None:
    assert is_german(word)


@given(st.text(max_size=12), st.text(max_size=12))
def test_likeness_is_a_percentage(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 100
    assert key(one) == "" or likeness(one, one) == 100
