"""Word and OpenDocument text files: their paragraphs, one article; or what Nexis Uni exported, an article per item.

Only the text's own XML is unpacked; macros, links and objects are never opened.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from presseschau.ingest.document import MEBI, Item, ReadOptions, Skipped
from presseschau.ingest.formats.archive import of_size
from presseschau.ingest.formats.bounded import read_all
from presseschau.ingest.formats.epub import CONTAINER, read_epub
from presseschau.ingest.formats.printed import document_items
from presseschau.ingest.formats.unread import REFUSALS
from presseschau.ingest.formats.xml_stream import DamagedXmlError, local, records

_TEXTS = ("word/document.xml", "content.xml")
_MANIFEST = "META-INF/manifest.xml"
_NOT_TEXT = frozenset(("fallback", "del", "annotation", "tracked-changes", "note", "instrtext", "movefrom"))


def read_office(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The document of a text file; of an export its articles, with the sources `source#1` onwards."""
    with of_size(stream, options) as packed, zipfile.ZipFile(packed) as archive:
        names = set(archive.namelist())
        name = next((one for one in _TEXTS if one in names), None)
        if CONTAINER in names and name is None:
            packed.seek(0)
            yield from read_epub(packed, source, options)
            return
        if name is None:
            yield Skipped(source, REFUSALS["office"].reason, REFUSALS["office"].says)
            return
        if archive.getinfo(name).flag_bits & 1 or _is_locked(archive, names):
            yield Skipped(source, "encrypted", "The file is encrypted.")
            return
        with archive.open(name) as opened:
            data = read_all(opened, options.max_whole)  # type: ignore[arg-type]
    try:
        lines = [line for text in _paragraphs(data, options) for line in (*text.split("\n"), "")]
    except DamagedXmlError as error:
        yield Skipped(source, "damaged", f"The file is damaged: {error}.")
        return
    yield from document_items(lines, source)


def _is_locked(archive: zipfile.ZipFile, names: set[str]) -> bool:
    """Does an OpenDocument file say that its parts are encrypted?"""
    if _MANIFEST not in names:
        return False
    with archive.open(_MANIFEST) as opened:
        return b"encryption-data" in opened.read(MEBI)


def _paragraphs(data: bytes, options: ReadOptions) -> Iterator[str]:
    for node in records(io.BytesIO(data), ("p", "h"), options):
        if not any(local(above) in _NOT_TEXT for above in node.iterancestors()):
            yield "\n".join(
                " ".join(line.split()) for line in "".join(_pieces(node, "wordprocessingml" in node.tag)).split("\n")
            )


def _pieces(node: Any, is_word: bool) -> Iterator[str]:
    """The text of a paragraph: Word's in `t` elements, OpenDocument's anywhere."""
    if not is_word:
        yield node.text or ""
    for part in node:
        name = local(part)
        if name in _NOT_TEXT or not name:
            pass
        elif name in ("br", "cr", "line-break"):
            yield "\n"
        elif name in ("tab", "s"):
            yield " "
        elif is_word and name == "t":
            yield part.text or ""
        else:
            yield from _pieces(part, is_word)
        if not is_word:
            yield part.tail or ""
