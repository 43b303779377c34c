"""When: the German phrase and the date it means."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from fact_cases import cases
from hypothesis import given
from hypothesis import strategies as st

from presseschau.facts.time.moments import moment, moments
from presseschau.lang import vocabulary


@pytest.mark.parametrize("case", cases("moments"))
def test_moment(case: dict[str, Any]) -> None:
    found = moment(case["sentence"], case["published"])

    assert (case["sentence"][found[0] : found[1]] if found else None) == case["phrase"]
    assert (found[2] if found else None) == case["date"]


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
