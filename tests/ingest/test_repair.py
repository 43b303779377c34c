"""Encoding damage is undone, and nothing else is touched."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from damage import misread, misread_bytewise, sample_chain, some_lines
from hypothesis import given
from hypothesis import strategies as st

from presseschau.ingest.text.decode import decode
from presseschau.ingest.text.normalize import normalize
from presseschau.ingest.text.repair import repair

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
ENCODING = FIXTURES / "ingest" / "encoding"
SAMPLE = FIXTURES / "articles" / "000_044aac90155ef23c.txt"
GERMAN = (ENCODING / "german.txt").read_text(encoding="utf-8").splitlines()

DAMAGES: dict[str, Callable[[str], str]] = {
    **{codec: (lambda text, codec=codec: misread(text, codec)) for codec in (
        "iso8859_16", "iso8859_15", "iso8859_14", "cp1252", "cp1250", "mac_roman", "cp850", "latin_1", "cp1254",
        "cp437", "cp1251", "koi8_r", "iso8859_5", "mac_latin2",
    )},
    "twice": lambda text: misread(misread(text, "cp1252"), "cp1252"),
    "sample": sample_chain,
}  # fmt: skip
UNKNOWN = ("gbk", "shift_jis", "big5", "cp864", "iso8859_6", "koi8_t", "cp1255")


def rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (ENCODING / name).read_text(encoding="utf-8").splitlines()]


def mend(text: str) -> str:
    return normalize(repair(text).text)[0]


def test_sample_equals_its_clean_twin() -> None:
    clean = SAMPLE.with_suffix(".clean.txt").read_text(encoding="utf-8").replace("\xa0", " ")
    repaired = repair(decode(SAMPLE.read_bytes()).text)
    assert normalize(repaired.text)[0] == "\n".join(line.rstrip() for line in clean.split("\n"))
    assert sum(change.count for change in repaired.repairs) == 45
    assert not repaired.findings


@pytest.mark.parametrize("damage", DAMAGES)
def test_document_is_restored(damage: str) -> None:
    text = "\n".join(GERMAN)
    assert mend(DAMAGES[damage](text)) == text


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("sentence", GERMAN[:9])
def test_single_sentence_is_restored(sentence: str, damage: str) -> None:
    assert mend(DAMAGES[damage](sentence)) == sentence


@pytest.mark.parametrize("damage", ["iso8859_16", "cp1252", "sample"])
def test_few_damaged_lines_in_a_clean_text(damage: str) -> None:
    text = "\n".join(GERMAN)
    assert mend(some_lines(text, DAMAGES[damage], 0.2, seed=3)) == text


@pytest.mark.parametrize("case", rows("cases.jsonl"), ids=lambda case: case["why"])
def test_single_cases(case: dict[str, str]) -> None:
    assert mend(case["damaged"]) == case["expected"]


@pytest.mark.parametrize("row", rows("clean.jsonl"), ids=lambda row: f"{row['lang']}: {row['text'][:20]}")
def test_clean_text_keeps_every_character(row: dict[str, str]) -> None:
    result = repair(row["text"])
    assert result.text == row["text"]
    assert result.repairs == ()


def test_clean_document_in_all_languages_keeps_every_character() -> None:
    text = "\n".join(row["text"] for row in rows("clean.jsonl"))
    assert repair(text).text == text


@pytest.mark.parametrize("row", rows("unchanged.jsonl"), ids=lambda row: row["why"])
def test_what_only_looks_damaged_is_unchanged(row: dict[str, str]) -> None:
    assert mend(row["text"]) == row["text"]


@pytest.mark.parametrize("codec", UNKNOWN)
def test_unknown_code_page_is_unchanged_with_a_warning(codec: str) -> None:
    damaged = misread("\n".join(GERMAN), codec, "replace")
    result = repair(damaged)
    assert result.text == damaged
    assert [finding.code for finding in result.findings] == ["input.encoding"]


def test_lost_characters_are_reported() -> None:
    result = repair("Das ist f\ufffdr alle.")
    assert result.text == "Das ist f\ufffdr alle."
    assert result.findings[0].severity == "warning"


def test_report_names_the_code_page_and_shows_examples() -> None:
    report = repair(misread("Für die Größe", "iso8859_16")).repairs[0]
    assert (report.kind, report.codec, report.count) == ("mojibake", "iso8859_16", 3)
    assert "ĂŒ -> ü" in report.examples


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=200))
def test_ascii_is_never_changed(text: str) -> None:
    assert repair(text).text == text


@given(st.lists(st.sampled_from(GERMAN), min_size=1, max_size=6), st.sampled_from(sorted(DAMAGES)))
def test_repair_is_stable(sentences: list[str], damage: str) -> None:
    once = repair(DAMAGES[damage]("\n".join(sentences))).text
    assert repair(once).text == once


@pytest.mark.parametrize(("written", "read"), [("cp1252", "mac_roman"), ("mac_roman", "cp1252"), ("cp850", "cp1252")])
def test_single_byte_mixups_are_at_least_reported(written: str, read: str) -> None:
    text = "Für die Bürger hätte das spätere Folgen, müssen die Behörden einräumen."
    result = repair(misread_bytewise(text, written, read))
    assert result.text == text or result.findings
