"""A second reader where the model itself is, by OpenAI Batch over loopback HTTP: its requests are a second round of
batches, forecast, budgeted, never paid twice."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

import pytest
from test_provider_batch import BATCH, Desk, desk, started

from archive_world import translated, write_articles
from batch_server import BatchServer
from fault_server import Reply, Seen
from presseschau.analysis import Options
from presseschau.archive.forecast import forecast
from presseschau.archive.many import Limits, analyze_many
from presseschau.archive.report import Report
from presseschau.errors import BudgetReachedError
from presseschau.llm.engine import Choice, choose
from test_second_reader import judge

__all__ = ["desk"]  # a fixture

PRICES = {"price": (1.0, 1.0), "reader_price": (3.0, 3.0)}


def both(seen: Seen) -> Reply:
    return judge(seen) if seen.json["model"] == "judge" else translated(seen)


def choice(server: BatchServer) -> Choice:
    return choose("m", base_url=server.base_url, reader=choose("judge", base_url=server.base_url))


async def run(desk: Desk, server: BatchServer, source: Path, **limits: Any) -> Report:
    return await analyze_many(
        [source], desk.out, choice(server), options=Options(tasks=("translate",)), cache=desk.folder / "cache.sqlite",
        limits=Limits(**{**PRICES, **limits}), delivery=BATCH,
    )  # fmt: skip


@pytest.mark.slow
async def test_its_requests_are_a_second_round_with_a_file_of_their_own(desk: Desk) -> None:
    sent: list[dict[str, Any]] = []

    def answer(seen: Seen) -> Reply:
        sent.append(seen.json)
        return both(seen)

    source = write_articles(desk.folder / "in.jsonl", range(12), sentences=30)
    async with BatchServer(answer=answer) as server:
        expected = await forecast(
            [source], choice(server), options=Options(tasks=("translate",)), cache=None, limits=Limits(**PRICES),
            batch=True, batch_reader=True,
        )  # fmt: skip
        report = await run(desk, server, source)
        assert (report.complete, server.live, len(server.batches)) == (True, 0, 2)
        assert [body["model"] for body in sent] == ["m"] * 12 + ["judge"] * 12
        assert set(server.paid.values()) == {1}
        assert server.files == {}
        rows = [json.loads(line) for line in desk.out.read_text().splitlines()]
        assert {row["provenance"]["second_reader"]["read"] for row in rows} == {31}  # the headline, too
        assert all("reader.name" in {f["code"] for f in row["findings"]} for row in rows)
        spent = desk.manifest()["spent"]
        assert spent["requests"] == 24
        costs = [
            (len(body["messages"][-1]["content"]) // 4 + 7) * (3 if body["model"] == "judge" else 1) for body in sent
        ]
        assert spent["cost"] == pytest.approx(sum(costs) / 1e6)
        assert expected.reader
        characters = sum(len(m["content"]) for body in sent if body["model"] == "judge" for m in body["messages"])
        assert expected.reader.requests == pytest.approx(12, rel=0.2)
        assert expected.reader.prompt_characters == pytest.approx(characters, rel=0.2)
        again = await analyze_many(
            [source], desk.folder / "live.jsonl", choice(server), options=Options(tasks=("translate",)),
            cache=desk.folder / "cache.sqlite",
        )  # fmt: skip
        assert (again.complete, server.live) == (True, 0)  # what was bought in batches is bought
        assert (desk.folder / "live.jsonl").read_bytes() == desk.out.read_bytes()


async def test_the_budget_holds_before_the_second_round(desk: Desk) -> None:
    source = desk.articles(6)
    async with BatchServer(answer=both) as server:
        report = await run(desk, server, source, max_cost=0.009, reader_price=(100.0, 100.0))
        assert isinstance(report.error, BudgetReachedError)
        assert (len(server.batches), len(server.paid)) == (1, 6)
        report = await run(desk, server, source, max_cost=100.0)
        assert (report.complete, len(server.paid), set(server.paid.values())) == (True, 12, {1})


@pytest.mark.slow
async def test_killed_while_its_batch_is_made_nothing_is_paid_twice(desk: Desk) -> None:
    process: asyncio.subprocess.Process
    source = desk.articles(4)

    def kill(method: str, path: str) -> Reply | None:
        if (method, path) == ("POST", "/batches") and len(server.batches) == 2:
            process.kill()
            return Reply(ending="close")
        return None

    async with BatchServer(after=kill, answer=both) as server:
        process = await started(
            desk, server, source, "--second-reader", "judge", "--price", "1,1", "--reader-price", "3,3"
        )
        assert await asyncio.wait_for(process.wait(), 300) == -signal.SIGKILL
        server.after = lambda method, path: None
        report = await run(desk, server, source)
        assert (report.complete, len(server.batches), server.live) == (True, 2, 0)
        assert (len(server.paid), set(server.paid.values())) == (8, {1})


async def test_elsewhere_it_is_asked_one_by_one(desk: Desk) -> None:
    async with BatchServer(answer=both) as server, BatchServer(answer=both) as other:
        asked = choose("m", base_url=server.base_url, reader=choose("judge", base_url=other.base_url))
        report = await analyze_many(
            [desk.articles(3)], desk.out, asked, options=Options(tasks=("translate",)),
            cache=desk.folder / "cache.sqlite", delivery=BATCH,
        )  # fmt: skip
        assert (report.complete, len(server.batches), len(other.batches), other.live) == (True, 1, 0, 3)
