"""Results as tables for other programs: sentences, claims, articles, findings; row by row, as CSV, or as Parquet (extra
`parquet`) for pandas, DuckDB and the like.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, BinaryIO, Literal

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


RESULTS = {
    "id": "string",  # sha256 of the numbered German sentences; null: it could not be read
    "source": "string",
    "state": "string",  # done, done-with-findings, failed
    "headline": "string",  # German
    "outlet": "string",
    "published": "string",  # ISO 8601
    "headline_en": "string",
    "summary": "string",  # its sentences, a line each
    "claims": "int32",
    "analysis": "string",  # the whole result as JSON (schema analysis/1)
    "failure": "string",  # task: class, of what failed for good
    "requests": "int64",  # usage as first bought
    "prompt_tokens": "int64",
    "completion_tokens": "int64",
}
"""The columns of results: `batch -o out.parquet`, `presseschau.distributed`."""
_RESULTS_GROUP = 1_000
_GROUP = 20_000
"""Rows in memory at a time, and in a group of the file."""


def write_parquet(analyses: Iterable[Analysis], table: TableName, file: BinaryIO) -> None:
    """The rows of all results under the names of `COLUMNS`: texts, and numbers."""
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    counts = NUMBERS | {"sentences", "claims"} if table == "articles" else NUMBERS
    kinds = {**dict.fromkeys(counts, pyarrow.int32()), **dict.fromkeys(FRACTIONS, pyarrow.float64())}
    schema = pyarrow.schema(
        [(name, kinds.get(name, pyarrow.string())) for name in COLUMNS[table]],
        metadata={"made by": "presseschau", "table": table},
    )
    every = (row for analysis in analyses for row in rows(analysis, table))
    with ParquetWriter(file, schema, compression="zstd") as writer:
        while some := list(islice(every, _GROUP)):
            writer.write_table(pyarrow.Table.from_pylist([dict(row) for row in some], schema))


def result_row(
    article: str | None, source: str, state: str, analysis: str | None, failure: str | None
) -> dict[str, str | int | None]:
    """A row of `RESULTS`; `analysis` is the JSON of one."""
    row: dict[str, str | int | None] = dict.fromkeys(RESULTS)
    row |= {"id": article, "source": source, "state": state, "analysis": analysis, "failure": failure}
    if analysis is not None:
        found = json.loads(analysis)
        about, english = found["article"], found["translation"] or ()
        row |= {name: about[name] for name in ("headline", "outlet", "published")}
        row["headline_en"] = next((one["en"] for one in english if one["role"] == "headline"), None)
        row |= _summary_cells(found) | {name: found["provenance"]["usage"][name] for name in _USAGE}
    return row


_USAGE = ("requests", "prompt_tokens", "completion_tokens")


def _summary_cells(found: dict[str, Any]) -> dict[str, str | int | None]:
    summary, claims = found["summary"], found["claims"]
    return {
        "summary": "\n".join([summary["bottom_line"] or "", *(point["text"] for point in summary["points"])])
        if summary
        else None,
        "claims": len(claims) if claims is not None else None,
    }


def write_results(rows: Iterable[dict[str, str | int | None]], file: BinaryIO) -> None:
    """Rows of `RESULTS`, a thousand in memory at a time."""
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    schema = pyarrow.schema([(name, getattr(pyarrow, kind)()) for name, kind in RESULTS.items()])
    schema = schema.with_metadata({"made by": "presseschau", "table": "results"})
    rows = iter(rows)
    with ParquetWriter(file, schema, compression="zstd") as writer:
        while some := list(islice(rows, _RESULTS_GROUP)):
            writer.write_table(pyarrow.Table.from_pylist(some, schema))
