"""Numbers and dates of two texts compared: case by case (fixtures/facts/*_pairs.jsonl)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from presseschau.facts.fact import Facts, Lang
from presseschau.facts.numbers import read as numbers
from presseschau.facts.time import dates

FIXTURES = Path(__file__).parents[2] / "fixtures" / "facts"


def cases(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FIXTURES / name).read_text("utf-8").splitlines()]


def read(text: str, lang: Lang) -> Facts:
    return Facts(text, lang, numbers=numbers.read(text, lang), dates=dates.read(text, lang))


@pytest.mark.parametrize("case", cases("numbers_pairs.jsonl"), ids=lambda case: f"{case['de']} = {case['en']}")
def test_numbers(case: dict[str, Any]) -> None:
    source, target = read(case["de"], case.get("source", "de")), read(case["en"], "en")
    found = numbers.differences(source, target, case.get("direction", "both"))
    assert sorted(difference.code for difference in found) == case["codes"]


@pytest.mark.parametrize("case", cases("dates_pairs.jsonl"), ids=lambda case: f"{case['de']} = {case['en']}")
def test_dates(case: dict[str, Any]) -> None:
    source, target = read(case["de"], case.get("source", "de")), read(case["en"], "en")
    found = dates.differences(source, target, case.get("direction", "both"))
    assert sorted(difference.code for difference in found) == case["codes"]


def test_a_changed_number_is_one_difference_with_both_sides() -> None:
    (difference,) = numbers.differences(read("Es starben 168 Menschen.", "de"), read("354 people died.", "en"))
    assert difference.code == "number.missing"
    assert difference.source is not None
    assert difference.target is not None
    assert (difference.source.text, difference.target.text) == ("168", "354")


def test_several_numbers_stay_apart() -> None:
    found = numbers.differences(read("40 Gäste, 30 Helfer", "de"), read("50 guests, 60 helpers", "en"))
    assert [(d.code, d.source and d.source.text, d.target and d.target.text) for d in found] == [
        ("number.missing", "40", None), ("number.missing", "30", None),
        ("number.added", None, "50"), ("number.added", None, "60"),
    ]  # fmt: skip
