"""Calendar words as read (fixtures/facts/dates_read.jsonl)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presseschau.facts.fact import Facts, Lang
from presseschau.facts.time import dates
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
def test_facts_stand_where_they_say(text: str, lang: Lang) -> None:
    assert all(fact.text == text[fact.start : fact.end] and fact.text for fact in dates.read(text, lang))
