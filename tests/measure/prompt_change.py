"""Is a changed prompt better than the one that is shipped? Asked before it is kept.

    python tests/measure/prompt_change.py DIR [--all] [--rounds 1] [-m MODEL --base-url URL] [--cache FILE]

DIR is a folder as `presseschau prompts copy` makes it, with the change. Both wordings are measured on four labelled
articles, or on all twelve; the demonstration model's answers to the shipped prompts are recorded
(fixtures/models/answers.jsonl), so that only the changed ones are asked for, once: they are kept in FILE. Prints which
files differ, chrF with its interval, the difference of the same sentences, and findings that are more or fewer.
`--record` writes what FILE holds for the shipped prompts into the fixture, after a change was kept.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from presseschau import choose, open_engine
from presseschau.analysis import Options, analyze
from presseschau.facts.chrf import Interval, chrf_difference, chrf_of
from presseschau.llm.cache import AnswerCache, Stored, cache_key
from presseschau.llm.engine import Choice
from presseschau.measuring.articles import labelled_articles
from presseschau.models import Answer, Request, Usage
from presseschau.pipeline.prompts import Prompts

ANSWERS = Path(__file__).parents[2] / "fixtures/models/answers.jsonl"
DEMONSTRATION = "local:qwen2.5-coder-1.5b"


def recorded(file: Path = ANSWERS) -> tuple[dict[str, Any], dict[str, Stored]]:
    """About the engine, and its answers by key."""
    about, *rows = map(json.loads, file.read_text("utf-8").splitlines())
    usage = [
        Usage(prompt_tokens=r["prompt_tokens"], completion_tokens=r["completion_tokens"], requests=1) for r in rows
    ]
    return about, {row["key"]: Stored(row["answer"], used) for row, used in zip(rows, usage, strict=True)}


def put_recorded(choice: Choice, file: Path, answers: Path = ANSWERS) -> dict[str, Any]:
    """Puts recorded answers of this engine into a cache where it lacks them; about the engine that gave them."""
    about, known = recorded(answers)
    if about["identity"] == choice.endpoint.identity:
        with AnswerCache(file) as cache:
            cache.put_all([(key, stored) for key, stored in known.items() if cache.get(key) is None])
    return about


class Listening:
    """An engine that notes the keys of what it was asked."""

    def __init__(self, engine: Any) -> None:
        self.engine, self.info, self.count_tokens = engine, engine.info, engine.count_tokens
        self.keys: list[str] = []

    async def ask(self, request: Request[Any]) -> Answer[Any]:
        self.keys.append(cache_key(self.info.identity, request))
        return await self.engine.ask(request)


class Measured:
    """One wording: (English, reference) of every sentence, findings by code, keys of the requests."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str]] = []
        self.codes: Counter[str] = Counter()
        self.keys: list[str] = []


async def measured(prompts: Prompts, given: argparse.Namespace, choice: Choice) -> Measured:
    found = Measured()
    mode = "only" if given.cache_only else "normal"
    async with open_engine(choice, cache=given.cache, cache_mode=mode) as engine:
        listening = Listening(engine)
        for labelled in labelled_articles(quick=not given.all):
            options = Options(tasks=("translate",), rounds=given.rounds, prompts=prompts)
            made = await analyze(labelled.article, listening, options)
            english = {row.n: row.en or "" for row in made.translation or ()}
            found.rows += [(english.get(n, ""), reference) for n, reference in labelled.english.items()]
            found.codes.update(
                f"{f.severity} {f.code}" for row in made.translation or () for f in row.findings if f.severity != "info"
            )
        found.keys = listening.keys
    return found


def verdict(difference: Interval) -> str:
    if difference.low > 0:
        return "better"
    return "worse" if difference.high < 0 else "not told apart on these sentences"


def compare(given: argparse.Namespace) -> None:
    shipped, changed = Prompts(), Prompts(given.folder)
    differ = [name for name in shipped.names() if shipped.text(name) != changed.text(name)]
    print(f"files that differ: {', '.join(differ) or 'none'}")
    choice = choose(given.model, base_url=given.base_url, api_key=os.environ.get("OPENAI_API_KEY"))
    about = put_recorded(choice, given.cache)
    before, after = (asyncio.run(measured(prompts, given, choice)) for prompts in (shipped, changed))
    if given.record:
        record(given.cache, about, before.keys)
    difference = chrf_difference(before.rows, after.rows)
    moved = sum(a != b for a, b in zip(before.rows, after.rows, strict=True))
    print(f"shipped: chrF {chrf_of(before.rows)}; changed: {chrf_of(after.rows)}")
    print(
        f"difference {difference}: {verdict(difference)}; {moved} of {len(before.rows)} sentences are worded otherwise"
    )
    for code in sorted(before.codes.keys() | after.codes.keys()):
        if before.codes[code] != after.codes[code]:
            print(f"   {code}: {before.codes[code]}, {after.codes[code]}")


def record(file: Path, about: dict[str, Any], keys: list[str]) -> None:
    """The answers to these requests into the fixture, in their order."""
    with AnswerCache(file) as cache:
        rows = {key: stored for key in keys if (stored := cache.get(key))}
    lines = [json.dumps(about)]
    for key, stored in rows.items():
        used = {"prompt_tokens": stored.usage.prompt_tokens, "completion_tokens": stored.usage.completion_tokens}
        lines.append(json.dumps({"key": key, "answer": stored.text, **used}, ensure_ascii=False))
    ANSWERS.write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("-m", "--model", default=DEMONSTRATION)
    parser.add_argument("--base-url")
    parser.add_argument("--cache", type=Path, default=Path("prompt_change.sqlite3"))
    parser.add_argument("--cache-only", action="store_true")
    parser.add_argument("--record", action="store_true")
    compare(parser.parse_args())


if __name__ == "__main__":
    main()
