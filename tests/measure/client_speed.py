"""What a request costs at 256 in flight and 50 ms: its rate beside bare aiohttp's, and CPU; and answers from the cache.

Usage: python tests/measure/client_speed.py [--requests N] [--parallel N] [--latency SECONDS] [--rounds N]

The server runs in a process of its own; the requests are those of `archive_client.py`. "as in a run" is with answers
stored, keys leased, a limit, and what each request costs written down before and after it. Bare aiohttp and ours take
turns, and the best of the rounds counts: what else the machine does only makes both slower.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT / "tests" / "measure")]

from archive_client import bare, requests, serve  # noqa: E402

from presseschau.llm.cache import AnswerCache  # noqa: E402
from presseschau.llm.client import Client  # noqa: E402
from presseschau.llm.endpoint import Endpoint  # noqa: E402
from presseschau.llm.purchase_file import PurchaseFile  # noqa: E402
from presseschau.llm.purchases import Purchases  # noqa: E402
from presseschau.llm.spending import Budget  # noqa: E402
from presseschau.models import Request  # noqa: E402

KINDS = ("no cache", "answers stored", "as in a run", "from the cache")


async def ours(
    url: str, asked: list[Request[Any]], parallel: int, kind: str, folder: Path, warm: int
) -> tuple[float, float]:
    """Wall and CPU seconds for all but the first `warm` requests, which open the connections."""
    with ExitStack() as stack:
        more: dict[str, Any] = {}
        if kind != "no cache":
            more["cache"] = stack.enter_context(AnswerCache(folder / "c.sqlite"))
        if kind == "as in a run":
            file = stack.enter_context(PurchaseFile(folder / "c.sqlite.work"))
            more |= {"purchases": Purchases(file, "m", url, "run"), "budget": Budget(max_tokens=10**12)}
        async with Client(Endpoint(url, "m", parallel=parallel), **more) as client:
            await asyncio.gather(*(client.ask(request) for request in asked[:warm]))
            waiting = iter(asked[warm:])

            async def worker() -> None:
                for request in waiting:
                    await client.ask(request)

            wall, cpu = time.perf_counter(), time.process_time()
            await asyncio.gather(*(worker() for _ in range(3 * parallel)))
            measured = time.perf_counter() - wall, time.process_time() - cpu
        if "purchases" in more:
            await more["purchases"].close()
        return measured


async def run(url: str, count: int, parallel: int, latency: float, rounds: int) -> None:
    warm = 2 * parallel
    asked = requests(count + warm)
    best: dict[str, tuple[float, float]] = {}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            found = {"bare aiohttp": await bare(url, asked[: count + 1], parallel)}
            for kind in KINDS:
                place = Path(folder) / ("as in a run" if kind == "from the cache" else kind)
                place.mkdir(exist_ok=True)
                found[kind] = await ours(url, asked, parallel, kind, place, warm)
        for name, measured in found.items():
            best[name] = min(measured, best.get(name, measured))
    print(f"{count} requests, {parallel} at once, {latency * 1000:.0f} ms; the best of {rounds} rounds")
    for name, (wall, cpu) in best.items():
        share = f"{best['bare aiohttp'][0] / wall:5.2f} of bare aiohttp's rate" if name in KINDS[:3] else ""
        print(f"{name:18} {count / wall:8.0f} a second  {1000 * cpu / count:6.2f} ms CPU a request  {share}".rstrip())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=2_000)
    parser.add_argument("--parallel", type=int, default=256)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--rounds", type=int, default=3)
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
        asyncio.run(run(url, arguments.requests, arguments.parallel, arguments.latency, arguments.rounds))
        server.stdin.close()


if __name__ == "__main__":
    main()
