"""How fast a rerun passes over what has ended, and whether memory stays flat however long the archive is.

Usage: python tests/measure/archive_rerun.py [--articles N ...] [--folder DIR]

Each number is a run of its own in a process of its own, with an engine inside that process (no HTTP: what is measured
is the archive room), then the same run again. Peak memory is that of the process (VmHWM).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]


def write(path: Path, articles: int) -> None:
    from archive_world import german

    with path.open("w", encoding="utf-8") as file:
        for number in range(articles):
            file.write(json.dumps({"text": german(number)}, ensure_ascii=False) + "\n")


async def one(folder: Path) -> None:
    from archive_world import asked_for, english, numbered
    from presseschau.analysis import Options
    from presseschau.archive import many
    from presseschau.llm.engine import choose
    from presseschau.llm.spending import Spending
    from presseschau.models import Answer, EngineInfo, Usage

    class Instant:
        """Translates at once."""

        info = EngineInfo("instant", "instant", 32_000)
        down, load = False, (0, 32)
        spending = Spending()

        def count_tokens(self, text: str) -> int:
            return len(text) // 3

        async def ask(self, request):
            content = request.messages[-1].content
            sentences = numbered(content)
            rows = [{"n": n, "en": english(sentences[n])} for n in asked_for(content)]
            await asyncio.sleep(0)
            text = json.dumps({"sentences": rows})
            return Answer(request.answer.model_validate_json(text), text, Usage(requests=1), cached=False)

    @asynccontextmanager
    async def opened(*_: object, **__: object):
        yield Instant()

    many.open_engine = opened  # the engine is not what is measured
    began = time.perf_counter()
    report = await many.analyze_many(
        [str(folder / "in.jsonl")], folder / "out.jsonl", choose("m", base_url="http://127.0.0.1:9/v1"),
        options=Options(tasks=("translate",), rounds=0), cache=None, concurrency=32,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    assert report.complete, report.ended
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"items": report.items, "seconds": seconds, "peak_mb": peak}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 50_000])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        asyncio.run(one(arguments.one))
        return
    print(f"{'articles':>9} {'run':>6} {'seconds':>9} {'a second':>9} {'peak MB':>8}")
    for articles in arguments.articles:
        with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
            write(Path(name) / "in.jsonl", articles)
            for run in ("first", "again"):
                command = [sys.executable, __file__, "--one", name]
                found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
                speed = found["items"] / found["seconds"]
                print(f"{articles:9} {run:>6} {found['seconds']:9.1f} {speed:9.0f} {found['peak_mb']:8.1f}", flush=True)


if __name__ == "__main__":
    main()
