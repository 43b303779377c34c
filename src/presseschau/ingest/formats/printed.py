"""The lines of a document file (Word, OpenDocument, RTF, PDF): an article, or what a press archive exported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from presseschau.ingest.document import Document, Item, Skipped
from presseschau.ingest.formats.factiva import factiva_items
from presseschau.ingest.formats.nexis import is_end, nexis_items
from presseschau.ingest.formats.unread import Look, unread
from presseschau.ingest.formats.wiso import wiso_items


def export_in(lines: list[str]) -> Callable[[Iterable[str], str], Iterator[Item]] | None:
    """What reads the lines if they are an export of a press archive."""
    kind = unread(Look("\n".join(lines)), shares=False)
    name = kind.name if kind else ""
    if name == "nexis" or any(map(is_end, lines)):
        return nexis_items
    return {"factiva": factiva_items, "wiso": wiso_items}.get(name)


def document_items(lines: list[str], source: str) -> Iterator[Item]:
    """The one document in the lines; of an export its articles, `source#1` onwards."""
    if read := export_in(lines):
        yield from read(lines, source)
    elif any(map(str.strip, lines)):
        yield Document(source, text="\n".join(lines))
    else:
        yield Skipped(source, "empty", "The file has no text.")
