"""Glossaries from CSV files: source, target, forbidden, note; several renderings separated by |."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from presseschau.checks.glossary import Glossary, GlossaryEntry
from presseschau.checks.unreadable import UnreadableError
from presseschau.lang import table

COLUMNS = ("source", "target", "forbidden", "note")
NAMES = {
    "source": ("source", "german", "de", "deutsch", "quelle", "term"),
    "target": ("target", "targets", "english", "en", "englisch", "ziel", "translation"),
    "forbidden": ("forbidden", "not", "avoid", "verboten"),
    "note": ("note", "notes", "comment", "bemerkung"),
}
"""Headings that are understood for each column; without a heading line the columns stand in this order."""


def load_glossary(path: Path) -> Glossary:
    """The glossary in a CSV file: UTF-8 or, as Excel writes it, Windows-1252; comma, semicolon or tab.

    UnreadableError, naming the line, if the file cannot be read or a row has no German or no rendering at all.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"The glossary {path.name} cannot be read: {error.strerror}.") from error
    return Glossary(tuple(_entries(_decoded(raw, path.name), path.name)))


def _decoded(raw: bytes, name: str) -> str:
    if b"\0" in raw:
        raise UnreadableError(f"The glossary {name} is not a CSV file; save it as CSV (UTF-8).")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _entries(text: str, name: str) -> Iterator[GlossaryEntry]:
    order: dict[str, int] | None = None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for cells in reader:
            row = [cell.strip() for cell in cells]
            if not any(row) or row[0].startswith("#"):
                continue
            if order is None:
                order, heading = _order(row)
                if heading:
                    continue
            yield _entry(row, order, f"The glossary {name}, line {reader.line_num}")
    except csv.Error as error:
        raise UnreadableError(f"The glossary {name}, line {reader.line_num}, is not CSV: {error}.") from error


def _delimiter(text: str) -> str:
    """The mark that the first line has most of; the csv module's sniffer is misled by commas inside terms."""
    first = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    return max("\t;,", key=first.count)


def _order(row: list[str]) -> tuple[dict[str, int], bool]:
    """Column name -> index, and whether `row` is a heading line."""
    low = [cell.lower() for cell in row]
    found = {column: i for column, names in NAMES.items() for i, cell in enumerate(low) if cell in names}
    if "source" in found and ("target" in found or "forbidden" in found):
        return found, True
    return {column: i for i, column in enumerate(COLUMNS)}, False


def _entry(row: list[str], order: dict[str, int], where: str) -> GlossaryEntry:
    def cell(column: str) -> str:
        i = order.get(column)
        return row[i] if i is not None and i < len(row) else ""

    source, targets, forbidden = cell("source"), _listed(cell("target")), _listed(cell("forbidden"))
    if not source:
        raise UnreadableError(f"{where}, has no German term.")
    if not targets and not forbidden:
        raise UnreadableError(f"{where}, has neither a rendering nor a forbidden one for “{source}”.")
    return GlossaryEntry(source, targets, forbidden, cell("note"))


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part for part in (part.strip() for part in cell.split("|")) if part)


class _Term(NamedTuple):
    source: str
    target: tuple[str, ...]
    american: tuple[str, ...]
    forbidden: tuple[str, ...]
    note: str


@lru_cache(maxsize=2)
def house_glossary(english: Literal["british", "american"] = "british") -> Glossary:
    """The built-in table of names and offices, `house_glossary.csv`, with the wanted spelling first."""
    entries = []
    for row in table("de_en", "house_glossary", _Term):
        targets = (*row.american, *row.target) if english == "american" else (*row.target, *row.american)
        entries.append(GlossaryEntry(row.source, targets, row.forbidden, row.note, house=True))
    return Glossary(tuple(entries))
