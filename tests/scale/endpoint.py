"""A loopback endpoint in a process of its own: 50 ms a request, and it says how many were in flight at once.

Usage: python tests/scale/endpoint.py [LATENCY]; prints its base URL. POST to /v1/stats: {"most": ..., "asked": {...}}.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from archive_server import LateServer
from archive_world import topic, translated
from fault_server import Reply, Seen, error, json_reply

REFUSED = 13
"""The article of which every request is refused."""


class Endpoint:
    """Started with the block, stopped with it."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    @property
    def stats(self) -> dict[str, Any]:
        asked = urllib.request.Request(f"{self.base_url}/stats", b"{}", {"content-type": "application/json"})
        with urllib.request.urlopen(asked) as answer:
            found: dict[str, Any] = json.load(answer)
        return found


@contextmanager
def endpoint(latency: float = 0.05) -> Iterator[Endpoint]:
    process = subprocess.Popen([sys.executable, __file__, str(latency)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Endpoint(process.stdout.readline().strip())
    finally:
        process.kill()
        process.wait()


async def serve(latency: float) -> None:
    asked: Counter[int] = Counter()
    under_way = most = 0

    def reply(seen: Seen) -> Reply:
        nonlocal under_way, most
        if seen.path.endswith("/stats"):
            seconds = server.seen[-2] - server.seen[0] if len(server.seen) > 1 else 0.0  # the last is this question
            return json_reply({"most": most, "asked": asked, "seconds": seconds})
        number = topic(seen)
        asked[number] += 1
        under_way += 1
        most = max(most, under_way)
        return error(400) if number == REFUSED else translated(seen)

    def sent(reply: Reply) -> None:
        nonlocal under_way
        under_way -= b'"asked"' not in reply.body

    async with LateServer(latency, reply) as server:
        server.sent = sent
        print(server.base_url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
