"""The SQLite file of a journal: made, opened, locked, refused. No business logic.

It is held for as long as the run lasts (exclusive locking mode): a second process is refused at once, and the lock
goes with the process however that ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from presseschau.errors import OutputError

APPLICATION_ID = 0x5052534A  # "PRSJ": this file is ours
SCHEMA_VERSION = 1
_SCHEMA = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
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
)


def open_file(path: Path) -> sqlite3.Connection:
    """The locked connection. Raises OutputError: another process has it, it is no journal, it cannot be made."""
    with wrapped(path):
        connection = sqlite3.connect(path, timeout=0.5, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN EXCLUSIVE")
            if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
                for statement in _SCHEMA:
                    connection.execute(statement)
            _inspect(connection, path)
            connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
        return connection


def _inspect(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise OutputError(f"{path} is a database of another program. Give another output with -o.")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != SCHEMA_VERSION:
        raise OutputError(f"{path} was written by another version of presseschau. Give another output with -o.")


@contextmanager
def wrapped(path: Path) -> Iterator[None]:
    """Turns the database errors that a user can mend into OutputError, and lets bugs through."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except sqlite3.DatabaseError as error:
        reason = str(error)
        if "locked" in reason:
            raise OutputError(
                f"Another process is working on this run and holds {path}. Wait until it has ended; running the same "
                "command afterwards continues."
            ) from None
        raise OutputError(
            f"The journal {path} cannot be used: {reason}. Make room or check the rights; if the file is damaged, "
            "delete it and run the same command again: what was answered is in the cache."
        ) from None
