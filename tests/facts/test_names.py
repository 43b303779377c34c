"""What each concept of facts/names reads; its pairs are in test_pairs.py."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from fact_cases import cases, sure
from hypothesis import given
from hypothesis import strategies as st

from presseschau.facts.names import acronyms, persons, places, roles
from presseschau.facts.names.gazetteer import gazetteer, related
from presseschau.facts.names.kept_words import is_german
from presseschau.facts.names.transliteration import key, likeness
from presseschau.facts.words import ratio


@pytest.mark.parametrize("case", cases("acronyms_known"))
def test_what_the_table_knows_is_found_under_each_english_name_and_missed_surely(case: dict[str, Any]) -> None:
    """Four of five rows of the table; the others are no capitals in German, or words of both languages."""
    for english in case["en"]:
        whole = f"{english}ation" if english.endswith("organi") else english
        assert sure(acronyms, "acronyms", f"{case['de']} meldet sich.", f"{whole} speaks.") == []
    assert sure(acronyms, "acronyms", f"{case['de']} meldet sich.", "Somebody speaks.") == ["name.missing"]


def test_the_value_is_the_english_acronym() -> None:
    found = acronyms.read("Die EZB und der EuGH, 5 EUR, Kapitel XIV", "de")
    assert [(fact.value, fact.text) for fact in found] == [("ECB", "EZB"), ("ECJ", "EuGH")]


@pytest.mark.parametrize(("lang", "clubs"), [("de", set()), ("en", {"Bayern", "Amazon"})])
def test_every_form_of_a_place_is_read_as_that_place_and_whole(lang: Literal["de", "en"], clubs: set[str]) -> None:
    for value, forms in gazetteer(lang).forms.items():
        for form in {*forms} - clubs:
            read = [(fact.value, fact.text) for fact in places.read(f"Dort: {form}.", lang)]
            assert read == [(value, form)], form


@pytest.mark.parametrize("case", cases("persons"))
def test_same_person(case: dict[str, Any]) -> None:
    assert ("name.missing" not in sure(persons, "persons", case["de"], case["en"])) is case["same"]


@pytest.mark.parametrize("word", ["bundeskanzlerin", "häuser", "flughafens", "büchern", "verhandlungen", "zollbeamten"])
def test_german_words_are_known_in_every_form(word: str) -> None:
    assert is_german(word)


@given(st.text(max_size=12), st.text(max_size=12))
def test_likeness_is_a_percentage(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 100
    assert key(one) == "" or likeness(one, one) == 100


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_ratio_counts_the_longest_common_subsequence(one: str, other: str) -> None:
    longest = max(len(part) for part in _subsequences(one) & _subsequences(other))
    assert ratio(one, other) == pytest.approx(200 * longest / max(1, len(one) + len(other)))


def _subsequences(word: str) -> set[str]:
    found = {""}
    for letter in word:
        found |= {part + letter for part in found}
    return found


@pytest.mark.parametrize("case", cases("places"))
def test_read(case: dict[str, Any]) -> None:
    found = places.read(case["text"], case["lang"])
    assert [fact.value for fact in found] == case["values"]
    assert all(fact.text == case["text"][fact.start : fact.end] for fact in found)


def test_every_place_has_a_form_in_both_languages() -> None:
    german, english = gazetteer("de").forms, gazetteer("en").forms
    assert set(german) == set(english)


def test_related_places_are_known() -> None:
    known = gazetteer("en").forms
    assert {value for value in related() if value not in known} == set()


def test_the_text_of_a_role_is_the_name_beside_it() -> None:
    text = "Bundeskanzlerin Angela Merkel und der US-Präsident Joe Biden"

    found = roles.read(text, "de")

    assert [(fact.value, fact.text) for fact in found] == [("chancellor", "Angela Merkel"), ("president", "Joe Biden")]
    assert all(text[fact.start : fact.end] == fact.text for fact in found)
