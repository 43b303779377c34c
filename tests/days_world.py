"""The articles of fixtures/briefing/days that have answers, analysed without a model, day by day."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from presseschau.ingest import read_article
from presseschau.models import Analysis, Article, Claim, Evidence, Point, Provenance, Summary, TranslatedSentence, Usage
from presseschau.pipeline.claims import checked

FOLDER = Path(__file__).parent.parent / "fixtures/briefing/days"
NOTHING = Provenance(model="scripted", engine="", prompts="", usage=Usage(), repairs=0, versions={}, notice="")


@cache
def analyses() -> dict[str, Analysis]:
    """Name of an article -> its analysis, in the order of the names, which begin with the day of September 2026."""
    return {path.stem: _analysis(path) for path in sorted((FOLDER / "answers").glob("*.json"))}


def _analysis(path: Path) -> Analysis:
    article = read_article((FOLDER / f"{path.stem}.txt").read_bytes(), source=path.stem)
    answers = json.loads(path.read_text("utf-8"))
    english, summary = answers["translation"], answers["summary"]
    return Analysis(
        article=article,
        translation=tuple(
            TranslatedSentence(
                n=s.n, role=s.role, de=s.text, en=english[str(s.n)], start=s.start, end=s.end, status="ok"
            )
            for s in article.sentences
        ),
        summary=Summary(
            headline=summary["headline"],
            bottom_line=summary["bottom_line"]["text"],
            bottom_line_sentences=tuple(summary["bottom_line"]["sentences"]),
            points=tuple(Point(text=one["text"], sentences=tuple(one["sentences"])) for one in summary["points"]),
        ),
        claims=tuple(_claim(article, i, row) for i, row in enumerate(answers["claims"], 1)),
        provenance=NOTHING,
    )


def _claim(article: Article, i: int, row: dict[str, Any]) -> Claim:
    cited = [s for s in article.sentences if s.n in row["sentences"]]
    evidence = tuple(Evidence(n=s.n, start=s.start, end=s.end, text=s.text) for s in cited)
    return checked(article, Claim(id=f"c{i}", evidence=evidence, **{**row, "sentences": tuple(row["sentences"])}))
