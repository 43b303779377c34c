"""EPUB (https://www.w3.org/TR/epub-33/): the texts in their order of reading, an article each that has one.

A chapter is an article; short ones (covers, title pages) and the table of contents are passed over. Nothing outside the
package is read.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import unquote

from presseschau.ingest.dates import moment
from presseschau.ingest.document import MEBI, Document, Item, ReadOptions, Skipped
from presseschau.ingest.formats.archive import of_size
from presseschau.ingest.formats.bounded import LargeError, read_all
from presseschau.ingest.formats.feeds import person
from presseschau.ingest.formats.text import blocks_of_fragment
from presseschau.ingest.formats.xml_stream import DamagedXmlError, line, local, tree_of
from presseschau.ingest.layout.credits import read_byline
from presseschau.ingest.text.decode import decode

CONTAINER = "META-INF/container.xml"
_SCHEME = "META-INF/encryption.xml"
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_MOST_PART, _MOST_PARTS = 8 * MEBI, 10_000
_FEWEST = 80
"""Characters: a shorter chapter is a cover or a title page."""
_HEADING = re.compile(r"<h[1-3]\b[^<>]{0,500}>(.{1,1000}?)</h[1-3]", re.IGNORECASE | re.DOTALL)
_MOST_ABOVE = 4
"""Blocks among which the headline stands; a kicker may stand above it."""
_PAGES = frozenset(("cover", "titlepage", "toc", "nav", "copyright-page", "colophon"))


def read_epub(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of a book's chapters; their sources are `source#1` onwards."""
    try:
        yield from _book(stream, source, options)
    except DamagedXmlError as error:
        yield Skipped(source, "damaged", f"The EPUB file is damaged: {error}.")


def _book(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    with of_size(stream, options) as packed, zipfile.ZipFile(packed) as archive:
        names = set(archive.namelist())
        if "META-INF/rights.xml" in names or any(info.flag_bits & 1 for info in archive.infolist()):
            yield Skipped(source, "encrypted", "The EPUB file is encrypted.")
            return
        if _SCHEME in names and _is_locked(_part(archive, _SCHEME)):
            yield Skipped(source, "encrypted", "The EPUB file is encrypted.")
            return
        root = next((one.get("full-path", "") for one in _elements(archive, names, CONTAINER, "rootfile")), "")
        if root not in names:
            yield Skipped(source, "damaged", "The EPUB file does not say which texts it has.")
            return
        yield from _chapters(archive, names, root, source, options)


def _chapters(
    archive: zipfile.ZipFile, names: set[str], root: str, source: str, options: ReadOptions
) -> Iterator[Item]:
    package = tree_of(_part(archive, root))
    by_id: dict[str, Any] = {}
    said: dict[str, list[str]] = {}
    for one in package.iter():
        if local(one) == "item":
            by_id[one.get("id", "")] = one
        elif local(one) in ("title", "creator", "date", "publisher"):
            said.setdefault(local(one), []).append(line(one))
    book = {"outlet": said.get("title", [""])[0], "published": moment(said.get("date", [""])[0])}
    order = list(dict.fromkeys(by_id.get(one.get("idref", "")) for one in package.iter() if local(one) == "itemref"))
    number = size = 0
    for one in order[:_MOST_PARTS]:
        if one is None or "html" not in one.get("media-type", "") or "nav" in one.get("properties", "").split():
            continue
        name = posixpath.normpath(posixpath.join(posixpath.dirname(root), unquote(one.get("href", ""))))
        if name not in names:
            number += 1
            yield Skipped(f"{source}#{number}", "damaged", f"The EPUB file has no part {name[:80]!r}.")
            continue
        try:
            data = _part(archive, name)
            size += len(data)
        except LargeError as error:
            number += 1
            yield Skipped(f"{source}#{number}", "large", str(error))
            continue
        if size > options.max_whole:
            raise LargeError(f"Its texts have more than {options.max_whole:,} bytes, the most that one file may have.")
        item = _chapter(decode(data, "utf-8").text, f"{source}#{number + 1}", book)
        if item is not None:
            number += 1
            yield item
    if len(order) > _MOST_PARTS:
        yield Skipped(source, "large", f"The EPUB file has more than {_MOST_PARTS:,} parts.")
    if number == 0:
        yield Skipped(source, "empty", "The EPUB file has no text.")


def _chapter(markup: str, source: str, book: dict[str, str]) -> Item | None:
    """The document of a chapter; None if it is none."""
    begun = markup[:4096].lower()
    if any(f'epub:type="{page}"' in begun for page in _PAGES):
        return None
    head, _, body = markup.partition("<body")
    blocks = blocks_of_fragment(f"<div{body}" if body else head).split("\n\n")
    if sum(map(len, blocks)) < _FEWEST:
        return None
    metadata = {key: value for key, value in book.items() if value}
    heading = _HEADING.search(markup[:100_000])
    title = blocks_of_fragment(heading[1]).replace("\n\n", "\n") if heading else ""
    at = next((n for n, block in enumerate(blocks[:_MOST_ABOVE]) if block == title), None) if title else None
    if at is not None:
        metadata["headline"] = title.replace("\n", " ")
        byline = read_byline(blocks[at + 1]) if len(blocks) > at + 2 else None
        if byline is not None:
            del blocks[at + 1]
            metadata |= {"author": person(byline)} if byline else {}
    return Document(source, text="\n\n".join(blocks), metadata=metadata)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as opened:
        return read_all(opened, _MOST_PART)  # type: ignore[arg-type]


def _elements(archive: zipfile.ZipFile, names: set[str], name: str, wanted: str) -> list[Any]:
    return [one for one in tree_of(_part(archive, name)).iter() if local(one) == wanted] if name in names else []


def _is_locked(scheme: bytes) -> bool:
    """Is more encrypted than fonts?"""
    methods = [one.get("Algorithm", "") for one in tree_of(scheme).iter() if local(one) == "encryptionmethod"]
    return any(method not in _FONTS for method in methods)
