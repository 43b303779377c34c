"""What a second reader is asked, beside what the forecast said before anything was asked.

The own articles are translated as their references say (fixtures/translations/own), and a loopback judge finds nothing:
requests, the characters that it read, and by how much the forecast missed them. Exact; no model is asked.
Run: python tests/measure/reader_forecast.py
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))
sys.path.insert(0, str(Path(__file__).parents[1]))

from own_articles import ROOT, translation

from fault_server import FaultServer, Reply, Seen, completion
from presseschau.analysis import Options
from presseschau.archive.forecast import forecast
from presseschau.archive.many import analyze_many
from presseschau.llm.engine import choose
from scripted import numbers_in

SLUGS = sorted(path.stem for path in (ROOT / "fixtures/translations/own").glob("*.json"))
ENGLISH = {slug: {s.n: en for s, en in translation(slug)} for slug in SLUGS}
GERMAN = {slug: [s.text for s, _ in translation(slug)] for slug in SLUGS}


def translated(seen: Seen) -> Reply:
    """The reference of the article whose sentences stand in the prompt."""
    text = "\n".join(message["content"] for message in seen.json["messages"])
    slug = max(SLUGS, key=lambda slug: sum(german in text for german in GERMAN[slug]) / len(GERMAN[slug]))
    rows = [{"n": n, "en": ENGLISH[slug].get(n) or "-"} for n in numbers_in(seen.json["messages"][-1]["content"])]
    return completion(json.dumps({"sentences": rows}))


async def main() -> None:
    sources = [ROOT / "fixtures/articles/own" / f"{slug}.txt" for slug in SLUGS]
    options = Options(tasks=("translate",))
    answer = completion('{"errors": []}')
    async with FaultServer([translated]) as first, FaultServer([answer]) as second:
        choice = choose("m", base_url=first.base_url, reader=choose("judge", base_url=second.base_url))
        found = (await forecast(sources, choice, options=options, cache=None)).reader
        assert found is not None
        with tempfile.TemporaryDirectory() as folder:
            report = await analyze_many(sources, Path(folder) / "out.jsonl", choice, options=options, cache=None)
        assert report.complete
        sent = [sum(len(message["content"]) for message in seen.json["messages"]) for seen in second.requests]
    print(f"articles {len(SLUGS)}, sentences {sum(map(len, GERMAN.values()))}")
    for name, said, was in (
        ("requests", found.requests, len(sent)),
        ("characters read", found.prompt_characters, sum(sent)),
    ):
        print(f"reader, {name}: forecast {said}, sent {was}, off by {100 * abs(said - was) / was:.1f} %")


if __name__ == "__main__":
    asyncio.run(main())
