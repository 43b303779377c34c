"""Word and OpenDocument text files: their paragraphs, one article; or what Nexis Uni exported, an article an item.

Only the text's own XML is unpacked; macros, links and objects are never opened.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from presseschau.ingest.document import MEBI, Document, Item, ReadOptions, Skipped
from presseschau.ingest.formats.archive import seekable
from presseschau.ingest.formats.bounded import read_all
from presseschau.ingest.formats.nexis import is_end, nexis_items
from presseschau.ingest.formats.unread import REFUSALS
from presseschau.ingest.formats.xml_stream import DamagedXmlError, local, records

_TEXTS = ("word/document.xml", "content.xml")
_MOST = 50 * MEBI
_NOT_TEXT = frozenset(("fallback", "del", "annotation", "tracked-changes", "note", "instrtext"))


def read_office(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The document of a text file; of an export its articles, with the sources `source#1` onwards."""
    with seekable(stream, options) as packed, zipfile.ZipFile(packed) as archive:
        names = set(archive.namelist())
        name = next((one for one in _TEXTS if one in names), None)
        if name is None:
            yield Skipped(source, REFUSALS["office"].reason, REFUSALS["office"].says)
            return
        if archive.getinfo(name).flag_bits & 1:
            yield Skipped(source, "encrypted", "The file is encrypted.")
            return
        with archive.open(name) as opened:
            data = read_all(opened, min(_MOST, options.max_unpacked))  # type: ignore[arg-type]
    try:
        lines = [line for text in _paragraphs(data, options) for line in (*text.split("\n"), "")]
    except DamagedXmlError as error:
        yield Skipped(source, "damaged", f"The file is damaged: {error}.")
        return
    if any(map(is_end, lines)):
        yield from nexis_items(lines, source)
    elif any(lines):
        yield Document(source, text="\n".join(lines))
    else:
        yield Skipped(source, "empty", "The file has no text.")


def _paragraphs(data: bytes, options: ReadOptions) -> Iterator[str]:
    for node in records(io.BytesIO(data), ("p", "h"), options):
        if not any(local(above) in _NOT_TEXT for above in node.iterancestors()):
            yield "\n".join(
                " ".join(line.split()) for line in "".join(_pieces(node, "wordprocessingml" in node.tag)).split("\n")
            )


def _pieces(node: Any, is_word: bool) -> Iterator[str]:
    """The text of a paragraph: Word's in `t` elements, OpenDocument's anywhere."""
    for part in node:
        name = local(part)
        if name in _NOT_TEXT or not name:
            continue
        if name in ("br", "cr", "line-break"):
            yield "\n"
        elif name in ("tab", "s"):
            yield " "
        elif is_word and name == "t":
            yield part.text or ""
        elif is_word:
            yield from _pieces(part, is_word)
        else:
            yield part.text or ""
            yield from _pieces(part, is_word)
        if not is_word:
            yield part.tail or ""
