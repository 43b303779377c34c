"""Tables as Parquet, for pandas, DuckDB and the like (extra `parquet`)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import BinaryIO

from presseschau.models import Analysis
from presseschau.output.tables import COLUMNS, NUMBERS, TableName, rows

_GROUP = 20_000
"""Rows in memory at a time, and in a group of the file."""


def write_parquet(analyses: Iterable[Analysis], table: TableName, file: BinaryIO) -> None:
    """The rows of all results under the names of `COLUMNS`: texts, and whole numbers."""
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    counts = NUMBERS | {"sentences", "claims"} if table == "articles" else NUMBERS
    schema = pyarrow.schema(
        [(name, pyarrow.int32() if name in counts else pyarrow.string()) for name in COLUMNS[table]],
        metadata={"made by": "presseschau", "table": table},
    )
    every = (row for analysis in analyses for row in rows(analysis, table))
    with ParquetWriter(file, schema, compression="zstd") as writer:
        while some := list(islice(every, _GROUP)):
            writer.write_table(pyarrow.Table.from_pylist([dict(row) for row in some], schema))
