"""The SQLite file of a run's ledger: made, opened, refused. No business logic. The run's journal keeps others out."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from presseschau.archive.journal_file import wrapped
from presseschau.errors import OutputError

APPLICATION_ID = 0x5052534C  # "PRSL"
SCHEMA_VERSION = 1
_SCHEMA = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
    """CREATE TABLE requests (
        id TEXT PRIMARY KEY,            -- custom_id: the cache key without its version
        shard INTEGER NOT NULL,         -- in which it was sent last
        state TEXT NOT NULL,            -- sent, answered, stored (in the answer cache, too), failed, open
        tries INTEGER NOT NULL,         -- in this invocation
        sends INTEGER NOT NULL,         -- in all
        most_prompt INTEGER NOT NULL,   -- tokens that one sending can cost at most
        most_completion INTEGER NOT NULL,
        prompt_tokens INTEGER NOT NULL DEFAULT 0,      -- used so far, in all sendings
        completion_tokens INTEGER NOT NULL DEFAULT 0,
        lost INTEGER NOT NULL DEFAULT 0,               -- sendings that may have been billed in vain
        seen INTEGER NOT NULL DEFAULT 0,               -- prompt tokens of the answer as the server read them
        rung TEXT NOT NULL DEFAULT '',                 -- on which it was answered (llm/ladder.py)
        kind TEXT NOT NULL DEFAULT '',                 -- class of the failure
        text TEXT NOT NULL DEFAULT ''                  -- the answer, or what was said of the failure
    ) WITHOUT ROWID""",
    "CREATE INDEX requests_shard ON requests (shard, state)",
    """CREATE TABLE shards (
        number INTEGER PRIMARY KEY,
        engine TEXT NOT NULL,           -- whose requests these are
        state TEXT NOT NULL,            -- written, creating, created, ended
        file TEXT NOT NULL,             -- its name in this folder
        digest TEXT NOT NULL,           -- sha256 of the file; stands in the batch's metadata
        requests INTEGER NOT NULL,
        tokens INTEGER NOT NULL,        -- of all prompts, at most
        rung TEXT NOT NULL,
        written INTEGER NOT NULL,       -- seconds since 1970
        input_file TEXT,                -- the provider's id
        batch TEXT                      -- the provider's id
    )""",
    "CREATE TABLE batches (id TEXT PRIMARY KEY)",  # all that were ever ours
    "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
)


def open_file(path: Path) -> sqlite3.Connection:
    """Raises OutputError: it is no ledger of this version, it cannot be made."""
    with wrapped(path):
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN EXCLUSIVE")
            if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
                for statement in _SCHEMA:
                    connection.execute(statement)
            names = ("application_id", "user_version")
            found = tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names)
            if found != (APPLICATION_ID, SCHEMA_VERSION):
                raise OutputError(
                    f"{path} was written by another program, or another version of this one. Move its folder away: "
                    "batches that are under way are then found again at the provider."
                )
            connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
        return connection
