"""Tables as Parquet, for pandas, DuckDB and the like (extra `parquet`)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice
from typing import Any, BinaryIO

from presseschau.models import Analysis
from presseschau.output.tables import COLUMNS, FRACTIONS, NUMBERS, TableName, rows

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
        row |= _summary(found) | {name: found["provenance"]["usage"][name] for name in _USAGE}
    return row


_USAGE = ("requests", "prompt_tokens", "completion_tokens")


def _summary(found: dict[str, Any]) -> dict[str, str | int | None]:
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
