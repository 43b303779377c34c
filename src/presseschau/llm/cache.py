"""The answer cache: what was bought once is not bought again.

The key is a hash of everything that decides what an answer says, and of nothing else. Stored are complete answers that
fit their schema, with the usage they were bought for; never truncated, refused or malformed ones. A row is checked when
read: one that was edited or damaged counts as missing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from presseschau.errors import CacheError, CacheFullError, MalformedAnswer
from presseschau.llm.reply import parse
from presseschau.llm.schemas import base_schema
from presseschau.models import Answer, AnswerModel, Request, Usage
from presseschau.storage.grouped import Grouped
from presseschau.storage.sqlite import Database, DatabaseKind

if TYPE_CHECKING:
    from presseschau.llm.shared_cache import Cache

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
        **({"forced": request.forced} if request.forced else {}),
        "sampling": {
            "temperature": float(request.temperature),
            **({"sample": request.sample} if request.sample else {}),
        },
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
    full=CacheFullError,
    instead="give another path or use --no-cache",
    damaged="Move the file away (a new one is made) or use --no-cache.",
    locked="Another process holds it; try again when it has ended, or use --no-cache.",
    busy_seconds=30.0,
    makes_folder=True,
)
FRESH = timedelta(days=30)
_NOTES = "CREATE TABLE IF NOT EXISTS notes (key TEXT PRIMARY KEY, said TEXT NOT NULL)"
"""Made when there is something to note: earlier versions read the file all the same."""
_COLUMNS = "key, text, prompt_tokens, completion_tokens, requests, created, digest"


@dataclass(frozen=True)
class Stored:
    """An answer as it was bought: raw JSON and usage; `notes` are what a reader of the answer should know."""

    text: str
    usage: Usage
    notes: tuple[str, ...] = ()


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
        stored = believed(row)
        self.poisoned += stored is None
        if stored is None or not self._has_notes(self._database):
            return stored
        said = self._database.one("SELECT said FROM notes WHERE key = ?", key)
        return replace(stored, notes=notes_of(said[0])) if said else stored

    def put(self, key: str, stored: Stored) -> None:
        """Stores an answer. Raises CacheError when it cannot be written."""
        self.put_all([(key, stored)])

    def put_all(self, answers: Iterable[tuple[str, Stored]], verdicts: Iterable[tuple[str, str]] = ()) -> None:
        """Stores answers and verdicts (engine, shape) in one transaction. Raises CacheError if it cannot be written."""
        now = _now()
        answers = list(answers)
        notes = [(key, json.dumps(stored.notes, ensure_ascii=False)) for key, stored in answers if stored.notes]
        rows = [
            (key, s.text, s.usage.prompt_tokens, s.usage.completion_tokens, s.usage.requests, now) for key, s in answers
        ]
        database = self._open()
        with database.transaction():
            database.run_many(
                f"INSERT OR REPLACE INTO answers ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                [(*row, row_digest(row)) for row in rows],
            )
            if notes:
                database.run(_NOTES)  # another process may have cleared the cache meanwhile
                database.run_many("INSERT OR REPLACE INTO notes VALUES (?, ?)", notes)
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
        since = iso(datetime.now(UTC) - FRESH)
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
        """Reads the whole file and every row, a few at a time."""
        database = self._open()
        said = [row[0].decode(errors="replace") for row in database.all("PRAGMA integrity_check")]
        problems = tuple(line for line in said if line != "ok")
        if problems:
            return CacheReport(0, 0, problems)
        answers = poisoned = last = 0
        while rows := database.all(
            f"SELECT rowid, {_COLUMNS} FROM answers WHERE rowid > ? ORDER BY rowid LIMIT 1000",  # noqa: S608
            last,
        ):
            answers += len(rows)
            poisoned += sum(believed(row) is None for _, *row in rows)
            last = rows[-1][0]
        return CacheReport(answers, poisoned, ())

    def clear(self) -> int:
        """Deletes every answer and verdict and gives the room back; returns the number of answers deleted."""
        database = self._open()
        with database.transaction():
            database.run("DROP TABLE IF EXISTS notes")
            database.run("DELETE FROM verdicts")
            count = database.run("DELETE FROM answers")
        database.run("VACUUM")
        return count

    def purge(self, before: datetime) -> int:
        """Deletes the answers stored before a moment (without a zone: UTC); returns their number."""
        moment = before.replace(tzinfo=UTC) if before.tzinfo is None else before.astimezone(UTC)
        database = self._open()
        with database.transaction():
            count = database.run("DELETE FROM answers WHERE created < ?", iso(moment))
            if self._has_notes(database):
                database.run("DELETE FROM notes WHERE key NOT IN (SELECT key FROM answers)")
        database.run("VACUUM")
        return count

    @staticmethod
    def _has_notes(database: Database) -> bool:
        return database.one("SELECT 1 FROM sqlite_master WHERE name = 'notes'") is not None

    def _open(self) -> Database:
        if self._database is None:
            raise CacheError(f"There is no answer cache at {self.path}.")
        return self._database


class StoreQueue:
    """The one reader and writer of a client's cache; answers that arrive together are committed together. Without a
    cache (None) it finds and stores nothing. An answer of an engine's earlier name (`formerly`) is kept under the new
    one."""

    def __init__(self, cache: Cache | None, formerly: Sequence[str] = ()) -> None:
        self.cache = cache
        self._formerly = formerly
        self._group: Grouped[tuple[str, Stored] | tuple[str, str], None] = Grouped(self._write)
        self.quiet = self._group.quiet
        self._looked_up: Grouped[str, Stored | None] | None = None
        if cache is not None and not isinstance(cache, AnswerCache):
            self._looked_up = Grouped(cache.get_all)

    async def close(self) -> None:
        """Returns when everything was stored, or a shared database stayed away."""
        if self.cache is not None and not isinstance(self.cache, AnswerCache):
            self.cache.hurry()
        await self._group.close()

    async def get(self, key: str) -> Stored | None:
        """The answer stored under a key, if its row is as it was written; None without a cache."""
        if self._looked_up is not None:
            return await self._looked_up.put(key)
        await self._group.quiet()
        return self.cache.get(key) if isinstance(self.cache, AnswerCache) else None

    async def put(self, key: str, stored: Stored) -> None:
        """Stores an answer: when it returns that is on the disk. Raises CacheError when it cannot be written."""
        if self.cache is not None:
            await self._group.put((key, stored))

    async def remember_verdict(self, engine: str, shape: str) -> None:
        """Stores how requests must be put for an engine. Raises CacheError when it cannot be written."""
        if self.cache is not None:
            await self._group.put((engine, shape))

    async def fitting(self, identity: str, request: Request[AnswerModel]) -> tuple[str, Answer[AnswerModel] | None]:
        """The key of a request to an engine, and the stored answer if its row is as it was written and still fits."""
        key = cache_key(identity, request)
        if self.cache is None or self.cache.mode == "refresh":
            return key, None
        stored = await self.get(key)
        renamed = [cache_key(identity, request) for identity in self._formerly] if stored is None else []
        for former in renamed:
            stored = stored or await self.get(former)
        if stored is None:
            return key, None
        try:
            value = parse(stored.text, request.answer)
        except MalformedAnswer:  # written by someone who could compute our digest, or by an older check
            self.cache.poisoned += 1
            return key, None
        if renamed and self.cache.mode != "only":
            with suppress(CacheError):  # it is read all the same
                await self.put(key, stored)
        return key, Answer(value, stored.text, stored.usage, True, stored.notes)

    def _write(self, items: Sequence[tuple[str, Stored] | tuple[str, str]]) -> list[None]:
        assert self.cache is not None
        answers = [(key, value) for key, value in items if isinstance(value, Stored)]
        self.cache.put_all(answers, [(key, value) for key, value in items if isinstance(value, str)])
        return [None] * len(items)


def believed(row: Sequence[Any]) -> Stored | None:
    """The row's answer if the row is what was once written."""
    *raw, claimed = row
    try:
        values: tuple[Any, ...] = tuple(value.decode() if isinstance(value, bytes) else value for value in raw)
    except UnicodeDecodeError:
        return None
    if claimed not in (digested := row_digest(values), digested.encode()):
        return None
    _, text, prompt_tokens, completion_tokens, requests, _ = values
    return Stored(text, Usage(prompt_tokens=prompt_tokens, completion_tokens=completion_tokens, requests=requests))


def notes_of(said: object) -> tuple[str, ...]:
    try:
        notes = json.loads(said) if isinstance(said, bytes | str) else ()
    except (ValueError, RecursionError):
        return ()
    return tuple(note[:200] for note in notes if isinstance(note, str)) if isinstance(notes, list) else ()


def row_digest(values: tuple[Any, ...]) -> str:
    return digest({"row": [value if isinstance(value, str | int) else repr(value) for value in values]})


def _now() -> str:
    return iso(datetime.now(UTC))


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
