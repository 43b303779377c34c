"""A briefing note on a few articles: each line with the articles it rests on, and the same as a page to read.

    python examples/briefing.py fixtures/briefing/*.txt [--topic WORDS] [-o note.html] [-m MODEL --base-url URL]

Articles that were analysed before (see archive.py) cost nothing: their answers are in the cache.
"""

import argparse
import asyncio

import presseschau

parser = argparse.ArgumentParser()
parser.add_argument("sources", nargs="+", help="articles, or folders of them")
parser.add_argument("--topic", help="only what has all these words")
parser.add_argument("-o", "--out", default="note.html", help="the ending says the form: .html, .md, .json, .docx")
parser.add_argument("-m", "--model")
parser.add_argument("--base-url", help="an endpoint that speaks the OpenAI protocol")
given = parser.parse_args()


async def main() -> None:
    choice = presseschau.choose(given.model, base_url=given.base_url)
    async with presseschau.open_engine(choice, cache=presseschau.default_cache()) as engine:
        articles = [one for one in presseschau.iter_articles(given.sources) if isinstance(one, presseschau.Article)]
        analyses = [await presseschau.analyze(article, engine) for article in articles]
        note = await presseschau.brief(analyses, engine, topic=given.topic)
    source = {claim.id: claim.source for claim in note.claims}
    for point in (*note.bottom_line, *note.key_points):
        print(point.text, sorted({source[claim] for claim in point.claims}))
    for one in note.sources:
        print(f"[{one.n}] {one.outlet or one.id}, {one.published or 'no date'}: {one.headline}")
    presseschau.results.write(note, given.out)


asyncio.run(main())
