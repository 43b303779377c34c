"""How far to trust a sentence: the order of good and bad English, its reasons, and what results show of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import pytest

from presseschau.analysis import Options, analyze
from presseschau.checks import check_pair, risk
from presseschau.checks.bitext import bitext
from presseschau.checks.risk import signs, weights
from presseschau.ingest import read_article
from presseschau.models import READ_FIRST, Analysis, EngineInfo
from presseschau.output.doubtful import UNUSABLE, not_for_facts, read_first
from presseschau.results import render
from scripted import ScriptedEngine, wanted

FILE = Path(__file__).parents[2] / "fixtures/risk/sentences.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def test_wrong_sentences_stand_above_right_ones():
    values = [risk(row["de"], row["en"], check_pair(row["de"], row["en"]), demonstration=True).value for row in ROWS]
    wrong = [value for value, row in zip(values, ROWS, strict=True) if row["wrong"][0]]
    right = [value for value, row in zip(values, ROWS, strict=True) if not row["wrong"][0]]
    pairs = [(a > b) + 0.5 * (a == b) for a in wrong for b in right]
    assert sum(pairs) / len(pairs) > 0.72


def test_the_reasons_name_what_was_seen():
    german = "Das Landgericht sprach den Bürgermeister vom Vorwurf der Untreue frei."
    free = risk(german, "The regional court cleared the mayor of the charge of embezzlement.", (), demonstration=True)
    wrong = risk(german, "The land dish spoke the road free.", (), demonstration=True)
    assert wrong.value > free.value
    assert any("Bürgermeister" in reason for reason in wrong.reasons)
    assert any("dish" in reason for reason in wrong.reasons)


def test_an_error_is_read_first_whatever_the_model():
    german, english = "Er zahlte 300 Euro.", "He paid 900 euros."
    found = check_pair(german, english)
    assert any(f.severity == "error" for f in found)
    for demonstration in (True, False):
        told = risk(german, english, found, demonstration=demonstration)
        assert told.value >= READ_FIRST
    assert "the checks found an error" in told.reasons or told.value == READ_FIRST


def test_another_model_has_a_reserve():
    german, english = "Die Pendlerpauschale wird heuer umgebaut.", "The pendulum flat rate will be rebuilt this year."
    own, other = (risk(german, english, (), demonstration=one).value for one in (True, False))
    assert other < own
    assert set(signs(bitext(german, english), ()).figures) <= set(weights().weight) <= set(weights().deep)


TEXT = "Pendlerpauschale\n\nDie Pendlerpauschale wird heuer umgebaut. Der Rat tagt am Montag.\n"
GOOD = {
    1: "Commuter allowance",
    2: "The commuter allowance is being reformed this year.",
    3: "The council meets on Monday.",
}
BAD = {1: "Pendulum", 2: "The dish sings a lamp tomorrow.", 3: "A horse pays the pendulum lamp."}


async def analysed(
    english: dict[int, str], *, demonstration: bool, risk: Literal["off", "plain"] = "plain"
) -> Analysis:
    engine = ScriptedEngine(lambda request: {"sentences": [{"n": n, "en": english[n]} for n in wanted(request)]})
    engine.info = EngineInfo("m", "m", 32_000, demonstration=demonstration)
    options = Options(tasks=("translate",), rounds=0, risk=risk)
    return await analyze(read_article(TEXT, source="t"), engine, options)


async def test_a_result_of_which_most_is_wrong_says_so_first():
    analysis = await analysed(BAD, demonstration=True)
    assert analysis.risk is not None
    assert not_for_facts(analysis)
    first = read_first(analysis)
    assert first == tuple(sorted(first, key=lambda row: -row.risk.value if row.risk else 0))
    for form in ("md", "html"):
        text = render(analysis, form)
        assert UNUSABLE in text
        assert text.index("Read these first") < text.index('id="text"' if form == "html" else "## Translation")
    assert 'type="x-risk"' in render(analysis, "tmx")
    again = Analysis.model_validate_json(render(analysis, "json"))
    assert again == analysis


async def test_a_good_result_of_another_model_says_nothing_of_it():
    analysis = await analysed(GOOD, demonstration=False)
    assert [row.risk is not None for row in analysis.translation or ()] == [True] * 3
    assert read_first(analysis) == ()
    assert "Read these first" not in render(analysis, "md") + render(analysis, "html")


@pytest.mark.parametrize("english", [GOOD, BAD])
async def test_without_risk_nothing_is_said(english):
    analysis = await analysed(english, demonstration=True, risk="off")
    assert '"risk"' not in analysis.model_dump_json()
    assert "Read these first" not in render(analysis, "md")
