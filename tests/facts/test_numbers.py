"""Numbers as read: value by value (fixtures/facts/numbers_read.jsonl) and what holds for any number."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from presseschau.facts.fact import Facts, Lang
from presseschau.facts.numbers import read as numbers
from presseschau.facts.numbers.units import UnitRow
from presseschau.facts.numbers.value import Century, Clock, Decade, NumberPair, Quantity, Scale
from presseschau.lang import table

FIXTURES = Path(__file__).parents[2] / "fixtures" / "facts"
CASES = [json.loads(line) for line in (FIXTURES / "numbers_read.jsonl").read_text("utf-8").splitlines()]


def written(value: object) -> str:
    """As the case file writes values: 1.5 EUR, 2/3, 19:30, 07:30? (either half of the day), 3 : 2, 1990s, ~1000000."""
    match value:
        case Quantity(amount=amount, unit=unit):
            return f"{_decimal(Fraction(amount))} {unit}".strip()
        case Clock(minutes=minutes, sure=sure):
            return f"{minutes // 60:02}:{minutes % 60:02}{'' if sure else '?'}"
        case Decade(year=year):
            return f"{year}s"
        case Century(number=number):
            return f"century {number}"
        case Scale(size=size):
            return f"~{size}"
        case NumberPair(first=first, second=second):
            return f"{first} : {second}"
    raise AssertionError(value)


def _decimal(amount: Fraction) -> str:
    decimal = f"{float(amount):.6f}".rstrip("0").rstrip(".")
    return decimal if Fraction(decimal) == amount else str(amount)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['lang']}: {case['text']}")
def test_reads(case: dict[str, Any]) -> None:
    found = numbers.read(case["text"], case["lang"])
    assert [written(fact.value) for fact in found if fact.kind == "number"] == case["values"]
    assert set(case.get("hints", [])) <= {written(fact.value) for fact in found if fact.kind != "number"}


def amounts(text: str, lang: Lang) -> list[object]:
    return [fact.value for fact in numbers.read(text, lang) if fact.kind == "number"]


@given(st.integers(0, 10**12))
def test_grouped_figures_mean_the_same_in_both_languages(number: int) -> None:
    grouped = f"{number:,}"
    expected = [Quantity(number)]
    assert amounts(f"rund {grouped.replace(',', '.')} Menschen", "de") == expected
    assert amounts(f"some {grouped} people", "en") == expected
    assert amounts(f"rund {number} Menschen", "de") == expected


@given(st.integers(1, 999), st.integers(1, 9), st.sampled_from([("Millionen", "million"), ("Milliarden", "billion")]))
def test_decimals_and_scales_mean_the_same_in_both_languages(whole: int, tenth: int, scale: tuple[str, str]) -> None:
    assert amounts(f"{whole},{tenth} {scale[0]} Euro", "de") == amounts(f"€{whole}.{tenth} {scale[1]}", "en")


def german(number: int) -> str:
    """1..999,999 in words, written here afresh so that the reader is not tested with itself."""
    units = ["", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"]
    tens = ["", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
    if number >= 1000:
        return german(number // 1000) + "tausend" + german(number % 1000)
    if number >= 100:
        return units[number // 100] + "hundert" + german(number % 100)
    if number <= 12:
        return units[number]
    if number < 20:
        return {16: "sech", 17: "sieb"}.get(number, units[number - 10]) + "zehn"
    return (units[number % 10] + "und" if number % 10 else "") + tens[number // 10]


@given(st.integers(2, 999_999))
@example(21_001)
def test_number_words_of_any_size(number: int) -> None:
    word = german(number) + ("s" if number % 100 == 1 else "")
    assert amounts(f"genau {word} Stimmen", "de") == [Quantity(number)]


@given(st.text(alphabet="0123456789 .,:/-–%€$§’'abcdeinrtuzäö¼½\n", max_size=40), st.sampled_from(["de", "en"]))
@example("99:99 31.13. 0/0 00 000", "de")
@example("',0", "de")
def test_facts_stand_where_they_say_and_nothing_breaks(text: str, lang: Lang) -> None:
    found = numbers.read(text, lang)
    assert all(fact.text == text[fact.start : fact.end] and fact.text for fact in found)
    assert [fact.start for fact in found] == sorted(fact.start for fact in found)
    same = Facts(text, lang, numbers=found)
    assert numbers.differences(same, same) == ()


@pytest.mark.parametrize("text", ["hundert" * 5000, "a" * 50_000, "12:30 " * 5000, "1 " * 10_000], ids=lambda t: t[:8])
@pytest.mark.timeout(60)
def test_long_strange_texts_are_read_in_linear_time(text: str) -> None:
    assert all(fact.text for fact in numbers.read(text, "de"))


def readings(example: str, lang: Lang) -> set[str]:
    return {fact.value.unit for fact in numbers.read(example, lang) if isinstance(fact.value, Quantity)}


@pytest.mark.parametrize("row", table("de_en", "units", UnitRow), ids=lambda row: row.unit)
def test_a_unit_has_an_example_for_each_of_its_names(row: UnitRow) -> None:
    """The shape of a name is a regular expression: `5 ` and the name, read in its language, is so much of this unit."""
    own: tuple[tuple[Lang, str], ...] = (("de", row.both), ("en", row.both), ("de", row.de), ("en", row.en))
    names = [(lang, name) for lang, names in own for name in re.split(r"\|(?![^(\[]*[)\]])", names) if name]
    shown = [
        (lang, name)
        for lang, name in names
        for example in row.yes
        if re.fullmatch(rf"5[ ]?(?:{name}).*", example) and row.unit in readings(example, lang)
    ]
    assert set(shown) == set(names)


def test_both_parts_of_a_dotted_figure_are_read_where_they_stand() -> None:
    text = "Nach Artikel 81.12 des Gesetzes"
    parts = {fact.text: fact.start for fact in numbers.read(text, "de") if isinstance(fact.value, Quantity)}
    assert parts["81"] == text.index("81")
    assert parts["12"] == text.index("12")
