"""An archive: everything in folders, dumps and packed files analysed into one file, and its claims as a table.

    python examples/archive.py fixtures/briefing [-o out.jsonl] [-m MODEL --base-url URL]

Stop it in any way and run the same command: it continues, and asks nothing that was answered.
"""

import argparse
import asyncio
from pathlib import Path

import presseschau

parser = argparse.ArgumentParser()
parser.add_argument("sources", nargs="+", help="folders and files")
parser.add_argument("-o", "--out", type=Path, default=Path("out.jsonl"))
parser.add_argument("-m", "--model")
parser.add_argument("--base-url", help="an endpoint that speaks the OpenAI protocol")
given = parser.parse_args()

choice = presseschau.choose(given.model, base_url=given.base_url)
report = asyncio.run(presseschau.analyze_many(given.sources, given.out, choice))
print(report.ended, dict(report.counts))

doubtful = 0
for analysis in presseschau.results.read_results(given.out):
    for claim in analysis.claims or ():
        doubtful += not claim.supported
        print(analysis.article.published, claim.speaker or analysis.article.outlet, claim.text, sep="\t")
print(f"{doubtful} claims have an error: see their findings")
