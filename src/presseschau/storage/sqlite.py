"""An SQLite file of ours: made, opened, inspected, locked, written in transactions, and refused in words.

Several processes may use one file. The journal is a rollback journal, not WAL: up to SQLite 3.51.2 (Debian 12 has
3.40.1) two connections can damage a WAL file when it is reset, and WAL does not work on network disks at all. What
stands in a file is asked of SQLite: reading its header with `open` would, when that is closed, drop the locks that
this process holds on it (sqlite.org/howtocorrupt.html, 2.2).
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from presseschau.errors import PresseschauError

_ROOM = "Make room on the disk"
_RIGHTS = "Check the rights of the file and its folder"


class DatabaseKind(NamedTuple):
    """One of our databases, and what to say when its file cannot be used.

    What to try: `instead` goes on after "or", `damaged` and `locked` are sentences. `held`: one process has the file
    for as long as it is open, and the lock goes with that process however it ends. `makes_folder`: if it is missing.
    `migrations`: by version, the statements that make the next version of it. `reads_earlier`: a file of an earlier
    version is read as it is; to its readers the tables that these make are there, and empty. `private`: for its owner
    alone. `full`: the error where the disk has no room, if it is another one.
    """

    name: str
    application_id: int
    version: int
    schema: tuple[str, ...]
    error: type[PresseschauError]
    instead: str
    damaged: str
    locked: str
    busy_seconds: float = 5.0
    held: bool = False
    makes_folder: bool = False
    migrations: Mapping[int, tuple[str, ...]] = MappingProxyType({})
    reads_earlier: bool = False
    private: bool = True
    full: type[PresseschauError] | None = None


class Database:
    """An open file of one kind. Its methods may be called from several threads.

    Opening makes the file if there is none, and brings one of an earlier version up to date; with `reads` it does
    neither. Everything raises the kind's error: for a file of another program or another version, one that is damaged,
    locked or cannot be read; when something cannot be written.
    """

    def __init__(self, path: Path, kind: DatabaseKind, *, reads: bool = False) -> None:
        self.path = path
        self.kind = kind
        self._lock = threading.RLock()
        try:
            if not reads:
                self._make()
            if not path.is_file():
                raise self._error("is not a file." if path.exists() else "does not exist.")
        except OSError as error:
            advice = _ROOM if error.errno in (errno.ENOSPC, errno.EDQUOT) else _RIGHTS
            raise self._error(f"cannot be made: {error.strerror}.", advice) from None
        address = f"{path.absolute().as_uri()}?mode=rw"  # who reads, too, undoes what a process left when it was killed
        with self.faults():
            self.connection = sqlite3.connect(
                address, uri=True, timeout=kind.busy_seconds, isolation_level=None,
                check_same_thread=False,
            )  # fmt: skip
            try:
                self._begin(reads)
            except BaseException:
                self.connection.close()
                raise

    def close(self) -> None:
        with self._lock:
            self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def one(self, statement: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row that is found."""
        with self.faults():
            row: tuple[Any, ...] | None = self.connection.execute(statement, values).fetchone()
            return row

    def all(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.faults():
            return self.connection.execute(statement, values).fetchall()

    def run(self, statement: str, *values: Any) -> int:
        """Returns the number of rows that were changed."""
        with self.faults():
            return self.connection.execute(statement, values).rowcount

    def insert(self, statement: str, *values: Any) -> int:
        """Returns the number of the row that was put in."""
        with self.faults():
            return self.connection.execute(statement, values).lastrowid or 0

    def run_many(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        with self.faults():
            self.connection.executemany(statement, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is on the disk at its end, or nothing is; inside another one it is part of that."""
        with self._lock:
            if self.connection.in_transaction:
                yield
                return
            self.run("BEGIN IMMEDIATE")
            try:
                yield
                if self.connection.in_transaction:
                    self.run("COMMIT")
            finally:
                self.undo()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read inside is of one moment, whoever writes meanwhile. Nothing may be written inside."""
        with self._lock:
            if self.connection.in_transaction:
                yield
                return
            self.run("BEGIN")
            try:
                yield
            finally:
                self.undo()

    def undo(self) -> None:
        """Takes back what was written in the transaction that is open, if one is."""
        if self.connection.in_transaction:
            self.run("ROLLBACK")

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turns the database errors that a user can fix into the kind's error, and lets bugs through."""
        try:
            with self._lock:
                yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter: a message quotes a damaged file
            reason = "".join(character for character in str(error) if character.isprintable())[:200]
            raise self._error(f"cannot be used: {reason}.", self._advice(reason)) from None

    def _make(self) -> None:
        """A file with nothing in it, which is what SQLite takes for a new database; rights too wide are narrowed."""
        if self.kind.makes_folder:
            for folder in reversed([self.path.parent, *self.path.parent.parents]):
                if not folder.exists():
                    folder.mkdir(mode=0o700, exist_ok=True)
        if not self.path.exists():
            with suppress(FileExistsError):
                rights = 0o600 if self.kind.private else 0o666  # less what the umask takes
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, rights))
        if self.kind.private and self.path.is_file() and self.path.stat().st_mode & 0o077:
            with suppress(OSError):
                self.path.chmod(0o600)

    def _begin(self, reads: bool) -> None:
        run = self.connection.execute
        if self.kind.held:
            run("PRAGMA locking_mode = EXCLUSIVE")
        run("PRAGMA synchronous = FULL")
        if not reads and (self.kind.held or self._empty()):
            run("BEGIN EXCLUSIVE")
            if self._empty():  # still: another process may have been faster
                run(f"PRAGMA application_id = {self.kind.application_id}")
                run(f"PRAGMA user_version = {self.kind.version}")
                for statement in self.kind.schema:
                    run(statement)
            run("COMMIT")
        if run("PRAGMA application_id").fetchone()[0] != self.kind.application_id:
            raise self._error("is a database of another program.")
        if not reads and self._version() in self.kind.migrations:
            run("BEGIN EXCLUSIVE")
            while statements := self.kind.migrations.get(version := self._version()):
                for statement in statements:
                    run(statement)
                run(f"PRAGMA user_version = {version + 1}")
            run("COMMIT")
        version = self._version()
        if reads and self.kind.reads_earlier:
            version = self._stand_ins(version)
        if version != self.kind.version:
            written = f"has version {version}, this program writes version {self.kind.version}."
            if version in self.kind.migrations:
                raise self._error(written, "Let a command write to it, which brings it up to date")
            raise self._error(written, "Update presseschau")
        if reads:
            run("PRAGMA query_only = ON")

    def _stand_ins(self, version: int) -> int:
        """Makes the tables that the file does not have yet, in memory and for this connection alone; the version that
        it can be read as."""
        while statements := self.kind.migrations.get(version):
            self.connection.execute("PRAGMA temp_store = MEMORY")
            for statement in statements:
                if statement.startswith(table := "CREATE TABLE "):
                    self.connection.execute(f"CREATE TEMP TABLE {statement.removeprefix(table)}")
            version += 1
        return version

    def _version(self) -> int:
        return int(self.connection.execute("PRAGMA user_version").fetchone()[0])

    def _empty(self) -> bool:
        return not self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]

    def _error(self, what: str, advice: str = "") -> PresseschauError:
        """`advice` is a sentence, or the first half of one that ends with what to do instead."""
        error = self.kind.full if advice == _ROOM and self.kind.full else self.kind.error
        if not advice.endswith("."):
            instead = self.kind.instead
            advice = f"{advice}, or {instead}." if advice else f"{instead[0].upper()}{instead[1:]}."
        return error(f"The {self.kind.name} {self.path} {what} {advice}")

    def _advice(self, reason: str) -> str:
        if "not a database" in reason:
            return ""
        if "full" in reason:
            return _ROOM
        if "locked" in reason:
            return self.kind.locked
        if "readonly" in reason or "read-only" in reason or "unable to open" in reason:
            return _RIGHTS
        return self.kind.damaged
