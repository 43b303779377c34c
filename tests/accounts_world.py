"""Stories that several papers tell in words of their own, each sentence marked with what it tells of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from presseschau.checks import grounded
from presseschau.ingest import read_article
from presseschau.models import Claim, Evidence
from presseschau.notes import Source, SourceClaim, SourceSentence

FOLDER = Path(__file__).parent.parent / "fixtures/briefing"


def stories() -> list[dict[str, Any]]:
    """Those of accounts.jsonl, then those of told_differently.jsonl in the same form."""
    own, pairs = (
        [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]
        for name in ("accounts.jsonl", "told_differently.jsonl")
    )
    return [*own, *map(_as_story, pairs)]


def _as_story(row: dict[str, Any]) -> dict[str, Any]:
    papers = []
    for n, side in enumerate(("one", "other")):
        about = {pair[n]: f"dispute {i}" for i, pair in enumerate(row["disputed"])}
        told = [
            {**one, "about": about.get(i, f"{side} {i}"), "is": side if i in about else ""}
            for i, one in enumerate(row[side])
        ]
        papers.append({"outlet": f"Blatt {n}", "agency": None, "day": f"2026-09-1{n + 1}", "told": told})
    return {"story": row["story"], "papers": papers}


def labelled(row: dict[str, Any]) -> tuple[list[SourceClaim], list[Source], dict[str, tuple[str, str]]]:
    """A claim on each sentence, the papers, and what each claim tells of and how it says that is."""
    claims, sources, labels = [], [], {}
    for n, paper in enumerate(row["papers"], 1):
        text = " ".join(one["de"] for one in paper["told"])
        article = read_article(f"Bericht\n\n{text}", source="", lang_check=False, metadata={"date": paper["day"]})
        sentences = tuple(
            SourceSentence(n=s.n, role=s.role, de=s.text, en=None, start=s.start, end=s.end, paragraph=s.paragraph)
            for s in article.sentences
        )
        head = {"published": paper["day"], "outlet": paper["outlet"], "agency": paper["agency"]}
        sources.append(Source(n=n, id=article.id, sentences=sentences, **head))
        for i, one in enumerate(paper["told"]):
            evidence = tuple(Evidence.of(s) for s in article.sentences if s.role != "headline" and s.text in one["de"])
            claim = Claim(id=f"c{i}", text=one["en"], sentences=tuple(e.n for e in evidence), evidence=evidence)
            claims.append(SourceClaim(id=f"{n}.c{i}", source=n, claim=grounded(claim, article)))
            labels[f"{n}.c{i}"] = (one["about"], one["is"])
    return claims, sources, labels
