"""The answer of a web server as an archive keeps it: head and payload, decoded as far as the head fits the body."""

from __future__ import annotations

import importlib
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from presseschau.errors import InputError
from presseschau.ingest.document import MEBI

_STATUS = re.compile(rb"HTTP/[\d.]+ +(\d{3})[^\n]*\n")
_END = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"\s*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_LISTS = ("transfer-encoding", "content-encoding")
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_MAX_CODINGS = 3
_MAX_WINDOW = 128 * MEBI
_PIECE = 256
"""Bytes unpacked at once: a bomb makes a few MB of them."""


class UndecodableError(InputError):
    """The payload is packed in a way that cannot be undone here."""


@dataclass(frozen=True)
class HttpMessage:
    """`status` is None where no status line stands: then all is body. Names in `head` are in lower case."""

    status: int | None
    head: Mapping[str, str]
    body: bytes


def message(block: bytes) -> HttpMessage:
    """The message in the block of a record."""
    status = _STATUS.match(block)
    if status is None:
        return HttpMessage(None, {}, block)
    end = _END.search(block, status.end() - 2)
    if end is None:
        return HttpMessage(int(status[1]), headers(block[status.end() :]), b"")
    return HttpMessage(int(status[1]), headers(block[status.end() : end.start()]), block[end.end() :])


def headers(data: bytes) -> dict[str, str]:
    """Header lines, folded or not: names in lower case, of those that are said twice the first, or both in a list."""
    found: dict[str, str] = {}
    text = re.sub(r"\r?\n[ \t]+", " ", data.decode("utf-8", errors="replace"))
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        name, value = name.strip().lower(), value.strip()
        if colon and name in found and name in _LISTS:
            found[name] += f",{value}"
        elif colon:
            found.setdefault(name, value)
    return found


def payload(answer: HttpMessage, cap: int) -> tuple[bytes, str]:
    """At most `cap` + 1 bytes of content, and why they are not all of it, if they are not.

    What the head says and the body does not bear out is passed over: a body that is not chunked is not chunks, one
    that does not unpack is plain. Raises UndecodableError if a coding needs a package that is not installed.
    """
    body, cut = answer.body, ""
    said = answer.head.get("content-length", "")
    if said.isascii() and said.isdigit() and len(body) < int(said[:18]) and b"</html" not in body[-200:].lower():
        cut = f"the server announced {int(said[:18]):,} bytes, and {len(body):,} came"
    if "chunked" in answer.head.get("transfer-encoding", "").lower():
        body, whole = _joined(body)
        cut = cut if whole else "its transfer broke off"
    codings = [coding.strip().lower() for coding in answer.head.get("content-encoding", "").split(",")]
    for coding in [*reversed(codings), ""][:_MAX_CODINGS]:
        body, whole = _unpacked(body, coding, cap)
        cut = cut if whole else "its compressed content is cut or damaged"
    return body, cut


def _joined(body: bytes) -> tuple[bytes, bool]:
    """The chunks as one, and whether the last one is there; a body that does not begin with a chunk as it is."""
    pieces: list[bytes] = []
    at = 0
    while head := _CHUNK.match(body, at):
        size = int(head[1], 16)
        at = head.end() + size
        if size == 0:
            return b"".join(pieces), True
        if not pieces and body[at : at + 1] not in (b"\r", b"\n", b""):
            return body, True  # that only looked like the length of a chunk
        pieces.append(body[head.end() : at])
    return (b"".join(pieces), False) if pieces else (body, True)


def _unpacked(body: bytes, coding: str, cap: int) -> tuple[bytes, bool]:
    """The body unpacked, and whether it is whole: by its first bytes, or if they say nothing as the head says."""
    if body.startswith(_GZIP):
        return _pushed(zlib.decompressobj(wbits=31), body, cap) or (body, False)
    if body.startswith(_ZSTD):
        packer = _package("zstandard", "zstd").ZstdDecompressor(max_window_size=_MAX_WINDOW)
        return _pushed(packer.decompressobj(), body, cap) or (body, False)
    if coding == "deflate":
        tried = (_pushed(zlib.decompressobj(wbits=bits), body, cap) for bits in (15, -15))
        return next(filter(None, tried), (body, True))
    if coding == "br" and not body.lstrip().startswith(b"<"):
        return _pushed(_package("brotli", "warc").Decompressor(), body, cap) or (body, True)
    return body, True


def _pushed(unpack: Any, body: bytes, cap: int) -> tuple[bytes, bool] | None:
    """What it unpacks, piece by piece up to damage or `cap`, and whether that is whole; None if it is nothing."""
    by_brotli = hasattr(unpack, "process")
    push = partial(unpack.process, output_buffer_limit=cap + 1) if by_brotli else unpack.decompress
    data = bytearray()
    for at in range(0, len(body), _PIECE):
        try:
            data += push(body[at : at + _PIECE])
        except Exception as error:
            if type(error).__name__ not in ("error", "ZstdError"):  # as each of the packages calls its own
                raise
            break
        if len(data) > cap or (unpack.is_finished() if by_brotli else unpack.eof):
            return bytes(data), True
    return (bytes(data), False) if data else None


def _package(name: str, extra: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise UndecodableError(f"It is compressed; install {name}: pip install 'presseschau[{extra}]'.") from None
