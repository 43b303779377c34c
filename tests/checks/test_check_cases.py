"""Each check against its own case file: German, English, and the codes that must come out, good cases and bad ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from presseschau.checks import check_glossary, check_pair, house_glossary
from presseschau.checks.bitext import Bitext, bitext
from presseschau.checks.meta import meta
from presseschau.checks.pair.another_language import _langid_says_german, in_another_language
from presseschau.checks.pair.leaks import links, repetition
from presseschau.checks.pair.omission import cut_short, omission
from presseschau.checks.pair.other_voice import other_voice
from presseschau.checks.pair.shifted import unrelated
from presseschau.checks.pair.untranslated import german_left
from presseschau.findings import Found, Remark, told
from presseschau.models import Finding

CASES = Path(__file__).parents[2] / "fixtures" / "checks"
Check = Callable[[str, str], Sequence[Finding | Found]]
CHECKS: dict[str, Check] = {
    "cut_short": lambda de, en: said(cut_short, de, en),
    "glossary": lambda de, en: check_glossary(de, en, house_glossary()),
    "links": lambda de, en: tuple(told(links(de, en), de, en)),
    "meta": lambda de, en: said(meta, de, en),
    "news": check_pair,
    "omission": lambda de, en: said(omission, de, en),
    "other_voice": lambda de, en: said(other_voice, de, en),
    "pair": check_pair,
    "repetition": lambda de, en: said(repetition, de, en),
    "unrelated": lambda de, en: said(unrelated, de, en),
    "untranslated": lambda de, en: said(in_another_language, de, en) or said(german_left, de, en),
}


def said(check: Callable[[Bitext], Iterable[Remark]], de: str, en: str) -> tuple[Found, ...]:
    return tuple(told(check(bitext(de, en)), de, en))


def cases() -> list[Any]:
    return [
        pytest.param(name, json.loads(line), id=f"{name}-{number}")
        for name in CHECKS
        for number, line in enumerate((CASES / f"{name}.jsonl").read_text("utf-8").splitlines(), 1)
    ]


@pytest.mark.parametrize(("name", "case"), cases())
def test_case(name: str, case: dict[str, Any]) -> None:
    found = CHECKS[name](case["de"], case["en"])

    assert sorted({item.code for item in found if item.severity != "info"}) == case["codes"]


@pytest.mark.parametrize(("name", "case"), cases())
def test_spans_are_where_they_say(name: str, case: dict[str, Any]) -> None:
    for item in CHECKS[name](case["de"], case["en"]):
        for span, text in ((item.de_span, case["de"]), (item.en_span, case["en"])):
            assert span is None or text[span.start : span.end] == span.text != ""


def test_every_case_file_has_good_and_bad_cases() -> None:
    for name in CHECKS:
        codes = [json.loads(line)["codes"] for line in (CASES / f"{name}.jsonl").read_text("utf-8").splitlines()]
        assert [] in codes
        assert any(codes), name


def test_german_without_any_known_word_is_known_by_its_letters() -> None:
    assert _langid_says_german("Die Sitzung wurde gestern Abend wegen des Streits vertagt.")
    assert not _langid_says_german("The meeting was adjourned last night.")
