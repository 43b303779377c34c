"""Are summary and claims of the embedded model better with the finished translation in view?

    python tests/measure/english_first.py [--limit N] [--cache FILE]

Analyses the first N own articles (15) both ways and prints, for claims and key points: how many there are, how many are
left in German, how many carry an error, and the seconds it took. Answers are cached in FILE, so it can be interrupted.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from presseschau import analyze, choose, open_engine, read
from presseschau.analysis import Options
from presseschau.llm.engine import Choice

OWN = Path(__file__).parents[2] / "fixtures/articles/own"


async def measure(
    articles: list[Path], cache: Path, english_first: bool, model: str | None, base_url: str | None
) -> Counter[str]:
    way = "with the translation in view" if english_first else "alone"
    chosen = choose(model, base_url=base_url, api_key=os.environ.get("OPENAI_API_KEY"))
    choice = Choice(replace(chosen.endpoint, english_first=english_first, translates_only=False), chosen.local)
    found: Counter[str] = Counter()
    async with open_engine(choice, cache=cache) as engine:
        for path in articles:
            begun = time.monotonic()
            analysis = await analyze(read(str(path)), engine, Options(rounds=0))
            found["seconds"] += round(time.monotonic() - begun)
            for claim in analysis.claims or ():
                codes = {f.code for f in claim.findings if f.severity == "error"}
                found["claims"] += 1
                found["claims in German"] += "language.untranslated" in codes
                found["claims with an error"] += bool(codes)
            bad = [f for f in analysis.findings if f.part == "summary" and f.severity == "error"]
            found["points"] += len(analysis.summary.points) if analysis.summary else 0
            found["errors in the summary"] += len(bad)
            found["German in the summary"] += sum(f.code == "language.untranslated" for f in bad)
            print(f"   {way}: {path.stem}, {found['claims']} claims so far", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=15, help="the first N articles")
    parser.add_argument("--model", default=None, help="another model (local:NAME is embedded)")
    parser.add_argument("--base-url")
    parser.add_argument("--cache", type=Path, default=Path("english_first.sqlite3"))
    given = parser.parse_args()
    articles = sorted(OWN.glob("*.txt"))[: given.limit]
    alone = asyncio.run(measure(articles, given.cache, False, given.model, given.base_url))
    after = asyncio.run(measure(articles, given.cache, True, given.model, given.base_url))
    print(f"{len(articles)} articles\n{'':24}{'alone':>8}{'with the translation in view':>32}")
    for name in after | alone:
        print(f"{name:24}{alone[name]:8}{after[name]:32}")


if __name__ == "__main__":
    main()
