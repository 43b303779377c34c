"""Places, their adjectives and peoples, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases, sure

from presseschau.facts.names import places
from presseschau.facts.names.gazetteer import gazetteer, related


@pytest.mark.parametrize("case", cases("places"))
def test_read(case: dict[str, Any]) -> None:
    found = places.read(case["text"], case["lang"])
    assert [fact.value for fact in found] == case["values"]
    assert all(fact.text == case["text"][fact.start : fact.end] for fact in found)


@pytest.mark.parametrize("case", cases("places_pairs"))
def test_pairs(case: dict[str, Any]) -> None:
    assert sure(places, "places", case["de"], case["en"]) == sorted(case["codes"])


def test_every_place_has_a_form_in_both_languages() -> None:
    german, english = gazetteer("de").forms, gazetteer("en").forms
    assert set(german) == set(english)


def test_related_places_are_known() -> None:
    known = gazetteer("en").forms
    assert {value for value in related() if value not in known} == set()
