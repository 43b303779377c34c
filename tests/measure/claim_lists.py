"""A model's claim lists for the twelve labelled articles of fixtures/models: found, split, merged, doubled, supported.

Without `--model` what the questions reach if each is answered with the careful translation of the sentence asked for.
Answers are kept in the file `--cache`, so it can be stopped and run again.
Run: python tests/measure/claim_lists.py [--model NAME [--base-url URL]] [--articles SLUG,SLUG]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from claim_coverage import Copying, engine_for
from own_articles import ROOT

from presseschau.analysis import Options, analyze
from presseschau.checks.claim.labelled import ClaimCounts, LabelledClaim, claims_against
from presseschau.ingest import read_article

FOLDER = ROOT / "fixtures/models/articles"


def said(name: str, counts: ClaimCounts) -> None:
    print(
        f"{name:22} of {counts.labelled:3} labelled: found {counts.found:3}, split {counts.split:2}; "
        f"of {counts.claims:3} claims: supported {counts.supported:3}, merged {counts.merged:2}, "
        f"doubled {counts.doubled:2}, extra {counts.extra:2}; "
        f"of those found: speaker right {counts.speaker:3}, stance {counts.stance:3}",
        flush=True,
    )


async def measured(slugs: list[str], model: str | None, base_url: str | None, cache: Path) -> None:
    total = ClaimCounts()
    async with engine_for(model, base_url, cache) as engine:
        for slug in slugs:
            labels = json.loads((FOLDER / f"{slug}.json").read_text("utf-8"))
            article = read_article((FOLDER / f"{slug}.txt").read_bytes(), source=f"{slug}.txt")
            copying = Copying({unit["n"]: unit["en"] for unit in labels["english"]})
            analysis = await analyze(article, engine or copying, Options(tasks=["claims"]))
            labelled = [LabelledClaim.model_validate(row) for row in labels["claims"]]
            counts = claims_against(labelled, analysis.claims or ())
            said(slug, counts)
            total += counts
    said("all", total)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="ask this model (local:NAME is embedded)")
    parser.add_argument("--base-url")
    every = sorted(path.stem for path in FOLDER.glob("*.json"))
    parser.add_argument("--articles", default=",".join(every), metavar="SLUG,SLUG")
    parser.add_argument("--cache", type=Path, default=Path("claim_lists.sqlite3"))
    options = parser.parse_args()
    asyncio.run(measured(options.articles.split(","), options.model, options.base_url, options.cache))


if __name__ == "__main__":
    main()
