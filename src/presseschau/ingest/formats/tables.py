"""Tables, a row an article: CSV with a header row, as programs and as German Excel write it (`;`, Windows-1252,
sometimes `sep=;`), and Parquet, with the columns that JSONL has as fields (extra `parquet`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from presseschau.ingest.document import Item, ReadOptions, Skipped
from presseschau.ingest.formats.bounded import LargeError, lines, read_all
from presseschau.ingest.formats.fields import USUAL, document_of, folded
from presseschau.ingest.formats.unread import missing
from presseschau.ingest.text.decode import decode

_DELIMITERS = ";,\t|"
_TRAFILATURA = (
    "url", "id", "fingerprint", "hostname", "title", "image", "date", "text", "comments", "license", "pagetype",
)  # fmt: skip
"""The columns that trafilatura writes without a header row; "null" is what is not known."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def is_csv(text: str) -> bool:
    """Does it begin with a header row of which two names are usual ones, one of them for the text, or with one for an
    address above one?"""
    header, _, rest = text.partition("\n")
    if header.lower().startswith("sep=") and len(header.strip()) == 5:
        return True
    delimiter = max(_DELIMITERS, key=header.count)
    names = {folded(name.strip(' "\r')) for name in header.split(delimiter)}
    known = [key for key, usual in USUAL.items() if names & set(usual)]
    of_pages = "url" in known and "://" in rest.partition("\n")[0]
    return (of_pages or ("text" in known and len(known) > 1)) and delimiter in rest


def read_csv(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of a CSV stream, one row in memory at a time; their sources are `source#LINE` of the row's end."""
    csv.field_size_limit(options.max_item)
    text = text_lines(stream, options)
    header = next(text, "")
    delimiter = options.delimiter
    if header.lower().startswith("sep=") and len(header.strip()) == 5:
        delimiter, header = header[4], next(text, "")
    delimiter = delimiter or max(_DELIMITERS, key=header.count)
    rows = csv.reader(_chain(header, text), delimiter=delimiter)
    try:
        if header.startswith(("http://", "https://")) and header.count("\t") >= _TRAFILATURA.index("text"):
            rows, names = csv.reader(_chain(header, text), delimiter="\t"), list(_TRAFILATURA)
        else:
            names = [name.strip() for name in next(rows, [])]
        for row in rows:
            if any(cell.strip() for cell in row):
                cells = dict(zip(names, row, strict=False))
                if names[:3] == list(_TRAFILATURA[:3]):
                    cells = {key: "" if cell == "null" else cell for key, cell in cells.items()}
                yield document_of(cells, f"{source}#{rows.line_num}", options)
    except csv.Error as error:
        why = "a field is too long" if "field larger" in str(error) else "the line is damaged"
        yield Skipped(f"{source}#{rows.line_num}", "damaged", f"The CSV cannot be read beyond this point: {why}.")


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def text_lines(stream: BinaryIO, options: ReadOptions) -> Iterator[str]:
    """Lines as text, each decoded by itself: one bad line cannot change how the others are read."""
    head = stream.read(2)
    if head in _UTF16:
        encoding = "utf-16-le" if head == _UTF16[0] else "utf-16-be"
        wide = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
        try:
            yield from iter(lambda: wide.readline(options.max_item), "")
        finally:
            wide.detach()  # the stream is its opener's to close
        return
    prefix = head
    for number, line in lines(stream, options.max_item):
        if line is None:
            raise LargeError(f"Line {number} is longer than {options.max_item:,} bytes.")
        line, prefix = prefix + line, b""
        yield _decoded(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line, options.charset)


def _decoded(line: bytes, charset: str | None) -> str:
    try:
        return line.decode("utf-8") if charset is None else decode(line, charset).text
    except UnicodeDecodeError:
        return decode(line).text


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
