"""Sentence pairs from files, made by people or other machines, for `verify --pairs`.

JSONL `{"id", "de", "en"}`, TSV (id, de, en or de, en; a heading line names the columns), CSV with a heading line, TMX
and XLIFF. All are read as a stream; a row that cannot be used becomes a BadRow and the rest is read on.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, TextIO, cast

from presseschau.checks.files.tmx import TmxError, read_tmx
from presseschau.checks.files.xliff import XliffError, read_xliff
from presseschau.checks.naming.glossary import Glossary, UnreadableError
from presseschau.checks.pair.check import check_pairs
from presseschau.findings import flag
from presseschau.models import Finding

if TYPE_CHECKING:
    from presseschau.facts.encoder import Encoder

Kind = Literal["jsonl", "tsv", "csv", "tmx", "xliff"]
SUFFIXES: dict[str, Kind] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".tsv": "tsv", ".tab": "tsv", ".csv": "csv", ".tmx": "tmx",
    ".xlf": "xliff", ".xliff": "xliff",
}  # fmt: skip
HEADINGS = {
    "deutsch": "de", "german": "de", "de-de": "de", "source": "de", "src": "de",
    "englisch": "en", "english": "en", "en-gb": "en", "en-us": "en", "target": "en", "tgt": "en",
}  # fmt: skip
"""Names of TSV and CSV columns that mean German or English."""
LONGEST_FIELD = 1_000_000
"""Characters of one TSV or CSV field; the csv module stops at 131,072 otherwise."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One German sentence and its English. `id` is the file's own, else the row's number from 1."""

    id: str
    de: str
    en: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is not a pair, and why, in a sentence that names its line or unit."""

    id: str
    message: str


Row = Pair | BadRow


class NoColumnsError(ValueError):
    """A CSV does not say which columns hold the pairs. The message is a sentence."""


def kind_of(name: str, head: bytes) -> Kind:
    """The format by a file's suffix, else by how it begins. UnreadableError if neither tells."""
    if kind := SUFFIXES.get(Path(name).suffix.lower()):
        return kind
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0]
    if first[:1] in (b"<", b"{"):
        return "jsonl" if first[:1] == b"{" else "xliff" if b"<xliff" in head else "tmx"
    if b"\t" in first:
        return "tsv"
    if {"de", "en"} <= set(_columns(first.decode("utf-8", "replace"))[1]):
        return "csv"
    raise UnreadableError(f"{name}: these are not pairs in a known format; give JSONL, TSV, CSV, TMX or XLIFF.")


def read_pairs(path: Path, stdin: BinaryIO | None = None) -> Iterator[Row]:
    """The rows of a file, one by one; `-` is standard input. UnreadableError if it cannot be read, is not UTF-8, or is
    none of the formats."""
    try:
        if stdin is not None:
            yield from _rows("standard input", stdin)
        else:
            with path.open("rb") as stream:
                yield from _rows(path.name, stream)
    except OSError as error:
        raise UnreadableError(f"{path.name} cannot be read: {error.strerror}.") from error


def _rows(name: str, stream: BinaryIO) -> Iterator[Row]:
    opened = stream if hasattr(stream, "peek") else io.BufferedReader(cast(io.RawIOBase, stream))
    kind = kind_of(name, opened.peek(4096)[:4096])
    try:
        if kind == "tmx":
            yield from tmx_rows(opened)
        elif kind == "xliff":
            yield from xliff_rows(opened)
        else:
            lines = io.TextIOWrapper(opened, encoding="utf-8-sig", newline="")
            try:
                yield from {"jsonl": jsonl_rows, "tsv": tsv_rows, "csv": csv_rows}[kind](lines)
            finally:
                lines.detach()  # the stream is its opener's to close
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{name} is not UTF-8 (byte {error.start}): save it as UTF-8.") from error
    except (TmxError, XliffError, NoColumnsError) as error:
        raise UnreadableError(f"{name}: {error}") from error


def jsonl_rows(lines: Iterable[str]) -> Iterator[Row]:
    """One JSON object per line with the strings `de` and `en`; empty lines are passed over."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            yield BadRow(str(number), f"Line {number} is not JSON.")
            continue
        given = row.get("id") if isinstance(row, dict) else None
        name = str(given) if isinstance(given, str | int | float) and str(given).strip() else str(number)
        yield _pair(row, name, f"Line {number}")


def _pair(row: object, name: str, where: str) -> Row:
    if not isinstance(row, dict):
        return BadRow(name, f'{where} is not a JSON object with "de" and "en".')
    for side in ("de", "en"):
        if not isinstance(row.get(side), str):
            return BadRow(name, f'{where} has no text "{side}".')
        if any("\ud800" <= sign <= "\udfff" for sign in row[side]):
            return BadRow(name, f'{where} has half a character (a lone surrogate) in "{side}".')
    if not row["de"].strip():
        return BadRow(name, f"{where} has no German.")
    return Pair(name, row["de"], row["en"])


def tsv_rows(lines: TextIO) -> Iterator[Row]:
    """Tab-separated: id, de, en or de, en; a first line of column names is used as such. Quotation marks are text."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_FIELD))
    columns: list[str] | None = None
    for number, cells in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
        if not any(cell.strip() for cell in cells):
            continue
        if columns is None:
            names = [cell.strip().lower() for cell in cells]
            names = [HEADINGS.get(name, name) for name in names]
            if {"de", "en"} <= set(names):
                columns = names
                continue
            columns = ["de", "en"] if len(cells) == 2 else ["id", "de", "en"]
        if len(cells) < len(columns):
            given = cells[0].strip() if columns[0] == "id" else ""
            message = f"Line {number} has {len(cells)} columns instead of {len(columns)}."
            yield BadRow(given or str(number), message)
            continue
        row = dict(zip(columns, cells, strict=False))
        yield _pair(row, row.get("id", "").strip() or str(number), f"Line {number}")


def _columns(heading: str) -> tuple[str, list[str]]:
    """The delimiter of a CSV, and its columns by what they mean."""
    delimiter = max(";,\t", key=heading.count)
    names = [cell.strip(' "\r\n').lower() for cell in heading.split(delimiter)]
    return delimiter, [HEADINGS.get(name, name) for name in names]


def csv_rows(lines: TextIO) -> Iterator[Row]:
    """Comma or semicolon; the first line names the columns `de` and `en` (or German, English, source, target)."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_FIELD))
    delimiter, columns = _columns(lines.readline())
    if not {"de", "en"} <= set(columns):
        raise NoColumnsError('the first line of a CSV must name the columns "de" and "en".')
    rows = csv.reader(lines, delimiter=delimiter)
    try:
        for cells in rows:
            if any(cell.strip() for cell in cells):
                row = dict(zip(columns, cells, strict=False))
                where = f"Line {rows.line_num + 1}"
                yield _pair(row, row.get("id", "").strip() or str(rows.line_num + 1), where)
    except csv.Error:
        yield BadRow(str(rows.line_num + 1), f"The CSV cannot be read beyond line {rows.line_num + 1}.")


def tmx_rows(stream: BinaryIO) -> Iterator[Row]:
    """The units of a TMX file that have German and English (any region); a unit without one of them is a BadRow."""
    for number, (name, texts) in enumerate(read_tmx(stream), 1):
        row = {language: text for language, text in texts.items() if language in ("de", "en")}
        yield _pair(row, name or str(number), f"Unit {number}")


def xliff_rows(stream: BinaryIO) -> Iterator[Row]:
    """The units of an XLIFF file, in files of several named FILE-UNIT; one without a target is a BadRow. Of a file of
    ours the id is that of `export` as CSV: how the article's id begins, and the sentence's number."""
    for number, (file, unit, source, target) in enumerate(read_xliff(stream), 1):
        ours = _OURS.fullmatch(f"{file} {unit}")
        row = {"de": source, **({"en": target} if target is not None else {})}
        yield _pair(row, f"{ours[1]}-{ours[2]}" if ours else unit or str(number), f"Unit {number}")


_OURS = re.compile(r"a([0-9a-f]{12}) u(\d+)")
_AT_ONCE = 256
"""Pairs that an encoder is given together."""


def verify_pairs(
    rows: Iterable[Row], glossary: Glossary | None = None, encoder: Encoder | None = None
) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """(id, findings) for each row in order; a BadRow has the error `input.row`. `glossary` is checked if given."""
    every = iter(rows)
    while some := list(islice(every, _AT_ONCE if encoder else 1)):
        found = iter(check_pairs([(row.de, row.en) for row in some if isinstance(row, Pair)], glossary, encoder))
        for row in some:
            yield row.id, (flag("input.row", row.message).stamped(),) if isinstance(row, BadRow) else next(found)
