"""The client at 32 requests at once and 50 ms latency: wall time against the ideal, CPU beside bare aiohttp's.

Usage: python tests/measure/archive_client.py [--requests N] [--parallel N] [--latency SECONDS]

The server runs in a process of its own. The requests are those of translate for the articles of `archive_world`,
made beforehand: what is measured is `llm/`, with the answers stored (grouped commits) and without.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from math import ceil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from archive_server import LateServer  # noqa: E402
from archive_world import german  # noqa: E402
from presseschau.ingest import read_article  # noqa: E402
from presseschau.llm.cache import AnswerCache  # noqa: E402
from presseschau.llm.client import Client  # noqa: E402
from presseschau.llm.endpoint import Endpoint  # noqa: E402
from presseschau.models import Request  # noqa: E402
from presseschau.pipeline import translation  # noqa: E402
from presseschau.pipeline.asking import Options  # noqa: E402
from presseschau.pipeline.numbered import windows  # noqa: E402


async def serve(latency: float) -> None:
    async with LateServer(latency) as server:
        print(server.base_url, flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def requests(count: int) -> list[Request[translation.TranslationAnswer]]:
    made = []
    for number in range(count):
        (window,) = windows(read_article(german(number, 8), source="-", lang_check=False), 20_000)
        made.append(translation.request(window, window.numbers, Options(), {}))
    return made


async def ours(base_url: str, asked: list[Request[translation.TranslationAnswer]], parallel: int, cache: Path | None):
    store = AnswerCache(cache) if cache else None
    async with Client(Endpoint(base_url, "m", parallel=parallel), store) as client:
        await client.ask(asked[0])  # imports and the first connection
        wall, cpu = time.perf_counter(), time.process_time()
        waiting = iter(asked[1:])

        async def worker() -> None:
            for request in waiting:
                await client.ask(request)

        await asyncio.gather(*(worker() for _ in range(3 * parallel)))  # as many as `archive.many` has
        measured = time.perf_counter() - wall, time.process_time() - cpu
    if store:
        store.close()
    return measured


async def bare(base_url: str, asked: list[Request[translation.TranslationAnswer]], parallel: int):
    import aiohttp

    slots = asyncio.Semaphore(parallel)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def one(request: Request[translation.TranslationAnswer]) -> None:
            body = {"model": "m", "messages": [{"role": m.role, "content": m.content} for m in request.messages]}
            async with slots, session.post(f"{base_url}/chat/completions", json=body) as reply:
                content = json.loads(await reply.read())["choices"][0]["message"]["content"]
                request.answer.model_validate_json(content)

        await one(asked[0])
        wall, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(one(request) for request in asked[1:]))
        return time.perf_counter() - wall, time.process_time() - cpu


async def run(base_url: str, count: int, parallel: int, latency: float) -> None:
    asked = requests(count + 1)
    ideal = ceil(count / parallel) * latency
    print(f"{count} requests, {parallel} at once, {latency * 1000:.0f} ms: ideal {ideal:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        for name, measured in (
            ("bare aiohttp", await bare(base_url, asked, parallel)),
            ("llm/, no cache", await ours(base_url, asked, parallel, None)),
            ("llm/, answers stored", await ours(base_url, asked, parallel, Path(folder) / "c.sqlite")),
            ("bare aiohttp again", await bare(base_url, asked, parallel)),
        ):
            wall, cpu = measured
            print(f"{name:22} {wall:6.2f} s, {wall / ideal:5.2f} x ideal   {1000 * cpu / count:6.2f} ms CPU a request")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=2_000)
    parser.add_argument("--parallel", type=int, default=32)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        asyncio.run(serve(arguments.latency))
        return
    command = [sys.executable, __file__, "--serve", "--latency", str(arguments.latency)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        asyncio.run(run(url, arguments.requests, arguments.parallel, arguments.latency))
        server.stdin.close()


if __name__ == "__main__":
    main()
