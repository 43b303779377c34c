"""Files of results and notes: found, opened, recognised, and each result or note in them checked."""

from __future__ import annotations

import gzip
import io
import json
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from pydantic import ValidationError

from presseschau.errors import InputError, misfit
from presseschau.ingest.formats.unread import missing
from presseschau.library.schema import is_archive
from presseschau.models import ANALYSIS_SCHEMA, Analysis

if TYPE_CHECKING:
    from presseschau.notes import Note

_HEAD = 4096
_OWN = "presseschau/"
_TABLE = ".parquet"
_COLUMN = "analysis"
"""Where a table has its results as JSON: `batch -o out.parquet`, `presseschau.distributed`."""
_ROWS = 64
"""Of a table, in memory at a time."""


def files_below(folder: Path) -> Iterator[Path]:
    """Every file in a folder, to any depth, by name, without dot files and what lies beside an output."""
    from presseschau.ingest.sources import BESIDE_OUTPUT, is_run_folder

    for file in sorted(folder.rglob("*")):
        parts = file.relative_to(folder).parts
        if file.is_file() and not any(part.startswith(".") or part.endswith(BESIDE_OUTPUT) for part in parts):
            within = [above for above in file.parents if above != folder and above.is_relative_to(folder)]
            if not any(map(is_run_folder, within)):
                yield file


def schema_of(file: Path) -> str | None:
    """The schema of ours that a .json or .jsonl file (packed or not) names on its first line, or as a whole, or that a
    table of results in Parquet has; None for others."""
    if file.suffix.lower() == _TABLE:
        return ANALYSIS_SCHEMA if file.is_file() and _has_results(file) else None
    if Path(str(file).removesuffix(".gz")).suffix.lower() not in (".json", ".jsonl") or not file.is_file():
        return None
    with opened(file) as head:
        if b'"schema"' not in head.read(_HEAD):
            return None
        head.seek(0)
        first = head.readline()
        found = _json(first) or _json(first + head.read())
    schema = found.get("schema") if isinstance(found, dict) else None
    return schema if isinstance(schema, str) and schema.startswith(_OWN) else None


def lines_of(path: Path, text: bytes | None = None) -> Iterator[tuple[Path, bytes, str]]:
    """The results in a file, or in the files of a folder, one by one: the file, its JSON, and where it stands there."""
    if path.is_dir():
        files = [file for file in files_below(path) if (schema_of(file) or "").startswith(f"{_OWN}analysis/")]
        if not files:
            raise InputError(f"The folder {path} holds no result of presseschau.")
        for found in files:
            yield from lines_of(found)
        return
    if path.suffix.lower() == _TABLE:
        yield from _rows_of(path)
        return
    empty = True
    with opened(path) if text is None else io.BytesIO(text) as file:
        first = file.readline()
        lines = [first + file.read()] if _json(first) is None else chain([first], file)
        for n, line in enumerate(lines, 1):
            if line.strip():
                yield path, line, f"{path}, line {n}" if n > 1 else str(path)
                empty = False
    if empty:
        raise InputError(f"{path} is empty: there is no result in it.")


def _has_results(table: Path) -> bool:
    try:
        import pyarrow
        from pyarrow.parquet import read_schema
    except ImportError:
        return False
    try:
        return {_COLUMN, "state"} <= set(read_schema(table).names)
    except (OSError, pyarrow.ArrowException):
        return False


def _rows_of(path: Path) -> Iterator[tuple[Path, bytes, str]]:
    """The results in a table, without rows that have none; as `lines_of`."""
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise missing("parquet") from None
    row = 0
    empty = True
    try:
        with opened(path) as file:
            table = ParquetFile(file)
            if _COLUMN not in table.schema_arrow.names:
                raise InputError(
                    f"{path} has no column {_COLUMN!r}, so there is no result in it. Give what `batch -o out.parquet` "
                    "wrote; tables that `export` makes are for other programs."
                )
            for batch in table.iter_batches(batch_size=_ROWS, columns=[_COLUMN]):
                for found in batch.column(0).to_pylist():
                    row += 1
                    if found is not None:
                        yield path, found if isinstance(found, bytes) else str(found).encode(), f"{path}, row {row}"
                        empty = False
    except (pyarrow.ArrowException, UnicodeError) as error:
        said = " ".join(str(error).split())[:200]
        raise InputError(f"{path} cannot be read beyond row {row}: it is no Parquet, or damaged ({said}).") from None
    if empty:
        raise InputError(f"There is no result in {path}: none of its {row} rows has one (`failure` says why).")


def whole(path: Path) -> bytes | None:
    """What is in a file, unless it has one result a line or row: such a file may be large, and is not a note."""
    if path.is_dir() or is_archive(path) or path.name.removesuffix(".gz").lower().endswith((".jsonl", _TABLE)):
        return None
    return content(path)


def content(path: Path) -> bytes:
    with opened(path) as file:
        return file.read()


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with (
            sys.stdin.buffer
            if str(path) == "-"
            else cast(BinaryIO, gzip.open(path))
            if path.suffix == ".gz"
            else path.open("rb")
        ) as file:
            yield file
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or "it is damaged, or not a compressed file"
        raise InputError(f"{path} cannot be read: {why}.") from None


def analysis_of(text: bytes, where: str) -> Analysis:
    try:
        analysis = Analysis.model_validate_json(text)
    except ValidationError as error:
        raise _unfit(error, text, where, "result", ANALYSIS_SCHEMA, "`article --json` or `batch` wrote") from None
    if analysis.schema_ != ANALYSIS_SCHEMA:
        raise _other_schema(where, analysis.schema_, ANALYSIS_SCHEMA)
    return analysis


def note_of(text: bytes, where: str | Path) -> Note:
    from presseschau.notes import NOTE_SCHEMA, Note
    from presseschau.output.note_page import note_in_page

    try:
        note = note_in_page(text.decode(errors="replace")) if is_page(text) else Note.model_validate_json(text)
    except ValidationError as error:
        raise _unfit(error, text, where, "note", NOTE_SCHEMA, "`brief` wrote as .json or .html") from None
    except ValueError as error:
        raise InputError(f"{where} is not a note of presseschau: {error}. Give what `brief` wrote.") from None
    if note.schema_ != NOTE_SCHEMA:
        raise _other_schema(where, note.schema_, NOTE_SCHEMA)
    return note


def _unfit(error: ValidationError, text: bytes, where: object, what: str, schema: str, wrote: str) -> InputError:
    """What to say of JSON that does not fit: if it names another schema, or is a page of ours, that explains it."""
    from presseschau.output.schemas import made_here

    found = _json(text)
    named = found.get("schema") if isinstance(found, dict) else None
    if isinstance(named, str) and named != schema:
        return _other_schema(where, named, schema)
    if not text.lstrip().startswith(b"{") and made_here(io.BytesIO(text)):
        return InputError(
            f"{where} was made by presseschau to be read and holds no {what}s: give the .json (the same command with "
            "-o FILE.json; of a note also .html)."
        )
    return InputError(f"{where} is not a {what} of presseschau ({misfit(error)}). Give what {wrote}.")


def _other_schema(where: object, found: str, wanted: str) -> InputError:
    return InputError(f"{where} has the schema {found!r}; this version reads {wanted!r}.")


def is_note(text: bytes) -> bool:
    """Is this the JSON of a note, or a page with a note in it?"""
    return b'"presseschau/note/' in text[:_HEAD] or is_page(text)


def is_page(text: bytes) -> bool:
    return text.lstrip()[:1] == b"<" and b'id="note"' in text


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
