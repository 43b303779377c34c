"""A run by OpenAI Batch over loopback HTTP: every row ends once, nothing is paid twice, whatever the batches do."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import batch_server
from archive_world import write_articles
from batch_server import BatchServer
from fault_server import Reply, Seen, completion, error
from presseschau.analysis import Options
from presseschau.archive.many import Control, Delivery, Limits, analyze_many
from presseschau.archive.prices import price_of
from presseschau.archive.provider_batch import openai_batch
from presseschau.archive.provider_batch.ledger import Ledger
from presseschau.archive.provider_batch.openai_batch import Polling
from presseschau.archive.report import Report
from presseschau.errors import BudgetReachedError, ConfigurationError, CredentialsError, ProviderDownError
from presseschau.llm.batch.files import ShardLimit
from presseschau.llm.engine import choose
from presseschau.llm.retry import Policy

POLLING = Polling(first=0.001, most=0.002)
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(batch_server.__file__).parents[1] / "src")}
BATCH = Delivery("openai-batch", polling=POLLING)


@dataclass
class Desk:
    folder: Path

    @property
    def out(self) -> Path:
        return self.folder / "out.jsonl"

    def articles(self, count: int) -> Path:
        return write_articles(self.folder / "in.jsonl", range(count))

    async def run(self, server: BatchServer, source: Path, **more: Any) -> Report:
        known: dict[str, Any] = {
            "options": Options(tasks=("translate",)), "cache": self.folder / "cache.sqlite", "out": self.out,
            "policy": Policy(attempts=2, elapsed=0.5, base=0.001, cap=0.002, patience=0.5), "delivery": BATCH,
        }  # fmt: skip
        known |= more
        return await analyze_many([str(source)], choice=choose("m", base_url=server.base_url), **known)

    def manifest(self) -> Any:
        return json.loads((self.folder / "out.jsonl.d/manifest.json").read_text(encoding="utf-8"))

    def order(self) -> list[int]:
        lines = self.out.read_text(encoding="utf-8").splitlines()
        return [int(json.loads(line)["article"]["headline"].split()[1]) for line in lines]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def count(report: Report) -> dict[str, int]:
    return {state: number for state, number in report.counts.items() if number}


FAULTS = (
    "completed", "reordered", "repeated", "expired", "cancelled", "partly_failed", "error_file_only", "cut_off",
    "output_lost",
)  # fmt: skip
LOST = {"cut_off": 3, "output_lost": 12}
"""Rows that were worked on, and whose results are gone: these alone must be paid again."""


@pytest.mark.fault("batches", "every row ends once; only what was lost is paid again", name="first batch")
@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
async def test_every_row_ends_once_whatever_the_first_batch_does(desk: Desk, fault: str) -> None:
    async with BatchServer([getattr(batch_server, fault), batch_server.completed]) as server:
        report = await desk.run(server, desk.articles(12))
        assert (report.ended, count(report), report.waiting) == ("complete", {"done": 12}, ())
        assert desk.order() == list(range(12))
        assert len(server.paid) == 12
        assert sum(server.paid.values()) == 12 + LOST.get(fault, 0)
        assert report.spent.possibly_billed == desk.manifest()["spent"]["possibly_billed"] == LOST.get(fault, 0)
        assert len(server.batches) == (1 if fault in ("completed", "reordered", "repeated") else 2)
        assert server.files == {}  # neither articles nor answers are left at the provider
        asked = server.live
        live = await desk.run(server, desk.articles(12), delivery=None, out=desk.folder / "live.jsonl")
        assert (live.complete, live.spent.cached, server.live) == (True, 12, asked)
        assert (desk.folder / "live.jsonl").read_bytes() == desk.out.read_bytes()


@pytest.mark.fault("batches", "fails after three batches; the next command tries again", name="every batch fails")
async def test_what_never_succeeds_fails_in_the_end_and_is_tried_by_the_next_command(desk: Desk) -> None:
    async with BatchServer([batch_server.error_file_only]) as server:
        report = await desk.run(server, desk.articles(3))
        assert (count(report), dict(report.failed)) == ({"failed": 3}, {"provider-down": 3})
        assert len(server.batches) == 3
        server.endings = [batch_server.completed]
        report = await desk.run(server, desk.articles(3))
        assert (report.complete, count(report)) == (True, {"done": 3})


async def test_shards_hold_no_more_than_a_batch_may(desk: Desk) -> None:
    limit = ShardLimit(requests=4, bytes=9_000)
    async with BatchServer() as server:
        sizes = []

        def look(method: str, path: str) -> None:
            if method == "POST" and path == "/batches":
                sizes.extend([content.count(b"\n"), len(content)] for content in list(server.files.values())[-1:])

        server.before = look
        report = await desk.run(
            server, desk.articles(11), delivery=Delivery("openai-batch", polling=POLLING, limit=limit)
        )
        assert report.complete
        assert sum(rows for rows, _ in sizes) == 11
        assert all(rows <= 4 and size <= 9_000 for rows, size in sizes)


@pytest.mark.fault("batches", "found again; paid once", name="connection lost at create")
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_batch_whose_creation_was_not_heard_of_is_found_again(desk: Desk, moment: str) -> None:
    dropped = []

    def drop(method: str, path: str) -> Reply | None:
        if (method, path) == ("POST", "/batches") and not dropped:
            dropped.append(path)
            return Reply(ending="close")
        return None

    async with BatchServer(**{moment: drop}) as server:
        report = await desk.run(server, desk.articles(5))
        assert (report.complete, count(report)) == (True, {"done": 5})
        assert len(server.batches) == 1
        assert set(server.paid.values()) == {1}


@pytest.mark.fault("batches", "found again; paid once", name="kill -9 between create and journal")
@pytest.mark.slow
async def test_killed_between_create_and_journal_it_pays_nothing_twice(desk: Desk) -> None:
    process: asyncio.subprocess.Process
    source = desk.articles(5)

    def kill(method: str, path: str) -> Reply | None:
        if (method, path) == ("POST", "/batches") and len(server.batches) == 1:
            process.kill()
            return Reply(ending="close")
        return None

    async with BatchServer(after=kill) as server:
        process = await started(desk, server, source)
        assert await asyncio.wait_for(process.wait(), 300) == -signal.SIGKILL
        server.after = batch_server.nothing
        report = await desk.run(server, source)
        assert (report.complete, count(report), len(server.batches)) == (True, {"done": 5}, 1)
        assert set(server.paid.values()) == {1}


@pytest.mark.fault("batches", "found again at the provider", name="the ledger is lost")
async def test_a_lost_ledger_finds_its_batches_at_the_provider(desk: Desk) -> None:
    control = Control()

    def stop(method: str, path: str) -> Reply | None:
        if path.startswith("/batches/"):
            control.stop()
        return None

    async with BatchServer(after=stop) as server:
        report = await desk.run(server, desk.articles(6), control=control)
        assert (report.ended, len(server.batches)) == ("stopped", 1)
        for path in sorted((desk.folder / "out.jsonl.d/batches").iterdir()):
            path.unlink()
        server.after = batch_server.nothing
        report = await desk.run(server, desk.articles(6))
        assert (report.complete, len(server.batches)) == (True, 1)
        assert set(server.paid.values()) == {1}


@pytest.mark.fault("batches", "the same command collects", name="interrupted while it waits")
@pytest.mark.slow
async def test_interrupted_while_it_waits_the_same_command_collects(desk: Desk) -> None:
    source = desk.articles(4)
    async with BatchServer() as server:
        process: asyncio.subprocess.Process

        def interrupt(method: str, path: str) -> Reply | None:
            if method == "GET" and path.startswith("/batches/"):
                process.send_signal(signal.SIGINT)
                server.batches[0].status = "validating"  # it takes its time
            return None

        server.before = interrupt
        process = await started(desk, server, source)
        _, said = await asyncio.wait_for(process.communicate(), 300)
        assert process.returncode == 130
        assert b"1 batch goes on at the provider (4 requests)" in said
        server.before = batch_server.nothing
        report = await desk.run(server, source)
        assert (report.complete, len(server.batches), report.spent.invocations) == (True, 1, 2)
        assert set(server.paid.values()) == {1}


async def started(desk: Desk, server: BatchServer, source: Path, *more: str) -> asyncio.subprocess.Process:
    command = [
        sys.executable, "-m", "presseschau", "batch", str(source), "-o", str(desk.out), "-m", "m", "--base-url",
        server.base_url, "--engine", "openai-batch", "--tasks", "translate", "--cache",
        str(desk.folder / "cache.sqlite"), "-q", *more,
    ]  # fmt: skip
    return await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, env=ENVIRONMENT)


@pytest.mark.fault("machine", "the batches' money is entered once", name="killed while it is entered")
@pytest.mark.parametrize("at", ["entering", "entered"])
async def test_a_kill_while_the_money_is_entered(desk: Desk, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    remember = Ledger.remember

    def killed(ledger: Ledger, **facts: Any) -> None:
        if at in facts:
            raise ZeroDivisionError
        remember(ledger, **facts)

    async with BatchServer([batch_server.completed]) as server:
        with monkeypatch.context() as here:
            here.setattr(Ledger, "remember", killed)
            with pytest.raises(ZeroDivisionError):
                await desk.run(server, desk.articles(4))
        for _ in range(2):
            await desk.run(server, desk.articles(4))
            assert desk.manifest()["certainty"]["known"]["requests"] == 4


@pytest.mark.fault("batches", "smaller steps", name="the provider's queue is full")
async def test_a_full_queue_is_filled_in_smaller_steps(desk: Desk) -> None:
    full = batch_server.not_taken("token_limit_exceeded", "Enqueued token limit reached. Limit: 800 enqueued tokens.")
    async with BatchServer([full, batch_server.completed]) as server:
        report = await desk.run(server, desk.articles(8))
        assert (report.complete, count(report)) == (True, {"done": 8})
        assert len(server.batches) > 3
        assert set(server.paid.values()) == {1}


@pytest.mark.fault("batches", "given up with the reason", name="queue too small for one request")
async def test_a_queue_too_small_for_one_request_is_given_up(desk: Desk) -> None:
    full = batch_server.not_taken("token_limit_exceeded", "Enqueued token limit reached. Limit: 10 enqueued tokens.")
    async with BatchServer([full]) as server:
        report = await desk.run(server, desk.articles(2))
        assert dict(report.failed) == {"provider-down": 2}
        assert (server.paid, len(server.batches)) == ({}, 1 + 2 * 3)


async def test_the_same_article_twice_is_asked_once(desk: Desk) -> None:
    source = write_articles(desk.folder / "in.jsonl", [0, 1, 0, 1, 2])
    async with BatchServer([batch_server.expired, batch_server.completed]) as server:
        report = await desk.run(server, source)
        assert count(report) == {"done": 3, "duplicate": 2}
        assert (len(server.paid), set(server.paid.values())) == (3, {1})


async def test_a_queue_full_of_others_is_waited_for(desk: Desk) -> None:
    full = batch_server.not_taken(
        "token_limit_exceeded", "Enqueued token limit reached. Limit: 2,000,000 enqueued tokens."
    )
    async with BatchServer([full, full, batch_server.completed]) as server:
        report = await desk.run(server, desk.articles(8))
        assert (report.complete, len(server.batches), set(server.paid.values())) == (True, 3, {1})


@pytest.mark.fault("batches", "ends the run; nothing is lost", name="a batch is refused")
@pytest.mark.parametrize(
    ("code", "kind"), [("model_not_found", ConfigurationError), ("billing_hard_limit_reached", CredentialsError)]
)
async def test_a_batch_that_is_refused_ends_the_run_and_nothing_is_lost(
    desk: Desk, code: str, kind: type[ConfigurationError]
) -> None:
    async with BatchServer([batch_server.not_taken(code, f"No: {code}"), batch_server.completed]) as server:
        report = await desk.run(server, desk.articles(3))
        assert (report.complete, type(report.error) is kind or isinstance(report.error, kind)) == (False, True)
        report = await desk.run(server, desk.articles(3))
        assert (report.complete, set(server.paid.values())) == (True, {1})


@pytest.mark.fault("batches", "fails alone", name="a line is refused")
async def test_a_line_that_is_refused_fails_alone(desk: Desk) -> None:
    bad = batch_server.not_taken("invalid_json_line", "This line is not parseable as valid JSON.", line=2)
    async with BatchServer([bad, batch_server.completed]) as server:
        report = await desk.run(server, desk.articles(4), options=Options(tasks=("translate",), rounds=0))
        assert (report.complete, count(report)) == (True, {"done": 3, "failed": 1})


@pytest.mark.fault("batches", "waited out", name="trouble while it waits")
async def test_trouble_while_it_waits_is_waited_out(desk: Desk) -> None:
    troubles = [error(429, "slow down"), error(503), Reply(200, b"<html>", {"content-type": "text/html"}),
                Reply(ending="close"), Reply(200, b"{}", {"content-type": "application/json"})]  # fmt: skip

    def trouble(method: str, path: str) -> Reply | None:
        return troubles.pop() if troubles and method == "GET" and path.startswith("/batches/") else None

    async with BatchServer(before=trouble) as server:
        report = await desk.run(server, desk.articles(3))
        assert (report.complete, troubles) == (True, [])


@pytest.mark.fault("batches", "exit 75; collected later", name="the provider stays away")
async def test_a_provider_that_stays_away_is_given_up_and_collected_later(desk: Desk) -> None:
    async with BatchServer() as server:
        server.before = lambda method, path: error(503) if path.startswith("/batches/") else None
        report = await desk.run(server, desk.articles(3), policy=Policy(elapsed=0.05, base=0.001, cap=0.002))
        assert isinstance(report.error, ProviderDownError)
        assert "1 batch goes on" in report.waiting[0]
        server.before = batch_server.nothing
        with pytest.raises(ConfigurationError, match="under way"):
            await desk.run(server, desk.articles(3), delivery=None)
        report = await desk.run(server, desk.articles(3))
        assert (report.complete, len(server.batches), set(server.paid.values())) == (True, 1, {1})


async def test_parameters_that_rows_are_refused_for_are_left_out_of_the_next_wave(desk: Desk) -> None:
    def picky(server: BatchServer, rows: list[batch_server.Row]) -> batch_server.Ended:
        bad = [row for row in rows if "temperature" in row["body"]]
        words = {"error": {"message": "Unsupported parameter: 'temperature'", "param": "temperature"}}
        good = batch_server.worked(server, [row for row in rows if row not in bad])
        return batch_server.Ended(output=good, errors=[batch_server.line(row, words, 400) for row in bad])

    async with BatchServer([picky]) as server:
        report = await desk.run(server, desk.articles(3))
        assert (report.complete, count(report), len(server.batches)) == (True, {"done": 3}, 2)


async def test_refused_and_cut_answers_are_not_stored_and_asked_again_in_other_words(desk: Desk) -> None:
    def odd(seen: Seen) -> Reply:
        content = seen.json["messages"][-1]["content"]
        if "Bericht 1 " in content:
            return completion(None, refusal="No.")
        if "Bericht 2 " in content:
            return completion('{"sentences": [', finish="length")
        return completion("I cannot do that as JSON.") if "Bericht 3 " in content else batch_server.translated(seen)

    async with BatchServer(answer=odd) as server:
        report = await desk.run(server, desk.articles(5))
        assert (report.complete, count(report)) == (True, {"done": 2, "failed": 3})
        assert dict(report.failed) == {"refused": 1, "truncated": 1, "malformed": 1}
        assert server.paid.total() == report.spent.requests
        live = await desk.run(server, desk.articles(5), delivery=None, out=desk.folder / "live.jsonl")
        assert live.spent.cached == 2


@pytest.mark.slow
async def test_all_tasks_of_all_articles_go_in_one_wave(desk: Desk) -> None:
    asked: list[str] = []

    def named(seen: Seen) -> Reply:
        asked.append(seen.json["response_format"]["json_schema"]["name"])
        return batch_server.translated(seen) if asked[-1] == "translate" else completion(None, refusal="No.")

    async with BatchServer(answer=named) as server:
        report = await desk.run(server, desk.articles(4), options=Options(rounds=0))
        assert len(server.batches) == 1
        assert sorted(asked) == ["claims"] * 4 + ["summary"] * 4 + ["translate"] * 4
        assert dict(report.failed) == {"refused": 4}
        asked.clear()
        write_articles(desk.folder / "long.jsonl", range(100, 101), sentences=450)
        await desk.run(server, desk.folder / "long.jsonl", options=Options(rounds=0), out=desk.folder / "long.out")
        assert len(server.batches) == 2
        assert sorted(asked) == ["claims"] * 2 + ["summary"] * 2 + ["translate"] * 2  # two windows


async def test_what_the_first_wave_left_open_can_be_asked_live(desk: Desk) -> None:
    delivery = Delivery("openai-batch", polling=POLLING, rest_live=True)
    async with BatchServer([batch_server.expired]) as server:
        report = await desk.run(server, desk.articles(6), delivery=delivery)
        assert (report.complete, count(report), len(server.batches)) == (True, {"done": 6}, 1)
        assert (sum(server.paid.values()), server.live) == (3, 3)


async def test_the_budget_holds_before_a_wave_is_sent(desk: Desk) -> None:
    async with BatchServer() as server:
        report = await desk.run(server, desk.articles(6), limits=Limits(max_tokens=1_500))
        assert isinstance(report.error, BudgetReachedError)
        assert 0 < report.usable < 6
        assert report.spent.tokens <= 1_500
        report = await desk.run(server, desk.articles(6), limits=Limits(max_cost=5.0, price=(1.0, 5.0)))
        assert (report.complete, set(server.paid.values())) == (True, {1})
        read, written = report.spent.prompt_tokens, report.spent.completion_tokens
        assert report.spent.cost == pytest.approx((read + 5 * written) / 1e6)


async def test_without_a_cache_and_anew(desk: Desk) -> None:
    async with BatchServer() as server:
        report = await desk.run(server, desk.articles(3), cache=None)
        assert (report.complete, set(server.paid.values())) == (True, {1})
        report = await desk.run(server, desk.articles(3), overwrite=True, cache_mode="refresh")
        assert (report.complete, set(server.paid.values())) == (True, {2})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--engine", "openai-batch"), 4, b"name it with -m"),
        (("--engine", "batch-file", "-m", "gpt-6-luna"), 75, b"3 requests are written"),
        (("--rest-live", "-m", "gpt-6-luna"), 2, b"--engine"),
    ],
)
async def test_exit_codes(desk: Desk, options: tuple[str, ...], code: int, words: bytes) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "presseschau", "batch", str(desk.articles(1)), "-o", str(desk.out), *options,
        "--no-cache", stderr=PIPE, env=ENVIRONMENT,
    )  # fmt: skip
    _, said = await process.communicate()
    assert (process.returncode, words in said) == (code, True), said


def test_a_batch_costs_half_of_the_list_price() -> None:
    choice = choose("gpt-6-luna", api_key="sk-nobodys")
    one_by_one, batch = price_of(choice), price_of(choice, batch=True)
    assert one_by_one
    assert batch
    assert (batch.prompt, batch.completion) == (one_by_one.prompt / 2, one_by_one.completion / 2)
    assert price_of(choice, (1.0, 5.0), batch=True) == price_of(choice, (1.0, 5.0))


FILES = Delivery("batch-file")


def ran(desk: Desk, server: BatchServer, requests: Path, results: Path, rows: slice = slice(None)) -> None:
    """What vLLM run-batch does."""
    wanted = [json.loads(line) for line in requests.read_text(encoding="utf-8").splitlines()][rows]
    results.write_bytes(b"".join(batch_server.worked(server, wanted)))


async def test_batch_files_are_written_run_by_somebody_and_read(desk: Desk) -> None:
    folder = desk.folder / "out.jsonl.d/batches"
    async with BatchServer() as server:
        report = await desk.run(server, desk.articles(5), delivery=FILES)
        assert (report.ended, count(report)) == ("waiting", {})
        assert str(folder / "requests-1.jsonl") in report.waiting[0]
        report = await desk.run(server, desk.articles(5), delivery=FILES)
        assert (report.ended, server.calls) == ("waiting", [])
        ran(desk, server, folder / "requests-1.jsonl", folder / "results-1.jsonl", slice(0, 3))
        report = await desk.run(server, desk.articles(5), delivery=FILES)
        assert (report.ended, count(report)) == ("waiting", {"done": 3})
        elsewhere = desk.folder / "mine.jsonl"
        ran(desk, server, folder / "requests-2.jsonl", elsewhere)
        report = await desk.run(server, desk.articles(5), delivery=Delivery("batch-file", results=(elsewhere,)))
        assert (report.complete, count(report), set(server.paid.values())) == (True, {"done": 5}, {1})
        live = await desk.run(server, desk.articles(5), delivery=None, out=desk.folder / "live.jsonl")
        assert (live.spent.cached, server.live) == (5, 0)


@pytest.mark.fault("batches", "left alone until it is whole", name="a result file that is being written")
async def test_a_result_file_that_is_still_being_written_is_left_alone(desk: Desk) -> None:
    folder = desk.folder / "out.jsonl.d/batches"
    async with BatchServer() as server:
        await desk.run(server, desk.articles(2), delivery=FILES)
        ran(desk, server, folder / "requests-1.jsonl", folder / "results-1.jsonl")
        whole = (folder / "results-1.jsonl").read_bytes()
        (folder / "results-1.jsonl").write_bytes(whole[:-60])
        report = await desk.run(server, desk.articles(2), delivery=FILES)
        assert (report.ended, count(report)) == ("waiting", {})
        (folder / "results-1.jsonl").write_bytes(whole)
        report = await desk.run(server, desk.articles(2), delivery=FILES)
        assert (report.complete, set(server.paid.values())) == (True, {1})


def missing(times: int, kind: str) -> Callable[[str, str], Reply | None]:
    """A provider that does not find a batch, or the file of one, so many times."""
    left = [times]

    def reply(method: str, path: str) -> Reply | None:
        asked = path.endswith("/content") if kind == "file" else path.startswith("/batches/")
        if method == "GET" and asked and left[0]:
            left[0] -= 1
            return error(404, f"No such {kind}")
        return None

    return reply


@pytest.mark.fault("batches", "looked for again for minutes; nothing is paid twice", name="404 for")
@pytest.mark.parametrize("times", [1, 3, 8])
@pytest.mark.parametrize("kind", ["file", "batch"])
async def test_what_is_not_found_at_once_is_looked_for_again(desk: Desk, kind: str, times: int) -> None:
    async with BatchServer(before=missing(times, kind)) as server:
        report = await desk.run(server, desk.articles(6))
        assert (report.complete, count(report), report.spent.possibly_billed) == (True, {"done": 6}, 0)
        assert (len(server.batches), set(server.paid.values())) == (1, {1})


@pytest.mark.fault("batches", "taken from the list", name="404 for a batch that the list names")
async def test_a_batch_that_the_provider_names_in_its_list_alone_is_not_gone(desk: Desk) -> None:
    async with BatchServer() as server:

        def hide(method: str, path: str) -> Reply | None:
            return error(404, "No batch") if (method, path) == ("GET", "/batches/batch_0") else None

        server.before = hide
        control = Control()
        task = asyncio.create_task(desk.run(server, desk.articles(3), control=control))
        while not any(path == "/batches" and method == "GET" for method, path in server.calls[4:]):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        control.stop()
        report = await task
        assert report.failed == {}
        server.before = batch_server.nothing
        assert count(await desk.run(server, desk.articles(3))) == {"done": 3}
        assert set(server.paid.values()) == {1}


@pytest.mark.fault(
    "batches", "said, with what it may cost; sent again only with --retry-failed", name="the provider forgot a batch"
)
async def test_a_batch_that_is_gone_is_said_and_paid_again_only_when_asked_for(desk: Desk) -> None:
    source = desk.articles(6)
    async with BatchServer() as server:

        def forget(method: str, path: str) -> None:
            if method == "GET" and path.startswith("/batches/batch_0"):
                server.batches[0].id = "batch_of_another"
                server.batches[0].digest = ""

        server.before = forget
        report = await desk.run(server, source)
        assert (report.complete, count(report), dict(report.failed)) == (True, {"failed": 6}, {"lost": 6})
        assert report.spent.possibly_billed == 6
        failed = (desk.folder / "out.jsonl.d" / "failed.jsonl").read_text()
        assert "no longer knows the batch batch_0" in failed
        assert "--retry-failed" in failed
        again = await desk.run(server, source)
        assert (count(again), len(server.batches)) == ({"failed": 6}, 1)
        last = await desk.run(server, source, retry_failed=True)
        assert (count(last), len(server.batches)) == ({"done": 6}, 2)


@pytest.mark.fault("batches", "exit 75 after some looks; nothing is lost", name="unknown status")
@pytest.mark.parametrize("status", ["paused", "", "\x1b[31mweird"])
async def test_an_unknown_status_does_not_keep_a_run_for_ever(desk: Desk, status: str) -> None:
    def odd(server: BatchServer, rows: list[batch_server.Row]) -> batch_server.Ended:
        return batch_server.Ended(status or "?")

    source = desk.articles(3)
    async with BatchServer([odd]) as server:
        report = await desk.run(server, source)
        assert isinstance(report.error, ProviderDownError)
        assert "not known here" in str(report.error)
        assert str(report.error).isprintable()
        batch = server.batches[0]
        batch.status = "in_progress"
        server.endings = [batch_server.completed]
        assert count(await desk.run(server, source)) == {"done": 3}
        assert (len(server.batches), set(server.paid.values())) == (1, {1})


@pytest.mark.fault("batches", "its results are taken", name="unknown status with results")
async def test_an_unknown_status_with_results_has_ended(desk: Desk) -> None:
    def odd(server: BatchServer, rows: list[batch_server.Row]) -> batch_server.Ended:
        return batch_server.Ended("done", batch_server.worked(server, rows))

    async with BatchServer([odd]) as server:
        assert count(await desk.run(server, desk.articles(3))) == {"done": 3}


@pytest.mark.fault("batches", "exit 75 after 48 hours; nothing is lost", name="a batch that never ends")
async def test_a_batch_that_never_ends_does_not_keep_a_run_for_ever(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_batch, "_OVERDUE", -1)

    def never(server: BatchServer, rows: list[batch_server.Row]) -> batch_server.Ended:
        return batch_server.Ended("finalizing")

    async with BatchServer([never]) as server:
        report = await desk.run(server, desk.articles(3))
    assert isinstance(report.error, ProviderDownError)
    assert "hours" in str(report.error)
