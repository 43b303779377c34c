"""WARC and WET files of web archives: pages (responses and resources) and the text records made from them.

Nothing is passed over in silence: a record that is cut, or whose length is wrong, is read as far as it goes and
flagged, and the next one is looked for; bytes that belong to no record, and records without a page, are counted and
said. Packed member by member or not: damage to one member of the packing costs no other one.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, Literal

from presseschau.findings import flag
from presseschau.ingest.document import KIBI, Document, Item, ReadOptions, Skipped
from presseschau.ingest.formats import detect
from presseschau.ingest.formats.bounded import BombError, CountedStream, check_ratio
from presseschau.ingest.formats.html import read_page
from presseschau.ingest.formats.http_message import HttpMessage, UndecodableError, headers, message, payload

_CHUNK = 64 * KIBI
_MAGIC = b"\x1f\x8b\x08"
_MAX_SEARCHED = 1_000
_BETWEEN = 16
"""Between two records stand two line ends, in practice none to four."""


class WarcStream:
    """Reads on like a file. Where its packing is "damaged" or "cut" (`trouble`) it ends, and `go_on` finds the next
    member. Raises BombError when it grows out of proportion."""

    def __init__(self, stream: BinaryIO, options: ReadOptions) -> None:
        self.trouble: Literal["damaged", "cut"] | None = None
        self._origin = CountedStream(stream)
        self._options = options
        self._unpacked = self._returned = self._searched = 0
        self._held = bytearray()
        self._packed = self._origin.read(_CHUNK) or b""
        self._unpack: Any = zlib.decompressobj(wbits=31) if self._packed.startswith(_MAGIC) else None

    def read(self, size: int) -> bytes:
        """`size` bytes, or fewer at the end."""
        while len(self._held) < size and self._fill():
            pass
        return self._take(size)

    def readline(self, cap: int) -> bytes:
        """A line with its end, or its first `cap` bytes; nothing at the end."""
        at = self._held.find(b"\n")
        while at < 0 and (before := len(self._held)) < cap and self._fill():
            at = self._held.find(b"\n", before)
        return self._take(min(cap, at + 1 if at >= 0 else len(self._held)))

    def skip(self, size: int) -> int:
        """Passes over `size` bytes; returns how many there were."""
        left = size
        while left and (passed := len(self.read(min(left, _CHUNK)))):
            left -= passed
        return size - left

    def give_back(self, data: bytes) -> None:
        """The last bytes that were read are read again."""
        self._returned += len(data)
        if self._returned > self._options.max_unpacked:
            raise BombError("Too many of its records give a wrong length; given up.")
        self._held[:0] = data

    def at_border(self) -> bool:
        """Does the next record, or a sound end, follow?"""
        while len(self._held) < _BETWEEN and self._fill():
            pass
        rest = self._held[:_BETWEEN].lstrip(b"\r\n\0")
        return b"WARC/".startswith(rest[:5]) and not (self.trouble and not rest)

    def go_on(self) -> bool:
        """Behind damaged packing: is there another member? It is read next."""
        self._searched += 1
        if self.trouble is None or self._searched > _MAX_SEARCHED:
            return False
        self._packed = self._packed[1:]  # not the member that failed
        while (at := self._packed.find(_MAGIC)) < 0:
            more = self._origin.read(_CHUNK)
            if not more:
                return False
            self._packed = self._packed[1 - len(_MAGIC) :] + more
        self._packed, self._unpack, self.trouble = self._packed[at:], zlib.decompressobj(wbits=31), None
        return True

    def _take(self, size: int) -> bytes:
        data = bytes(self._held[:size])
        del self._held[:size]
        return data

    def _fill(self) -> bool:
        """Holds more bytes; False at the end, sound or not."""
        if self.trouble:
            return False
        before = len(self._held)
        while len(self._held) == before:
            self._packed = self._packed or self._origin.read(_CHUNK) or b""
            if self._unpack is None:
                self._held += self._packed
                self._packed = b""
                return len(self._held) > before
            if self._unpack.eof and not self._next_member():
                return False
            self._inflate()
            if self.trouble:
                break
        self._unpacked += len(self._held) - before
        check_ratio(self._unpacked, self._origin.done, self._options)
        return len(self._held) > before

    def _next_member(self) -> bool:
        """Behind a member that ended: is there another one? Only padding may follow otherwise."""
        while self._packed and len(self._packed) < len(_MAGIC) and (more := self._origin.read(_CHUNK)):
            self._packed += more
        if self._packed.startswith(_MAGIC):
            self._unpack = zlib.decompressobj(wbits=31)
            return True
        if self._packed.strip(b"\0"):
            self.trouble = "cut" if _MAGIC.startswith(self._packed) else "damaged"
        return False

    def _inflate(self) -> None:
        """Unpacks a piece; of a piece that is damaged, what stands before the damage."""
        if not self._packed:
            self.trouble = "cut"
            return
        spare = self._unpack.copy()
        try:
            self._held += self._unpack.decompress(self._packed, _CHUNK)
            self._packed = self._unpack.unused_data if self._unpack.eof else self._unpack.unconsumed_tail
        except zlib.error:
            self.trouble = "damaged"
            for at in range(len(self._packed)):
                try:
                    self._held += spare.decompress(self._packed[at : at + 1])
                except zlib.error:
                    return


_PAGES = ("text/html", "application/xhtml+xml")
_BEGIN = re.compile(rb"WARC/\d+\.\d+\s*$")
_NEXT = re.compile(rb"\r?\n\r?\n(?=WARC/\d+\.\d+\r?\n[\w-]+:)")
"""Where a record ends that says it is longer: blank line, then the head of another one."""
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_MAX_HEAD = 256 * KIBI
_NAMED = 12
"""Kinds of records passed over that are named; the others are counted together."""
_MAX_KINDS = 1_000


@dataclass(frozen=True)
class _Record:
    """A record's head (names in lower case) and block. `fault` says why the block may not be all of it, `ended` that
    the file or its packing ended within."""

    head: Mapping[str, str]
    block: bytes
    fault: str = ""
    ended: bool = False

    @property
    def address(self) -> str:
        return self.head.get("warc-target-uri", "").strip("<>") or self.head.get("warc-record-id", "?")


def read_warc(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of a WARC or WET file, packed (gzip) or not, one record in memory at a time.

    Their sources are `source!URI`. What holds no page (other types of records and of content, answers other than 200)
    is counted in a last Skipped.
    """
    passed: Counter[str] = Counter()
    for found in _records(WarcStream(stream, options), source, options):
        if isinstance(found, Skipped):
            yield found
            continue
        item = _item(found, f"{source}!{found.address}", options)
        if isinstance(item, str):
            passed[item if item in passed or len(passed) < _MAX_KINDS else "other"] += 1
        else:
            yield item
    if passed:
        named = passed.most_common(_NAMED)
        rest = passed.total() - sum(count for _, count in named)
        kinds = [f"{count:,} {kind}" for kind, count in named] + ([f"{rest:,} others"] if rest else [])
        yield Skipped(source, "passed", f"Records without a page were passed over: {', '.join(kinds)}.")


def _records(stream: WarcStream, source: str, options: ReadOptions) -> Iterator[_Record | Skipped]:
    """Every record, and a Skipped for what cannot be read of the file."""
    stray, told, before = 0, False, "the beginning"
    while True:
        line = stream.readline(_MAX_HEAD)
        begins = _BEGIN.match(line) is not None
        if stray and (begins or not line):
            yield Skipped(source, "damaged", f"{stray:,} bytes behind {before} belong to no record.")
            stray, told = 0, True
        if begins:
            record = _record(stream, options)
            before = record.address
            if "content-length" in record.head:
                yield record
            if told := record.ended or "content-length" not in record.head:
                yield Skipped(f"{source}!{before}", "damaged", f"This record is damaged: {record.fault}.")
        elif line:
            stray += len(line.strip(b"\0\r\n\t "))
        else:
            if stream.trouble and not told:
                yield Skipped(source, "damaged", f"The compressed data behind {before} are {stream.trouble}.")
            if not stream.go_on():
                return


def _record(stream: WarcStream, options: ReadOptions) -> _Record:
    """The record whose first line was just read; without a length in its head if that is cut or gives none."""
    lines: list[bytes] = []
    size = 0
    while (line := stream.readline(_MAX_HEAD)).strip() and size <= _MAX_HEAD:
        lines.append(line)
        size += len(line)
    head = headers(b"".join(lines))
    length = head.pop("content-length", "")
    if not line or size > _MAX_HEAD or not (length.isascii() and length.isdigit() and len(length) < 19):
        return _Record(head, b"", "its head is cut, or gives no length")
    head["content-length"] = length
    wanted = int(length)
    block = stream.read(min(wanted, options.max_item + 1))
    had = len(block) + stream.skip(wanted - len(block))
    if had == wanted and stream.at_border():
        return _Record(head, block)
    inside = _NEXT.search(block) if had == len(block) else None
    if inside:
        stream.give_back(block[inside.end() :])
        return _Record(head, block[: inside.start()], f"another one begins {inside.start():,} bytes into its {length}")
    if had == wanted:
        return _Record(head, block, f"it does not end after the {wanted:,} bytes that it announces")
    why = "its compression is damaged" if stream.trouble == "damaged" else "the file ends"
    return _Record(head, block, f"{why} after {had:,} of its {wanted:,} bytes", ended=True)


def _item(record: _Record, name: str, options: ReadOptions) -> Item | str:
    """The page or text in a record; for one that holds none, its kind in a few words."""
    kind = record.head.get("warc-type", "without a type").lower()
    content = record.head.get("content-type", "")
    if kind not in ("response", "resource", "conversion"):
        return kind[:40]
    answer = message(record.block) if kind == "response" else HttpMessage(None, {}, record.block)
    if answer.status not in (None, 200):
        return f"answer {answer.status}"
    content = answer.head.get("content-type", "") if kind == "response" else content
    mime = "text/plain" if kind == "conversion" else content.partition(";")[0].strip().lower()
    if mime and mime not in (*_PAGES, "text/plain"):
        return mime[:40]
    if len(record.block) > options.max_item:
        return Skipped(name, "large", f"The record is longer than {options.max_item:,} bytes.")
    try:
        data, cut = payload(answer, options.max_item)
    except UndecodableError as error:
        return Skipped(name, "damaged", str(error))
    if len(data) > options.max_item:
        return Skipped(name, "large", f"The record unpacks to more than {options.max_item:,} bytes.")
    if not mime and detect.format_of("", data[: detect.HEAD]) not in ("html", "fragment"):
        return "without a content type"
    charset = said[1] if (said := _CHARSET.search(content)) else None
    if mime == "text/plain":
        declared = "utf-8" if kind == "conversion" else charset
        item: Item = Document(name, data=data, declared=declared, metadata={"url": record.address})
    else:
        item = read_page(data, name, charset or options.charset)
        if isinstance(item, Document):
            item = replace(item, metadata={"url": record.address, **item.metadata})
    return _flagged(item, record, cut)


def _flagged(item: Item, record: _Record, cut: str) -> Item:
    """With a warning if the record is not whole."""
    if "warc-truncated" in record.head:
        cut = f"the crawler cut it ({record.head['warc-truncated'][:40]})"
    elif record.fault or record.head.get("warc-segment-number"):
        cut = record.fault or "it goes on in another record"
    if not cut or isinstance(item, Skipped):
        return item
    text = f"The article is incomplete. Its record in the archive is not whole: {cut}."
    return replace(item, findings=(*item.findings, flag("input.incomplete", text).stamped()))
