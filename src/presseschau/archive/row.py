"""One item of an archive and how it ended."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

State = Literal["done", "done-with-findings", "failed", "skipped", "duplicate"]
STATES: tuple[State, ...] = ("done", "done-with-findings", "failed", "skipped", "duplicate")
"""Every item ends in exactly one; an item without a row is still to be done."""

RETRYABLE = frozenset({"provider-down"})
"""Classes of failure that the same command tries again by itself; others only with `--retry-failed`."""


@dataclass(frozen=True)
class Failure:
    """A task that failed for good: its part (`read` before there was an article), its class, and what was said."""

    task: str
    kind: str
    message: str


@dataclass(frozen=True)
class Row:
    """An item that has ended.

    `position` counts every item of the input from 0. `digest` is that of the item as the container gave it. `reason`
    is the class of a failure, why it was skipped, or the source that it is a duplicate of. `record` is the line of
    output (JSON, compressed), None if there is none; `length` its bytes uncompressed. `attempts` are requests sent.
    `sketch` is for finding near duplicates.
    """

    position: int
    source: str
    digest: bytes
    state: State
    article: str | None = None
    reason: str = ""
    failures: tuple[Failure, ...] = ()
    attempts: int = 0
    tokens: int = 0
    record: bytes | None = None
    length: int = 0
    sketch: bytes = b""


@dataclass(frozen=True)
class Known:
    """What must be known of an item that has ended, to pass it over."""

    position: int
    digest: bytes
    state: State
    article: str | None


def digest_of(source: str, content: str | bytes | None, more: Mapping[str, str | None]) -> bytes:
    """Sixteen bytes that change when the item, or what its container says about it, changes."""
    hashed = hashlib.blake2b(digest_size=16)
    for part in (source, *(f"{key}={value}" for key, value in sorted(more.items()))):
        hashed.update(part.encode(errors="surrogatepass") + b"\0")
    hashed.update(content.encode(errors="surrogatepass") if isinstance(content, str) else content or b"")
    return hashed.digest()


def packed(line: bytes) -> bytes:
    return zlib.compress(line, 1)


def unpacked(record: bytes) -> bytes:
    return zlib.decompress(record)
