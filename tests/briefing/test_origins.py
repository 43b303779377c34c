"""Whose word several papers give, and what they tell of a span of time: told once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from note_sample import nothing
from presseschau.briefing.sources import claims, sources
from presseschau.briefing.timeline import timeline
from presseschau.ingest import read_article
from presseschau.models import Analysis, Claim, Evidence, Provenance, Usage
from presseschau.notes import Source, SourceClaim, Story
from presseschau.output.note_outline import outline
from presseschau.pipeline.claims import checked

FOLDER = Path(__file__).parents[2] / "fixtures/briefing"
NOTHING = Provenance(model="", engine="", prompts="", usage=Usage(), repairs=0, versions={}, notice="")


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


def reports(told: list[list[str]]) -> tuple[tuple[Source, ...], tuple[SourceClaim, ...]]:
    """A paper for each German text and its English, one claim on all of it; "Blatt 1" and so on, if none is named."""
    found = [_analysis(*one, *(["", ""][len(one) - 2 :]), n) for n, one in enumerate(told, 1)]
    return sources(found), claims(found)


def _analysis(german: str, english: str, paper: str, speaker: str, n: int) -> Analysis:
    text = f"Bericht {n} vom Tage\n\n{10 + n}. März 2026\n\n{german}\n\n© {paper or f'Blatt {n}'}"
    article = read_article(text, source=str(n), lang_check=False)
    evidence = tuple(
        Evidence(n=s.n, start=s.start, end=s.end, text=s.text) for s in article.sentences if s.role != "headline"
    )
    numbers = tuple(one.n for one in evidence)
    claim = Claim(id="c1", text=english, sentences=numbers, evidence=evidence, speaker=speaker or None)
    return Analysis(article=article, claims=(checked(article, claim),), provenance=NOTHING)


@pytest.mark.parametrize("row", rows("spans.jsonl"), ids=[row["told"][0][0][:40] for row in rows("spans.jsonl")])
def test_a_span_of_years_is_one_line_from_its_beginning_to_its_end(row: dict[str, Any]) -> None:
    found, told = reports(row["told"])
    story = Story(title="A", sources=tuple(one.n for one in found), points=(), timeline=timeline(told, found))
    note = nothing().model_copy(update={"stories": (story,), "sources": found, "claims": told})
    (block,) = outline(note).stories[0].blocks
    assert [line.label for line in block.lines] == row["lines"]
