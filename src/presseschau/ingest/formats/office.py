"""Files of word processors (Word, OpenDocument, RTF): their paragraphs, one article; or what a press archive exported,
an article per item.

Of Word and OpenDocument only the text's own XML is unpacked. RTF (Microsoft's specification 1.9.1) is read in one pass
without recursion. Macros, links, pictures, objects, fields' instructions, notes and headers are passed over; nothing
is run or fetched.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from presseschau.ingest.document import MEBI, Document, Item, ReadOptions, Skipped
from presseschau.ingest.formats.archive import of_size
from presseschau.ingest.formats.bounded import LargeError, read_all
from presseschau.ingest.formats.epub import CONTAINER, read_epub
from presseschau.ingest.formats.factiva import factiva_items
from presseschau.ingest.formats.nexis import is_end, nexis_items
from presseschau.ingest.formats.unread import REFUSALS, Look, unread
from presseschau.ingest.formats.wiso import wiso_items
from presseschau.ingest.formats.xml_stream import DamagedXmlError, local, records


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


_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\", re.DOTALL
)
_WORDS = {
    "par": "\n\n", "sect": "\n\n", "page": "\n\n", "line": "\n", "row": "\n\n", "cell": "  ", "nestcell": "  ",
    "tab": " ", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
_SIGNS = {b"~": "\xa0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n\n", b"\r": "\n\n"}
_BESIDE = frozenset((
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr", "headerf", "footer",
    "footerl", "footerr", "footerf", "footnote", "annotation", "fldinst", "themedata", "datastore", "listtable",
    "listoverridetable", "revtbl", "rsidtbl", "generator", "xmlnstbl", "latentstyles", "deleted", "nonesttables",
))  # fmt: skip
_CHARSETS = {
    0: "cp1252", 77: "mac-roman", 161: "cp1253", 162: "cp1254", 186: "cp1257", 204: "cp1251", 238: "cp1250",
}  # fmt: skip
_DEEPEST = 10_000


class _Braces:
    """What holds within a pair of braces."""

    __slots__ = ("charset", "hidden", "skip")

    def __init__(self, charset: str, skip: int, hidden: bool) -> None:
        self.charset, self.skip, self.hidden = charset, skip, hidden


def read_rtf(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The document of an RTF file; of an export its articles, with the sources `source#1` onwards."""
    data = read_all(stream, options.max_whole)
    try:
        text = text_of(data)
    except LargeError as error:
        yield Skipped(source, "large", str(error))
        return
    if not data.rstrip(b"\0 \r\n").endswith(b"}"):
        yield Skipped(source, "damaged", "The RTF file is cut: its last brace is missing.")
    yield from document_items([line.rstrip() for line in text.split("\n")], source)


def text_of(data: bytes) -> str:
    """The text of RTF: blank lines between paragraphs, two blanks between the cells of a row."""
    fonts = _fonts(data)
    charset = _page(re.search(rb"\\ansicpg(\d{1,5})", data[:4096])) or (
        "mac-roman" if b"\\mac" in data[:64] else "cp1252"
    )
    group, groups = _Braces(charset, 1, False), list[_Braces]()
    parts: list[str] = []
    pending = bytearray()  # bytes of one character may come one by one
    left = 0  # characters that stand for a Unicode one, and are passed over
    starred = False

    def flush() -> None:
        if pending:
            parts.append(pending.decode(group.charset, "replace"))
            pending.clear()

    at = 0
    while found := _TOKEN.match(data, at):
        at = found.end()
        word, number, hexed, sign, brace, plain = found.groups()
        if len(pending) > 65_536 or (pending and not (hexed or plain)):
            flush()
        if brace == b"{":
            if len(groups) >= _DEEPEST:
                raise LargeError(f"Its groups are nested more than {_DEEPEST:,} deep.")
            groups.append(group)
            group, left = _Braces(group.charset, group.skip, group.hidden), 0
        elif brace:
            group, left = groups.pop() if groups else group, 0
        elif sign == b"*":
            starred = True
            continue
        elif word == b"bin":
            length = int(number or 0)
            at += length if 0 < length < len(data) - at else 0  # a length may lie
        elif word:
            name, value = word.decode(), int(number) if number else None
            if name in _BESIDE or (starred and name != "shptxt"):
                group.hidden = True
            elif name == "u" and value is not None:
                left = group.skip
                if not group.hidden:
                    parts.append(chr(value % 65_536))
            elif name == "uc":
                group.skip = max(0, min(value or 0, 8))
            elif name == "f":
                group.charset = fonts.get(value or 0, charset)
            elif name == "plain":
                group.charset = charset
            elif name == "v":
                group.hidden = group.hidden or value != 0
            elif name in _WORDS and not group.hidden:
                parts.append(_WORDS[name])
        elif left and (hexed or plain):
            left -= 1
            if plain and len(plain) > 1 and not group.hidden:
                pending += plain[left + 1 :]
                left = 0
        elif not group.hidden:
            pending += bytes.fromhex(hexed.decode()) if hexed else plain or b""
            if sign in _SIGNS:
                parts.append(_SIGNS[sign])
        starred = False
    flush()
    return "".join(parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _fonts(data: bytes) -> dict[int, str]:
    """The encoding of each font that names one."""
    table = data[: 256 * 1024]
    found = re.finditer(
        rb"\\f(\d{1,5})[^{};\\]{0,9}(?:\\[a-z]{1,12}\d{0,5}[^{};\\]{0,4}){0,4}?\\fcharset(\d{1,3})", table
    )
    return {int(font[1]): _CHARSETS[int(font[2])] for font in found if int(font[2]) in _CHARSETS}


def _page(found: re.Match[bytes] | None) -> str:
    """The codec of a code page by its number; empty for none that is known."""
    name = f"cp{found[1].decode()}" if found else ""
    if name in ("cp65001", "cp10000"):
        return {"cp65001": "utf-8"}.get(name, "mac-roman")
    try:
        "".encode(name or "?")
    except LookupError:
        return ""
    return name
