"""The room's front door: `facts` reads everything once, `compare` says everything that differs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from presseschau.facts import Fact, Facts, compare, facts

DE = (
    "Macron lobte Merz. Am Montagabend kamen mindestens 1,5 Millionen Menschen nicht nach München, sagte Präsident "
    "Wolodymyr Selenskyj; laut EZB war es „wohl der Regen“."
)
EN = (
    "Macron praised Merz. On Monday evening, at least 1.5 million people did not come to Munich, said President "
    "Volodymyr Zelensky; according to the ECB it was “probably the rain”."
)


def codes(source: Facts, target: Facts, direction: str = "both") -> list[str]:
    return sorted(difference.code for difference in compare(source, target, direction))  # type: ignore[arg-type]


def test_every_field_is_filled_and_every_fact_stands_where_it_says() -> None:
    found = facts(DE, "de")
    for field in found.concepts:
        values: tuple[Fact, ...] = getattr(found, field)
        assert values, field
        assert all(fact.text == DE[fact.start : fact.end] for fact in values), field


def test_a_good_translation_differs_in_nothing() -> None:
    assert compare(facts(DE, "de"), facts(EN, "en")) == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("1.5 million", "1.5 billion", "number.scale"),
        ("Monday", "Tuesday", "date.missing"),
        ("at least", "fewer than", "direction.reversed"),
        ("did not come", "came", "negation.lost"),
        ("Munich", "Hamburg", "place.missing"),
        ("“probably the rain”", "probably the rain", "quote.lost"),
    ],
)
def test_each_change_has_its_code(old: str, new: str, code: str) -> None:
    assert code in codes(facts(DE, "de"), facts(EN.replace(old, new), "en"))


def test_within_reports_nothing_missing_but_all_that_is_added() -> None:
    source = facts("Am 3. Mai kamen 40 Gäste und 12 Helfer nach München und Kiel.", "de")
    assert codes(source, facts("Forty guests came to Munich.", "en"), "within") == []
    assert codes(source, facts("Some 300 guests came to Munich.", "en"), "within") == ["number.added"]
    assert codes(source, facts("Guests came to Berlin in May.", "en"), "within") == ["place.added"]


def test_english_to_english() -> None:
    claim = facts("On 3 May, 40 people left Munich.", "en")
    assert compare(claim, facts("Forty people left Munich on May 3.", "en")) == ()
    assert "number.missing" in codes(claim, facts("Fifty people left Munich on May 3.", "en"))


def test_a_text_is_read_once() -> None:
    assert facts(DE, "de") is facts(DE, "de")


def test_importing_loads_no_concept() -> None:
    """--help and a cached run must not pay for tables and patterns."""
    loaded = "[name for name in sys.modules if 'presseschau.facts.' in name]"
    script = f"import json, sys, presseschau.facts; print(json.dumps({loaded}))"
    environment = {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert json.loads(done.stdout) == ["presseschau.facts.fact"]
