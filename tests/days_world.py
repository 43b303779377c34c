"""The articles of fixtures/briefing/days that have answers, analysed without a model, day by day."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from briefing.analysed import NOTHING, _summary, claim
from presseschau.ingest import read_article
from presseschau.models import Analysis, TranslatedSentence

FOLDER = Path(__file__).parent.parent / "fixtures/briefing/days"


@cache
def analyses() -> dict[str, Analysis]:
    """Name of an article -> its analysis, in the order of the names, which begin with the day of September 2026."""
    return {path.stem: _analysis(path) for path in sorted((FOLDER / "answers").glob("*.json"))}


def _analysis(path: Path) -> Analysis:
    article = read_article((FOLDER / f"{path.stem}.txt").read_bytes(), source=path.stem)
    answers = json.loads(path.read_text("utf-8"))
    return Analysis(
        article=article,
        translation=tuple(
            TranslatedSentence(
                n=s.n, role=s.role, de=s.text, en=answers["translation"][str(s.n)], start=s.start, end=s.end,
                status="ok",
            )
            for s in article.sentences
        ),
        summary=_summary(answers["summary"]),
        claims=tuple(claim(article, i, **row) for i, row in enumerate(answers["claims"], 1)),
        provenance=NOTHING,
    )  # fmt: skip
