"""How far to trust a sentence: the order of good and bad English, its reasons, and what results show of it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar, Literal

import docx
import numpy as np
import pytest

from presseschau.analysis import Options, analyze
from presseschau.checks import ModelSigns, check_pair, restated, risk
from presseschau.checks.bitext import bitext
from presseschau.checks.risk import signs, weights
from presseschau.ingest import read_article
from presseschau.models import READ_FIRST, Analysis, Claim, EngineInfo, Finding, Point, Risk, Summary
from presseschau.output.placing import UNUSABLE, doubt, not_for_facts, read_first
from presseschau.pipeline.decisions import Decision, Decisions, decided
from presseschau.pipeline.risks import weighed
from presseschau.results import render
from scripted import ScriptedEngine, wanted

FILE = Path(__file__).parents[2] / "fixtures/risk/sentences.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def area(values: Sequence[float]) -> float:
    """How often a wrong sentence stands above a right one."""
    wrong = [value for value, row in zip(values, ROWS, strict=True) if row["wrong"][0]]
    right = [value for value, row in zip(values, ROWS, strict=True) if not row["wrong"][0]]
    return sum((a > b) + 0.5 * (a == b) for a in wrong for b in right) / (len(wrong) * len(right))


def test_wrong_sentences_stand_above_right_ones_and_the_way_back_helps():
    plain, deep = [], []
    for row in ROWS:
        found = check_pair(row["de"], row["en"])
        for values, back in ((plain, ()), (deep, row.get("back", ()))):
            sure = dict(zip(("sure", "least", "torn"), row.get("sure", ()), strict=False))
            heard = ModelSigns(**sure, **dict(zip(("back", "nouns"), back, strict=False)))
            values.append(risk(row["de"], row["en"], found, demonstration=True, heard=heard).value)
    assert area(plain) > 0.76
    assert area(deep) > area(plain) + 0.005


def test_a_reason_is_said_once():
    heard = ModelSigns(sure=-2.0, least=-6.0, torn=3.0)
    said = risk("Der Hund bellt.", "The dog barks.", (), demonstration=True, heard=heard).reasons
    assert said == ("the model was unsure of its words",)


def test_the_reasons_name_what_was_seen():
    german = "Das Landgericht sprach den Bürgermeister vom Vorwurf der Untreue frei."
    free = risk(german, "The regional court cleared the mayor of the charge of embezzlement.", (), demonstration=True)
    wrong = risk(german, "The land dish spoke the road free.", (), demonstration=True)
    assert wrong.value > free.value
    assert any("Bürgermeister" in reason for reason in wrong.reasons)
    assert any("dish" in reason for reason in wrong.reasons)


@pytest.mark.parametrize(
    ("german", "english", "reason"),
    [
        ("Er zahlte 300 Euro.", "He paid 900 euros.", "the checks find other figures, names or places"),
        ("Sie kommt am Dienstag.", "She comes on Wednesday.", "the checks found an error"),
    ],
)
def test_an_error_is_read_first_whatever_the_model(german, english, reason):
    found = check_pair(german, english)
    assert any(f.severity == "error" for f in found)
    for demonstration in (True, False):
        told = risk(german, english, found, demonstration=demonstration)
        assert told.value >= READ_FIRST
        assert told.reasons[0] == reason


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
    assert UNUSABLE.upper() in render(analysis, "txt")
    words: tuple[Literal["docx", "docx-english"], ...] = ("docx", "docx-english")
    for word in words:
        paragraphs = docx.Document(BytesIO(render(analysis, word))).paragraphs
        assert [one.text for one in paragraphs if one.style.name == "Notice"][1:] == [UNUSABLE]
    assert 'type="x-risk"' in render(analysis, "tmx")
    again = Analysis.model_validate_json(render(analysis, "json"))
    assert again == analysis


async def test_what_rests_on_a_doubtful_sentence_says_so_in_every_form():
    analysis = await analysed(BAD, demonstration=True)
    points = (Point(text="The dish sings a lamp.", sentences=(2,)), Point(text="It is reformed.", sentences=()))
    summary = Summary(headline="", bottom_line="A dish sings.", bottom_line_sentences=(2,), points=points)
    claims = (
        Claim(id="c1", text="The dish pays.", sentences=(2,), evidence=()),
        Claim(id="c2", text="Nobody pays.", sentences=(), evidence=()),
    )
    analysis = weighed(analysis.model_copy(update={"summary": summary, "claims": claims}))
    assert analysis.summary
    assert analysis.claims
    made = (analysis.summary.points[0], analysis.summary, analysis.claims[0])
    said, line, claim = (doubt(one.risk) for one in made)
    for one in (said, line, claim):
        assert re.match(r"risk (0\.[5-9]\d|1\.00); rests on sentence 2", one)
    shown = {form: render(analysis, form) for form in ("md", "html", "txt")}
    for form, heading in (("md", "## Summary"), ("html", 'id="summary"'), ("txt", "SUMMARY")):
        assert shown[form].casefold().index(UNUSABLE.casefold()) < shown[form].index(heading)  # that leads
    assert f"A dish sings. [2] *{line}*" in shown["md"]
    assert f"A dish sings. ({line})\n" in shown["txt"]
    assert f"<small>{line}</small></p>" in shown["html"]
    assert f"- **c1** The dish pays. [2] *{claim}*  \n" in shown["md"]
    assert "- **c2** Nobody pays.   \n" in shown["md"]
    assert shown["html"].count(f'<span class="tally warning">{claim}</span>') == 1
    lines = [one for one in shown["txt"].split("\n") if " pays. (" in one]
    assert [one.endswith(f" ({claim})") for one in lines] == [True, False]
    assert f"- The dish sings a lamp. [2] *{said}*\n- It is reformed. \n" in shown["md"]
    assert f"- The dish sings a lamp. ({said})\n- It is reformed.\n" in shown["txt"]
    assert f"<small>{said}</small></li>" in shown["html"]
    paragraphs = [one.text for one in docx.Document(BytesIO(render(analysis, "docx"))).paragraphs]
    assert f"The dish sings a lamp. ({said})" in paragraphs
    assert f"A dish sings. ({line})" in paragraphs
    assert [one.endswith(f" ({claim})") for one in paragraphs if " pays. (" in one] == [True, False]
    assert "It is reformed." in paragraphs
    assert paragraphs.index(UNUSABLE) < paragraphs.index("Summary")
    assert doubt(Risk(value=0.49, reasons=("rare words: Rat",))) == doubt(None) == ""


async def test_what_a_person_decided_is_not_to_be_read_first():
    analysis = await analysed(BAD, demonstration=True)
    first, other = read_first(analysis)[:2]
    decisions = Decisions(decisions=(Decision.on(first, "edited", "Mine."), Decision.on(other, "rejected")))
    after = decided(analysis, decisions)
    assert {row.n for row in read_first(after)} == {row.n for row in read_first(analysis)} - {first.n, other.n}
    left = [row.risk.value for row in after.translation or () if row.risk]
    assert after.risk == round(sum(left) / len(left), 2)
    every = Decisions(decisions=tuple(Decision.on(row, "edited", "Mine.") for row in analysis.translation or ()))
    assert UNUSABLE not in render(decided(analysis, every), "html")


async def test_a_good_result_of_another_model_says_nothing_of_it():
    analysis = await analysed(GOOD, demonstration=False)
    assert [row.risk is not None for row in analysis.translation or ()] == [True] * 3
    assert read_first(analysis) == ()
    assert "Read these first" not in render(analysis, "md") + render(analysis, "html")


@pytest.mark.parametrize("english", [GOOD, BAD])
async def test_without_risk_nothing_is_said(english):
    analysis = await analysed(english, demonstration=True, risk=None)
    assert '"risk"' not in analysis.model_dump_json()
    assert "Read these first" not in render(analysis, "md")


SMALL = EngineInfo("m", "m", 32_000, english_first=True, translates_only=True, demonstration=True)


async def told(text: str, english: dict[int, str], info: EngineInfo = SMALL, **more: Any) -> Analysis:
    engine = ScriptedEngine(lambda request: {"sentences": [{"n": n, "en": english[n]} for n in wanted(request)]})
    engine.info = info
    return await analyze(read_article(text, source="t"), engine, Options(rounds=0, **more))


async def test_claims_and_points_have_a_risk_of_their_own_and_the_bottom_line_is_none_to_be_read_first():
    german = (
        "Sturm über Ostfriesland\n\nDer Bürgermeister sprach am Montag den Rücktritt des Kämmerers an. "
        "Der Rat tagt am Freitag. Die Stadt zahlt 300 Euro an den Verein.\n"
    )
    english = {
        1: "Storm over East Frisia", 2: "The pendulum sang a lamp of the comber to the dish.",
        3: "The council meets on Friday.", 4: "The city pays 900 euros to the club.",
    }  # fmt: skip
    analysis = await told(german, english)
    risks = {row.n: row.risk.value for row in analysis.translation or () if row.risk}
    assert risks[2] >= READ_FIRST
    assert risks[4] >= READ_FIRST
    assert analysis.summary
    assert analysis.summary.bottom_line_sentences == (3,)
    assert analysis.summary.risk
    assert analysis.summary.risk.value == risks[3] < READ_FIRST
    assert all(claim.risk and claim.risk.value >= risks[claim.sentences[0]] for claim in analysis.claims or ())
    risky = await told(german, {**english, 3: "The comber sings lamps over the pendulum dish."})
    assert risky.summary
    assert (risky.summary.bottom_line, risky.summary.risk, risky.summary.points) == (None, None, ())


def test_what_is_found_in_a_restatement_makes_it_worse():
    german, english = "Die Stadt zahlt 300 Euro an den Verein.", "The city pays the club 300 euros."
    plain = restated(0.2, german, english, ())
    assert plain.value == pytest.approx(0.2, abs=0.05)
    wrong = "The city pays the club 900 euros."
    assert restated(0.2, german, wrong, check_pair(german, wrong)).value >= READ_FIRST
    own = restated(0.2, german, "The city pays the club 300 euros for pendulum lamps and lampoons.", ())
    assert own.value > plain.value
    assert "pendulum" in own.reasons[0]


def test_what_a_reader_says_counts_for_any_model():
    german, english = "Der Rat tagt am Freitag.", "The council meets on Friday."
    grave = Finding(code="reader.mistranslation", severity="warning", message="")
    note = grave.model_copy(update={"severity": "info"})
    values = [risk(german, english, found, demonstration=False).value for found in ((), (note,), (grave,))]
    assert values == sorted(set(values))


async def test_no_more_than_twenty_are_read_first():
    german = "Bericht\n\n" + " ".join(f"Der Rat tagt zum {n}. Mal im Rathaus." for n in range(2, 32))
    bad = dict.fromkeys(range(1, 32), "The pendulum sings a lamp to the comber.")
    analysis = await told(german, bad, tasks=("translate",))
    assert len(analysis.translation or ()) == 31
    assert len(read_first(analysis)) == 20


class Vectors:
    """An encoder to which all is alike, and which counts how often it is asked."""

    name = "alike/1"

    def __init__(self) -> None:
        self.asked = 0

    def vectors(self, texts: Sequence[str]) -> Any:
        self.asked += 1
        return np.array([[0.6, 0.8]] * len(texts))


async def test_meanings_are_compared_once_and_samples_are_held_against_each_other():
    class Keeping(ScriptedEngine):
        kept: ClassVar[dict[str, str]] = {}

        async def recall(self, key: str) -> str | None:
            return self.kept.get(key)

        async def remember(self, key: str, text: str) -> None:
            self.kept[key] = text

    said = {**GOOD, 2: "It is being changed."}

    def reply(request: Any) -> Any:
        return {"sentences": [{"n": n, "en": (said if request.sample else GOOD)[n]} for n in wanted(request)]}

    encoder, signs_of = Vectors(), []
    for _ in range(2):
        engine = Keeping(reply)
        options = Options(tasks=("translate",), rounds=0, samples=2, encoder=encoder)
        analysis = await analyze(read_article(TEXT, source="t"), engine, options)
        signs_of.append([row.risk.signs for row in analysis.translation or () if row.risk])
        asked = encoder.asked
    assert signs_of[0] == signs_of[1]
    assert encoder.asked == asked
    assert [one["meaning"] for one in signs_of[0]] == [1.0, 1.0, 1.0]
    assert signs_of[0][0]["samples"] == 100.0
    assert signs_of[0][1]["samples"] < 60
