"""The SQLite file of the answer cache: made, opened, refused. No business logic.

Several processes may use one file. The journal is a rollback journal, not WAL: up to SQLite 3.51.2 (Debian 12 has
3.40.1) two connections can damage a WAL file when it is reset, and WAL does not work on network disks at all.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from presseschau.errors import CacheError

APPLICATION_ID = 0x50525343  # "PRSC": this file is ours
SCHEMA_VERSION = 1
_BUSY_SECONDS = 30.0
_MAGIC = b"SQLite format 3\x00"
_SCHEMA = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
CREATE TABLE answers (
    key TEXT PRIMARY KEY,              -- version prefix and sha256 of the request
    text TEXT NOT NULL,                -- the raw JSON answer
    prompt_tokens INTEGER NOT NULL,    -- usage as first bought
    completion_tokens INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    created TEXT NOT NULL,             -- ISO 8601, UTC
    digest TEXT NOT NULL               -- sha256 of the columns above: an edited row is not believed
);
CREATE INDEX answers_created ON answers (created);
CREATE TABLE verdicts (
    engine TEXT PRIMARY KEY,           -- engine identity and profile
    shape TEXT NOT NULL,               -- how requests must be put for it (JSON, see ladder.py)
    created TEXT NOT NULL
);
"""


def open_file(path: Path, *, create: bool) -> sqlite3.Connection | None:
    """A connection to the cache file; None if there is no file and `create` is False.

    Raises CacheError for a file that is not an answer cache of this version, or cannot be made or read.
    """
    if not path.exists():
        if not create:
            return None
        _make(path)
    _inspect(path)
    with wrapped(path):
        return _connect(path)


@contextmanager
def wrapped(path: Path) -> Iterator[None]:
    """Turns the database errors that a user can mend into CacheError, and lets bugs through."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter: a message that quotes a damaged file
        reason = "".join(character for character in str(error) if character.isprintable())[:200]
        raise CacheError(f"The answer cache {path} cannot be used: {reason}. {_advice(reason)}") from None


def _advice(error: str) -> str:
    if "full" in error:
        return "Make room on the disk, or use --no-cache."
    if "locked" in error:
        return "Another process holds it; try again when that has ended, or use --no-cache."
    if "readonly" in error or "read-only" in error or "unable to open" in error:
        return "Check the rights of the file and its folder, give another path, or use --no-cache."
    return "Move the file away (a new one is made) or use --no-cache."


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_BUSY_SECONDS, isolation_level=None,
        check_same_thread=False,  # `store_queue.py` writes in a thread, while nobody else uses the connection
    )  # fmt: skip
    connection.text_factory = bytes  # a damaged text must not raise while it is fetched
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # reads the file: damage shows here
    except BaseException:
        connection.close()
        raise
    return connection


def _make(path: Path) -> None:
    """Makes the file complete under another name, then links it: no process ever sees half a cache."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        _make_folder(path.parent)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            connection.executescript(_SCHEMA)
        _publish(draft, path)
    except (OSError, sqlite3.Error) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise CacheError(f"The answer cache {path} cannot be made: {reason}. {_advice('unable to open')}") from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    for parent in reversed([folder, *folder.parents]):
        if not parent.exists():
            with suppress(FileExistsError):
                parent.mkdir(mode=0o700)


def _publish(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return  # another process was faster; its file is as good
    except OSError:  # a file system without links
        if not path.exists():
            draft.rename(path)


def _inspect(path: Path) -> None:
    """Refuses what is not ours by its first 100 bytes, before SQLite touches it."""
    try:
        if not path.is_file():
            raise CacheError(f"The answer cache {path} is not a file. Give another path, or use --no-cache.")
        with path.open("rb") as file:
            header = file.read(100)
        if path.stat().st_mode & 0o077:
            with suppress(OSError):
                path.chmod(0o600)
    except OSError as error:
        reason = f"{error.strerror}. {_advice('unable to open')}"
        raise CacheError(f"The answer cache {path} cannot be read: {reason}") from None
    if not header:
        raise CacheError(f"The answer cache {path} has zero bytes: it was damaged. Delete it; a new one is made.")
    if not header.startswith(_MAGIC) or len(header) < 100:
        raise CacheError(f"{path} is not an answer cache but some other file. Give another path, or use --no-cache.")
    if int.from_bytes(header[68:72]) != APPLICATION_ID:
        raise CacheError(f"{path} is a database of another program. Give another path, or use --no-cache.")
    version = int.from_bytes(header[60:64])
    if version != SCHEMA_VERSION:
        raise CacheError(
            f"The answer cache {path} has version {version}, this program writes version {SCHEMA_VERSION}. "
            "Update presseschau, or give another path."
        )
