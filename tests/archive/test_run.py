"""A whole run over loopback HTTP: every item ends once, in order, is bought once, and a run continues."""

from __future__ import annotations

import asyncio
import csv
import json
import multiprocessing
import os
import resource
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from archive_server import LateServer
from archive_world import german, times_asked, topic, translated, write_articles
from fault_server import FaultServer, Reply, Seen, completion, error
from presseschau.analysis import Options
from presseschau.archive import reader
from presseschau.archive.analysing import InThread
from presseschau.archive.forecast import Forecast, forecast
from presseschau.archive.journal import Failure, Journal, Row
from presseschau.archive.many import Control, Input, Limits, Progress, analyze_many
from presseschau.archive.prices import price_of
from presseschau.archive.report import Report
from presseschau.errors import BudgetReachedError, ConfigurationError, CredentialsError, OutputError, ProviderDownError
from presseschau.ingest import read_article
from presseschau.ingest.document import ReadOptions
from presseschau.ingest.sources import iter_documents
from presseschau.llm.admission import FAULTS_IN_A_ROW
from presseschau.llm.client import Client
from presseschau.llm.engine import choose
from presseschau.llm.retry import Policy
from scripted import ScriptedEngine

TRANSLATE = Options(tasks=("translate",))


@dataclass
class Desk:
    """One folder, one server, one command that can be run again and again."""

    folder: Path
    server: FaultServer

    @property
    def out(self) -> Path:
        return self.folder / "out.jsonl"

    async def run(self, *sources: Path | str, **more: Any) -> Report:
        known: dict[str, Any] = {
            "choice": choose("m", base_url=self.server.base_url),
            "options": TRANSLATE, "cache": self.folder / "cache.sqlite", "concurrency": 8, "out": self.out,
            "policy": Policy(attempts=2, base=0.001, cap=0.002, patience=0.05),
        }  # fmt: skip
        known |= more
        return await analyze_many([str(source) for source in sources], **known)

    def lines(self, ending: str = "") -> list[Any]:
        path = self.out.with_name(f"{self.out.name}.d") / ending if ending else self.out
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def manifest(self) -> Any:
        return json.loads((self.folder / "out.jsonl.d/manifest.json").read_text(encoding="utf-8"))

    def order(self) -> list[int]:
        """The articles in the output, by their numbers."""
        return [int(row["article"]["headline"].split()[1]) for row in self.lines()]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with FaultServer([translated]) as server:
        yield Desk(tmp_path, server)


def count(report: Report) -> dict[str, int]:
    return {state: number for state, number in report.counts.items() if number}


async def test_every_article_once_and_in_order(desk: Desk) -> None:
    report = await desk.run(write_articles(desk.folder / "in.jsonl", range(60)))
    assert (report.complete, report.ended, count(report)) == (True, "complete", {"done": 60})
    assert desk.order() == list(range(60))
    assert set(times_asked(desk.server.requests).values()) == {1}
    manifest = desk.manifest()
    assert manifest["counts"]["done"] == manifest["spent"]["requests"] == 60
    assert manifest["complete"]


async def test_what_belongs_to_an_output_lies_in_one_folder_and_is_no_input(desk: Desk) -> None:
    write_articles(desk.folder / "in.jsonl", range(2))
    await desk.run(desk.folder / "in.jsonl")
    beside = {path.name for path in desk.folder.iterdir()} - {"in.jsonl", "cache.sqlite"}
    assert {name for name in beside if not name.startswith("cache")} == {"out.jsonl", "out.jsonl.d"}
    lying = {path.name for path in (desk.folder / "out.jsonl.d").iterdir()}
    assert lying == {"journal", "failed.jsonl", "duplicates.jsonl", "manifest.json"}
    read = [item.source for item in iter_documents(desk.folder)]
    assert not any("out.jsonl" in source for source in read)


async def test_a_run_that_an_earlier_version_began_stays_where_it_is(desk: Desk) -> None:
    write_articles(desk.folder / "in.jsonl", range(2))
    await desk.run(desk.folder / "in.jsonl")
    for path in (desk.folder / "out.jsonl.d").iterdir():
        path.rename(desk.folder / f"out.jsonl.{path.name}")
    (desk.folder / "out.jsonl.d").rmdir()
    report = await desk.run(desk.folder / "in.jsonl", cache=None)
    assert (report.complete, len(desk.server.requests)) == (True, 2)
    assert report.paths.manifest == desk.folder / "out.jsonl.manifest.json"
    assert not (desk.folder / "out.jsonl.d").exists()


async def test_again_it_does_nothing(desk: Desk) -> None:
    source = write_articles(desk.folder / "in.jsonl", range(20))
    await desk.run(source)
    before = desk.out.read_bytes()
    report = await desk.run(source, cache=None)
    assert (report.complete, count(report), report.spent.invocations) == (True, {"done": 20}, 2)
    assert desk.out.read_bytes() == before
    assert len(desk.server.requests) == 20


async def test_a_run_that_was_stopped_continues(desk: Desk) -> None:
    source = write_articles(desk.folder / "in.jsonl", range(40))
    whole = replace(desk, folder=desk.folder / "whole")
    whole.folder.mkdir()
    await whole.run(source, cache=None)
    control = Control()

    def stop_soon(seen: Seen) -> Reply:
        if len(desk.server.requests) == 55:
            control.stop()
        return translated(seen)

    desk.server.script = [stop_soon]
    report = await desk.run(source, control=control, cache=None)
    assert (report.complete, report.ended, report.error) == (False, "stopped", None)
    assert 10 <= len(desk.lines()) < 40
    assert whole.out.read_bytes().startswith(desk.out.read_bytes())
    report = await desk.run(source, cache=None)
    assert report.complete
    assert desk.out.read_bytes() == whole.out.read_bytes()
    assert set(times_asked(desk.server.requests).values()) == {2}  # once for each of the two outputs


async def test_cancelled_at_once_it_is_still_whole(desk: Desk) -> None:
    source = write_articles(desk.folder / "in.jsonl", range(30))
    control = Control()

    def hang(seen: Seen) -> Reply:
        if len(desk.server.requests) < 12:
            return translated(seen)
        asyncio.get_running_loop().call_soon(control.cancel)
        return Reply(ending="hang")

    desk.server.script = [hang]
    report = await desk.run(source, control=control)
    assert not report.complete
    assert report.spent.possibly_billed > 0
    desk.server.script = [translated]
    assert (await desk.run(source)).complete
    assert desk.order() == list(range(30))


async def test_a_thread_that_is_closed_waits_for_no_answer() -> None:
    asked, answered = asyncio.Event(), asyncio.Event()

    class Silent(ScriptedEngine):
        async def ask(self, request: Any) -> Any:
            asked.set()
            await answered.wait()

    thread = InThread()
    article = read_article("Die Brücke bleibt zu. Das sagte die Stadt am Montag.", source="a", lang_check=False)
    waiting = asyncio.ensure_future(thread.analysed(reader.Todo(0, b"", article), Silent(None), TRANSLATE))
    await asyncio.wait_for(asked.wait(), 20)
    closing = asyncio.ensure_future(asyncio.to_thread(thread.close))
    try:
        await asyncio.wait_for(asyncio.shield(closing), 20)
        with pytest.raises(asyncio.CancelledError):
            await waiting
    finally:
        answered.set()
        await closing


async def test_the_same_article_is_bought_once(desk: Desk) -> None:
    report = await desk.run(write_articles(desk.folder / "in.jsonl", [1, 2, 1, 3, 2, 1]))
    assert count(report) == {"done": 3, "duplicate": 3}
    assert desk.order() == [1, 2, 3]
    assert set(times_asked(desk.server.requests).values()) == {1}
    found = [
        (line["source"].rpartition("#")[2], line["like"].rpartition("#")[2]) for line in desk.lines("duplicates.jsonl")
    ]
    assert found == [("3", "1"), ("5", "2"), ("6", "1")]


async def test_copies_that_are_stored_while_their_original_is_asked_for_are_not_analysed(desk: Desk) -> None:
    async with LateServer(0.5) as server:
        choice = choose("m", base_url=server.base_url)
        report = await desk.run(write_articles(desk.folder / "in.jsonl", [1] * 120), choice=choice, cache=None)
    assert (count(report), len(server.seen)) == ({"done": 1, "duplicate": 119}, 1)


async def test_near_duplicates_are_reported_with_their_differences(desk: Desk) -> None:
    texts = [
        german(1, 12),
        german(2, 12),
        german(1, 12).replace("Bericht 1", "Meldung 1") + "Das schrieb eine Zeitung.\n",
    ]
    source = desk.folder / "in.jsonl"
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    report = await desk.run(source)
    (near,) = desk.lines("duplicates.jsonl")
    assert (report.near, near["kind"]) == (1, "near")
    assert near["alike"] > 0.8
    assert near["source"].endswith("#3")
    assert near["like"].endswith("#1")
    assert near["only_here"][-1] == "Das schrieb eine Zeitung."


async def test_what_is_no_article_is_skipped_with_its_reason(desk: Desk) -> None:
    folder = desk.folder / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(german(1), encoding="utf-8")
    (folder / "b.txt").write_text("", encoding="utf-8")
    (folder / "c.txt").write_text("The council met on Tuesday and decided to build a bridge over the river. " * 5)
    (folder / "d.txt").symlink_to(folder / "a.txt")
    report = await desk.run(folder, desk.folder / "gone.txt")
    assert count(report) == {"done": 1, "skipped": 4}
    assert set(report.skipped) == {"empty", "language", "link", "missing"} or set(report.skipped) == {
        "article", "language", "link", "missing",
    }  # fmt: skip
    assert report.unread == 1
    assert [line["task"] for line in desk.lines("failed.jsonl")] == ["read"] * 4
    assert len(desk.server.requests) == 1


def failing(which: Callable[[int], bool], reply: Reply) -> Callable[[Seen], Reply]:
    return lambda seen: reply if which(topic(seen)) else translated(seen)


@pytest.mark.fault("limits", "fails alone; tried again only with --retry-failed", name="the model refuses one article")
async def test_a_refused_article_fails_alone_and_is_tried_again_only_when_told(desk: Desk) -> None:
    source = write_articles(desk.folder / "in.jsonl", range(12))
    desk.server.script = [failing(lambda number: number == 5, completion(None, refusal="No."))]
    report = await desk.run(source)
    assert (report.complete, count(report), report.failed) == (True, {"done": 11, "failed": 1}, {"refused": 1})
    (line,) = desk.lines("failed.jsonl")
    attempts = times_asked(desk.server.requests)[5]
    assert (line["task"], line["class"], line["attempts"]) == ("translation", "refused", attempts)
    assert line["tokens"] > 0
    assert line["hint"]
    assert [row["translation"] is None for row in desk.lines()] == [number == 5 for number in range(12)]

    await desk.run(source)
    assert len(desk.server.requests) == 11 + attempts
    desk.server.script = [translated]
    report = await desk.run(source, retry_failed=True)
    assert (count(report), len(desk.server.requests)) == ({"done": 12}, 11 + attempts + 1)
    assert desk.order() == list(range(12))
    assert all(row["translation"] for row in desk.lines())


async def test_what_a_sick_server_did_to_one_article_is_tried_again_by_the_same_command(desk: Desk) -> None:
    source = write_articles(desk.folder / "in.jsonl", range(12))
    desk.server.script = [failing(lambda number: number == 5, completion(None, finish="error"))]
    report = await desk.run(source)
    assert report.failed == {"provider-down": 1}
    desk.server.script = [translated]
    report = await desk.run(source)
    assert count(report) == {"done": 12}
    assert len(desk.server.requests) == 11 + 2 + 1


@pytest.mark.fault("network", "exit 75; the same command continues", name="an outage in a run")
async def test_an_outage_ends_the_run_and_no_article(desk: Desk) -> None:
    source = write_articles(desk.folder / "in.jsonl", range(30))
    desk.server.script = [lambda seen: translated(seen) if len(desk.server.requests) <= 7 else error(500)]
    # as many attempts as faults that make an outage: with fewer, one article could use up its own before there is one
    report = await desk.run(source, policy=Policy(attempts=FAULTS_IN_A_ROW, base=0.001, cap=0.002, patience=0.05))
    assert isinstance(report.error, ProviderDownError)
    assert (report.complete, report.ended) == (False, "provider-down")
    assert count(report) == {"done": 7}
    desk.server.script = [translated]
    assert count(await desk.run(source)) == {"done": 30}


async def test_a_fault_of_the_set_up_ends_the_run_and_no_article(desk: Desk) -> None:
    source = write_articles(desk.folder / "in.jsonl", range(300))
    desk.server.script = [lambda seen: translated(seen) if len(desk.server.requests) <= 20 else error(401)]
    report = await desk.run(source)
    assert isinstance(report.error, CredentialsError)
    assert count(report) == {"done": 20}
    assert len(desk.server.requests) < 20 + 2 * 8


@pytest.mark.fault("machine", "costs one article, with the line to report", name="a bug of ours")
async def test_a_fault_of_ours_costs_one_article(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from presseschau.archive import analysing

    whole = analysing.analyze

    async def analyze(article: Any, *more: Any) -> Any:
        if article.headline == "Bericht 3 aus dem Dorf":
            raise ZeroDivisionError
        return await whole(article, *more)

    monkeypatch.setattr(analysing, "analyze", analyze)
    report = await desk.run(write_articles(desk.folder / "in.jsonl", range(6)))
    assert (report.complete, report.failed) == (True, {"internal-error": 1})
    assert "ZeroDivisionError" in desk.lines("failed.jsonl")[0]["message"]


@pytest.mark.fault("machine", "costs one article", name="a row that cannot be written")
async def test_a_row_that_cannot_be_written_costs_one_article(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a character may stand in metadata or in an answer."""
    from presseschau.archive import analysing

    whole = analysing.analyze

    async def analyze(article: Any, *more: Any) -> Any:
        analysis = await whole(article, *more)
        match article.headline.split()[1]:
            case "1":
                return analysis.model_copy(update={"article": article.model_copy(update={"outlet": "Blatt\ud800"})})
            case "3":
                rows = [row.model_copy(update={"en": "half \udcfc"}) for row in analysis.translation]
                return analysis.model_copy(update={"translation": tuple(rows)})
        return analysis

    monkeypatch.setattr(analysing, "analyze", analyze)
    source = write_articles(desk.folder / "in.jsonl", range(6))
    for _ in range(2):
        report = await desk.run(source)
        assert (report.complete, report.failed) == (True, {"internal-error": 2})
        assert desk.order() == [0, 2, 4, 5]
        assert len(desk.server.requests) == 6
    assert [row["source"][-1] for row in desk.lines("failed.jsonl")] == ["2", "4"]


def test_a_journal_stores_what_is_no_text(tmp_path: Path) -> None:
    failure = Failure("read", "article", "half a \ud83d")
    with Journal(tmp_path / "journal", {}) as journal:
        journal.commit([Row(0, "M\udcfcnchen.txt", b"", "failed", reason="\ud83d", failures=(failure,))])
        (row,) = journal.rows()
    assert (row.source, row.reason, row.failures) == ("M\\udcfcnchen.txt", "\\ud83d", (failure,))


@pytest.mark.fault("input", "an article like others", name="file name in Latin-1")
async def test_a_file_whose_name_is_no_utf8_is_an_article_like_others(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, name in enumerate((b"a.txt", b"M\xfcnchen.txt", b"z.txt")):
        (folder / os.fsdecode(name)).write_text(german(number))
    for _ in range(2):
        report = await desk.run(folder)
        assert count(report) == {"done": 3}
        assert len(desk.server.requests) == 3
    assert sorted(row["article"]["source"].rpartition("/")[2] for row in desk.lines()) == [
        "M\\xfcnchen.txt", "a.txt", "z.txt",
    ]  # fmt: skip


async def test_the_budget_holds_over_all_invocations(desk: Desk) -> None:
    source = write_articles(desk.folder / "in.jsonl", range(30))
    limits = Limits(max_cost=0.02, price=(10.0, 10.0))
    report = await desk.run(source, limits=limits)
    assert isinstance(report.error, BudgetReachedError)
    assert report.spent.cost is not None
    assert 0 < report.spent.cost <= 0.02
    done = len(desk.server.requests)
    assert 0 < done < 30
    report = await desk.run(source, limits=limits)
    assert isinstance(report.error, BudgetReachedError)
    assert len(desk.server.requests) - done <= 1
    report = await desk.run(source, limits=Limits(max_cost=1.0, price=(10.0, 10.0)))
    assert report.complete
    assert set(times_asked(desk.server.requests).values()) == {1}


async def test_a_limit_in_money_needs_a_price(desk: Desk) -> None:
    with pytest.raises(ConfigurationError, match="--price IN,OUT"):
        await desk.run(write_articles(desk.folder / "in.jsonl", range(2)), limits=Limits(max_cost=1.0))
    assert desk.server.requests == []


async def test_a_forecast_sends_nothing_and_knows_what_is_stored(desk: Desk) -> None:
    source = write_articles(desk.folder / "in.jsonl", [0, 1, 2, 3, 1])
    half = write_articles(desk.folder / "half.jsonl", [0, 1])
    choice = choose("m", base_url=desk.server.base_url)
    cache = desk.folder / "cache.sqlite"

    async def foreseen() -> tuple[int, int, int, int]:
        found = await forecast(
            [str(source)], choice, options=TRANSLATE, read=Input(), cache=cache, limits=Limits(price=(1.0, 2.0))
        )
        assert found.cost is not None
        assert list(found.cost) == sorted(found.cost)
        return found.articles, found.duplicates, found.requests, found.cached

    assert await foreseen() == (4, 1, 4, 0)
    assert not cache.exists()
    assert desk.server.requests == []
    await desk.run(half, out=desk.folder / "half.out.jsonl")
    assert await foreseen() == (4, 1, 2, 2)
    assert len(desk.server.requests) == 2


def test_a_counted_prompt_is_the_same_low_and_high_and_only_repair_adds_to_it() -> None:
    assert [read for read, _ in Forecast(prompt_characters=9_000, prompt_tokens=2_000).tokens] == [2_000] * 3
    assert [read for read, _ in Forecast(prompt_tokens=2_000, rounds=1).tokens] == [2_000, 2_200, 4_000]


async def test_other_settings_are_refused_and_made_anew_when_told(desk: Desk) -> None:
    source = write_articles(desk.folder / "in.jsonl", range(4))
    await desk.run(source)
    other = replace(TRANSLATE, english="American English")
    with pytest.raises(ConfigurationError, match="english was 'British English'"):
        await desk.run(source, options=other)
    assert (await desk.run(source, options=other, overwrite=True)).complete
    assert desk.order() == list(range(4))
    assert len(desk.server.requests) == 8


async def test_a_file_that_no_run_began_is_not_touched(desk: Desk) -> None:
    desk.out.write_text("precious\n")
    with pytest.raises(OutputError, match="--overwrite"):
        await desk.run(write_articles(desk.folder / "in.jsonl", range(2)))
    assert desk.out.read_text() == "precious\n"


@pytest.mark.fault("input", "followed; nothing is bought again", name="inputs changed between two runs")
@pytest.mark.parametrize(
    "after",
    [[9, *range(8)], [*range(4), 9, *range(4, 8)], [*range(5)], [7, 6, 5, 4, 3, 2, 1, 0], [*range(8), 8, 9], [3, 3, 0]],
)
async def test_inputs_that_changed_are_followed_and_nothing_is_bought_again(desk: Desk, after: list[int]) -> None:
    """Files are named by their number, so an article keeps its source wherever it stands."""

    def sources(numbers: list[int]) -> list[Path]:
        for number in numbers:
            (desk.folder / f"{number}.txt").write_text(german(number), encoding="utf-8")
        return [desk.folder / f"{number}.txt" for number in numbers]

    await desk.run(*sources(list(range(8))), cache=None)
    report = await desk.run(*sources(after), cache=None)
    unique = list(dict.fromkeys(after))
    assert (report.complete, report.items) == (True, len(after))
    assert desk.order() == unique
    assert set(times_asked(desk.server.requests).values()) == {1}
    before = desk.out.read_bytes()
    await desk.run(*sources(after), cache=None)
    assert desk.out.read_bytes() == before


async def test_a_column_that_changed_is_noticed_and_nothing_is_bought_again(desk: Desk) -> None:
    def write(*ids: str) -> Path:
        rows = [{"id": id, "ressort": "R", "text": german(n)} for n, id in enumerate(ids)]
        path = desk.folder / "in.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    await desk.run(write("a", "b", "c"))
    asked = len(desk.server.requests)
    report = await desk.run(write("a", "B", "c"))
    assert [row["article"]["metadata"]["id"] for row in desk.lines()] == ["a", "B", "c"]
    assert (report.complete, len(desk.server.requests)) == (True, asked)


async def test_what_has_no_output_is_found_by_the_users_id(desk: Desk) -> None:
    texts = {
        "k-1": german(1),
        "k-2": german(1),
        "k-3": "The council met and talked about roads and bicycles.",
        "k-4": "",
    }
    rows = [{"id": id, "text": text} for id, text in texts.items()]
    (desk.folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    await desk.run(desk.folder / "in.jsonl")
    assert [row["article"]["metadata"]["id"] for row in desk.lines()] == ["k-1"]
    assert [(line["kind"], line["own_id"]) for line in desk.lines("duplicates.jsonl")] == [("exact", "k-2")]
    failed = desk.lines("failed.jsonl")
    assert [(line["class"], line["task"], line.get("own_id")) for line in failed] == [
        ("language", "read", "k-3"), ("empty", "read", None),
    ]  # fmt: skip


async def test_rows_that_earlier_versions_ended_stay_as_they_are(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their digests leave the user's columns out."""
    (desk.folder / "in.jsonl").write_text(json.dumps({"id": "a", "text": german(1)}) + "\n", encoding="utf-8")
    now = reader.digests
    with monkeypatch.context() as before:
        before.setattr(reader, "digests", lambda item: now(item)[1:])
        await desk.run(desk.folder / "in.jsonl")
    report = await desk.run(desk.folder / "in.jsonl", cache=None)
    assert (report.complete, len(desk.server.requests)) == (True, 1)


@pytest.mark.fault("machine", "written anew from the journal", name="the output was changed")
@pytest.mark.parametrize("damage", ["shorter", "longer", "gone"])
async def test_an_output_that_was_changed_is_written_from_the_journal(desk: Desk, damage: str) -> None:
    source = write_articles(desk.folder / "in.jsonl", range(8))
    await desk.run(source)
    before = desk.out.read_bytes()
    if damage == "gone":
        desk.out.unlink()
    else:
        desk.out.write_bytes(before[:-100] if damage == "shorter" else before + b'{"torn": ')
    await desk.run(source, cache=None)
    assert desk.out.read_bytes() == before
    assert len(desk.server.requests) == 8


@pytest.mark.parametrize("format", ["md", "html"])
async def test_a_folder_has_a_file_for_each_article_and_an_index(desk: Desk, format: Any) -> None:
    source = write_articles(desk.folder / "in.jsonl", [1, 2, 2, 3])
    out = desk.folder / "pages"
    for _ in range(2):
        assert (await desk.run(source, out=out, format=format)).complete
        names = sorted(file.name for file in out.iterdir())
        assert [name[:6] for name in names] == ["000001", "000002", "000004", "index."]
        index = (out / f"index.{format}").read_text(encoding="utf-8")
        assert all(name in index for name in names[:3])
        assert "Report 2 from the village" in index


async def test_a_title_cannot_break_out_of_the_index(desk: Desk) -> None:
    source = desk.folder / "in.jsonl"
    text = german(1).replace("Bericht 1 aus dem Dorf", "<script>alert(1)</script> [x](http://e.x) Bericht 1")
    source.write_text(json.dumps({"text": text}) + "\n", encoding="utf-8")
    desk.server.script = [failing(lambda number: True, completion(None, refusal="no"))]
    await desk.run(source, out=desk.folder / "html", format="html")
    assert "<script>" not in (desk.folder / "html" / "index.html").read_text(encoding="utf-8")
    await desk.run(source, out=desk.folder / "md", format="md")
    assert r"\<script\>alert(1)\</script\> \[x\](http" in (desk.folder / "md" / "index.md").read_text(encoding="utf-8")


async def test_settings_of_reading_are_kept(desk: Desk) -> None:
    source = desk.folder / "in.jsonl"
    source.write_text(json.dumps({"koerper": german(1)}) + "\n", encoding="utf-8")
    report = await desk.run(source, read=Input(ReadOptions(mapping={"text": "koerper"})))
    assert count(report) == {"done": 1}


async def test_tmx_holds_the_sentences_of_all_articles(desk: Desk) -> None:
    source = write_articles(desk.folder / "in.jsonl", [1, 2, 3])
    out = desk.folder / "pairs.tmx"
    assert (await desk.run(source, out=out, format="tmx")).complete
    units = ElementTree.parse(out).getroot().findall("./body/tu")
    assert len(units) == len({unit.get("tuid") for unit in units}) == 3 * 5
    assert [seg.text for seg in units[5].iter("seg")] == ["Bericht 2 aus dem Dorf", "Report 2 from the village"]
    assert len({prop.text for unit in units for prop in unit.findall("prop[@type='x-article']")}) == 3


CLAIM = {"sentences": [2], "speaker": None, "via": [], "stance": "asserted", "text": "Workers built something."}


async def test_csv_holds_the_claims_of_all_articles_below_one_header(desk: Desk) -> None:
    desk.server.script = [completion(json.dumps({"claims": [CLAIM]}))]
    source = write_articles(desk.folder / "in.jsonl", [1, 2, 3])
    out = desk.folder / "claims.csv"
    await desk.run(source, out=out, format="csv", options=Options(tasks=("claims",), rounds=0))
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len({row["article"] for row in rows}) == 3
    assert {row["claim"] for row in rows} == {"Workers built something."}


@pytest.mark.fault("machine", "exit 74; nothing is lost", name="disk full in a run")
@pytest.mark.slow
async def test_a_disk_that_is_full_ends_the_run_and_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is that of this process for one file, as `ulimit -f` sets it."""
    source = write_articles(desk.folder / "in.jsonl", range(120))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, hard))
    try:
        with pytest.raises(OutputError, match="same command again"):
            await desk.run(source)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    done = len(desk.server.requests)
    report = await desk.run(source)
    assert count(report) == {"done": 120}
    assert 0 < done < 120 + 24
    assert desk.order() == list(range(120))


@pytest.mark.parametrize(
    ("model", "base_url", "given", "source"),
    [
        ("gpt-6.1-terra", "https://api.openai.com/v1", None, "genai-prices"),
        ("gpt-6.1-terra", "https://api.openai.com/v1", (3.0, 4.0), "given"),
        ("no-such-model", "https://api.openai.com/v1", None, None),
        ("gpt-6.1-terra", "https://api.example.org/v1", None, None),
        ("gpt-6.1-terra", "http://localhost:8000/v1", None, None),
        ("m", "http://localhost:8000/v1", (0.0, 0.0), "given"),
    ],
)
def test_a_price_is_given_or_listed_and_never_guessed(model: str, base_url: str, given: Any, source: Any) -> None:
    found = price_of(choose(model, base_url=base_url, api_key="x"), given)
    assert (found.source if found else None) == source or (found and source and found.source.startswith(source))
    if found and given:
        assert (found.prompt, found.completion) == given
    elif found:
        assert 0 < found.prompt < found.completion < 1_000  # dollars a million tokens


@pytest.mark.fault(
    "machine", "at most twice the requests in flight are still done", name="Ctrl-C at 90 of 400, requests at once"
)
@pytest.mark.parametrize("at_once", [pytest.param(2, marks=pytest.mark.slow), 8, None])
async def test_no_more_articles_are_begun_than_are_served(desk: Desk, at_once: int | None) -> None:
    """Each that is begun is finished when the run is stopped: of 400, hardly more than had ended by then."""
    source = write_articles(desk.folder / "in.jsonl", range(400))
    control, most = Control(), 0

    def stop_at_90(seen: Seen) -> Reply:
        if len(desk.server.requests) == 90:
            control.stop()
        return translated(seen)

    def show(progress: Progress) -> None:
        nonlocal most
        most = max(most, progress.under_way)

    desk.server.script = [stop_at_90]
    report = await desk.run(source, control=control, concurrency=at_once, on_progress=show)
    limit = at_once or 64
    assert 90 <= report.items <= 90 + 2 * limit
    assert most <= 2 * limit
    assert len(desk.server.requests) == report.items


@pytest.mark.slow
async def test_processes_make_the_same_output_and_ask_no_more(desk: Desk) -> None:
    source = write_articles(desk.folder / "in.jsonl", range(30))
    report = await desk.run(source, processes=2)
    assert (count(report), len(desk.server.requests)) == ({"done": 30}, 30)
    assert report.spent.requests == 30
    alone = await desk.run(source, out=desk.folder / "alone.jsonl")
    assert (alone.spent.cached, len(desk.server.requests)) == (30, 30)
    assert desk.out.read_bytes() == (desk.folder / "alone.jsonl").read_bytes()


@pytest.mark.slow
@pytest.mark.fault(
    "machine", "exit 4 with a sentence; the same command continues", name="a process of --processes dies"
)
async def test_a_process_that_dies_ends_the_run_in_a_sentence(desk: Desk) -> None:
    def kill(seen: Seen) -> Reply:
        if len(desk.server.requests) == 10:
            multiprocessing.active_children()[0].kill()
        return translated(seen)

    desk.server.script = [kill]
    source = write_articles(desk.folder / "in.jsonl", range(40))
    report = await desk.run(source, processes=2)
    assert isinstance(report.error, ConfigurationError)
    assert "fewer --processes" in str(report.error)
    assert multiprocessing.active_children() == []
    desk.server.script = [translated]
    assert count(await desk.run(source)) == {"done": 40}
    times = times_asked(desk.server.requests)
    assert len(times) == 40
    assert max(times.values()) <= 2
    assert sum(times.values()) - 40 <= 8  # what was under way may have been lost with the run


@pytest.mark.slow
@pytest.mark.parametrize("cannot_be_sent", [False, True])
async def test_a_fault_of_ours_where_a_process_asks_costs_one_article(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, cannot_be_sent: bool
) -> None:
    whole = Client.ask

    async def ask(client: Client, request: Any) -> Any:
        if "Bericht 3 aus dem Dorf" not in str(request):
            return await whole(client, request)
        if cannot_be_sent:
            return lambda: None
        raise ZeroDivisionError

    monkeypatch.setattr(Client, "ask", ask)
    report = await desk.run(write_articles(desk.folder / "in.jsonl", range(6)), processes=2)
    assert (report.complete, report.failed) == (True, {"internal-error": 1})
    assert ("multiprocessing" if cannot_be_sent else "ZeroDivisionError in") in desk.lines("failed.jsonl")[0]["message"]


@pytest.mark.slow
async def test_processes_are_stopped_in_good_order(desk: Desk) -> None:
    control = Control()

    def stop_soon(seen: Seen) -> Reply:
        if len(desk.server.requests) == 20:
            control.stop()
        return translated(seen)

    desk.server.script = [stop_soon]
    source = write_articles(desk.folder / "in.jsonl", range(80))
    report = await desk.run(source, processes=2, control=control)
    assert (report.ended, report.error) == ("stopped", None)
    assert report.items == len(desk.server.requests) >= 20


async def test_what_is_held_of_an_article_goes_when_its_row_is_stored(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a run over a million articles would hold a million ids."""
    made: list[reader.Reader] = []
    begin = reader.Reader.start
    monkeypatch.setattr(reader.Reader, "start", lambda self: (made.append(self), begin(self)))
    await desk.run(write_articles(desk.folder / "in.jsonl", range(6)))
    assert [(len(one._under_way), desk.order()) for one in made] == [(0, list(range(6)))]
