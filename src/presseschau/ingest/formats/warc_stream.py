"""The bytes of a WARC, packed member by member or not: damage to one member of the packing costs no other one."""

from __future__ import annotations

import zlib
from typing import Any, BinaryIO, Literal

from presseschau.ingest.document import KIBI, ReadOptions
from presseschau.ingest.formats.bounded import BombError, CountedStream, check_ratio

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
