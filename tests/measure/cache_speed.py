"""The answer cache beside bare SQLite with the same columns: rows written and read in a second.

Usage: python tests/measure/cache_speed.py [--rows N] [--group N] [--rounds N]

Ours makes and checks a digest of each row, so that an edited one is not believed; bare SQLite writes and reads the same
columns with a digest made beforehand, and looks at none. Both commit in groups to a file that is on the disk at each
commit (synchronous = FULL). They take turns, and the best of the rounds counts.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from presseschau.llm.cache import AnswerCache, Stored, row_digest
from presseschau.models import Usage

TEXT = '{"sentences": [' + ", ".join(f'{{"n": {n}, "en": "The mayor opened the bridge."}}' for n in range(16)) + "]}"


def keys(number: int) -> list[str]:
    return [f"1:{n:064x}" for n in range(number)]


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """CPU and wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def ours(path: Path, number: int, group: int) -> dict[str, tuple[float, float]]:
    stored, every = Stored(TEXT, Usage(prompt_tokens=1500, completion_tokens=700, requests=1)), keys(number)
    with AnswerCache(path) as cache:

        def write() -> None:
            for start in range(0, number, group):
                cache.put_all([(key, stored) for key in every[start : start + group]])

        def read() -> None:
            assert all(cache.get(key) is not None for key in every)

        return {"written": timed(write), "read": timed(read)}


def bare(path: Path, number: int, group: int) -> dict[str, tuple[float, float]]:
    every = keys(number)
    rows = [(key, TEXT, 1500, 700, 1, "2026-11-30T00:00:00+00:00") for key in every]
    rows_with = [(*row, row_digest(row)) for row in rows]
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE answers (key TEXT PRIMARY KEY, text TEXT, read INTEGER, written INTEGER, requests INTEGER, "
        "created TEXT, digest TEXT)"
    )
    connection.execute("CREATE INDEX answers_created ON answers (created)")

    def write() -> None:
        for start in range(0, number, group):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)", rows_with[start : start + group])
            connection.execute("COMMIT")

    def read() -> None:
        for key in every:
            assert connection.execute("SELECT * FROM answers WHERE key = ?", (key,)).fetchone() is not None

    found = {"written": timed(write), "read": timed(read)}
    connection.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--group", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    best: dict[tuple[str, str], tuple[float, float]] = {}
    for number in range(given.rounds):
        with tempfile.TemporaryDirectory() as name:
            for who, measure in (("SQLite", bare), ("ours", ours)):
                found = measure(Path(name) / f"{who}{number}.sqlite3", given.rows, given.group)
                for what, taken in found.items():
                    before = best.get((who, what), taken)
                    best[who, what] = (min(before[0], taken[0]), min(before[1], taken[1]))
    print(
        f"{given.rows} answers of {len(TEXT)} characters, {given.group} in a commit; the best of {given.rounds} rounds"
    )
    for (who, what), (cpu, wall) in best.items():
        print(f"{who}, {what}: {given.rows / cpu:,.0f} a second of CPU, {given.rows / wall:,.0f} by the clock")
    for what in ("written", "read"):
        print(f"{what}: ours {best['SQLite', what][0] / best['ours', what][0]:.2f} of SQLite's rate by CPU")


if __name__ == "__main__":
    main()
