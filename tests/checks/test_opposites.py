"""`meaning.opposite`: the other pole is found, the right one and a denied one are left in peace; the table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from presseschau.checks import check_pair
from presseschau.checks.pair import opposites as module
from presseschau.checks.pair.opposites import GRAVE
from presseschau.checks.pair.poles import Antonyms, poles_of
from presseschau.facts.lexicon import infinitives, stem
from presseschau.lang import PAIR, table

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
    rows = table(PAIR, "opposites", Antonyms)
    assert len(rows) >= 400
    assert len({frozenset((*row.de, *row.de_other)) for row in rows}) == len(rows)
    for row in rows:
        for word in (*row.de, *row.de_other):
            assert word == word.lower()
        for own in (row.en, row.en_other):
            assert any(word[0] != "(" for word in own), row
        assert not {word.strip("()") for word in row.en} & {word.strip("()") for word in row.en_other}, row
        assert row.outcome in ("", *GRAVE), row


def test_most_concepts_are_of_the_frequency_list() -> None:
    lines = (Path(__file__).parents[1] / "lang" / "frequency.txt").read_text("utf-8").splitlines()[1:]
    low = [line.split(",")[0].lower() for line in lines]
    counted = {form for word in low for form in (word, stem(word), *infinitives(word))}
    frequent = [row for row in table(PAIR, "opposites", Antonyms) if counted & {*row.de, *row.de_other}]
    assert len(frequent) >= 300


def test_where_a_row_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    contexts = [row for row in ROWS if "context" in row]
    assert {row["context"] for row in contexts} == {
        word for name in ("opposites", "outcomes") for row in table(PAIR, name, Antonyms) for word in row.not_with
    }
    monkeypatch.setattr(module, "_stands", lambda word, pair: False)
    for row in contexts:
        assert "meaning.opposite" in {item.code for item in check_pair(row["de"], row["en"])}, row["en"]


def test_a_pole_is_found_in_any_form_of_its_word() -> None:
    assert poles_of("freigesprochen") == poles_of("freisprechen") == poles_of("freizusprechen") != ()
    assert {pole.other for pole in poles_of("gestorben")} <= {pole.other for pole in poles_of("sterben")}
    assert poles_of("unverletzten") == poles_of("unverletzt") != ()
    assert poles_of("zeile") == ()
