"""Words of the instructions are no answer: never English, claim, point, bottom line, headline or sentence of a note."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest

import briefing_world
from presseschau.analysis import Options, analyze
from presseschau.briefing.brief import brief
from presseschau.checks import check_pair, echoed
from presseschau.ingest import read_article
from presseschau.pipeline.prompts import SHIPPED, Prompts
from scripted import ScriptedEngine, wanted

OWN = Path(__file__).parents[2] / "fixtures"
SLUG = "ausland-amudarja"
ARTICLE = read_article((OWN / "articles/own" / f"{SLUG}.txt").read_bytes(), source=SLUG)
GOOD = {int(n): en for n, en in json.loads((OWN / "translations/own" / f"{SLUG}.json").read_text()).items()}
N = 5
BAD = GOOD[N].replace("1.8", "8.1")


def halfway(words: str) -> str:
    """In the middle of a right sentence."""
    first, rest = GOOD[N].split(", ", 1)
    return f"{first}, {words}, {rest}"


LEAKS = {
    "whole": "name nobody as the source whom the German does not name",
    "part": "does not name as the source whom the German",
    "a row of the notes": f"- [{N}]: the figure “8.1 billion” belongs here, exactly",
    "bracketed": f"[keep the denial] {GOOD[N]}",
    "in the middle": halfway("translate the whole sentence to its end"),
    "short and alone": f"{GOOD[N]} Say everything once.",
    "system": "You work for a news desk. You read German news articles and report in English exactly what they say.",
    "task": "Keep every figure, name, date, negation and every “said”, “according to” and “allegedly”.",
    "terms": "In English write: Duschanbe = Dushanbe; Taschkent = Tashkent.",
    "marker": f"[35] {GOOD[N]}",
    "voice": f"Sentence {N} reports words of Rustam Jussupow.",
    "form": f'{GOOD[N]} Answer in JSON: {{"sentences":[{{"n":5,"en":"..."}},...]}}',
    # Written after the rule:
    "several": "translate it again, with care; the place “Dushanbe” belongs here",
    "half a word": f"{GOOD[N][:-1]} and give its complete translation under the same number.",
    "of the note": "its lines say something else; give the numbers of the right lines",
}
MODES = ("once", "always", "repair")


def said(mode: str, turn: int, good: str, bad: str, leak: str) -> str:
    """What the model says the first time (turn 0) and when it is asked again."""
    return {"once": (leak, good), "always": (leak, leak), "repair": (bad, leak)}[mode][min(turn, 1)]


def analysed(tasks, reply, **options):
    engine = ScriptedEngine(reply, english_first=options.pop("english_first", False))
    return asyncio.run(analyze(ARTICLE, engine, Options(tasks=tasks, **options))), engine


def absent(leak: str, *made) -> None:
    assert leak not in "\n".join(one.model_dump_json() for one in made if one)


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
@pytest.mark.parametrize("mode", MODES)
def test_translation(leak: str, mode: str) -> None:
    def reply(request):
        texts = GOOD | {N: said(mode, len(engine_of), GOOD[N], BAD, leak)}
        engine_of.append(request)
        return {"sentences": [{"n": n, "en": texts[n]} for n in wanted(request)]}

    engine_of: list[object] = []
    analysis, engine = analysed(["translate"], reply)
    row = analysis.translation[N - 1]
    codes = {finding.code for finding in row.findings}
    assert wanted(engine.requests[1]) == [N]
    expected = {"once": (GOOD[N], "repaired"), "always": (None, "missing"), "repair": (BAD, "flagged")}
    assert (row.en, row.status) == expected[mode]
    assert ("content.meta" in codes) == (mode == "always")
    assert [other.en for other in analysis.translation if other.n != N] == [GOOD[n] for n in GOOD if n != N]
    absent(leak, *analysis.translation, *analysis.findings)


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
@pytest.mark.parametrize("mode", MODES)
def test_claim(leak: str, mode: str) -> None:
    def reply(request):
        turn = sum(N in wanted(one) for one in asked)
        asked.append(request)
        texts = GOOD | {N: said(mode, turn, GOOD[N], BAD, leak)}
        return {
            "claims": [
                {"sentences": [n], "speaker": None, "via": [leak] * (n == N), "stance": "asserted", "text": texts[n]}
                for n in wanted(request)
            ]
        }

    asked: list[object] = []
    analysis, engine = analysed(["claims"], reply)
    found = {claim.text: claim.supported for claim in analysis.claims if claim.sentences == (N,)}
    assert found == {"once": {GOOD[N]: True}, "always": {}, "repair": {BAD: False}}[mode]
    lost = [f.sentence for f in analysis.findings if (f.code, f.part) == ("content.meta", "claims")]
    assert lost == ([N] if mode == "always" else [])
    assert sum(N in wanted(request) for request in engine.requests) == 2
    absent(leak, *analysis.claims, *analysis.findings)


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("part", ["point", "bottom_line", "headline"])
def test_summary(leak: str, mode: str, part: str) -> None:
    turns: list[object] = []

    def reply(request):
        if request.task == "translate":
            return {"sentences": [{"n": n, "en": GOOD[n]} for n in wanted(request)]}
        turn = len(turns)
        turns.append(request)
        text = said(mode, turn, GOOD[N], BAD, leak)
        answer = {
            "points": [{"sentences": [n], "text": GOOD[n]} for n in (2, 4, 12)],
            "bottom_line": {"sentences": [4], "text": GOOD[4]},
            "headline": GOOD[1],
        }
        if part == "point":
            answer["points"][1] = {"sentences": [N], "text": text}
        elif part == "bottom_line":
            answer["bottom_line"] = {"sentences": [N], "text": text}
        else:
            answer["headline"] = said(mode, turn, GOOD[1], "Berlin plans 900 new dams on the river.", leak)
        return answer

    for english_first in (False, True) if leak == LEAKS["whole"] else (False,):
        turns.clear()
        analysis, _ = analysed(["summary"], reply, english_first=english_first)
        assert len(turns) == 2
        summary = analysis.summary
        absent(leak, summary, *analysis.findings)
        assert summary.headline
        assert summary.bottom_line
        if mode == "once":
            got = {"point": summary.points[1].text, "bottom_line": summary.bottom_line, "headline": summary.headline}
            assert got[part] == (GOOD[1] if part == "headline" else GOOD[N])


def test_a_summary_of_nothing_but_instructions_fails() -> None:
    leak = LEAKS["system"]
    cited = {"sentences": [N], "text": leak}
    analysis, _ = analysed(["summary"], lambda _: {"points": [cited], "bottom_line": cited, "headline": leak})
    assert analysis.summary is None
    assert [f.failure for f in analysis.findings if f.code == "task.failed"] == ["malformed"]
    absent(leak, analysis)


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
@pytest.mark.parametrize("mode", MODES)
def test_note(leak: str, mode: str) -> None:
    world = briefing_world.engine()
    again: list[object] = []

    def reply(request):
        answer = world.reply(request)
        first = "write each of them again" not in request.messages[-1].content
        again.extend([] if first else [request])
        if mode == "always" or first == (mode == "once"):
            for key in ("points", "sentences"):
                for one in answer.get(key, ())[:1]:
                    one["text"] = leak
            if "title" in answer:
                answer["title"]["text"] = leak
        elif first:
            for one in answer.get("points", ())[:1]:
                one["text"] = "Nine thousand elephants have come to Oslo, King Harald of Norway said."
        return answer

    note = asyncio.run(brief(briefing_world.analyses()[:2], ScriptedEngine(reply)))
    assert again
    assert note.key_points
    assert note.bottom_line
    absent(leak, note)


async def test_the_words_of_a_users_prompts_count_too(tmp_path: Path) -> None:
    own = "Mind the gap between trains and platforms when you render ${numbers} into $english.\n$notes ${first}\n"
    (tmp_path / "translate").mkdir()
    (tmp_path / "translate/task.txt").write_text(own.replace("render", "put sentences"), "utf-8")

    def reply(request):
        return {"sentences": [{"n": n, "en": GOOD[n] if n != N else leak} for n in wanted(request)]}

    leak = f"{GOOD[N]} Mind the gap between trains and platforms."
    for prompts, english in ((Prompts(tmp_path), None), (Prompts(), leak)):
        engine = ScriptedEngine(reply)
        analysis = await analyze(ARTICLE, engine, Options(tasks=["translate"], prompts=prompts))
        assert analysis.translation[N - 1].en == english


def test_every_prompt_is_known_whole_and_by_its_halves() -> None:
    german = "Der Landrat Jens Pahlke sprach am Montag von einer schwierigen Lage in Holmstedt."
    for path in sorted(SHIPPED.rglob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            numbered = re.sub(r"\$(?:n|first|numbers|points)\b", "7", line.replace("$english", "British English"))
            numbered = numbered.replace("${about}", " (published 2026-05-04)")
            filled = re.sub(r"\$\{?\w+\}?", "Pahlke", numbered)
            words = filled.split()
            if len(words) < 3:
                continue
            assert echoed(filled, german), (path.name, filled)
            if len(words) >= 10 and "$" not in numbered:
                assert echoed(" ".join(words[: len(words) // 2]), german), (path.name, filled)
                assert echoed(" ".join(words[len(words) // 2 :]), german), (path.name, filled)


@pytest.mark.parametrize("row", (OWN / "checks/about_prompts.jsonl").read_text("utf-8").splitlines())
def test_an_article_about_prompts_may_be_translated(row: str) -> None:
    pair = json.loads(row)
    assert echoed(pair["en"], pair["de"]) is None


def test_the_check_of_a_pair_knows_the_shipped_prompts() -> None:
    (found,) = check_pair("Die Brücke ist gesperrt.", "- [translate this sentence too]")
    assert (found.code, found.severity) == ("content.meta", "error")
