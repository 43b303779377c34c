"""Parquet: one row an article, with the columns that JSONL has as fields (extra `parquet`)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from presseschau.ingest.document import Item, ReadOptions, Skipped
from presseschau.ingest.formats.bounded import read_all
from presseschau.ingest.formats.extras import missing
from presseschau.ingest.formats.fields import document_of

_ROWS = 64
"""In memory at a time."""


def read_parquet(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of a Parquet file; their sources are `source#ROW`, from 1. Raises ConfigurationError without the
    extra."""
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise missing("parquet") from None
    whole = stream if stream.seekable() else io.BytesIO(read_all(stream, options.max_whole))
    number = 0
    try:
        for batch in ParquetFile(whole).iter_batches(batch_size=_ROWS):
            for row in batch.to_pylist():
                number += 1
                yield document_of({name: plain(value) for name, value in row.items()}, f"{source}#{number}", options)
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        said = " ".join(str(error).split())[:200]
        yield Skipped(f"{source}#{number + 1}", "damaged", f"The Parquet cannot be read beyond this point: {said}.")


def plain(value: Any) -> Any:
    """A value as JSON would have it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
