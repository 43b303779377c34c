"""Is the translation that most samples agree on better? On the labelled articles, with the paired interval.

    python tests/measure/consensus.py [--samples 4] [--all] [-m MODEL --base-url URL] [--cache FILE]

Four articles, or all twelve; first pass, without repair. Prints chrF (sentences, bootstrap interval) for one answer and
for the most agreed of N, the difference of the same sentences, and what the further samples took. Four samples of the
demonstration model are recorded (fixtures/models/samples.jsonl). Answers are cached in FILE, so it can be interrupted;
the time is then of what was asked now.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from prompt_change import ANSWERS, DEMONSTRATION, put_recorded

from presseschau import choose, open_engine
from presseschau.analysis import Options, analyze
from presseschau.facts.chrf import chrf, chrf_difference, chrf_of
from presseschau.measuring.articles import labelled_articles
from presseschau.measuring.check import WatchedEngine

SAMPLES = ANSWERS.with_name("samples.jsonl")
Rows = list[tuple[str, str]]


async def translated(samples: int, everything: bool, model: str | None, base_url: str | None, cache: Path) -> Rows:
    """(English, reference) of every sentence; says what it took."""
    choice = choose(model or DEMONSTRATION, base_url=base_url, api_key=os.environ.get("OPENAI_API_KEY"))
    for file in (ANSWERS, SAMPLES):
        put_recorded(choice, cache, file)
    rows: Rows = []
    async with open_engine(choice, cache=cache) as engine:
        watched = WatchedEngine(engine)
        for labelled in labelled_articles(quick=not everything):
            made = await analyze(labelled.article, watched, Options(tasks=("translate",), rounds=0, samples=samples))
            english = {row.n: row.en or "" for row in made.translation or ()}
            rows += [(english.get(n, ""), reference) for n, reference in labelled.english.items()]
        used = watched.used
        print(
            f"{samples} of each: {watched.asked} requests, {watched.cached} from the cache, {used.prompt_tokens} "
            f"tokens read, {used.completion_tokens} written; {watched.seconds:.0f} s for what was asked now"
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=4)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("-m", "--model")
    parser.add_argument("--base-url")
    parser.add_argument("--cache", type=Path, default=Path("consensus.sqlite3"))
    given = parser.parse_args()
    one, most = (
        asyncio.run(translated(n, given.all, given.model, given.base_url, given.cache)) for n in (1, given.samples)
    )
    changed = [(a, b) for a, b in zip(one, most, strict=True) if a[0] != b[0]]
    up = sum(chrf(*b) > chrf(*a) for a, b in changed)
    print(f"one answer: chrF {chrf_of(one)}; most agreed of {given.samples}: {chrf_of(most)}")
    print(
        f"difference {chrf_difference(one, most)}; {len(changed)} of {len(one)} sentences changed, {up} for the better"
    )


if __name__ == "__main__":
    main()
