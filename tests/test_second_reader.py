"""A second reader over real HTTP: what it says rightly becomes a finding, what it makes up is dropped and counted."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from archive_world import german, translated, write_articles
from fault_server import completion, error
from in_process import presseschau
from note_server import judge
from presseschau.analysis import Options, analyze
from presseschau.archive.forecast import forecast
from presseschau.archive.many import analyze_many
from presseschau.ingest import read_article
from presseschau.llm.engine import choose
from presseschau.models import EngineInfo, Evidence
from presseschau.pipeline.second_reading import Item, ReaderError, grouped, located
from scripted import ScriptedEngine, wanted
from test_cli import served

__all__ = ["served"]  # a fixture

TEXT = (
    "Streit um den Hafen\n\n"
    "Die Ministerin schlug am Montag eine neue Mauer vor. Der Hafen liegt seit Jahren brach. "
    "Die Fischer lehnten den Plan ab.\n"
)
RIGHT = {
    1: "Dispute over the harbour",
    2: "The minister proposed a new wall on Monday.",
    3: "The harbour has lain idle for years.",
    4: "The fishermen rejected the plan.",
}
WRONG = "The minister struck a new wall on Monday."
GRAVE = {
    "n": 2, "kind": "mistranslation", "severity": "critical", "en": "struck", "de": "schlug",
    "why": "vorschlagen is to propose.",
}  # fmt: skip
INVENTED = [
    {**GRAVE, "en": "demolished"},  # words that do not stand there
    {**GRAVE, "de": "riss ein"},
    {**GRAVE, "n": 3},  # the words of another sentence
    {**GRAVE, "n": 77},  # a number that was not asked
    {**GRAVE, "en": None, "de": None},  # nothing
]


def engine_of(english, errors, tasks=("translate",)):
    """Translates as `english` says (a list: one after the other), and reads as `errors(items)` says."""
    said = {n: list(en) if isinstance(en, list) else [en] for n, en in english.items()}

    def reply(request):
        if request.reader:
            return {"errors": errors(request.messages[-1].content)}
        return {
            "sentences": [{"n": n, "en": said[n].pop(0) if len(said[n]) > 1 else said[n][0]} for n in wanted(request)]
        }

    engine = ScriptedEngine(reply)
    info = engine.info
    engine.info = EngineInfo(info.model, info.identity, info.context_tokens, reader=EngineInfo("judge", "judge"))
    return engine


async def reading(english, errors, rounds=1):
    article = read_article(TEXT, source="t")
    engine = engine_of(english, errors)
    return await analyze(article, engine, Options(tasks=("translate",), rounds=rounds)), engine


def about(text: str, en: str) -> bool:
    return f"English: {en}" in text


async def test_right_errors_become_findings_and_invented_ones_are_dropped_and_counted():
    analysis, engine = await reading({**RIGHT, 2: WRONG}, lambda text: [GRAVE, GRAVE, *INVENTED], rounds=0)
    (row,) = [row for row in analysis.translation if row.n == 2]
    (found,) = [f for f in analysis.findings if f.code.startswith("reader.")]
    assert (found.code, found.severity, found.sentence) == ("reader.mistranslation", "warning", 2)
    assert found.de_span
    assert analysis.article.text[found.de_span.start : found.de_span.end] == "schlug"
    assert found.en_span
    assert WRONG[found.en_span.start : found.en_span.end] == "struck"
    assert "vorschlagen is to propose" in found.message
    assert (row.en, row.status, row.earlier) == (WRONG, "flagged", None)
    reader = analysis.provenance.second_reader
    assert reader
    assert (reader.model, reader.read, reader.errors) == ("judge", 4, 1)
    assert reader.dropped == {"words": 3, "number": 1, "nothing": 1}
    assert len(engine.asked("translate")) == 1


async def test_claims_and_points_are_read_against_the_sentences_they_rest_on():
    def errors(text):
        rows = re.findall(r"^\[(\d+)\] German: .*\nEnglish: (.*)", text, re.M)
        minor = {**GRAVE, "severity": "minor", "en": "harbour", "de": "Hafen"}  # a grave one is kept out of the points
        right = [{**minor, "n": int(n)} for n, en in rows if en == RIGHT[3]]
        return [*right, *({**row, "de": "Fischer"} for row in right)]  # the second: German of another sentence

    engine = engine_of(RIGHT, errors)
    engine.info = replace(engine.info, english_first=True, translates_only=True)
    analysis = await analyze(read_article(TEXT, source="t"), engine, Options(rounds=0))
    found = [f for f in analysis.findings if f.code == "reader.mistranslation"]
    assert sorted({f.part for f in found}) == ["claims", "summary", "translation"]
    assert all(f.de_span and f.de_span.text == "Hafen" and f.en_span and f.en_span.text == "harbour" for f in found)
    assert [f.claim for f in found if f.part == "claims"] == [
        c.id for c in analysis.claims or () if c.sentences == (3,)
    ]
    reader = analysis.provenance.second_reader
    assert reader
    assert reader.dropped == {"words": len(found)}


async def test_a_grave_error_is_put_to_the_translator_once_and_both_are_stored():
    answers = {**RIGHT, 2: [WRONG, RIGHT[2]]}
    analysis, engine = await reading(answers, lambda text: [GRAVE] if about(text, WRONG) else [])
    (row,) = [row for row in analysis.translation if row.n == 2]
    assert (row.en, row.earlier, row.status) == (RIGHT[2], WRONG, "repaired")
    assert analysis.provenance.repairs == 1
    assert not [f for f in analysis.findings if f.code.startswith("reader.")]
    assert (
        'a second reader says that "struck" for "schlug" is wrong' in engine.asked("translate")[-1].messages[-1].content
    )
    assert len(engine.asked("translate")) == 2


@pytest.mark.parametrize(
    ("second", "again"),
    [
        (RIGHT[2], [{**GRAVE, "n": 1, "en": "proposed"}]),  # the reader finds a grave error in the new one, too
        ("The minister proposed 12 new walls on Monday.", []),  # the checks find more in it
        (WRONG, [GRAVE]),  # it is the same again
    ],
)
async def test_new_english_that_is_no_better_is_not_kept(second, again):
    def errors(text):
        return [GRAVE] if about(text, WRONG) else again

    analysis, _ = await reading({**RIGHT, 2: [WRONG, second]}, errors)
    (row,) = [row for row in analysis.translation if row.n == 2]
    assert (row.en, row.earlier, row.status) == (WRONG, None, "flagged")
    assert "reader.mistranslation" in {f.code for f in row.findings}


async def test_a_minor_error_is_a_note_and_asks_for_nothing():
    minor = {**GRAVE, "severity": "minor"}
    analysis, engine = await reading({**RIGHT, 2: WRONG}, lambda text: [minor])
    (found,) = [f for f in analysis.findings if f.code.startswith("reader.")]
    assert found.severity == "info"
    assert len(engine.asked("translate")) == 1


async def test_a_reader_that_fails_loses_nothing():
    analysis, _ = await reading(RIGHT, lambda text: "no list")
    assert [row.en for row in analysis.translation] == list(RIGHT.values())
    (found,) = [f for f in analysis.findings if f.code == "reader.failed"]
    assert found.severity == "warning"


def test_words_are_found_behind_other_marks_of_quotation():
    text = "Er nannte es „einen schlechten Witz“."
    item = Item((Evidence(n=3, start=10, end=10 + len(text), text=text),), "He called it a “bad joke”.")
    wrong = ReaderError(
        n=1, kind="attribution", severity="minor", en="“bad joke”", de="“einen schlechten Witz”", why=""
    )
    found = located(wrong, {1: item})
    assert not isinstance(found, str)
    assert found.de_span
    assert found.en_span
    assert text[found.de_span.start - 10 : found.de_span.end - 10] == "„einen schlechten Witz“"
    assert found.en_span.text == "“bad joke”"


SIZES = (10, 2_900, 3_100, 9_000, 5)


def test_every_item_is_asked_about_once():
    items = [
        Item((Evidence(n=1, start=0, end=5, text="x" * size),), "y" * size) for size in (10, 2_900, 3_100, 9_000, 5)
    ]
    groups = grouped(items)
    assert [n for group in groups for n in group] == [1, 2, 3, 4, 5]
    assert groups == [[1, 2], [3], [4], [5]]
    assert grouped([]) == []


def two(served, reader=judge):
    return served([translated]), served([reader])


def test_a_run_has_two_endpoints_one_budget_and_no_key_for_the_other(served, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-first")
    first, second = two(served)
    source, out = write_articles(tmp_path / "in.jsonl", range(3)), tmp_path / "out.jsonl"
    given = (
        "batch", str(source), "-o", str(out), "--tasks", "translate", "-m", "m", "--base-url", first.base_url,
        "--second-reader", "judge", "--reader-base-url", second.base_url, "--cache", str(tmp_path / "c.sqlite3"),
        "--price", "1,1", "--reader-price", "2,2",
    )  # fmt: skip
    forecast = presseschau(*given, "--dry-run")
    assert "requests   3 to send" in forecast.out
    assert "reader     3 requests more" in forecast.out
    assert (len(first.requests), len(second.requests)) == (0, 0)
    done = presseschau(*given, "-q")
    assert done.code == 0, done.err
    assert (len(first.requests), len(second.requests)) == (3, 3)
    assert {seen.json["model"] for seen in second.requests} == {"judge"}
    assert {seen.headers.get("authorization") for seen in first.requests} == {"Bearer sk-of-the-first"}
    assert not [seen for seen in second.requests if "sk-of-the-first" in str(seen.headers)]
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert all(row["provenance"]["second_reader"]["dropped"] == {"words": 1} for row in rows)
    assert all("reader.name" in {f["code"] for f in row["findings"]} for row in rows)
    manifest = json.loads((tmp_path / "out.jsonl.d" / "manifest.json").read_text())
    assert manifest["settings"]["second_reader"].endswith(" judge")
    assert manifest["spent"]["requests"] == 6
    read = [
        sum(len(seen.json["messages"][-1]["content"]) // 4 for seen in server.requests) for server in (first, second)
    ]
    assert manifest["spent"]["cost"] == pytest.approx((read[0] + 21 + 2 * (read[1] + 21)) / 1e6)
    likely = re.search(r"likely +([\d,]+) tokens read", forecast.out)
    assert likely
    assert int(likely[1].replace(",", "")) == pytest.approx(sum(read), rel=0.5)

    again = presseschau(*given, "-q", "--overwrite")
    assert (again.code, len(first.requests), len(second.requests)) == (0, 3, 3)  # from the cache
    other = presseschau(*given[:-4], "-q")  # the same run without prices goes on
    assert other.code == 0
    changed = presseschau(*given[:10], "--cache", str(tmp_path / "c.sqlite3"), "-q")
    assert changed.code != 0  # without a reader it is another run
    assert "second_reader" in changed.err


async def test_a_forecast_of_the_reader_is_within_a_fifth(served, tmp_path: Path) -> None:
    first, second = two(served)
    source = write_articles(tmp_path / "in.jsonl", range(12), sentences=30)
    choice = choose("m", base_url=first.base_url, reader=choose("judge", base_url=second.base_url))
    options = Options(tasks=("translate",))
    found = await forecast([source], choice, options=options, cache=None)
    assert found.reader
    await analyze_many([source], tmp_path / "out.jsonl", choice, options=options, cache=tmp_path / "c.sqlite3")
    sent = [sum(len(m["content"]) for m in seen.json["messages"]) for seen in second.requests]
    assert found.reader.requests == pytest.approx(len(sent), rel=0.2)
    assert found.reader.prompt_characters == pytest.approx(sum(sent), rel=0.2)


def test_a_budget_that_the_reader_uses_up_ends_the_run_and_keeps_what_is_done(served, tmp_path: Path) -> None:
    first, second = two(served)
    source, out = write_articles(tmp_path / "in.jsonl", range(6)), tmp_path / "out.jsonl"
    given = (
        "batch", str(source), "-o", str(out), "--tasks", "translate", "-m", "m", "--base-url", first.base_url,
        "--second-reader", "judge", "--reader-base-url", second.base_url, "--cache", str(tmp_path / "c.sqlite3"), "-q",
    )  # fmt: skip
    done = presseschau(
        *given, "--price", "0,0", "--reader-price", "100,100", "--max-cost", "0.30", "--concurrency", "1"
    )
    assert done.code == 5, done.err
    assert 0 < len(second.requests) < 6
    asked = len(second.requests)
    rest = presseschau(*given, "--price", "0,0", "--reader-price", "100,100", "--max-cost", "100")
    assert rest.code == 0, rest.err
    assert len(second.requests) == 6 >= asked
    assert len(out.read_text().splitlines()) == 6


def test_a_reader_that_is_down_fails_no_translation_twice(served, tmp_path: Path) -> None:
    first, second = two(served, error(401, "no such key"))
    article = tmp_path / "a.txt"
    article.write_text(german(7), encoding="utf-8")
    given = (
        "translate", str(article), "-m", "m", "--base-url", first.base_url, "--second-reader", "judge",
        "--reader-base-url", second.base_url, "--cache", str(tmp_path / "c.sqlite3"), "--json", "-q",
    )  # fmt: skip
    done = presseschau(*given)
    assert done.code == 4  # a key that is wrong is a matter of the set-up
    second.script[:] = [judge]
    assert presseschau(*given).code == 0
    assert len(first.requests) == 1


def test_verify_adds_the_reader_and_its_exit_code_does_not_depend_on_it(served, tmp_path: Path) -> None:
    _, second = two(served)
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text('{"id": "1", "de": "Der Rat tagt heute.", "en": "The council meets today."}\nnothing\n')
    reader = ("--second-reader", "judge", "--reader-base-url", second.base_url, "--cache", str(tmp_path / "c.sqlite3"))
    grave = [{"n": 1, "kind": "name", "severity": "major", "en": "council", "de": "Rat", "why": "it is a board"}]
    second.script[:] = [completion(json.dumps({"errors": grave}))]
    pairs.write_text('{"id": "1", "de": "Der Rat tagt heute.", "en": "The council meets today."}\n')
    done = presseschau("verify", "--pairs", str(pairs), *reader)
    (row,) = [json.loads(line) for line in done.out.splitlines()]
    assert [f["code"] for f in row["findings"]] == ["reader.name"]
    assert done.code == 0
    assert presseschau("verify", "--pairs", str(pairs), *reader, "--strict").code == 6
    assert len(second.requests) == 1


def test_a_demonstration_model_is_no_second_reader(tmp_path: Path) -> None:
    done = presseschau("article", "x.txt", "--second-reader", "local:qwen2.5-coder-1.5b", "--models", str(tmp_path))
    assert done.code == 4
