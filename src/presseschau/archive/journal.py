"""The journal of a run: one row per item that has ended. It is the truth; the output is written from it."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from presseschau.errors import ConfigurationError, OutputError
from presseschau.storage.sqlite import Database, DatabaseKind

GO_ON = "What is done is in the journal: fix this and run the same command again."
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


_OWN_ID = "own id"


def noted(metadata: Mapping[str, str]) -> tuple[Failure, ...]:
    """The user's own id, to be kept with the failures of an item without an output; nothing if it has none."""
    return (Failure(_OWN_ID, "", metadata["id"]),) if metadata.get("id") else ()


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

    @property
    def failed(self) -> tuple[Failure, ...]:
        """The failures without the note of the user's id."""
        return tuple(one for one in self.failures if one.task != _OWN_ID)

    @property
    def own_id(self) -> dict[str, str]:
        """The user's own id as a field of a report, if it was noted."""
        noted = [one.message for one in self.failures if one.task == _OWN_ID]
        return {"own_id": noted[0]} if noted else {}


@dataclass(frozen=True)
class Recorded:
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


_KIND = DatabaseKind(
    name="journal",
    application_id=0x5052534A,  # "PRSJ"
    version=1,
    schema=(
        """CREATE TABLE items (
        position INTEGER PRIMARY KEY,   -- in the input, from 0; negative: left over from another order of the inputs
        source TEXT NOT NULL,
        digest BLOB NOT NULL,           -- of the item as its container gave it
        state TEXT NOT NULL,
        article TEXT,                   -- the article's id, NULL if it could not be read
        reason TEXT NOT NULL,           -- class of failure, why skipped, or source of the original
        failures TEXT NOT NULL,         -- JSON: [[task, class, message], ...]
        attempts INTEGER NOT NULL,      -- requests sent for it
        tokens INTEGER NOT NULL,        -- bought for it
        record BLOB,                    -- its line of output, compressed
        length INTEGER NOT NULL,        -- bytes of that line
        sketch BLOB NOT NULL            -- MinHash of the article, see near_duplicates.py
    )""",
        "CREATE INDEX items_article ON items (article, position) WHERE article IS NOT NULL",
        "CREATE INDEX items_digest ON items (digest) WHERE position < 0",
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)",  # settings, spending, how far it is written
    ),
    error=OutputError,
    instead="choose another output with -o",
    damaged="Delete it and run the same command again: what was answered is in the cache.",
    locked="Another process is working on this run. Wait until it has ended, then run the same command to continue.",
    busy_seconds=0.5,
    held=True,
)
_COLUMNS = "position, source, digest, state, article, reason, failures, attempts, tokens, record, length, sketch"
_INSERT = f"INSERT OR REPLACE INTO items ({_COLUMNS}) VALUES ({', '.join('?' * 12)})"  # noqa: S608
_MOST_ALIKE = 1_000
"""Positions in one bucket that are looked at: of more copies than that only the first are reported as near."""


class Journal:
    """One file, one process. Its methods may be called from several threads.

    Opening raises OutputError if another process has it, ConfigurationError if it was made with other `settings`
    and `overwrite` is not said. `earlier`: by setting, what earlier versions of this program noted for the same.
    """

    def __init__(
        self,
        path: Path,
        settings: Mapping[str, Any],
        earlier: Mapping[str, Collection[Any]] = {},
        *,
        overwrite: bool = False,
    ) -> None:
        self.path = path
        self._database = Database(path, _KIND)
        try:
            self._begin(dict(settings), earlier, overwrite)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fact(self, name: str) -> Any:
        """A value that `commit` stored; None if it never did."""
        row = self._database.one("SELECT value FROM facts WHERE name = ?", name)
        return json.loads(row[0]) if row else None

    def commit(self, rows: Iterable[Row] = (), **facts: Any) -> None:
        """Stores rows and facts in one transaction. Raises OutputError when it cannot be written."""
        with self._database.transaction():
            self._database.run_many(_INSERT, map(_values, rows))
            for name, value in facts.items():
                self._database.run("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, json.dumps(value))

    def reopen(self, *, failed: bool) -> None:
        """Forgets the failures that are worth another try (all, and pages not fetched, if `failed`), so that they are
        tried again."""
        classes = ", ".join(f"'{kind}'" for kind in sorted(RETRYABLE))
        again = "state = 'failed' OR (state = 'skipped' AND reason = 'fetch')"
        which = again if failed else f"state = 'failed' AND reason IN ({classes})"
        with self._database.transaction():
            first = self._number(f"SELECT min(position) FROM items WHERE {which}")  # noqa: S608
            if first is not None:
                self._database.run(f"DELETE FROM items WHERE {which}")  # noqa: S608
                self._unwritten(first)

    def write_as(self, format: str) -> None:
        """The output takes this format: if it had another one, it is to be written from the beginning."""
        if self.fact("format") != format:
            self.commit(format=format, written=0)

    def known(self, start: int, count: int) -> dict[int, Recorded]:
        """The rows of `count` positions from `start`, as far as there are any."""
        rows = self._database.all(
            "SELECT position, digest, state, article FROM items WHERE position >= ? AND position < ?",
            start, start + count,
        )  # fmt: skip
        return {row[0]: Recorded(*row) for row in rows}

    def original(self, article: str, before: int) -> str | None:
        """The source of the first item with this article id at a position before `before`."""
        row = self._database.one(
            "SELECT source FROM items WHERE article = ? AND position >= 0 AND position < ? AND state != 'duplicate' "
            "ORDER BY position LIMIT 1",
            article, before,
        )  # fmt: skip
        return row[0] if row else None

    def set_aside(self, position: int) -> None:
        """Takes the rows from `position` on out of the order; `adopt` finds them again."""
        with self._database.transaction():
            self._database.run(
                "DELETE FROM items WHERE position < 0 AND -position - 1 IN "
                "(SELECT position FROM items WHERE position >= ?)",
                position,
            )
            self._database.run("UPDATE items SET position = -position - 1 WHERE position >= ?", position)
            self._unwritten(position)

    def leftovers(self) -> bool:
        return self._database.one("SELECT 1 FROM items WHERE position < 0 LIMIT 1") is not None

    def adopt(self, digest: bytes, position: int) -> Row | None:
        """A row that was set aside and is about the same item, for this position; None if there is none."""
        row = self._database.one(
            f"SELECT {_COLUMNS} FROM items WHERE position < 0 AND digest = ? AND state != 'duplicate' LIMIT 1",  # noqa: S608
            digest,
        )
        return _row((position, *row[1:])) if row else None

    def end(self, items: int) -> None:
        """There are `items` items: forgets rows beyond them and those set aside."""
        with self._database.transaction():
            if self._database.run("DELETE FROM items WHERE position < 0 OR position >= ?", items):
                self._database.run("DELETE FROM facts WHERE name = 'near'")
            self._unwritten(items)

    def offset(self, position: int) -> int:
        """Bytes of output before this position's line."""
        total = "SELECT coalesce(sum(length), 0) FROM items WHERE position >= 0 AND position < ?"
        return int(self._number(total, position))

    def rows(self, start: int = 0, *, records: bool = True, failed: bool = False, most: int = 64) -> Iterator[Row]:
        """The rows from a position on, in order, `most` in memory at a time; `records` False leaves those out;
        `failed` True gives only the items of which something failed."""
        columns = _COLUMNS if records else _COLUMNS.replace("record", "NULL")
        while found := self._database.all(
            f"SELECT {columns} FROM items WHERE position >= ? AND (state = 'failed' OR NOT ?) "  # noqa: S608
            "ORDER BY position LIMIT ?",
            max(0, start), failed, most,
        ):  # fmt: skip
            yield from map(_row, found)
            start = found[-1][0] + 1

    def alike(self, bands: Callable[[bytes], Iterable[int]]) -> Iterator[tuple[int, int]]:
        """Pairs of positions, (earlier, later), that share one of the numbers that `bands` makes of their sketches; by
        the later one. The earlier one is the first of all that share the number.

        Numbers and pairs are sorted on the disk, so that memory does not grow with the archive.
        """
        database = self._database
        database.run("PRAGMA temp_store = FILE")
        database.run("CREATE TEMP TABLE IF NOT EXISTS bands (number INTEGER, position INTEGER)")
        with database.transaction():
            database.run("DELETE FROM bands")
            for row in self.rows(records=False):
                database.run_many(
                    "INSERT INTO bands VALUES (?, ?)", ((number, row.position) for number in bands(row.sketch))
                )
        with database.faults():
            yield from database.connection.execute(
                "SELECT DISTINCT first, position FROM (SELECT position, "
                "first_value(position) OVER same AS first, row_number() OVER same AS nth "
                "FROM bands WINDOW same AS (PARTITION BY number ORDER BY position)) "
                "WHERE position > first AND nth <= ? ORDER BY position, first",
                (_MOST_ALIKE,),
            )

    def counts(self) -> dict[tuple[str, str], int]:
        """How many items ended in each (state, reason); the reason of a duplicate is left out."""
        rows = self._database.all(
            "SELECT state, CASE state WHEN 'duplicate' THEN '' ELSE reason END, count(*) FROM items "
            "WHERE position >= 0 GROUP BY 1, 2"
        )
        return {(state, reason): count for state, reason, count in rows}

    def _number(self, statement: str, *values: Any) -> Any:
        row = self._database.one(statement, *values)
        return row and row[0]

    def _unwritten(self, position: int) -> None:
        """The output from this position on is not that of the rows any more."""
        self._database.run(
            "UPDATE facts SET value = CAST(min(CAST(value AS INTEGER), ?) AS TEXT) WHERE name = 'written'", position
        )

    def _begin(self, settings: dict[str, Any], earlier: Mapping[str, Collection[Any]], overwrite: bool) -> None:
        before = self.fact("settings")
        changed = [
            f"{name} was {before.get(name)!r}, is {settings.get(name)!r}"
            for name in sorted({*(before or ()), *settings})
            if before and before.get(name) != settings.get(name) and before.get(name) not in earlier.get(name, ())
        ]
        if changed and not overwrite:
            moved = any(one.startswith("engine was 'http") for one in changed)
            how = " If it is the same model at another address, use --same-model OLD_URL." if moved else ""
            raise ConfigurationError(
                f"{self.path} belongs to a run with other settings ({'; '.join(changed)[:400]}). Give another output "
                "with -o, or --overwrite to redo this one; answers that stay the same come from the cache."
                f"{how}"
            )
        if overwrite:
            with self._database.transaction():
                self._database.run("DELETE FROM items")
                self._database.run("DELETE FROM facts")
        if before != settings or overwrite:
            self.commit(settings=settings)


def _values(row: Row) -> tuple[Any, ...]:
    failures = json.dumps([[f.task, f.kind, f.message] for f in row.failures], ensure_ascii=False)
    return (
        row.position, _text(row.source), row.digest, row.state, row.article, _text(row.reason), _text(failures),
        row.attempts, row.tokens, row.record, row.length, row.sketch,
    )  # fmt: skip


def _text(text: str) -> str:
    """Fit for the database: what is not text, as half a character, stands as an escape."""
    return text.encode(errors="backslashreplace").decode()


def _row(values: tuple[Any, ...]) -> Row:
    position, source, digest, state, article, reason, failures, *rest = values
    return Row(
        position, source, digest, state, article, reason, tuple(Failure(*f) for f in json.loads(failures)), *rest
    )
