"""Seasons, parts of the day and time counted from today (fixtures/facts/periods_pairs.jsonl)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from presseschau.checks import check_pair
from presseschau.facts.fact import Lang
from presseschau.facts.time import periods

UNITS = {"Woche": "week", "Jahr": "year", "Monat": "month", "Jahrhundert": "century", "Wochenende": "weekend"}
TURNS = {"vergangenen": "last", "nächsten": "next", "diesem": "this"}


@given(st.sampled_from(list(TURNS)), st.sampled_from(list(UNITS)))
def test_a_span_means_the_same_in_both_languages(turn: str, unit: str) -> None:
    (german,) = periods.read(f"im {turn} {unit}", "de")
    (english,) = periods.read(f"{TURNS[turn]} {UNITS[unit]}", "en")
    assert german.value == english.value == f"{TURNS[turn]} {UNITS[unit]}"


PARTS = ["im", "Sommer", "gestern", "Abend", "last", "next", "vergangenen", "Woche", "year", "morning", ",", "-"]


@given(st.lists(st.sampled_from(PARTS)))
def test_facts_stand_where_they_say(parts: list[str]) -> None:
    text = " ".join(parts)
    languages: tuple[Lang, ...] = ("de", "en")
    for lang in languages:
        assert all(fact.text == text[fact.start : fact.end] for fact in periods.read(text, lang))


def test_a_changed_period_is_an_error_and_a_missing_one_a_warning() -> None:
    german = "Die Zahl der Gäste sank im vergangenen Jahr deutlich."

    def graded(english: str) -> list[tuple[str, str]]:
        return [(item.code, item.severity) for item in check_pair(german, english)]

    assert graded("The number of guests fell markedly last week.") == [("date.missing", "error")]
    assert ("date.missing", "warning") in graded("The number of guests has fallen quite markedly.")
