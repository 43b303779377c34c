"""Batch files: a request as a line (as OpenAI Batch and vLLM run-batch read it), its result read back, and the shards.

Requests are written to files as they come, each file within what a batch may hold.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from presseschau.errors import PresseschauError
from presseschau.llm.faults import Retryable, Unsupported, clean, of_status
from presseschau.llm.reply import Completion, check, completion_of, strict_loads
from presseschau.models import Usage
from presseschau.storage.files import cannot_write

PATH: Final = "/v1/chat/completions"
NOT_SENT = frozenset({"batch_expired", "batch_cancelled"})
"""Codes of rows that the provider never worked on; they cost nothing."""


@dataclass(frozen=True)
class Result:
    """How one request of a batch ended. `failure` None: `completion` is complete. `usage` is what it cost, None if the
    answer does not say."""

    custom_id: str
    completion: Completion | None
    failure: PresseschauError | Retryable | Unsupported | None
    usage: Usage | None


def custom_id(key: str) -> str:
    """The cache key without its version: 64 characters, as long as a custom_id may be everywhere."""
    return key.rpartition(":")[2]


def request_line(custom_id: str, body: Mapping[str, Any]) -> bytes:
    """The line, with its line feed."""
    line = {"custom_id": custom_id, "method": "POST", "url": PATH, "body": body}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_result(line: bytes) -> Result | None:
    """What a line of an output or error file says; None if it cannot be read (cut off, not JSON, without an id)."""
    try:
        data = strict_loads(line.decode("utf-8"))
    except ValueError:
        return None
    name = data.get("custom_id") if isinstance(data, dict) else None
    if not isinstance(name, str):
        return None
    response = data.get("response")
    if not isinstance(response, dict):
        return Result(name, None, _of_error(data.get("error")), Usage())
    status, body = response.get("status_code", 200), response.get("body")
    if status != 200 or (body is None and data.get("error")):
        words = body if isinstance(body, dict) else {"error": data.get("error") or body}
        return Result(name, None, of_status(status if isinstance(status, int) else 500, words), Usage())
    found = completion_of(body)
    if not isinstance(found, Completion):
        return Result(name, None, found, Usage())
    return Result(name, found, check(found), found.usage)


def _of_error(error: object) -> Retryable:
    code = error.get("code") if isinstance(error, dict) else None
    message = error.get("message") if isinstance(error, dict) else error
    words = clean(str(message or code or "no reason given"))
    return Retryable(f"the batch gave no answer: {words}", billed=code not in NOT_SENT)


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
