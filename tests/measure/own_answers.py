"""The embedded model's answers for the own articles, recorded once, scored again by anyone without a model.

Prints findings by code before and after repair, and the share of sentences with a figure, quotation or reported speech
that some claim cites. The answers are in fixtures/llm/own_answers.jsonl: a first line about the engine, then one raw
answer a line under the key of its request (or the class of its failure). A prompt that was changed since asks for
answers that are not there: then `--record` asks the model again (a quarter of an hour).
Run: python tests/measure/own_answers.py [--record [--cache FILE]]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from dataclasses import astuple
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from own_articles import ROOT, article
from pairs import wilson

from presseschau.analysis import Engine, Options, analyze
from presseschau.checks import must_cite
from presseschau.errors import MalformedAnswer, TruncatedAnswer
from presseschau.llm.cache import cache_key
from presseschau.llm.engine import choose, open_engine
from presseschau.models import Analysis, Answer, EngineInfo, Finding, Request, Usage

ANSWERS = ROOT / "fixtures/llm/own_answers.jsonl"
ABOUT = ("model", "identity", "context_tokens", "english_first", "small", "notice")  # as the file has it


class Recorded:
    """An engine that answers from the file, and from `live` (keeping what it says) if there is one."""

    def __init__(self, about: dict[str, Any], known: dict[str, str], live: Engine | None = None) -> None:
        self.info = EngineInfo(*(about[name] for name in ABOUT))
        self.known, self.live, self.asked = known, live, dict[str, str]()
        self.holes = 0

    def count_tokens(self, text: str) -> int:
        return self.live.count_tokens(text) if self.live else len(text) // 3

    async def ask(self, request: Request[Any]) -> Answer[Any]:
        key = cache_key(self.info.identity, request)
        if self.live:
            try:
                answer = await self.live.ask(request)
            except (MalformedAnswer, TruncatedAnswer) as error:
                self.asked[key] = error.failure
                raise
            self.asked[key] = answer.text
            return answer
        text = self.known.get(key)
        self.holes += text is None
        if text == TruncatedAnswer.failure:
            raise TruncatedAnswer("recorded as cut off")
        if text is None or text == MalformedAnswer.failure:
            raise MalformedAnswer("recorded as broken, or not recorded")
        value = request.answer.model_validate_json(text, strict=True)
        return Answer(value, text, Usage(requests=1), cached=True)


def counted(findings: tuple[Finding, ...]) -> Counter[str]:
    return Counter(f"{f.severity} {f.code}" for f in findings if f.severity != "info")


async def scored(engine: Recorded, slugs: list[str]) -> None:
    """Prints the tables."""
    totals = {0: Counter[str](), 1: Counter[str]()}
    cited = must = sentences = supported = claims = 0
    for slug in slugs:
        read = article(slug)
        made: dict[int, Analysis] = {}
        for rounds in (0, 1):
            made[rounds] = await analyze(read, engine, Options(rounds=rounds))
            totals[rounds] += counted(tuple(f for f in made[rounds].findings if f.part == "translation" or f.sentence))
        last = made[1]
        due = must_cite(read)
        cited += len(due & {n for claim in last.claims or () for n in claim.sentences})
        must += len(due)
        claims += len(last.claims or ())
        supported += sum(claim.supported for claim in last.claims or ())
        sentences += len(read.sentences)
    for rounds, name in ((0, "first pass"), (1, "after repair")):
        kinds = Counter(code.split()[0] for code in totals[rounds].elements())
        print(f"{name}: {sentences} sentences, {kinds['error']} errors, {kinds['warning']} warnings")
        print("   " + ", ".join(f"{code} {n}" for code, n in totals[rounds].most_common()))
    print(f"cited: {wilson(cited, must)}; claims {claims}, of them supported {supported}")


async def run(record: bool, cache: Path) -> None:
    slugs = sorted(path.stem for path in (ROOT / "fixtures/translations/own").glob("*.json"))
    if not record:
        lines = [json.loads(line) for line in ANSWERS.read_text("utf-8").splitlines()]
        engine = Recorded(lines[0], {row["key"]: row["answer"] for row in lines[1:]})
        await scored(engine, slugs)
        if engine.holes:
            sys.exit(f"{engine.holes} answers are not there: the prompts have changed, run with --record.")
        return
    async with open_engine(choose("local:qwen2.5-coder-1.5b"), cache=cache) as live:
        about = dict(zip(ABOUT, astuple(live.info), strict=True))
        engine = Recorded(about, {}, live)
        await scored(engine, slugs)
    rows = [about, *({"key": key, "answer": text} for key, text in sorted(engine.asked.items()))]
    ANSWERS.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="ask the embedded model and keep its answers")
    parser.add_argument("--cache", type=Path, default=Path("own_answers.sqlite3"))
    options = parser.parse_args()
    asyncio.run(run(options.record, options.cache))


if __name__ == "__main__":
    main()
