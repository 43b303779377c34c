"""Reading within bounds: whole streams and single lines up to a cap, and unpacking that notices a bomb."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from presseschau.errors import InputError
from presseschau.ingest.document import ReadOptions

_CHUNK = 256 * 1024


class BombError(InputError):
    """The data unpack to far more than their packed size."""


class LargeError(InputError):
    """One item is larger than the cap."""


def read_all(stream: BinaryIO, cap: int) -> bytes:
    """All bytes of `stream`. Raises LargeError if there are more than `cap`; reads at most one chunk beyond it."""
    data = bytearray()
    _fill(data, stream.read, cap)
    return bytes(data)


def read_to_cut(stream: BinaryIO, cap: int) -> tuple[bytes, bool]:
    """The same, and whether its packing breaks off after these bytes. Raises EOFError if there are none before that."""
    data = bytearray()
    try:
        _fill(data, stream.read1, cap)  # type: ignore[attr-defined] # `read` drops what it has when it fails
    except EOFError:
        if not data:
            raise
        return bytes(data), True
    return bytes(data), False


def _fill(data: bytearray, read: Callable[[int], bytes], cap: int) -> None:
    while chunk := read(_CHUNK):
        data += chunk
        if len(data) > cap:
            raise LargeError(f"It is larger than {cap:,} bytes, the most that one item may have.")


def lines(stream: BinaryIO, cap: int) -> Iterator[tuple[int, bytes | None]]:
    """(line number from 1, line with its end) of `stream`; None for a line of more than `cap` bytes, not kept."""
    number = 0
    while line := stream.readline(cap + 1):
        number += 1
        if len(line) <= cap or line.endswith(b"\n"):
            yield number, line
            continue
        while len(line) > _CHUNK or not line.endswith(b"\n"):
            line = stream.readline(_CHUNK)
            if not line or line.endswith(b"\n"):
                break
        yield number, None


class CountedStream(io.RawIOBase):
    """A readable that counts what passes through it: `done` bytes."""

    def __init__(self, stream: Any) -> None:
        super().__init__()
        self.stream = stream
        self.done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data: bytes = self.stream.read(len(buffer))
        buffer[: len(data)] = data
        self.done += len(data)
        return len(data)


class Unpacked(CountedStream):
    """An unpacked stream that raises BombError when it grows out of proportion to its packed `origin`.

    What can be unpacked before a cut or damage is handed out before the error is raised.
    """

    def __init__(self, stream: Any, origin: CountedStream, options: ReadOptions) -> None:
        super().__init__(stream)
        self.origin = origin
        self.options = options
        self.error: Exception | None = None

    def readinto(self, buffer: Any) -> int:
        count = 0
        while self.error is None and count < len(buffer):
            try:
                data: bytes = self.stream.read1(len(buffer) - count)
            except Exception as error:  # noqa: BLE001 - raised below, whatever it is, once all else is handed out
                self.error = error
                break
            if not data:
                break
            buffer[count : count + len(data)] = data
            count += len(data)
        self.done += count
        check_ratio(self.done, self.origin.done, self.options)
        if self.error is not None and not count:
            raise self.error
        return count


def check_ratio(unpacked: int, packed: int, options: ReadOptions) -> None:
    """Raise BombError if `unpacked` bytes from `packed` bytes pass the caps."""
    limit, ratio = options.max_unpacked, options.max_ratio
    if unpacked > limit and unpacked > ratio * max(packed, 1):
        raise BombError(f"It unpacks to more than {ratio} times its size; given up after {limit:,} bytes.")
