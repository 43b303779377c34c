"""Calendar words, seasons, parts of the day and time counted from today; and the date that a German phrase means."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fact_cases import cases
from hypothesis import given
from hypothesis import strategies as st

from presseschau.checks import check_pair
from presseschau.facts.fact import Facts, Lang
from presseschau.facts.time import dates, periods
from presseschau.facts.time.moments import moment, moments, until
from presseschau.lang import vocabulary

FIXTURES = Path(__file__).parents[2] / "fixtures" / "facts"
CASES = [json.loads(line) for line in (FIXTURES / "dates_read.jsonl").read_text("utf-8").splitlines()]


def named(table: str, number: int) -> list[str]:
    """The first German and the first English name of a month or a weekday."""
    return [next(w for w, v in vocabulary(lang, table).items() if v == str(number)) for lang in ("de", "en")]


def plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['lang']}: {case['text']}")
def test_reads(case: dict[str, Any]) -> None:
    found = dates.read(case["text"], case["lang"])
    assert [[fact.kind, plain(fact.value)] for fact in found if fact.kind != "hint"] == case["values"]
    assert [plain(fact.value) for fact in found if fact.kind == "hint"] == case.get("hints", [])


@given(st.integers(1, 28), st.integers(1, 12), st.integers(1990, 2030))
def test_a_date_means_the_same_in_both_languages(day: int, month: int, year: int) -> None:
    german, english = named("months", month)
    forms: list[tuple[str, Lang]] = [
        (f"am {day}. {german} {year}", "de"), (f"on {day} {english} {year}", "en"), (f"{english} {day}, {year}", "en"),
    ]  # fmt: skip
    for text, lang in forms:
        assert {(f.kind, f.value) for f in dates.read(text, lang)} == {("month", month), ("day", (month, day))}
    assert {f.value for f in dates.read(f"am {day:02}.{month:02}.{year}", "de")} == {month}


@given(st.integers(1, 7), st.integers(1, 7))
def test_another_weekday_is_seen(one: int, other: int) -> None:
    german, english = named("weekdays", one)[0], named("weekdays", other)[1]
    source = Facts(de := f"Am {german} war Markt.", "de", dates=dates.read(de, "de"))
    target = Facts(en := f"There was a market on {english}.", "en", dates=dates.read(en, "en"))
    assert [d.code for d in dates.differences(source, target)] == ([] if one == other else ["date.missing"])


@given(st.text(alphabet="0123456789 .-/MaiMärzonday", max_size=40), st.sampled_from(["de", "en"]))
def test_dates_stand_where_they_say(text: str, lang: Lang) -> None:
    assert all(fact.text == text[fact.start : fact.end] and fact.text for fact in dates.read(text, lang))


UNITS = {"Woche": "week", "Jahr": "year", "Monat": "month", "Jahrhundert": "century", "Wochenende": "weekend"}
TURNS = {"vergangenen": "last", "nächsten": "next", "diesem": "this"}


@given(st.sampled_from(list(TURNS)), st.sampled_from(list(UNITS)))
def test_a_span_means_the_same_in_both_languages(turn: str, unit: str) -> None:
    (german,) = periods.read(f"im {turn} {unit}", "de")
    (english,) = periods.read(f"{TURNS[turn]} {UNITS[unit]}", "en")
    assert german.value == english.value == f"{TURNS[turn]} {UNITS[unit]}"


PARTS = ["im", "Sommer", "gestern", "Abend", "last", "next", "vergangenen", "Woche", "year", "morning", ",", "-"]


@given(st.lists(st.sampled_from(PARTS)))
def test_periods_stand_where_they_say(parts: list[str]) -> None:
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


@pytest.mark.parametrize("case", cases("moments"))
def test_moment(case: dict[str, Any]) -> None:
    found = moment(case["sentence"], case["published"])

    assert (case["sentence"][found[0] : found[1]] if found else None) == case["phrase"]
    assert (found[2] if found else None) == case["date"]
    assert until(case["phrase"] or "") == case.get("until")


@given(st.dates(date(1990, 1, 1), date(2099, 12, 1)), st.sampled_from(sorted(vocabulary("de", "weekdays"))))
def test_a_weekday_in_the_past_is_within_the_last_week(published: date, weekday: str) -> None:
    found = moment(f"Am {weekday} sagte sie zu.", published.isoformat())

    assert found is not None
    assert found[2] is not None
    day = date.fromisoformat(found[2])
    assert timedelta(0) <= published - day < timedelta(7)
    assert day.isoweekday() == int(vocabulary("de", "weekdays")[weekday])


@given(st.integers(1, 31), st.sampled_from(sorted(vocabulary("de", "months", "full"))), st.text(max_size=12))
def test_any_day_and_month_give_a_date_or_none(day: int, month: str, published: str) -> None:
    found = moment(f"Am {day}. {month} geht es weiter.", published)

    assert found is None or found[2] is None or date.fromisoformat(found[2]).day == day


def test_every_phrase_of_time_is_found_in_order() -> None:
    sentence = "Er hatte am Dienstag angekündigt, bis zum 30. Juni 420 Stellen zu streichen."

    found = moments(sentence, "2026-03-12")

    assert [(sentence[start:end], day) for start, end, day in found] == [
        ("am Dienstag", "2026-03-10"),
        ("bis zum 30. Juni", "2026-06-30"),
    ]
