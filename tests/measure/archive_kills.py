"""A run killed with SIGKILL at random moments, again and again, then left to end: is anything lost or different?

Usage: python tests/measure/archive_kills.py [--articles N] [--kills N] [--seed N] [--processes] [--max-tokens N]

After every kill the journal must hold every row that it held before. At the end the output must be, byte for byte,
that of a run that nobody disturbed, and no more requests repeated than were under way when it was killed.
With --processes a second process of the same run is started each time: one of the two must be refused.
With --max-tokens the run has a limit: the server must never sell more, and the manifest must say what it sold, give or
take what was under way when it was killed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sqlite3
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from archive_server import LateServer  # noqa: E402
from archive_world import times_asked, translated, write_articles  # noqa: E402
from fault_server import Reply, Seen  # noqa: E402

AT_ONCE = 8


async def start(folder: Path, url: str, out: str, cache: str, *limit: str) -> Process:
    command = [
        sys.executable, "-m", "presseschau", "batch", str(folder / "in.jsonl"), "-o", str(folder / out), "-m", "m",
        "--base-url", url, "--tasks", "translate", "--cache", str(folder / cache), "--concurrency", str(AT_ONCE), "-q",
        *limit,
    ]  # fmt: skip
    known = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return await asyncio.create_subprocess_exec(*command, stdout=DEVNULL, stderr=PIPE, env=known)


def rows(journal: Path) -> set[tuple[int, str, str]]:
    if not journal.exists():
        return set()
    connection = sqlite3.connect(journal)
    try:
        return set(connection.execute("SELECT position, state, article FROM items"))
    except sqlite3.OperationalError:  # killed before the tables were made
        return set()
    finally:
        connection.close()


def money(folder: Path, seen: list[Seen], limit: int, kills: int) -> bool:
    """Whether the limit held, and the manifest says what was sold."""
    sold = sum(json.loads(translated(request).body)["usage"]["total_tokens"] for request in seen)
    said = json.loads((folder / "out.jsonl.d" / "manifest.json").read_text())["certainty"]
    tokens = {name: amount["prompt_tokens"] + amount["completion_tokens"] for name, amount in said.items()}
    requests = sum(amount["requests"] for amount in said.values())
    print(f"sold {sold:,} tokens in {len(seen):,} requests, limit {limit:,}; manifest: {requests:,} requests, {tokens}")
    return sold <= limit and tokens["known"] <= sold and len(seen) <= requests <= len(seen) + AT_ONCE * kills


async def run(articles: int, kills: int, seed: int, processes: bool, limit: int) -> bool:
    more = ("--max-tokens", str(limit)) if limit else ()
    chance = random.Random(seed)
    seen: list[Seen] = []

    def reply(request: Seen) -> Reply:
        seen.append(request)
        return translated(request)

    lost = refused = killed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_articles(folder / "in.jsonl", range(articles))
        async with LateServer(0.05, reply) as server:
            held: set[tuple[int, str, str]] = set()
            while killed < kills:
                process = await start(folder, server.base_url, "out.jsonl", "cache.sqlite", *more)
                second = await start(folder, server.base_url, "out.jsonl", "cache.sqlite") if processes else None
                before = len(seen)
                if chance.random() < 0.75:  # while it works; else at any moment of its beginning
                    while len(seen) == before and process.returncode is None:  # noqa: ASYNC110
                        await asyncio.sleep(0.005)
                    await asyncio.sleep(chance.uniform(0, 0.4))
                else:
                    await asyncio.sleep(chance.uniform(0, 2))
                for each in filter(None, (process, second)):
                    if each.returncode is None:
                        each.kill()
                    said = (await each.communicate())[1]
                    refused += b"Another process" in said
                killed += 1
                now = rows(folder / "out.jsonl.d/journal")
                lost += len(held - now)
                held = now
            disturbed = len(held)
            process = await start(folder, server.base_url, "out.jsonl", "cache.sqlite", *more)
            await process.communicate()
            if limit:
                return money(folder, seen, limit, kills)
            repeats = sum(count - 1 for count in times_asked(seen).values())
            whole = await start(folder, server.base_url, "whole.jsonl", "other.sqlite")
            await whole.communicate()
        same = (folder / "out.jsonl").read_bytes() == (folder / "whole.jsonl").read_bytes()
    print(f"{killed} kills over {articles} articles ({disturbed} had ended after the last one)")
    print(f"output byte-equal to an undisturbed run's: {same}; acknowledged rows lost: {lost}")
    print(f"requests repeated: {repeats} ({repeats / killed:.1f} a kill; up to {AT_ONCE} are on their way at once)")
    if processes:
        print(f"second processes refused: {refused}")
    return same and not lost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", action="store_true")
    parser.add_argument("--max-tokens", type=int, default=0)
    given = parser.parse_args()
    if not asyncio.run(run(given.articles, given.kills, given.seed, given.processes, given.max_tokens)):
        sys.exit(1)


if __name__ == "__main__":
    main()
