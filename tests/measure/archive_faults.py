"""A run against a server that fails at 30 % of all requests, every class of fault mixed.

Usage: python tests/measure/archive_faults.py [--articles N] [--share 0.3] [--seed N]

Printed: how the articles ended after one run and after the same command again, requests for each article, and
requests that came while a Retry-After was running (from 100 ms after it was written: what was on its way before the
client read it cannot know; server and client share one busy event loop here).
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from archive_server import LateServer  # noqa: E402
from archive_world import translated, write_articles  # noqa: E402
from fault_server import JSON, Reply, Seen, completion, error, html, json_reply  # noqa: E402
from presseschau.analysis import Options  # noqa: E402
from presseschau.archive.many import analyze_many  # noqa: E402
from presseschau.llm.engine import choose  # noqa: E402
from presseschau.llm.retry import Policy  # noqa: E402

FAULTS = {
    "429": error(429, "slow down"),
    "429 Retry-After 1": error(429, "slow down", retry_after="1"),
    **{str(status): error(status) for status in (408, 409, 500, 502, 503, 504, 529)},
    "502 page": html(502),
    "200 page": html(),
    "204": Reply(204, b"", {}),
    "empty": Reply(200, b"", dict(JSON)),
    "cut": Reply(200, b'{"ch', ending="cut"),
    "reset": Reply(ending="reset"),
    "closed": Reply(ending="close"),
    "hang": Reply(ending="hang"),
    "not UTF-8": Reply(200, b'{"choices": "\xff"}', dict(JSON)),
    "nested": Reply(200, b"[" * 10_000, dict(JSON)),
    "no choices": json_reply({"choices": None}),
    "error in 200": json_reply({"error": {"message": "boom"}}),
    "finish error": completion("{}", finish="error"),
    "finish length": completion('{"sentences": [', finish="length"),
    "empty answer": completion(""),
    "not JSON": completion("I cannot do that as JSON."),
    "not the schema": completion('{"sentences": [{"n": "one"}]}'),
    "refusal": completion(None, refusal="No."),
    "filter": completion("", finish="content_filter"),
    "filter 400": error(400, "filtered", code="content_filter"),
}


class Faulty:
    """The replies, and when requests came although a Retry-After was running."""

    def __init__(self, share: float, seed: int) -> None:
        self._share = share
        self._chance = random.Random(seed)
        self._closed = (0.0, 0.0)
        self.inside = 0
        self.requests = 0
        self.faults: Counter[str] = Counter()

    def __call__(self, seen: Seen) -> Reply:
        now = time.monotonic()
        self.requests += 1
        self.inside += self._closed[0] <= now < self._closed[1]
        if self._chance.random() >= self._share:
            return translated(seen)
        name = self._chance.choice([*FAULTS])
        self.faults[name] += 1
        return FAULTS[name]

    def sent(self, reply: Reply) -> None:
        if reply is FAULTS["429 Retry-After 1"]:
            now = time.monotonic()
            self._closed = (now + 0.1, now + 1)


LATENCY = 0.05


async def run(articles: int, share: float, seed: int) -> None:
    faulty = Faulty(share, seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = write_articles(folder / "in.jsonl", range(articles))
        async with LateServer(LATENCY, faulty) as server:
            server.sent = faulty.sent
            choice = choose("m", base_url=server.base_url)
            choice = replace(
                choice, endpoint=replace(choice.endpoint, grace=2, read_speed=1e9, write_speed=1e9, profile="vllm")
            )
            print(f"{articles} articles, {share:.0%} of {len(FAULTS)} kinds of faults mixed in")
            for command in ("first", "again"):
                began, sent = time.monotonic(), faulty.requests
                report = await analyze_many(
                    [str(source)], folder / "out.jsonl", choice, options=Options(tasks=("translate",)),
                    cache=folder / "cache.sqlite", concurrency=32,
                    policy=Policy(patience=60, base=0.1, cap=1.0),
                )  # fmt: skip
                ended = {state: count for state, count in report.counts.items() if count}
                figures = f"{faulty.requests - sent} requests, {time.monotonic() - began:.1f} s"
                print(f"{command}: {report.ended}, {ended}, failed {dict(report.failed)}, {figures}")
            print(f"requests for each article: {faulty.requests / articles:.3f}; faults sent: {faulty.faults.total()}")
            print(f"possibly billed: {report.spent.possibly_billed}; inside a Retry-After: {faulty.inside}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--share", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    asyncio.run(run(arguments.articles, arguments.share, arguments.seed))


if __name__ == "__main__":
    main()
