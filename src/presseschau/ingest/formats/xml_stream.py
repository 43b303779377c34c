"""The records of an XML file (items of a feed, articles of an agency), one in memory at a time.

Nothing is fetched, no DTD is loaded, no entity of the file's own is expanded; what libxml2 refuses (nesting, endless
texts, amplification) ends the file as damaged.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO

from presseschau.ingest.document import MEBI, ReadOptions
from presseschau.ingest.formats.bounded import LargeError
from presseschau.ingest.formats.text import blocks_of_fragment


class DamagedXmlError(ValueError):
    """The XML cannot be read on; raised behind the last record that could."""


_MARK = re.compile(
    r"&(?!\#\d{1,7};|\#[xX][0-9a-fA-F]{1,6};)(amp;|lt;|gt;|quot;|apos;)?|<(?![A-Za-z_/!?:])|[\0-\x08\x0b\x0c\x0e-\x1f]"
)
_WRITTEN = {
    "&amp;": "&#38;",
    "&lt;": "&#60;",
    "&gt;": "&#62;",
    "&quot;": "&#34;",
    "&apos;": "&#39;",
    "&": "&#38;",
    "<": "&#60;",
}
"""Written as numbers: a parser that has met one fault leaves named characters out, and expands a file's own ones."""
_TAIL = re.compile(r"[&<][^;>&<]{0,48}\Z")
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,80}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_HARMLESS = frozenset(("ERR_INVALID_CHARREF", "ERR_INVALID_CHAR"))
_MOST = 4 * MEBI  # of a record; its elements take thirty times as much memory


class _Mended:
    """An XML file as UTF-8, in which marks that begin nothing ("A & B", "<3") stand for themselves: a parser would
    leave them out, or stop. What is not UTF-8 though it should be is taken for Windows-1252. Gives up a record without
    end: `since` counts the bytes since the last one."""

    def __init__(self, stream: BinaryIO, options: ReadOptions) -> None:
        self.stream, self.cap, self.since = stream, min(_MOST, options.max_item), 0
        self.charset = options.charset
        self.held = ""
        self.ended = False
        self.decoder: codecs.IncrementalDecoder | None = None

    def read(self, size: int) -> bytes:
        while True:
            data = self.stream.read(size)
            self.since += len(data)
            if self.since > self.cap:
                raise LargeError(f"An article in it is larger than {self.cap:,} bytes, the most that one may have.")
            self.ended = not data
            text, self.held = self.held + self._decoded(data), ""
            if data and (tail := _TAIL.search(text, max(0, len(text) - 50))):
                text, self.held = text[: tail.start()], text[tail.start() :]
            if text or not data:
                return _MARK.sub(lambda found: _WRITTEN.get(found[0], " "), text).encode("utf-8", "replace")

    def _decoded(self, data: bytes) -> str:
        self.decoder = self.decoder or codecs.getincrementaldecoder(self.charset or _charset(data))(
            "strict" if self.charset is None else "replace"
        )
        pending = self.decoder.getstate()[0]
        try:
            return self.decoder.decode(data, final=not data)
        except UnicodeDecodeError:
            self.decoder = codecs.getincrementaldecoder("cp1252")("replace")
            return self.decoder.decode(pending + data)


def _charset(head: bytes) -> str:
    """The encoding by byte order mark or declaration; UTF-8 if there is none, or none that is known."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in head[:4]:
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    declared = _DECLARED.match(head)
    name = declared[1].decode().lower() if declared else "utf-8"
    try:
        "".encode(name)
    except LookupError:
        return "utf-8-sig"
    return {"utf-8": "utf-8-sig", "utf8": "utf-8-sig", "iso-8859-1": "cp1252", "utf-16": "utf-8-sig"}.get(name, name)


def records(stream: BinaryIO, names: Collection[str], options: ReadOptions) -> Iterator[Any]:
    """Every outermost element with one of these local names; it is emptied when the next one is asked for.

    Raises LargeError for one longer than 4 MiB or `max_item`; DamagedXmlError, behind the last one that is whole, if
    the file ends amid one or some of it could not be read.
    """
    from lxml import etree  # type: ignore[import-untyped]

    mended = _Mended(stream, options)
    found = etree.iterparse(
        mended, events=("start", "end"), tag=[f"{{*}}{name}" for name in names], recover=True, huge_tree=False,
        no_network=True, resolve_entities=False, load_dtd=False, remove_comments=True, remove_pis=True,
        encoding="utf-8",
    )  # fmt: skip
    depth = 0
    try:
        for event, node in found:
            depth += 1 if event == "start" else -1
            if event == "start" or depth:
                continue
            if mended.ended and _fatal(found, "ERR_TAG_NOT_FINISHED"):
                break
            yield node
            mended.since = 0
            node.clear()
            while node.getprevious() is not None:
                del node.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise DamagedXmlError((error.msg or "it cannot be read")[:120]) from None
    if fatal := _fatal(found):
        raise DamagedXmlError(f"line {fatal.line}: {fatal.message.strip()[:100]}")


def _fatal(found: Any, kind: str = "") -> Any:
    """The first error by which something may have been lost."""
    errors = (one for one in found.error_log if one.level_name == "FATAL" and one.type_name not in _HARMLESS)
    return next((one for one in errors if kind in one.type_name), None)


def tree_of(data: bytes) -> Any:
    """The root element of a small XML file. Raises DamagedXmlError if there is none."""
    from lxml import etree

    parser = etree.XMLParser(
        recover=True, huge_tree=False, no_network=True, resolve_entities=False, load_dtd=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DamagedXmlError((error.msg or "it cannot be read")[:120]) from None
    if root is None:
        raise DamagedXmlError("it has no element")
    return root


def local(node: Any) -> str:
    """An element's name without its namespace, in lower case; empty for what is not an element."""
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def children(node: Any) -> dict[str, list[Any]]:
    """The elements in `node` by local name."""
    found: dict[str, list[Any]] = {}
    for child in node:
        if name := local(child):
            found.setdefault(name, []).append(child)
    return found


def markup(node: Any) -> str:
    """What stands in an element as HTML: its own text, or its elements without their namespaces."""
    from lxml import etree

    if node is None:
        return ""
    if len(node) == 0:
        return node.text or ""
    for part in node.iter():
        if isinstance(part.tag, str):
            part.tag = part.tag.rpartition("}")[2].lower()
    return str(etree.tostring(node, method="html", encoding="unicode", with_tail=False))


def line(node: Any) -> str:
    """The text of an element in one line, without markup."""
    text = markup(node)
    plain = blocks_of_fragment(text) if "<" in text else html.unescape(text)
    return " ".join(plain.split())
