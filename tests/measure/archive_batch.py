"""An archive by OpenAI Batch against a loopback imitation, with one fault after the other: does every row end once?

Usage: python tests/measure/archive_batch.py [--articles N] [--shard N] [--kills N | --memory]

Printed for each fault of the first half of the batches: how the articles ended, requests that were needed (one an
article), requests paid (rows that the provider worked on), of those the ones whose results the fault destroyed, batches
made, and whether a live run afterwards finds every answer in the cache. With --kills the command is instead killed so
often with SIGKILL at random moments, and then left to end. With --memory requests are written and results read by
files (--engine batch-file), for N and for four times as many articles: seconds and peak memory of each command.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import batch_server  # noqa: E402
from archive_world import write_articles  # noqa: E402
from batch_server import BatchServer, Ending  # noqa: E402
from fault_server import Reply  # noqa: E402
from presseschau.analysis import Options  # noqa: E402
from presseschau.archive.many import Control, Delivery, analyze_many  # noqa: E402
from presseschau.archive.provider_batch.openai_batch import Polling  # noqa: E402
from presseschau.archive.report import Report  # noqa: E402
from presseschau.llm.batch.files import ShardLimit  # noqa: E402
from presseschau.llm.engine import choose  # noqa: E402
from presseschau.llm.retry import Policy  # noqa: E402

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
FAULTS: dict[str, Ending] = {
    "none": batch_server.completed,
    "reordered": batch_server.reordered,
    "repeated, foreign rows": batch_server.repeated,
    "expired": batch_server.expired,
    "cancelled": batch_server.cancelled,
    "a third failed": batch_server.partly_failed,
    "error file only": batch_server.error_file_only,
    "output cut off": batch_server.cut_off,
    "output missing": batch_server.output_lost,
    "queue full": batch_server.not_taken("token_limit_exceeded", "Limit: 2,000,000 enqueued tokens."),
    "create not heard of": batch_server.completed,
    "stopped and resumed": batch_server.completed,
}


async def once(server: BatchServer, folder: Path, shard: int, *, live: bool = False, stop: bool = False) -> Report:
    control = Control()
    if stop:

        def halt(method: str, path: str) -> Reply | None:
            if path.startswith("/batches/"):
                control.stop()
            return None

        server.before = halt
    delivery = Delivery("openai-batch", polling=Polling(0.01, 0.05), limit=ShardLimit(requests=shard))
    return await analyze_many(
        [str(folder / "in.jsonl")], folder / ("live.jsonl" if live else "out.jsonl"),
        choose("m", base_url=server.base_url), options=Options(tasks=("translate",)), cache=folder / "cache.sqlite",
        policy=Policy(elapsed=30, base=0.01, cap=0.05, patience=30), delivery=None if live else delivery,
        control=control,
    )  # fmt: skip


async def fault(name: str, ending: Ending, articles: int, shard: int) -> bool:
    made = -(-articles // shard)
    endings = [ending] * -(-made // 2) + [batch_server.completed]
    dropped: list[str] = []

    def drop(method: str, path: str) -> Reply | None:
        if name == "create not heard of" and (method, path) == ("POST", "/batches") and len(dropped) < 2:
            dropped.append(path)
            return Reply(ending="close")
        return None

    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        write_articles(folder / "in.jsonl", range(articles))
        async with BatchServer(endings, after=drop) as server:
            began = time.monotonic()
            if name == "stopped and resumed":
                await once(server, folder, shard, stop=True)
                server.before = batch_server.nothing
            report = await once(server, folder, shard)
            seconds = time.monotonic() - began
            batches, paid = len(server.batches), server.paid.total()
            live = await once(server, folder, shard, live=True)
            same = (folder / "live.jsonl").read_bytes() == (folder / "out.jsonl").read_bytes()
            left = len(server.files)
    lost = report.spent.possibly_billed
    free = live.spent.cached == articles and server.live == 0
    good = report.usable == articles and paid == articles + lost and free and same and left == 0
    print(
        f"{name:24} {report.usable:6} of {articles} done, {paid} requests paid ({articles} needed, {lost} results "
        f"destroyed), {batches} batches, {seconds:.1f} s; live afterwards sends {server.live}, same output: {same}; "
        f"files left there: {left}{'' if good else '   <-- not good'}"
    )
    return good


async def run(articles: int, shard: int) -> bool:
    print(f"{articles} articles, {shard} requests a batch at most, faults in the first half of the batches")
    results = [await fault(name, ending, articles, shard) for name, ending in FAULTS.items()]
    print(f"every row ended once in {sum(results)} of {len(results)} runs")
    return all(results)


async def killed(articles: int, kills: int) -> bool:
    """The command killed at random moments, half of them while it talks to the provider."""
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        write_articles(folder / "in.jsonl", range(articles))
        async with BatchServer([batch_server.expired, batch_server.partly_failed, batch_server.completed]) as server:
            for kill in range(kills):
                process = await start(folder, server)
                calls = len(server.calls)
                while len(server.calls) == calls and process.returncode is None and kill % 2:  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
                await asyncio.sleep(chance.uniform(0, 0.3 if kill % 2 else 3))
                if process.returncode is None:
                    process.kill()
                await process.wait()
            code = await (await start(folder, server)).wait()
            paid, batches, needed = server.paid.total(), len(server.batches), len(server.paid)
            live = await once(server, folder, articles, live=True)
            same = (folder / "live.jsonl").read_bytes() == (folder / "out.jsonl").read_bytes()
    print(
        f"{kills} kills over {articles} articles: exit code {code}, {live.usable} done, {paid} requests paid ({needed} "
        f"needed), {batches} batches; live afterwards sends {server.live}, same output: {same}"
    )
    return code == 0 and same and paid == needed == articles and not server.live


async def start(folder: Path, server: BatchServer) -> asyncio.subprocess.Process:
    known = arguments_of(folder, "--engine", "openai-batch", "--base-url", server.base_url)
    return await asyncio.create_subprocess_exec(*known, stdout=DEVNULL, stderr=DEVNULL, env=ENVIRONMENT)


def by_files(articles: int) -> None:
    """Two commands: one writes the requests, one reads the results."""
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        write_articles(folder / "in.jsonl", range(articles))
        writing = command(folder, "--engine", "batch-file")
        world = BatchServer()
        requests = folder / "out.jsonl.d/batches" / "requests-1.jsonl"
        with requests.open("rb") as wanted, (requests.parent / "results-1.jsonl").open("wb") as results:
            for line in wanted:
                results.writelines(batch_server.worked(world, [json.loads(line)]))
        reading = command(folder, "--engine", "batch-file")
    print(
        f"{articles} articles: requests written in {writing[0]:.0f} s, peak {writing[1]:.0f} MB; results read, checked "
        f"and written in {reading[0]:.0f} s, peak {reading[1]:.0f} MB; exit codes {writing[2]}, {reading[2]}"
    )


def command(folder: Path, *more: str) -> tuple[float, float, int]:
    """Seconds, peak memory in MB and exit code."""
    began = time.monotonic()
    process = subprocess.Popen(arguments_of(folder, *more), env=ENVIRONMENT, stdout=DEVNULL, stderr=DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - began, used.ru_maxrss / 1024, process.returncode


def arguments_of(folder: Path, *more: str) -> list[str]:
    return [
        sys.executable, "-m", "presseschau", "batch", str(folder / "in.jsonl"), "-o", str(folder / "out.jsonl"), "-m",
        "m", "--base-url", "http://127.0.0.1:9/v1", "--tasks", "translate", "--cache", str(folder / "cache.sqlite"),
        "-q", *more,
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--shard", type=int, default=50)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--memory", action="store_true")
    arguments = parser.parse_args()
    if arguments.memory:
        by_files(arguments.articles)
        by_files(4 * arguments.articles)
        return
    work = killed(arguments.articles, arguments.kills) if arguments.kills else run(arguments.articles, arguments.shard)
    sys.exit(not asyncio.run(work))


if __name__ == "__main__":
    main()
