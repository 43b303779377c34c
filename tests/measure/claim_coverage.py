"""Share of body sentences with a figure, quotation or reported speech that some claim cites, on the own articles.

Without a model: what the questions reach if each is answered (the ceiling). With `--model` what that model's claims
cite, the share of supported claims and of claims with a speaker, and how far the summary reaches into the text.
Answers are kept in the file `--cache`, so it can be stopped and run again.
Run: python tests/measure/claim_coverage.py [--model NAME [--base-url URL]] [--articles SLUG,SLUG | --limit N]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from own_articles import ROOT, article
from pairs import wilson

from presseschau.analysis import Options, analyze
from presseschau.checks import must_cite, reach
from presseschau.llm.client import Client
from presseschau.llm.engine import choose, open_engine
from presseschau.models import Analysis, Answer, EngineInfo, Request, Usage


class Copying:
    """An engine that answers each question for claims with the hand-made translation of each sentence asked for."""

    info = EngineInfo("copying", "copying", 32_000)

    def __init__(self, english: dict[int, str]) -> None:
        self.english = english

    def count_tokens(self, text: str) -> int:
        return len(text) // 3

    async def ask(self, request: Request[Any]) -> Answer[Any]:
        runs = re.search(r"sentences ([\d, -]+):", request.messages[-1].content)
        spans = [run.split("-") for run in (runs[1] if runs else "").split(",")]
        numbers = [n for span in spans for n in range(int(span[0]), int(span[-1]) + 1)]
        said = {"speaker": None, "via": [], "stance": "asserted"}
        text = json.dumps({"claims": [{"sentences": [n], **said, "text": self.english[n]} for n in numbers]})
        return Answer(request.answer.model_validate_json(text), text, Usage(requests=1), cached=False)


def told(slug: str, analysis: Analysis) -> tuple[int, int]:
    """Prints one line; (cited, must be cited)."""
    must = must_cite(analysis.article)
    claims = analysis.claims or ()
    cited = must & {n for claim in claims for n in claim.sentences}
    far = f"{reach(analysis.summary, analysis.article):.2f}" if analysis.summary else "-"
    named = sum(bool(claim.speaker) for claim in claims)
    print(
        f"{slug:24} {len(cited):3} of {len(must):3}   claims {len(claims):3}, supported "
        f"{sum(claim.supported for claim in claims):3}, with a speaker {named:3}; summary reaches {far}",
        flush=True,
    )
    return len(cited), len(must)


async def measured(slugs: list[str], model: str | None, base_url: str | None, cache: Path) -> None:
    sums = [0, 0]
    async with engine_for(model, base_url, cache) as engine:
        for slug in slugs:
            if engine:
                analysis = await analyze(article(slug), engine, Options(tasks=["summary", "claims"]))
            else:
                rows = json.loads((ROOT / f"fixtures/translations/own/{slug}.json").read_text("utf-8"))
                copying = Copying({int(n): en for n, en in rows.items()})
                analysis = await analyze(article(slug), copying, Options(tasks=["claims"]))
            sums = [a + b for a, b in zip(sums, told(slug, analysis), strict=True)]
    print(f"cited: {wilson(*sums)}")


@asynccontextmanager
async def engine_for(model: str | None, base_url: str | None, cache: Path) -> AsyncIterator[Client | None]:
    """One engine for all articles, so that an embedded model is loaded once; None without a model."""
    if model is None:
        yield None
        return
    choice = choose(model, base_url=base_url, api_key=os.environ.get("OPENAI_API_KEY"))
    async with open_engine(choice, cache=cache) as engine:
        yield engine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    every = sorted(path.stem for path in (ROOT / "fixtures/translations/own").glob("*.json"))
    parser.add_argument("--model", help="ask this model (local:NAME is embedded)")
    parser.add_argument("--base-url")
    parser.add_argument("--articles", default=",".join(every), metavar="SLUG,SLUG")
    parser.add_argument("--limit", type=int, default=len(every), help="the first N articles")
    parser.add_argument("--cache", type=Path, default=Path("claim_coverage.sqlite3"))
    options = parser.parse_args()
    slugs = options.articles.split(",")[: options.limit]
    asyncio.run(measured(slugs, options.model, options.base_url, options.cache))


if __name__ == "__main__":
    main()
