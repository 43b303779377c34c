"""`meaning.turned` and `agent.changed` on pairs written for every kind: what is told apart stays so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from presseschau.checks import check_pair

KINDS = Path(__file__).parents[2] / "fixtures" / "checks" / "meaning" / "kinds.jsonl"
ROWS = [json.loads(line) for line in KINDS.read_text("utf-8").splitlines()]
KNOWN = 0.75
"""Share of the wrong ones that is found at least; 46 of 139, 85 of 161 before there were rules for their kinds."""


def _alarms(row: dict[str, Any]) -> bool:
    return any(item.severity != "info" for item in check_pair(row["de"], row["en"]))


@pytest.mark.parametrize("row", [row for row in ROWS if row["expect"] == "none"], ids=lambda row: row["en"])
def test_right_english_is_left_in_peace(row: dict[str, Any]) -> None:
    assert not _alarms(row)


@pytest.mark.parametrize("lot", ["kinds", "coarse_kinds", "who"])
def test_wrong_english_is_found(lot: str) -> None:
    rows = [json.loads(line) for line in (KINDS.parent / f"{lot}.jsonl").read_text("utf-8").splitlines()]
    wrong = [row for row in rows if row["expect"] == "finding"]
    assert sum(map(_alarms, wrong)) / len(wrong) >= KNOWN
    assert sum(_alarms(row) for row in rows if row["expect"] == "none") <= 1


def test_idioms_deny_nothing() -> None:
    rows = [json.loads(line) for line in (KINDS.parent / "idioms.jsonl").read_text("utf-8").splitlines()]
    assert sum(map(_alarms, rows)) <= 3


@pytest.mark.parametrize(
    ("de", "en", "source", "target"),
    [
        ("Trotz des Streiks fuhren die Busse.", "The buses ran because of the strike.", "Trotz", "because"),
        ("Besucher müssen einen Ausweis zeigen.", "Visitors may show identification.", "müssen", "may"),
        ("Die Firma prüft dies ohne Gutachter.", "The firm examines this with experts.", "ohne", None),
    ],
)
def test_both_sides_are_named(de: str, en: str, source: str, target: str | None) -> None:
    (found,) = (item for item in check_pair(de, en) if item.code == "meaning.turned")
    assert found.severity == "warning"
    assert (found.de_span and found.de_span.text, found.en_span and found.en_span.text) == (source, target)


@pytest.mark.parametrize(
    ("de", "right", "wrong", "code"),
    [
        (
            "Der Fahrer des Wagens floh.",
            "The driver of the car fled.",
            "The owner of the car fled.",
            "meaning.opposite",
        ),
        (
            "Die Kommission lehnt den Plan ab.",
            "The commission rejects the plan.",
            "The council rejects the plan.",
            "name.missing",
        ),
    ],
)
def test_another_one_of_its_kind(de: str, right: str, wrong: str, code: str) -> None:
    assert not check_pair(de, right)
    assert [(item.code, item.severity) for item in check_pair(de, wrong)] == [(code, "warning")]


@pytest.mark.parametrize(
    ("de", "right", "wrong"),
    [
        (
            "Am Montag verklagte der Verein den Trainer.",
            "On Monday the club sued the coach.",
            "On Monday the coach sued the club.",
        ),
        ("Den Verein verklagte der Trainer.", "It was the coach who sued the club.", "The club sued the coach."),
        (
            "Der Zeuge soll vom Angeklagten bestochen worden sein.",
            "The witness is said to have been bribed by the defendant.",
            "The witness is said to have bribed the defendant.",
        ),
        (
            "Der Rat rügte, dass das Ministerium nicht zahlt.",
            "The council criticised the ministry for not paying.",
            "The ministry criticised the council for not paying.",
        ),
    ],
)
def test_who_does_it_by_the_cases_of_the_clause(de: str, right: str, wrong: str) -> None:
    assert not check_pair(de, right)
    assert [(item.code, item.severity) for item in check_pair(de, wrong)] == [("agent.changed", "warning")]
