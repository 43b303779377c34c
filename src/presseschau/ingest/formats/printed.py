"""The lines of a document file (Word, OpenDocument, RTF, PDF): an article, or what a press archive exported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from presseschau.ingest.document import Document, Item, Skipped
from presseschau.ingest.formats.factiva import factiva_items
from presseschau.ingest.formats.nexis import is_end, nexis_items
from presseschau.ingest.formats.unread import Look, unread
from presseschau.ingest.formats.wiso import wiso_items


def document_items(lines: list[str], source: str, metadata: Mapping[str, str] | None = None) -> Iterator[Item]:
    """The one document in the lines, with `metadata`; of an export its articles, `source#1` onwards."""
    kind = unread(Look("\n".join(lines)), shares=False)
    name = kind.name if kind else ""
    if name == "nexis" or any(map(is_end, lines)):
        yield from nexis_items(lines, source)
    elif name == "factiva":
        yield from factiva_items(lines, source)
    elif name == "wiso":
        yield from wiso_items(lines, source)
    elif any(map(str.strip, lines)):
        yield Document(source, text="\n".join(lines), metadata=metadata or {})
    else:
        yield Skipped(source, "empty", "The file has no text.")
