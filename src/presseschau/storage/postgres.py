"""A PostgreSQL database that several machines share: named without its password, waited for when it is away.

Whoever writes hands over one function that makes a whole transaction; if the connection is lost, it is called again
with a new one. So it must be right however often it is called: the commit of the first call may have been made.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from presseschau.errors import CacheError, ConfigurationError

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

VERSION = 1
"""Of the tables."""
PATIENCE = 900.0
"""Seconds for which a database that was there is waited for."""
_SCHEMES = ("postgresql", "postgres")
_SECRETS = ("password", "sslpassword", "passfile")
_FIRST_PAUSE, _LAST_PAUSE = 0.1, 5.0
_CONNECTING: dict[str, Any] = {
    "connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 30_000, "application_name": "presseschau",
}  # fmt: skip

TABLES = (
    "CREATE SCHEMA IF NOT EXISTS presseschau",
    "CREATE TABLE presseschau.about (version integer NOT NULL)",
    """CREATE TABLE presseschau.answers (
    key text PRIMARY KEY,                        -- version prefix and sha256 of the request
    text bytea,                                  -- the raw JSON answer; NULL: not bought yet
    prompt_tokens bigint NOT NULL DEFAULT 0,     -- usage as first bought
    completion_tokens bigint NOT NULL DEFAULT 0,
    requests bigint NOT NULL DEFAULT 0,
    created text NOT NULL DEFAULT '',            -- ISO 8601, UTC
    digest text NOT NULL DEFAULT '',             -- sha256 of the columns above: an edited row is not believed
    notes text NOT NULL DEFAULT '[]',            -- what a reader of the answer should know (JSON)
    owner text NOT NULL DEFAULT '',              -- who is buying it
    wanted boolean NOT NULL DEFAULT false        -- whether somebody waits for that
) WITH (fillfactor = 70)""",
    """CREATE TABLE presseschau.verdicts (
    engine text PRIMARY KEY,                     -- engine identity and profile
    shape text NOT NULL,                         -- how requests must be put for it
    created text NOT NULL
)""",
    """CREATE TABLE presseschau.owners (            -- clients that are or were at work
    owner text PRIMARY KEY,                      -- machine, process, and a random word
    until timestamptz NOT NULL,                  -- then it is taken for dead; -infinity: it was buried
    step bigint NOT NULL                         -- its last transaction, which may have to be made again
)""",
    """CREATE TABLE presseschau.money (             -- sums; each owner adds to its own rows, so that none waits
    owner text NOT NULL,
    run text NOT NULL,                           -- '' for what belongs to no run
    day text NOT NULL,                           -- YYYY-MM-DD, UTC; '' for what is held
    model text NOT NULL,
    host text NOT NULL,
    certainty text NOT NULL,                     -- held, known, assumed, possible
    priced boolean NOT NULL,
    requests bigint NOT NULL,
    prompt bigint NOT NULL,
    completion bigint NOT NULL,
    cost double precision NOT NULL,
    PRIMARY KEY (owner, run, day, model, host, certainty, priced)
)""",
    """CREATE TABLE presseschau.rates (             -- what all workers together send to an endpoint
    endpoint text PRIMARY KEY,
    requests double precision NOT NULL,          -- what may be sent now, as of `since`
    tokens double precision NOT NULL,
    since timestamptz NOT NULL
)""",
    f"INSERT INTO presseschau.about VALUES ({VERSION})",  # noqa: S608
)
RIGHTS = "SELECT, INSERT, UPDATE"
"""What workers need on all tables, beside USAGE of the schema."""

AT_THE_END = 20.0
"""The same, once everything is being closed: who stops a run does not want to wait for a database."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class DatabaseUrl:
    """Where a shared database is: postgresql://user@host:port/name. Printed, it shows no password."""

    url: str = field(repr=False)

    def __post_init__(self) -> None:
        """Raises ConfigurationError for an address of which it is not sure what is secret in it: it is not shown."""
        try:
            parts = urlsplit(self.url)
        except ValueError:
            parts = None
        users = parts.netloc.rpartition("@")[0] if parts else ""
        if parts is None or "@" in users + parts.path + parts.query.partition("=")[0] or parts.fragment:
            raise ConfigurationError(
                "The address of the database cannot be read: postgresql://user@host/name. In a password the characters "
                "@ : / ? # % are written %40 %3A %2F %3F %23 %25; or put it as it is into PGPASSWORD."
            )

    @classmethod
    def read(cls, text: str) -> DatabaseUrl | None:
        """None for a file; raises ConfigurationError for an address that cannot be read, or of something else."""
        scheme, colon, rest = text.lower().partition(":")
        if rest.startswith("//") or (colon and scheme in _SCHEMES):
            if scheme not in _SCHEMES or not rest.startswith("//"):
                raise ConfigurationError(
                    "A cache is a file or a database: give a path, or postgresql://user@host/name."
                )
            return cls(text)
        return None

    @property
    def secrets(self) -> list[str]:
        """What of it must not be shown."""
        parts = urlsplit(self.url)
        user = parts.netloc.rpartition("@")[0]
        in_query = [value for name, value in parse_qsl(parts.query) if name in _SECRETS]
        return [secret for secret in (user.partition(":")[2], parts.password or "", *in_query) if secret]

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        user, at, host = parts.netloc.rpartition("@")
        kept = [part for part in parts.query.split("&") if part and part.partition("=")[0] not in _SECRETS]
        query = f"?{'&'.join(kept)}" if kept else ""
        return f"{parts.scheme}://{user.partition(':')[0]}{at}{host}{parts.path}{query}"


class Shared:
    """One connection to the database, used by one thread at a time.

    Opening raises CacheError if it cannot be reached, has no tables (`make_tables`) or those of another version. A
    connection that is lost later is made anew, for PATIENCE seconds; `on_wait` hears of that, in the thread that waits.
    """

    def __init__(self, url: DatabaseUrl, *, make: bool = False, patience: float = PATIENCE) -> None:
        self.url = url
        self.on_wait: Callable[[str], None] | None = None
        self.patience = patience
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self._connection: Connection[Any] | None = None
        needs_psycopg()
        try:
            with self.faults():
                self._connect()
                self._check(make)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Also ends the waiting of whoever is using it."""
        self._ended.set()
        with self._lock, suppress(Exception):
            if self._connection is not None:
                self._connection.close()

    def work(self, transaction: Callable[[Cursor[Any]], Result]) -> Result:
        """What the function returns, once what it did is on the disk. Raises CacheError if that cannot be done."""
        import psycopg

        with self._lock, self.faults():
            lost_at: float | None = None
            while True:
                try:
                    connection = self._connection or self._connect()
                    with connection.transaction(), connection.cursor() as cursor:
                        done = transaction(cursor)
                    if lost_at is not None:
                        self._say(f"the shared cache is back after {time.monotonic() - lost_at:.0f} s")
                    return done
                except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure):
                    continue
                except psycopg.OperationalError as error:
                    if not self._is_away(error):
                        raise
                    lost_at = self._wait(lost_at, error)

    def hear(self, channel: str, seconds: float) -> None:
        """Returns when something is said on a channel, or after so many seconds."""
        import psycopg

        with self._lock, suppress(psycopg.Error):
            connection = self._connection or self._connect()
            connection.execute(f'LISTEN "{channel}"')
            for _ in connection.notifies(timeout=seconds, stop_after=1):
                return

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turns what the database says into CacheError, without any secret."""
        import psycopg

        try:
            yield
        except psycopg.Error as error:
            raise CacheError(
                f"The shared cache {self.url} cannot be used: {self._said(error)} {_advice(error)}"
            ) from None

    def _connect(self) -> Connection[Any]:
        import psycopg

        self._connection = psycopg.connect(self.url.url, autocommit=True, **_CONNECTING)
        return self._connection

    def _check(self, make: bool) -> None:
        assert self._connection is not None
        made = self._connection.execute("SELECT to_regclass('presseschau.about') IS NOT NULL").fetchone()
        if not (made and made[0]):
            if not make:
                raise CacheError(f"The shared cache {self.url} has no tables yet: `presseschau cache init` makes them.")
            with self._connection.transaction():
                for statement in TABLES:
                    self._connection.execute(statement)
        row = self._connection.execute("SELECT version FROM presseschau.about").fetchone()
        if row != (VERSION,):
            found = row[0] if row else "none"
            raise CacheError(
                f"The shared cache {self.url} has version {found}, this program writes version {VERSION}. "
                "Update presseschau on all machines, or name another database."
            )

    def _is_away(self, error: Exception) -> bool:
        """Whether the database may come back: the connection is gone, or there is none to be had."""
        connection = self._connection
        if connection is not None and not (connection.closed or connection.broken):
            return False
        self._connection = None
        return not self._ended.is_set()

    def _wait(self, lost_at: float | None, error: Exception) -> float:
        """Waits a while, says so, and returns since when the database is away. Raises the error if that is too long."""
        now = time.monotonic()
        since = now if lost_at is None else lost_at
        if now - since > self.patience:
            raise error
        if lost_at is None:
            self._say(f"the shared cache is away, waiting for it: {self._said(error)}")
        pause = max(_FIRST_PAUSE, min(_LAST_PAUSE, (now - since) / 2))
        if self._ended.wait(pause):
            raise error
        return since

    def _say(self, detail: str) -> None:
        if self.on_wait is not None:
            self.on_wait(detail)

    def _said(self, error: Exception) -> str:
        said = " ".join(str(error).split())[:300] or type(error).__name__
        for secret in self.url.secrets:
            said = said.replace(secret, "***")
        return said if said.endswith((".", "?")) else f"{said}."


def needs_psycopg() -> None:
    """Raises ConfigurationError if the extra is not installed."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise ConfigurationError(
            "A shared cache needs the extra: python -m pip install 'presseschau[postgres]'"
        ) from None


def _advice(error: Exception) -> str:
    import psycopg

    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return f"Workers need {RIGHTS} on the tables of the schema presseschau; to purge also DELETE."
    if isinstance(error, psycopg.errors.DiskFull):
        return "Make room on its disk."
    if isinstance(error, psycopg.errors.TooManyConnections):
        return "Raise max_connections: a worker has up to three."
    return "Is it running, and are user and password right (PGPASSWORD, ~/.pgpass or PRESSESCHAU_CACHE)?"
