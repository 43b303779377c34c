"""`meaning.opposite`: the other pole is found, the right one and a denied one are left in peace; the table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from presseschau.checks import check_pair
from presseschau.checks.pair.opposites import poles, poles_of

CASES = Path(__file__).parents[2] / "fixtures" / "checks" / "opposites.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["en"])
def test_pairs(row: dict[str, Any]) -> None:
    codes = {item.code for item in check_pair(row["de"], row["en"])}
    assert bool(codes & {"meaning.opposite", "direction.reversed"}) is row["opposite"]


def test_of_courts_votes_and_deaths_it_is_an_error() -> None:
    (found,) = check_pair("Das Gericht sprach den Angeklagten frei.", "The court convicted the defendant.")
    assert (found.code, found.severity) == ("meaning.opposite", "error")
    spans = (found.de_span, found.en_span)
    assert [span.text for span in spans if span] == ["sprach", "convicted"]


def test_a_price_is_a_warning() -> None:
    codes = {item.code: item.severity for item in check_pair("Das Produkt ist teuer.", "The product is cheap.")}
    assert codes["meaning.opposite"] == "warning"


def test_the_table() -> None:
    rows = {(frozenset((pole.own, pole.other)), pole.outcome) for word in poles().values() for pole in word}
    assert len(rows) >= 400
    for word, own in poles().items():
        assert word == word.lower()
        for pole in own:
            assert pole.own, word
            assert pole.other, word
            assert not set(pole.own) & set(pole.other), word
            assert pole.outcome in ("", "verdict", "vote", "death"), word


def test_a_pole_is_found_in_any_form_of_its_word() -> None:
    assert poles_of("freigesprochen") == poles_of("freisprechen") == poles_of("freizusprechen") != ()
    assert set(poles_of("gestorben")) <= set(poles_of("sterben"))
    assert poles_of("unverletzten") == poles_of("unverletzt") != ()
    assert poles_of("tisch") == ()
