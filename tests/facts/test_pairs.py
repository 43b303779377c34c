"""Pairs of sentences and the differences of one concept between them (fixtures/facts)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fact_cases import cases, sure

from presseschau.facts.fact import Facts, Lang
from presseschau.facts.names import acronyms, persons, places, roles
from presseschau.facts.numbers import read as numbers
from presseschau.facts.polarity import agents, directions, hedges, negation
from presseschau.facts.speech import quotes, voices
from presseschau.facts.time import dates, periods

CONCEPTS = {
    "acronyms": (acronyms, "acronyms"), "agents_pairs": (agents, "agents"), "hedges": (hedges, "hedges"),
    "directions_pairs": (directions, "directions"), "negation": (negation, "negations"),
    "roles_pairs": (roles, "roles"), "periods_pairs": (periods, "periods"), "persons_pairs": (persons, "persons"),
    "places_pairs": (places, "places"), "quotes_pairs": (quotes, "quotes"), "voices_pairs": (voices, "voices"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "case"), [case for name in CONCEPTS for case in cases(name, named=True)])
def test_pairs(name: str, case: dict[str, Any]) -> None:
    concept, field = CONCEPTS[name]
    assert sure(concept, field, case["de"], case["en"]) == sorted(case["codes"])


FIXTURES = Path(__file__).parents[2] / "fixtures" / "facts"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FIXTURES / name).read_text("utf-8").splitlines()]


def read(text: str, lang: Lang) -> Facts:
    return Facts(text, lang, numbers=numbers.read(text, lang), dates=dates.read(text, lang))


@pytest.mark.parametrize("case", rows("numbers_pairs.jsonl"), ids=lambda case: f"{case['de']} = {case['en']}")
def test_numbers(case: dict[str, Any]) -> None:
    source, target = read(case["de"], case.get("source", "de")), read(case["en"], "en")
    found = numbers.differences(source, target, case.get("direction", "both"))
    assert sorted(difference.code for difference in found) == case["codes"]


@pytest.mark.parametrize("case", rows("dates_pairs.jsonl"), ids=lambda case: f"{case['de']} = {case['en']}")
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
