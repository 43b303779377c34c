"""Limits and the manifest over SIGKILL at random moments: what was sold is known, and never more than was allowed."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

import pytest

from archive_server import LateServer
from archive_world import translated, write_articles
from fault_server import Reply, Seen

AT_ONCE = 4
LIMIT = 12_000
"""Tokens; enough for about two thirds of the articles."""


class Till:
    """What a server has sold."""

    def __init__(self) -> None:
        self.requests = self.tokens = 0

    def reply(self, seen: Seen) -> Reply:
        made = translated(seen)
        self.requests += 1
        self.tokens += json.loads(made.body)["usage"]["total_tokens"]
        return made


async def started(folder: Path, url: str, out: str = "out.jsonl", *, more: tuple[str, ...] = ()) -> Process:
    command = [
        sys.executable, "-m", "presseschau", "batch", str(folder / "in.jsonl"), "-o", str(folder / out), "-m", "m",
        "--base-url", url, "--tasks", "translate", "--cache", str(folder / "cache.sqlite"), "--concurrency",
        str(AT_ONCE), "-q", "--price", "1000,1000", *more,
    ]  # fmt: skip
    return await asyncio.create_subprocess_exec(*command, stderr=PIPE, env=dict(os.environ))


async def killed(process: Process, till: Till, chance: random.Random) -> None:
    """Kills a process once it has asked for something, or while it begins."""
    before = till.requests
    while till.requests == before and process.returncode is None:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    await asyncio.sleep(chance.uniform(0, 0.2))
    if process.returncode is None:
        process.kill()
    await process.communicate()


def manifest(folder: Path, out: str = "out.jsonl") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / f"{out}.d" / "manifest.json").read_text())
    return found


@pytest.mark.fault(
    "money",
    "never more than the limit; the manifest says what was sold",
    name="kill -9 at random moments, with a limit",
)
@pytest.mark.slow
async def test_a_limit_holds_over_kills_and_the_manifest_says_what_was_sold(tmp_path: Path) -> None:
    chance, till, kills = random.Random(18), Till(), 5
    write_articles(tmp_path / "in.jsonl", range(60))
    async with LateServer(0.05, till.reply) as server:
        more = ("--max-tokens", str(LIMIT))
        for _ in range(kills):
            await killed(await started(tmp_path, server.base_url, more=more), till, chance)
        last = await started(tmp_path, server.base_url, more=more)
        assert (await last.communicate(), last.returncode)[1] == 5
        assert LIMIT / 4 < till.tokens <= LIMIT
        written = manifest(tmp_path)
        said = written["certainty"]
        tokens = {name: amount["prompt_tokens"] + amount["completion_tokens"] for name, amount in said.items()}
        requests = {name: amount["requests"] for name, amount in said.items()}
        under_way = AT_ONCE * kills
        assert tokens["known"] <= till.tokens <= sum(tokens.values()) <= LIMIT
        assert till.requests <= sum(requests.values()) <= till.requests + under_way
        assert requests["possible"] <= under_way
        assert written["spent"]["requests"] == sum(requests.values())
        assert written["spent"]["cost"] == pytest.approx(sum(tokens.values()) / 1000)
        whole = await started(tmp_path, server.base_url)
        assert (await whole.communicate(), whole.returncode)[1] == 0
    assert manifest(tmp_path)["counts"]["done"] == 60


@pytest.mark.fault("money", "each answer is bought once; `cost` adds them up", name="two runs on one cache")
@pytest.mark.slow
async def test_two_runs_of_one_cache_buy_each_answer_once_and_cost_adds_them_up(tmp_path: Path) -> None:
    till = Till()
    write_articles(tmp_path / "in.jsonl", range(30))
    async with LateServer(0.02, till.reply) as server:
        runs = [await started(tmp_path, server.base_url, f"{number}.jsonl") for number in range(2)]
        await asyncio.gather(*(run.communicate() for run in runs))
    assert [run.returncode for run in runs] == [0, 0]
    assert till.requests == 30
    spent = [manifest(tmp_path, f"{number}.jsonl")["spent"] for number in range(2)]
    assert sum(each["requests"] for each in spent) == sum(each["cached"] for each in spent) == 30
    said = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "presseschau", "cost", "--json", "--cache", str(tmp_path / "cache.sqlite"), stdout=PIPE
    )
    (day,) = json.loads((await said.communicate())[0])
    assert (day["model"], day["requests"], day["assumed"], day["possible"]) == ("m", 30, 0, 0)
    assert day["prompt_tokens"] + day["completion_tokens"] == till.tokens
    assert day["cost"] == pytest.approx(till.tokens / 1000)
