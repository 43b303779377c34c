"""CPU of an article with three tasks over HTTP, part by part: the checks, its requests, and the rest.

    python tests/measure/article_cpu.py [--rounds N]

The twelve labelled articles, answered from their labels by a server in a process of its own; figures are for 20
sentences. Each article is analysed for the first time (the patterns are warm from three others of them), so nothing of
it lies in a cache. Checks: each function of `presseschau.checks` that the pipeline calls, and the risk. Requests: the
very same ones, asked again of a client without a cache. Goal: at most checks and requests and 25 %.
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT / "tests" / "measure")]

from prompt_change import Listening  # noqa: E402

from archive_server import LateServer  # noqa: E402
from labelled_server import as_labelled  # noqa: E402
from presseschau import analysis, checks  # noqa: E402
from presseschau.llm.engine import choose, open_engine  # noqa: E402
from presseschau.measuring.articles import labelled_articles  # noqa: E402

SENTENCES, LIMIT, WARM = 20, 1.25, 3


class Watch:
    """CPU seconds of functions, the outermost ones only."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self._inside = False

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            if self._inside:
                return function(*given, **named)
            self._inside, began = True, time.process_time()
            try:
                made = function(*given, **named)
                return iter(list(made)) if inspect.isgenerator(made) else made
            finally:
                self.taken[name] += time.process_time() - began
                self._inside = False

        return timed


def watched() -> Watch:
    """Every function of the checks that the pipeline can call, from now on."""
    watch = Watch()
    for name in checks.__all__:
        if inspect.isfunction(function := getattr(checks, name)):
            setattr(checks, name, watch.around(name, function))
    analysis.weighed = watch.around("risk", analysis.weighed)  # type: ignore[attr-defined]
    return watch


class Noting(Listening):
    """Notes the requests themselves."""

    def __init__(self, engine: Any) -> None:
        super().__init__(engine)
        self.requests: list[Any] = []

    async def ask(self, request: Any) -> Any:
        self.requests.append(request)
        return await self.engine.ask(request)


async def run(url: str, rounds: int) -> None:
    watch, articles = watched(), labelled_articles()
    choice = choose("m", base_url=url)
    async with open_engine(choice, cache=None) as engine:
        noting = Noting(engine)
        for labelled in articles[:WARM]:
            await analysis.analyze(labelled.article, noting, analysis.Options())
        watch.taken.clear()
        noting.requests.clear()
        began = time.process_time()
        for labelled in articles[WARM:]:
            made = await analysis.analyze(labelled.article, noting, analysis.Options())
            assert None not in (made.translation, made.summary, made.claims), labelled.name
        whole = time.process_time() - began
        asked = list(noting.requests)
        best = float("inf")
        for _ in range(rounds):
            began = time.process_time()
            for request in asked:
                await engine.ask(request)
            best = min(best, time.process_time() - began)
    sentences = sum(len(labelled.article.sentences) for labelled in articles[WARM:])
    scale = SENTENCES / sentences
    checked = watch.taken.total()
    print(
        f"an article of {SENTENCES} sentences, ms of CPU (from {len(articles) - WARM} articles with {sentences} "
        f"sentences, {len(asked) / (len(articles) - WARM):.1f} requests each)"
    )
    for name, taken in watch.taken.most_common():
        if taken * scale >= 0.0005:
            print(f"   {name:32}{1000 * taken * scale:7.1f}")
    parts = {
        "checks": checked,
        "requests": best,
        "the rest (prompts, parts put together)": whole - checked - best,
        "all": whole,
    }
    for name, taken in parts.items():
        print(f"{name:40}{1000 * taken * scale:7.1f}")
    print(f"all by checks and requests: {whole / (checked + best):.2f} (goal {LIMIT})")


async def serve() -> None:
    async with LateServer(0.001, as_labelled()) as server:
        print(server.base_url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve())
        return
    server = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        asyncio.run(run(server.stdout.readline().strip(), given.rounds))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
