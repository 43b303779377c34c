"""Rows a second of Daft's own runner and of Ray with two local workers, beside plain asyncio with the same row.

Usage: python tests/measure/distributed.py [--rows N] [--parallel N] [--analyze] [--rounds N]

Without --analyze a row is one request through our client (leases, money and answers in a shared PostgreSQL), so that
what is compared is the engine and not our checks. The start of an engine is not counted: the endpoint (50 ms, a process
of its own) says how long it was from the first request to the last, and how many were in flight.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SCALE = ROOT / ".venv-scale" / "bin" / "python"
if find_spec("daft") is None:  # it lives in an environment of its own
    if not SCALE.exists():
        sys.exit("Daft is not installed here: `make test-scale` makes its environment.")
    os.execv(SCALE, [str(SCALE), *sys.argv])
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT / "tests" / "scale")]

import pyarrow  # noqa: E402
from endpoint import endpoint  # noqa: E402
from pyarrow import parquet  # noqa: E402
from pydantic import BaseModel  # noqa: E402

from archive_world import german  # noqa: E402
from postgres import new_database  # noqa: E402
from presseschau import distributed  # noqa: E402
from presseschau.models import Message, Request  # noqa: E402
from presseschau.output.tables import result_row  # noqa: E402


class Sentences(BaseModel):
    sentences: list[dict[str, Any]]


class Asking(distributed.Worker):
    """A row is one request."""

    async def _analysed(self, given: Any, source: str) -> dict[str, str | int | None]:
        text = f"[1] {given['text']}\nsentences 1 into"
        engine = await self._opened()
        answer = await engine.ask(Request("t", (Message(role="user", content=text),), Sentences, 200))
        await engine.written()
        return result_row(source, source, "done", None, answer.text)


def measure(kind: str, rows: int, parallel: int, analyze: bool) -> None:
    if not analyze:
        distributed.Worker = Asking  # type: ignore[misc]
    folder = Path(tempfile.mkdtemp())
    table = pyarrow.table({"id": [f"a{n}" for n in range(rows)], "text": [german(n, 1) for n in range(20, rows + 20)]})
    for number in range(8):
        parquet.write_table(table.slice(number * rows // 8, rows // 8), folder / f"{number}.parquet")
    with endpoint() as served:
        workers = 2 if kind == "ray" else 1
        job = distributed.DistributedJob(
            "m", served.base_url, workers=workers, concurrency=parallel, tasks=("translate",), cache=new_database().url
        )
        if kind == "asyncio":
            found = asyncio.run(plain(job, table.to_pylist(), 3 * parallel))
        else:
            found = on_daft(kind, job, str(folder / "*.parquet"))
        stats = served.stats
        states = sorted({str(row["state"]) for row in found})
        print(
            f"{kind}: {len(stats['asked']) / stats['seconds']:,.0f} rows/s, at most {stats['most']} in flight, "
            f"{len(found)} rows {states}, {sum(stats['asked'].values())} requests"
        )


async def plain(job: distributed.DistributedJob, rows: list[Any], workers: int) -> list[Any]:
    worker, waiting, found = distributed.Worker(job), iter(rows), []

    async def some() -> None:
        for row in waiting:
            found.append(await worker.row(row))

    await asyncio.gather(*(some() for _ in range(workers)))
    await worker.close()
    return found


def on_daft(kind: str, job: distributed.DistributedJob, source: str) -> list[Any]:
    import daft

    if kind == "ray":
        import ray
        from ray.cluster_utils import Cluster

        cluster = Cluster()
        for _ in range(job.workers):
            cluster.add_node(num_cpus=1, object_store_memory=100_000_000, include_dashboard=False)
        ray.init(cluster.address, logging_level="error")
        daft.set_runner_ray()
    found: list[Any] = distributed.analyze_frame(daft.read_parquet(source), job).to_pylist()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--parallel", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--analyze", action="store_true", help="whole articles, checks and all")
    parser.add_argument("--kind", choices=("asyncio", "native", "ray"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.kind:
        measure(given.kind, given.rows, given.parallel, given.analyze)
        return
    for _ in range(given.rounds):
        for kind in ("asyncio", "native", "ray"):  # a process each: a runner cannot be changed
            environment = {**os.environ, "DAFT_PROGRESS_BAR": "0", "PYTHONPATH": os.pathsep.join(sys.path)}
            subprocess.run([sys.executable, *sys.argv, "--kind", kind], check=True, env=environment)


if __name__ == "__main__":
    main()
