"""How right a briefing note is on own articles, with a model that answers well and with the embedded one.

The articles and what is expected are in fixtures/briefing (`--corpus second`: fixtures/briefing/second, written by
another hand than the rules). Printed: groups, copies, contradictions, changes, corrections, dates, agreements and
citations, each so many of so many; then the same articles among 40 unrelated ones, and these alone. What a score
means stands in tests/briefing_judge.py.
Run: python tests/measure/briefing.py [--corpus NAME] [--pages 1|2|4] [--show] [--model [--cache FILE]]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))
sys.path.insert(0, str(Path(__file__).parents[1]))

from briefing_judge import Judge, Score, judge, mixed
from briefing_world import CORPORA, UNSEEN, analyses, articles, engine, unrelated
from presseschau.analysis import Engine, analyze
from presseschau.briefing.brief import brief
from presseschau.briefing.stories import group
from presseschau.briefing.verify import verify
from presseschau.models import Analysis
from presseschau.notes import Note

EVERY = {**CORPORA, **UNSEEN}


def judged(note: Note, folder: Path) -> list[Score]:
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    return judge(note, expected, {name: article.id for name, article in articles(folder).items()})


def stages(note: Note, folder: Path) -> list[Score]:
    """How far each planted contradiction comes."""
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    by_id = {article.id: name for name, article in articles(folder).items()}
    return Judge(note, expected, {s.n: by_id[s.id] for s in note.sources}).stages()


def verified(note: Note) -> Score:
    """The note as it is written to a file and read back has no error."""
    score = Score("verify finds no error")
    errors = [f for f in verify(Note.model_validate_json(note.model_dump_json())) if f.severity == "error"]
    score.count(not errors, [f"{f.code}: {f.message}" for f in errors])
    return score


def supported(made: Sequence[Analysis]) -> Score:
    """The claims that a note may cite; the checks have thrown out the others."""
    score = Score("claims without an error")
    for analysis in made:
        for claim in analysis.claims or ():
            errors = [f"{f.code}: {f.message}" for f in claim.findings if f.severity == "error"]
            score.count(claim.supported, f"{analysis.article.source} {claim.id}: {claim.text} {errors}")
    return score


def printed(title: str, scores: Sequence[Score], show: bool) -> None:
    print(title)
    for score in scores:
        print(f"  {score.name}: {score.right} of {score.of}")
        for missed in score.missed if show else ():
            print(f"      {missed}")


async def scripted(folder: Path, pages: int, show: bool) -> None:
    good = engine(folder)
    note = await brief(analyses(folder), good, pages=pages)
    printed(
        "a model that answers well",
        [supported(analyses(folder)), *judged(note, folder), *stages(note, folder), verified(note)],
        show,
    )
    among = await brief([*unrelated(), *analyses(folder)], good, pages=4)
    printed("the same among 40 unrelated articles, 4 pages", judged(among, folder), show)
    alone = await brief(unrelated(), good, pages=4)
    printed("40 unrelated articles alone", [mixed(group(unrelated())), verified(alone)], show)


async def embedded(folder: Path, pages: int, show: bool, cache: Path) -> None:
    from presseschau.llm.engine import choose, open_engine

    async with open_engine(choose("local:qwen2.5-coder-1.5b"), cache=cache) as model:
        made = await analysed(folder, model)
        note = await brief(made, model, pages=pages)
    printed(f"the embedded model, {model.model}", [supported(made), *judged(note, folder), verified(note)], show)


async def analysed(folder: Path, model: Engine) -> list[Analysis]:
    return [await analyze(article, model) for article in articles(folder).values()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", choices=EVERY, default="first")
    parser.add_argument("--pages", type=int, choices=(1, 2, 4), default=2)
    parser.add_argument("--show", action="store_true", help="what was missed")
    parser.add_argument("--model", action="store_true", help="ask the embedded model instead (an hour)")
    parser.add_argument("--cache", type=Path, default=Path("briefing.sqlite3"))
    options = parser.parse_args()
    folder = EVERY[options.corpus]
    if options.model:
        asyncio.run(embedded(folder, options.pages, options.show, options.cache))
    else:
        asyncio.run(scripted(folder, options.pages, options.show))


if __name__ == "__main__":
    main()
