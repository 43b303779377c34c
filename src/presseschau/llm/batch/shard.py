"""Requests written to files as they come, each file within what a batch may hold."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from presseschau.storage.files import cannot_write

MOST_REQUESTS = 50_000
MOST_BYTES = 200_000_000
"""What one batch file may hold: OpenAI's reference of `POST /v1/batches`, November 2026 ("200 MB", read as the
smaller of the two)."""


@dataclass(frozen=True)
class ShardLimit:
    """What one shard may hold; `tokens` of prompts, None: any number."""

    requests: int = MOST_REQUESTS
    bytes: int = MOST_BYTES
    tokens: int | None = None


@dataclass(frozen=True)
class Shard:
    """A file on the disk. `digest` is the sha256 of its bytes; `tokens` of its prompts, at most."""

    number: int
    path: Path
    digest: str
    requests: int
    bytes: int
    tokens: int


class ShardWriter:
    """Writes shards numbered from `first`. Nothing but the open file's buffer is held in memory."""

    def __init__(self, named: Callable[[int], Path], first: int, limit: ShardLimit) -> None:
        self._named = named
        self._limit = limit
        self._number = first
        self._done: list[Shard] = []
        self._file: BinaryIO | None = None
        self._begin()

    def _begin(self) -> None:
        self._hash = hashlib.sha256()
        self._requests = self._bytes = self._tokens = 0

    def add(self, line: bytes, tokens: int) -> int:
        """Writes one line; returns the number of its shard. Raises OutputError."""
        limit = self._limit
        full = self._requests >= limit.requests or self._bytes + len(line) > limit.bytes
        if self._requests and (full or (limit.tokens is not None and self._tokens + tokens > limit.tokens)):
            self._close()
        path = self._named(self._number)
        try:
            if self._file is None:
                self._file = path.open("wb")
            self._file.write(line)
        except OSError as error:
            raise cannot_write(path, error) from None
        self._hash.update(line)
        self._requests += 1
        self._bytes += len(line)
        self._tokens += tokens
        return self._number

    def finish(self) -> list[Shard]:
        """All shards, on the disk. Raises OutputError."""
        self._close()
        return self._done

    def discard(self) -> None:
        """Deletes what was written."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._named(self._number).unlink(missing_ok=True)
        for shard in self._done:
            shard.path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._file is None:
            return
        path = self._named(self._number)
        try:
            with self._file as file:
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise cannot_write(path, error) from None
        self._file = None
        self._done.append(Shard(self._number, path, self._hash.hexdigest(), self._requests, self._bytes, self._tokens))
        self._number += 1
        self._begin()
