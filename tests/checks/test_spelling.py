"""Names are spelt by the tables; nothing else is touched."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presseschau.checks import respelled

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
