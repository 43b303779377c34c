"""The summary as a part of the analysis: mended part by part, nothing without support, what is not known."""

import json
from pathlib import Path

import pytest

from presseschau.analysis import Options, analyze
from presseschau.checks import not_known, reach
from presseschau.ingest import read_article
from presseschau.models import Analysis, Point, Summary
from presseschau.output.markdown import markdown
from presseschau.output.page import html
from presseschau.output.text import text
from scripted import ScriptedEngine, wanted

OWN = Path(__file__).parents[2] / "fixtures"
SLUG = "ausland-amudarja"


@pytest.fixture(scope="module")
def article():
    return read_article((OWN / "articles/own" / f"{SLUG}.txt").read_bytes(), source=SLUG)


@pytest.fixture(scope="module")
def good():
    pairs = json.loads((OWN / "translations/own" / f"{SLUG}.json").read_text())
    return {int(n): en for n, en in pairs.items()}


def short(texts, points=(2, 5, 12, 14), **changed):
    return {
        "points": [{"sentences": [n], "text": texts[n]} for n in points],
        "bottom_line": {"sentences": [4], "text": texts[4]},
        "headline": texts[1],
        **changed,
    }


async def summarised(article, reply, **options):
    engine = ScriptedEngine(reply, english_first=options.pop("english_first", False))
    analysis = await analyze(article, engine, Options(tasks=["summary"], **options))
    return analysis, engine


async def test_a_repair_keeps_the_good_parts(article, good):
    bad = {**good, 14: good[14].replace("112", "211")}
    other = {n: f"Nothing new: {text}" for n, text in good.items()}
    asked = []

    def reply(request):
        asked.append(request)
        return short(bad) if len(asked) == 1 else short({**other, 14: good[14]}, headline="Other words.")

    analysis, _ = await summarised(article, reply)
    assert [point.text for point in analysis.summary.points] == [good[n] for n in (2, 5, 12, 14)]
    assert analysis.summary.headline == good[1]
    assert analysis.provenance.repairs == 1


async def test_the_note_never_gets_into_the_text(article, good):
    bad = short(good, headline="Berlin plans 900 new dams on the river with Paris.")

    def reply(request):
        note = request.messages[-1].content.split("\nAnswer in JSON")[0].splitlines()[-1]
        return bad if len(engine_asked) == 0 and not engine_asked.append(1) else short(good, headline=note)

    engine_asked = []
    analysis, _ = await summarised(article, reply)
    assert analysis.summary.headline == bad["headline"]
    assert [f for f in analysis.findings if f.message.startswith("headline") and f.severity == "error"]


async def test_a_point_without_support_falls(article, good):
    bad = short({**good, 14: "The king of Norway has married in Oslo, said the mayor of Paris."})
    analysis, _ = await summarised(article, lambda request: bad)
    assert [point.sentences for point in analysis.summary.points] == [(2,), (5,), (12,)]
    assert not [f for f in analysis.findings if f.severity == "error"]


async def test_a_translated_sentence_takes_the_place_of_a_point_without_support(article, good):
    bad = short({**good, 14: "The king of Norway has married in Oslo, said the mayor of Paris."})

    def reply(request):
        if request.task == "translate":
            return {"sentences": [{"n": n, "en": good[n]} for n in wanted(request)]}
        return bad

    analysis, _ = await summarised(article, reply, english_first=True)
    assert analysis.summary.points[3] == Point(text=good[14], sentences=(14,))


async def test_a_citation_moves_to_the_neighbour_that_supports_it(article, good):
    said = short(good)
    said["points"][1] = {"sentences": [3], "text": good[5]}
    said["bottom_line"] = {"sentences": [2], "text": good[4]}
    analysis, _ = await summarised(article, lambda request: said, rounds=0)
    assert analysis.summary.points[1] == Point(text=good[5], sentences=(5,))
    assert analysis.summary.bottom_line_sentences == (4,)


@pytest.mark.parametrize("part", ["points", "bottom_line"])
async def test_nothing_rests_on_a_sentence_whose_translation_has_an_error(article, good, part):
    invented = {**good, 4: f"{good[4]} It cost 98,765 euros."}
    point = {"sentences": [4], "text": "The two countries want to negotiate."}
    said = short(good) | {part: [point] if part == "points" else point}

    def reply(request):
        if request.task == "translate":
            return {"sentences": [{"n": n, "en": invented[n]} for n in wanted(request)]}
        return said

    analysis, _ = await summarised(article, reply, english_first=True, rounds=0)
    cited = {n for one in analysis.summary.points for n in one.sentences}
    assert 4 not in cited | set(analysis.summary.bottom_line_sentences)


async def test_a_bottom_line_without_support_gives_way_to_a_point(article, good):
    said = short(good, bottom_line={"sentences": [4], "text": "The king of Norway has married in Oslo."})
    analysis, _ = await summarised(article, lambda request: said, rounds=0)
    assert analysis.summary.bottom_line == analysis.summary.points[0].text


async def test_points_from_the_lead_alone_are_told(article, good):
    analysis, _ = await summarised(article, lambda request: short(good, points=(2, 3, 4, 5)), rounds=0)
    assert [f.severity for f in analysis.findings if f.code == "coverage.lead"] == ["warning"]


async def test_what_is_not_known_is_said(article, good):
    analysis, _ = await summarised(article, lambda request: short(good))
    assert analysis.summary.unknown == not_known(article) == (7, 13)


def test_reach_is_the_share_of_the_text_that_points_cite(article):
    last = article.sentences[-1].n
    points = tuple(Point(text="x", sentences=(n,)) for n in (2, 3, last))
    made = Summary(headline="x", bottom_line="x", points=points)
    assert reach(made, article) == 0.5


@pytest.mark.parametrize(
    ("german", "known"),
    [
        ("Unklar ist, wen Moskau schickt.", False),
        ("Die Ursache ist noch unbekannt.", False),
        ("Zur Höhe des Schadens machte die Polizei zunächst keine Angaben.", False),
        ("Die Angaben ließen sich nicht unabhängig überprüfen.", False),
        ("Der Minister wollte das nicht sagen.", True),
        ("Das Museum ist sonntags offen für alle.", True),
        ("Er ist als Maler nicht sehr berühmt.", True),
    ],
)
def test_not_known(german, known):
    read = read_article(f"Ein Bericht aus der Stadt\n\nDie Brücke ist gesperrt. {german} Der Verkehr ruht.", source="x")
    assert bool(not_known(read)) is not known


def translating(texts):
    return lambda request: {"sentences": [{"n": n, "en": texts[n]} for n in wanted(request)]}


async def small_summary(article, texts):
    engine = ScriptedEngine(translating(texts), english_first=True, small=True)
    analysis = await analyze(article, engine, Options(tasks=["translate", "summary"], rounds=0))
    return analysis, engine


async def test_a_very_small_model_is_not_asked_for_a_summary(article, good):
    analysis, engine = await small_summary(article, good)
    assert [r.task for r in engine.requests] == ["translate"]
    summary = analysis.summary
    assert len(summary.points) == Options().points
    assert all(point.text == good[n] for point in summary.points for n in point.sentences)
    assert summary.bottom_line == good[summary.bottom_line_sentences[0]]
    assert len({point.sentences for point in summary.points}) == len(summary.points)


async def test_a_summary_of_translations_has_none_with_an_error(article, good):
    analysis, _ = await small_summary(
        article, {n: en if n > 8 else f"{en} It cost 98,765 euros." for n, en in good.items()}
    )
    summary = analysis.summary
    assert min(*summary.bottom_line_sentences, *(n for point in summary.points for n in point.sentences)) > 8


async def test_no_sound_translation_no_bottom_line(article, good):
    analysis, _ = await small_summary(article, {n: f"{en} It cost 98,765 euros." for n, en in good.items()})
    assert (analysis.summary.bottom_line, analysis.summary.points) == (None, ())
    assert [(f.code, f.severity) for f in analysis.findings if f.part == "summary"] == [("summary.unfit", "info")]
    assert "task.failed" not in [f.code for f in analysis.findings]
    assert Analysis.model_validate_json(analysis.model_dump_json()) == analysis
    for form in (markdown, html, text):
        assert "translated well enough to be the bottom line" in form(analysis)


async def test_points_that_lean_or_repeat_are_asked_for_once_more(article, good):
    poor = short(good)
    poor["points"][1] = {**poor["points"][1], "text": "They want to negotiate over the river water this month."}
    poor["points"][2] = poor["points"][0]
    answers = [poor, short(good)]
    analysis, engine = await summarised(article, lambda request: answers.pop(0))
    said = engine.requests[-1].messages[-1].content
    assert "begin with the name" in said
    assert "no other point says" in said
    assert [point.text for point in analysis.summary.points] == [point["text"] for point in short(good)["points"]]
    assert not [f for f in analysis.findings if f.code.startswith("summary.")]
