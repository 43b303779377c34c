"""The answer cache: what was bought once is not bought again.

The key is a hash of everything that decides what an answer says, and of nothing else. Stored are complete answers that
fit their schema, with the usage they were bought for; never truncated, refused or malformed ones. A row is checked when
read: one that was edited or damaged counts as missing.

Answers that arrive while one commit is on the disk share the next one (`StoreQueue`): a commit waits for the disk (some
20 ms), and one for each answer would hold up everything else.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from presseschau.errors import CacheError
from presseschau.llm.wire_json import base_schema
from presseschau.models import Request, Usage
from presseschau.storage.sqlite import Database, DatabaseKind

KEY_VERSION = "1"
"""Changes when the recipe changes; a test pins a digest."""


def cache_key(identity: str, request: Request[Any]) -> str:
    """Version prefix and sha256 of engine identity, messages, schema and sampling.

    Not in it: port, key, timeouts, token caps, retries, and how the schema was sent.
    """
    content = {
        "engine": identity,
        "messages": [[message.role, message.content] for message in request.messages],
        "schema": base_schema(request.answer),
        "sampling": {"temperature": float(request.temperature)},
    }
    return f"{KEY_VERSION}:{digest(content)}"


def digest(content: Mapping[str, Any]) -> str:
    """sha256 (hex) of the canonical JSON: sorted keys, no blanks, no escapes."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


CacheMode = Literal["normal", "refresh", "only"]
"""`refresh`: buy everything anew and store it. `only`: never buy; what is missing is an error."""

_KIND = DatabaseKind(
    name="answer cache",
    application_id=0x50525343,  # "PRSC"
    version=1,
    schema=(
        """CREATE TABLE answers (
    key TEXT PRIMARY KEY,              -- version prefix and sha256 of the request
    text TEXT NOT NULL,                -- the raw JSON answer
    prompt_tokens INTEGER NOT NULL,    -- usage as first bought
    completion_tokens INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    created TEXT NOT NULL,             -- ISO 8601, UTC
    digest TEXT NOT NULL               -- sha256 of the columns above: an edited row is not believed
)""",
        "CREATE INDEX answers_created ON answers (created)",
        """CREATE TABLE verdicts (
    engine TEXT PRIMARY KEY,           -- engine identity and profile
    shape TEXT NOT NULL,               -- how requests must be put for it (JSON, see ladder.py)
    created TEXT NOT NULL
)""",
    ),
    error=CacheError,
    instead="give another path or use --no-cache",
    damaged="Move the file away (a new one is made) or use --no-cache.",
    locked="Another process holds it; try again when it has ended, or use --no-cache.",
    busy_seconds=30.0,
    makes_folder=True,
)
_FRESH = timedelta(days=30)
_GATHERED = 0.005
"""Seconds in which answers gather before they are committed: fewer commits, each of which costs some CPU, too."""
_COLUMNS = "key, text, prompt_tokens, completion_tokens, requests, created, digest"


@dataclass(frozen=True)
class Stored:
    """An answer as it was bought: raw JSON and usage."""

    text: str
    usage: Usage


@dataclass(frozen=True)
class CacheStats:
    """What the cache holds. `oldest` and `newest` are ISO 8601 in UTC; tokens are those once paid for."""

    path: str
    bytes: int
    answers: int
    prompt_tokens: int
    completion_tokens: int
    oldest: str | None
    newest: str | None


@dataclass(frozen=True)
class CacheReport:
    """What `verify` found. `problems` are SQLite's own words about the file; `poisoned` rows are never used."""

    answers: int
    poisoned: int
    problems: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.poisoned and not self.problems


class AnswerCache:
    """One cache file. Safe for several processes; each call is one short transaction. Threads must take turns.

    Opening raises CacheError for a file that is not a cache of this version. Without a file, one is made, except in
    mode "only". `poisoned` counts the rows found damaged so far.
    """

    def __init__(self, path: Path, mode: CacheMode = "normal") -> None:
        self.path = path
        self.mode = mode
        self.poisoned = 0
        self._database: Database | None = None
        if mode != "only" or path.exists():
            self._database = Database(path, _KIND)
            self._database.connection.text_factory = bytes  # a damaged text must not raise while it is fetched
            self._database.run("PRAGMA secure_delete = ON")

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def __enter__(self) -> AnswerCache:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, key: str) -> Stored | None:
        """The answer stored under a key, if its row is as it was written. Raises CacheError for a damaged file."""
        if self._database is None:
            return None
        row = self._database.one(f"SELECT {_COLUMNS} FROM answers WHERE key = ?", key)  # noqa: S608
        if row is None:
            return None
        stored = _believed(row)
        self.poisoned += stored is None
        return stored

    def put(self, key: str, stored: Stored) -> None:
        """Stores an answer. Raises CacheError when it cannot be written."""
        self.put_all([(key, stored)])

    def put_all(self, answers: Iterable[tuple[str, Stored]], verdicts: Iterable[tuple[str, str]] = ()) -> None:
        """Stores answers and verdicts (engine, shape) in one transaction. Raises CacheError if it cannot be written."""
        now = _now()
        rows = [
            (key, s.text, s.usage.prompt_tokens, s.usage.completion_tokens, s.usage.requests, now) for key, s in answers
        ]
        database = self._open()
        with database.transaction():
            database.run_many(
                f"INSERT OR REPLACE INTO answers ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                [(*row, _row_digest(row)) for row in rows],
            )
            database.run_many(
                "INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?)", [(engine, shape, now) for engine, shape in verdicts]
            )

    def check_writable(self) -> None:
        """Raises CacheError if nothing can be stored: to be asked before the first paid request."""
        database = self._open()
        with database.transaction():
            database.run("INSERT OR REPLACE INTO verdicts VALUES ('', '', '')")
            database.undo()

    def verdict(self, engine: str) -> str | None:
        """What a run of the last 30 days learned about how to put requests to this engine: servers are updated."""
        if self._database is None or self.mode == "refresh":
            return None
        since = _iso(datetime.now(UTC) - _FRESH)
        row = self._database.one("SELECT shape FROM verdicts WHERE engine = ? AND created > ?", engine, since)
        return row[0].decode("utf-8", errors="replace") if row and isinstance(row[0], bytes) else None

    def remember_verdict(self, engine: str, shape: str) -> None:
        self.put_all([], [(engine, shape)])

    def stats(self) -> CacheStats:
        row = self._open().one(
            "SELECT count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0), min(created), "
            "max(created) FROM answers"
        )
        assert row is not None
        oldest, newest = (moment.decode(errors="replace") if isinstance(moment, bytes) else None for moment in row[3:])
        return CacheStats(str(self.path), self.path.stat().st_size, row[0], int(row[1]), int(row[2]), oldest, newest)

    def verify(self) -> CacheReport:
        """Reads the whole file and every row."""
        database = self._open()
        said = [row[0].decode(errors="replace") for row in database.all("PRAGMA integrity_check")]
        problems = tuple(line for line in said if line != "ok")
        if problems:
            return CacheReport(0, 0, problems)
        with database.faults():
            cursor = database.connection.execute(f"SELECT {_COLUMNS} FROM answers")  # noqa: S608
            rows = [_believed(row) for row in cursor]
        return CacheReport(len(rows), sum(row is None for row in rows), ())

    def clear(self) -> int:
        """Deletes every answer and verdict and gives the room back; returns the number of answers deleted."""
        database = self._open()
        with database.transaction():
            database.run("DELETE FROM verdicts")
            count = database.run("DELETE FROM answers")
        database.run("VACUUM")
        return count

    def purge(self, before: datetime) -> int:
        """Deletes the answers stored before a moment (without a zone: UTC); returns their number."""
        moment = before.replace(tzinfo=UTC) if before.tzinfo is None else before.astimezone(UTC)
        count = self._open().run("DELETE FROM answers WHERE created < ?", _iso(moment))
        self._open().run("VACUUM")
        return count

    def _open(self) -> Database:
        if self._database is None:
            raise CacheError(f"There is no answer cache at {self.path}.")
        return self._database


@dataclass
class _Batch:
    answers: list[tuple[str, Stored]] = field(default_factory=list)
    verdicts: list[tuple[str, str]] = field(default_factory=list)
    done: asyncio.Future[CacheError | None] | None = None


class StoreQueue:
    """The one writer of a client's cache. `put` returns when the answer is on the disk.

    Commits are made in a thread, and the connection is used by nobody else meanwhile: who reads waits for `quiet()`.
    """

    def __init__(self, cache: AnswerCache) -> None:
        self.cache = cache
        self._next = _Batch()
        self._writer: asyncio.Task[None] | None = None
        self._committing = False
        self._committed = asyncio.Event()

    async def put(self, key: str, stored: Stored) -> None:
        """Stores an answer. Raises CacheError when it cannot be written."""
        self._next.answers.append((key, stored))
        await self._written()

    async def remember_verdict(self, engine: str, shape: str) -> None:
        """Stores how requests must be put for an engine. Raises CacheError when it cannot be written."""
        self._next.verdicts.append((engine, shape))
        await self._written()

    async def quiet(self) -> None:
        """Returns between two commits, when the cache may be read."""
        while self._committing:
            await self._committed.wait()

    async def close(self) -> None:
        """Returns when everything was written."""
        if self._writer is not None:
            await asyncio.shield(self._writer)

    async def _written(self) -> None:
        if self._next.done is None:
            self._next.done = asyncio.get_running_loop().create_future()
        done = self._next.done
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        error = await asyncio.shield(done)
        if error is not None:
            raise error

    async def _write(self) -> None:
        while self._next.done is not None:
            await asyncio.sleep(_GATHERED)
            batch, self._next = self._next, _Batch()
            assert batch.done is not None
            self._committing = True
            self._committed.clear()
            try:
                await asyncio.to_thread(self.cache.put_all, batch.answers, batch.verdicts)
                batch.done.set_result(None)
            except CacheError as error:
                batch.done.set_result(error)
            except BaseException as error:  # a bug: whoever waits must hear of it
                batch.done.set_exception(error)
                raise
            finally:
                self._committing = False
                self._committed.set()
            await asyncio.sleep(0)  # those who waited to read do so before the next commit


def _believed(row: tuple[Any, ...]) -> Stored | None:
    """The row's answer if the row is what was once written."""
    *raw, claimed = row
    try:
        values: tuple[Any, ...] = tuple(value.decode() if isinstance(value, bytes) else value for value in raw)
    except UnicodeDecodeError:
        return None
    if claimed != _row_digest(values).encode():
        return None
    _, text, prompt_tokens, completion_tokens, requests, _ = values
    return Stored(text, Usage(prompt_tokens=prompt_tokens, completion_tokens=completion_tokens, requests=requests))


def _row_digest(values: tuple[Any, ...]) -> str:
    return digest({"row": [value if isinstance(value, str | int) else repr(value) for value in values]})


def _now() -> str:
    return _iso(datetime.now(UTC))


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
