"""What the client costs: requests a second and CPU against a loopback server, and answers a second from the cache.

Usage: python tests/measure/client_speed.py [--requests N] [--parallel N]
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from pydantic import BaseModel, ConfigDict  # noqa: E402

from fault_server import FaultServer, completion  # noqa: E402
from presseschau.llm.cache import AnswerCache  # noqa: E402
from presseschau.llm.client import Client  # noqa: E402
from presseschau.llm.endpoint import Endpoint  # noqa: E402
from presseschau.models import Message, Request  # noqa: E402


class Sentences(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sentences: list[str]


ANSWER = Sentences(sentences=["An English sentence of about a hundred characters, as they stand in news. " * 2] * 15)
REQUEST = Request("translate", (Message(role="user", content="Ein deutscher Satz. " * 150),), Sentences, 2_000)


async def serve() -> None:
    async with FaultServer([completion(ANSWER.model_dump_json())]) as server:
        print(server.base_url, flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def measure(endpoint: Endpoint, cache: AnswerCache | None, requests: int) -> tuple[float, float]:
    """Wall and CPU seconds of this process for so many different requests."""
    numbers = [Message(role="user", content=str(number)) for number in range(requests)]
    questions = [replace(REQUEST, messages=(*REQUEST.messages, number)) for number in numbers]
    async with Client(endpoint, cache) as client:
        await client.ask(REQUEST)  # imports and the first connection are not what is measured
        wall, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(client.ask(question) for question in questions))
        return time.perf_counter() - wall, time.process_time() - cpu


async def run(base_url: str, requests: int, parallel: int) -> None:
    endpoint = Endpoint(base_url, "m", parallel=parallel)
    print(f"{requests} requests, {parallel} at once, answers of {len(ANSWER.model_dump_json())} bytes")
    with tempfile.TemporaryDirectory() as folder, AnswerCache(Path(folder) / "answers.sqlite") as cache:
        rows = [("no cache", None), ("bought and stored", cache), ("from the cache", cache)]
        for name, used in rows:
            wall, cpu = await measure(endpoint, used, requests)
            print(f"{name:18} {requests / wall:8.0f} answers/s   {1000 * cpu / requests:6.2f} s CPU per 1,000")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000)
    parser.add_argument("--parallel", type=int, default=64)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        asyncio.run(serve())
        return
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        asyncio.run(run(server.stdout.readline().strip(), arguments.requests, arguments.parallel))
        server.stdin.close()


if __name__ == "__main__":
    main()
