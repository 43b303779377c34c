"""What is no opposite but another one of its kind, row by row; and which German words are common nouns."""

import json
from pathlib import Path

import pytest

from presseschau.checks import check_pair
from presseschau.checks.bitext import bitext
from presseschau.checks.pair.german_words import german_noun
from presseschau.checks.pair.opposites import siblings
from presseschau.checks.pair.poles import Sibling
from presseschau.lang import PAIR, table

FILE = Path(__file__).parents[2] / "fixtures" / "checks" / "siblings.jsonl"
CASES = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
"""A noun of each row of siblings.csv, an English word for it, and one for another of its kind, which may stand for both
(`seen` is false then)."""


def _noticed(de, en):
    pair = bitext(f"Berichtet wurde gestern über {de}.", f"There was a report about the {en} yesterday.")
    return any(True for _ in siblings(pair))


def test_another_one_of_its_kind_is_noticed():
    assert [case for case in CASES if _noticed(case["de"], case["other"]) is not case.get("seen", True)] == []


def test_a_word_for_itself_is_not():
    assert [case for case in CASES if _noticed(case["de"], case["en"])] == []


def test_a_sibling_is_a_finding():
    assert [f.code for f in check_pair("Der Bruder kam.", "The sister came.")] == ["meaning.opposite"]


def test_every_row_has_its_case():
    """But for bodies, which are names, and rows without an English word that proves them."""
    rows = [row for row in table(PAIR, "siblings", Sibling) if row.kind != "body"]
    proved = {row.de[0] for row in rows if any(not word.startswith("(") for word in row.en)}
    assert proved <= {case["de"].lower() for case in CASES}, "add a line to fixtures/checks/siblings.jsonl"


@pytest.mark.parametrize("word", ["aktionären", "gewittern", "feuerwehren", "hebammen", "amtszeiten", "baustellen"])
def test_a_noun_in_another_form_is_a_common_noun(word):
    assert german_noun(word)


@pytest.mark.parametrize("word", ["winterberg", "ukraine", "samsung"])
def test_a_place_or_a_company_is_none(word):
    assert not german_noun(word, bare=True)
