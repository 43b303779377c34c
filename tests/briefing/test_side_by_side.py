"""Two papers on one thing with other figures, days or names stand side by side; different things do not."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from presseschau.briefing.comparisons import comparisons
from presseschau.checks import grounded
from presseschau.ingest import read_article
from presseschau.models import Claim, Evidence, Moment
from presseschau.notes import Comparison, Source, SourceClaim, SourceSentence

CASES = Path(__file__).parents[2] / "fixtures/briefing/side_by_side.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


def compared(*told: dict[str, Any]) -> list[Comparison]:
    """The disputed and changed comparisons of papers that each say one thing; `when`: words and ISO day."""
    sources, claims = [], []
    for n, one in enumerate(told, 1):
        length = len(one["de"])
        sentence = SourceSentence(n=2, de=one["de"], en=None, start=0, end=length, role="body")
        sources.append(Source(n=n, id=str(n), published=f"2026-05-1{n}", outlet=f"Blatt {n}", sentences=(sentence,)))
        evidence = Evidence(n=2, start=0, end=length, text=one["de"])
        when = Moment(text=one["when"][0], date=one["when"][1]) if "when" in one else None
        claim = Claim(id="c1", text=one["en"], sentences=(2,), evidence=(evidence,), when=when)
        claims.append(SourceClaim(id=f"{n}.c1", source=n, claim=claim))
    return [one for one in comparisons(claims, sources) if one.kind in ("disputed", "changed")]


@pytest.mark.parametrize("row", ROWS, ids=[row["one"]["de"][:40] for row in ROWS])
def test_figures(row: dict[str, Any]) -> None:
    assert bool(compared(row["one"], row["other"])) == (row["same"] != row.get("falls_short", False))


def test_how_far_it_goes() -> None:
    short = [row["same"] for row in ROWS if row.get("falls_short")]
    assert short.count(True) <= 22
    assert short.count(False) <= 10


def test_no_look_alike_is_a_dispute() -> None:
    """Four contradictions and four pairs that look like one of each of 19 kinds (blame, sequence, scope ...)."""
    seen: Counter[bool] = Counter()
    for row in map(json.loads, (CASES.parent / "kinds.jsonl").read_text("utf-8").splitlines()):
        shown = [c for c in comparisons(*reports([row["one"]], [row["other"]])) if c.kind in ("disputed", "changed")]
        seen[row["same"]] += bool(shown)
    assert not seen[False]
    assert seen[True] >= 46


def test_two_reports_of_one_event_have_their_contradictions_side_by_side_and_no_others() -> None:
    """Five events, each by two papers that differ in seven points and say the rest alone."""
    found = of = 0
    for row in map(json.loads, (CASES.parent / "told_differently.jsonl").read_text("utf-8").splitlines()):
        claims, sources = reports(row["one"], row["other"])
        expected = {frozenset((f"1.c{one}", f"2.c{other}")) for one, other in row["disputed"]}
        shown = [c for c in comparisons(claims, sources) if c.kind in ("disputed", "changed")]
        pairs = [frozenset(claim for figure in one.figures for claim in figure.claims) for one in shown]
        assert not set(pairs) - expected
        found, of = found + len(set(pairs)), of + len(expected)

    assert of == 35
    assert found >= 23


def reports(*papers: list[dict[str, str]]) -> tuple[list[SourceClaim], list[Source]]:
    """Each paper as an article of its sentences, with a claim on each."""
    claims, sources = [], []
    for n, told in enumerate(papers, 1):
        text, day = " ".join(one["de"] for one in told), f"2026-09-1{n}"
        article = read_article(f"Bericht\n\n{text}", source="", lang_check=False, metadata={"date": day})
        sentences = tuple(
            SourceSentence(n=s.n, role=s.role, de=s.text, en=None, start=s.start, end=s.end, paragraph=s.paragraph)
            for s in article.sentences
        )
        sources.append(Source(n=n, id=article.id, published=day, outlet=f"Blatt {n}", sentences=sentences))
        for i, one in enumerate(told):
            evidence = tuple(Evidence.of(s) for s in article.sentences if s.role != "headline" and s.text in one["de"])
            claim = Claim(id=f"c{i}", text=one["en"], sentences=tuple(e.n for e in evidence), evidence=evidence)
            claims.append(SourceClaim(id=f"{n}.c{i}", source=n, claim=grounded(claim, article)))
    return claims, sources


MONDAY, TUESDAY = ("am Montag", "2026-05-04"), ("am Dienstag", "2026-05-05")


@pytest.mark.parametrize(
    ("one", "other", "values"),
    [
        (
            {"de": "Der Bote wurde am Montag überfallen.", "en": "The courier was robbed on Monday.", "when": MONDAY},
            {
                "de": "Am Dienstag wurde der Bote überfallen.",
                "en": "The courier was robbed on Tuesday.",
                "when": TUESDAY,
            },
            ["4 May 2026", "5 May 2026"],
        ),
        (
            {"de": "Der Turm wurde 1958 errichtet.", "en": "The tower was erected in 1958."},
            {"de": "Der Turm wurde 1962 errichtet.", "en": "The tower was erected in 1962."},
            ["1958", "1962"],
        ),
        (
            {"de": "Den Umbau hat die SPD beantragt.", "en": "The SPD requested the conversion of the hall."},
            {"de": "Den Umbau hat die FDP beantragt.", "en": "The FDP requested the conversion of the hall."},
            ["SPD", "FDP"],
        ),
        (
            {"de": "Ursache des Brands war ein Kurzschluss.", "en": "A short circuit caused the fire"},
            {"de": "Der Brand wurde durch eine Kerze ausgelöst.", "en": "The fire was caused by a candle"},
            ["A short circuit caused the fire", "The fire was caused by a candle"],
        ),
    ],
)
def test_what_is_no_figure(one: dict[str, Any], other: dict[str, Any], values: list[str]) -> None:
    (shown,) = compared(one, other)
    assert [figure.value for figure in shown.figures] == values
    assert compared(one, one) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"de": "Am Montag tagt der Rat.", "en": "The council meets on Monday.", "when": MONDAY},
         {"de": "Am Dienstag spielte der Verein.", "en": "The club played on Tuesday.", "when": TUESDAY}),
        ({"de": "Der Turm wurde 1958 errichtet.", "en": "The tower was erected in 1958."},
         {"de": "Die Brücke wurde 1962 gesprengt.", "en": "The bridge was blown up in 1962."}),
        ({"de": "Die SPD beantragte den Umbau.", "en": "The SPD requested the conversion."},
         {"de": "Die FDP lehnte die Gebühr ab.", "en": "The FDP rejected the fee."}),
    ],
)  # fmt: skip
def test_different_things_are_no_dispute(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert compared(one, other) == []
