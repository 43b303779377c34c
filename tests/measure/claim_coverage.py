"""Share of body sentences with a figure, quotation or reported speech that some claim cites, on the own articles.

Without a model: what the questions reach if each is answered (the ceiling). With `--model` what that model's claims
cite, the share of supported claims and of claims with a speaker, and how far the summary reaches into the text.
Run: python tests/measure/claim_coverage.py [--model NAME [--base-url URL]] [--articles SLUG,SLUG]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from own_articles import ROOT, article
from pairs import wilson

from presseschau.analysis import Options, analyze
from presseschau.checks import must_cite, reach
from presseschau.llm.engine import choose, default_cache, open_engine
from presseschau.models import Analysis, Answer, Request, Usage


class Copying:
    """An engine that answers each question for claims with the hand-made translation of each sentence asked for."""

    model = identity = "copying"
    notice = ""
    context_tokens = 32_000
    english_first = small = False

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
        f"{sum(claim.supported for claim in claims):3}, with a speaker {named:3}; summary reaches {far}"
    )
    return len(cited), len(must)


async def measured(slugs: list[str], model: str | None, base_url: str | None) -> None:
    sums = [0, 0]
    for slug in slugs:
        if model:
            async with open_engine(choose(model, base_url=base_url), cache=default_cache()) as engine:
                analysis = await analyze(article(slug), engine, Options(tasks=["summary", "claims"]))
        else:
            rows = json.loads((ROOT / f"fixtures/translations/own/{slug}.json").read_text("utf-8"))
            analysis = await analyze(
                article(slug), Copying({int(n): en for n, en in rows.items()}), Options(tasks=["claims"])
            )
        sums = [a + b for a, b in zip(sums, told(slug, analysis), strict=True)]
    print(f"cited: {wilson(*sums)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    every = sorted(path.stem for path in (ROOT / "fixtures/translations/own").glob("*.json"))
    parser.add_argument("--model", help="ask this model (local:NAME is embedded)")
    parser.add_argument("--base-url")
    parser.add_argument("--articles", default=",".join(every), metavar="SLUG,SLUG")
    options = parser.parse_args()
    asyncio.run(measured(options.articles.split(","), options.model, options.base_url))


if __name__ == "__main__":
    main()
