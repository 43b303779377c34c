"""A run over recorded answers in one process and in several: wall time, and CPU of the run and of its processes.

Usage: python tests/measure/archive_processes.py [--articles N] [--processes N] [--rounds N]

The first pass buys the answers; then one process and several take turns, and the best of each counts. Where the cores
are shared with other work, compare the CPU of the run's own process with the whole: the rest is what can be shared out.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from archive_server import LateServer  # noqa: E402
from archive_world import write_articles  # noqa: E402
from presseschau.analysis import Options  # noqa: E402
from presseschau.archive.many import analyze_many  # noqa: E402
from presseschau.llm.engine import choose  # noqa: E402


def of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def run(articles: int, processes: int, rounds: int) -> None:
    best: dict[int, tuple[float, float, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = write_articles(folder / "in.jsonl", range(articles), 12)
        async with LateServer(0.001) as server:
            choice = choose("m", base_url=server.base_url)
            for number, count in enumerate([1, *[1, processes] * rounds]):
                wall, own, others = time.perf_counter(), time.process_time(), of_children()
                report = await analyze_many(
                    [source], folder / f"{number}.jsonl", choice, options=Options(tasks=("translate",)),
                    cache=folder / "cache.sqlite", processes=count,
                )  # fmt: skip
                assert report.usable == articles
                found = time.perf_counter() - wall, time.process_time() - own, of_children() - others
                best[count] = min(found, best.get(count, found)) if number else found
    for count, (wall, own, others) in best.items():
        print(f"{count} process(es): {wall:6.1f} s, {own:6.1f} s CPU of the run, {others:6.1f} s of its processes")
    print(f"{best[1][0] / best[processes][0]:.2f} times as fast with {processes}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    asyncio.run(run(given.articles, given.processes, given.rounds))


if __name__ == "__main__":
    main()
