"""Results as tables for other programs: sentences, claims, articles, findings; as CSV, or row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from presseschau.models import Analysis
from presseschau.output import claims

Cell = str | int | float | None
Cells = Mapping[str, Cell]
TableName = Literal["sentences", "claims", "articles", "findings"]

_ABOUT = ("article", "source", "outlet", "published")
COLUMNS: dict[TableName, tuple[str, ...]] = {
    "sentences": ("id", *_ABOUT, "n", "role", "de", "en", "status", "decided", "reviewer", "decided_at", "risk"),
    "claims": claims.COLUMNS,
    "articles": (
        *_ABOUT, "updated", "headline", "headline_en", "agency", "author", "topic", "bottom_line", "sentences",
        "claims", "errors", "warnings", "model", "notice",
    ),
    "findings": (*_ABOUT, "code", "severity", "message", "part", "sentence", "claim"),
}  # fmt: skip
"""In this order for good; a new column goes to the end."""
NUMBERS = frozenset({"n", "sentence", "errors", "warnings"})
"""Columns of whole numbers, and `sentences` and `claims` of articles."""
FRACTIONS = frozenset({"risk"})


def rows(analysis: Analysis, table: TableName) -> Iterator[Cells]:
    """The rows of one result. `id` of a sentence is that of its article, shortened, and its number."""
    article = analysis.article
    about: dict[str, Cell] = {
        "article": article.id, "source": article.source, "outlet": article.outlet, "published": article.published,
    }  # fmt: skip
    return _ROWS[table](analysis, about)


def table_csv(analyses: Iterable[Analysis], table: TableName) -> Iterator[str]:
    """A heading line and a line a row, every cell one line; begins with a BOM so that Excel reads umlauts.

    A cell that would begin a formula gets an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    out.write(claims.BOM)
    writer.writerow(COLUMNS[table])
    for analysis in analyses:
        for row in rows(analysis, table):
            writer.writerow(_cell(row[column]) for column in COLUMNS[table])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _cell(value: Cell) -> Cell:
    return claims.inert(value) if isinstance(value, str) else value


def _sentences(analysis: Analysis, about: Cells) -> Iterator[Cells]:
    english = {row.n: row for row in analysis.translation or ()}
    for s in analysis.article.sentences:
        row = english.get(s.n)
        risk = round(row.risk.value, 2) if row and row.risk else None
        told = (row.en, row.status, row.decided, row.decided_by, row.decided_at, risk) if row else (None,) * 6
        yield {
            "id": f"{analysis.article.id[:12]}-{s.n}", **about, "n": s.n, "role": s.role, "de": s.text,
            **dict(zip(("en", "status", "decided", "reviewer", "decided_at", "risk"), told, strict=True)),
        }  # fmt: skip


def _claims(analysis: Analysis, about: Cells) -> Iterator[Cells]:
    return claims.cells(analysis)


def _articles(analysis: Analysis, about: Cells) -> Iterator[Cells]:
    article, severities = analysis.article, [finding.severity for finding in analysis.findings]
    yield {
        **about, "updated": article.updated, "headline": article.headline,
        "headline_en": next((row.en for row in analysis.translation or () if row.role == "headline" and row.en), None),
        "agency": article.agency, "author": article.author, "topic": article.topic,
        "bottom_line": analysis.summary.bottom_line if analysis.summary else None,
        "sentences": len(article.sentences), "claims": len(analysis.claims or ()),
        "errors": severities.count("error"), "warnings": severities.count("warning"),
        "model": analysis.provenance.model, "notice": analysis.provenance.notice,
    }  # fmt: skip


def _findings(analysis: Analysis, about: Cells) -> Iterator[Cells]:
    for f in analysis.findings:
        yield {
            **about, "code": f.code, "severity": f.severity, "message": f.message, "part": f.part,
            "sentence": f.sentence, "claim": f.claim,
        }  # fmt: skip


_ROWS: dict[TableName, Callable[[Analysis, Cells], Iterator[Cells]]] = {
    "sentences": _sentences, "claims": _claims, "articles": _articles, "findings": _findings,
}  # fmt: skip
