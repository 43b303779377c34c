"""The answer cache in a database that several machines share: what `AnswerCache` is on one machine.

Rows, digests and keys are those of the file. A look-up is a journey, so many share one (`get_all`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from presseschau.llm.cache import (
    FRESH,
    AnswerCache,
    CacheMode,
    CacheReport,
    CacheStats,
    Stored,
    believed,
    iso,
    notes_of,
    row_digest,
)
from presseschau.storage.postgres import AT_THE_END, DatabaseUrl, Shared

if TYPE_CHECKING:
    from psycopg import Cursor

_COLUMNS = "key, text, prompt_tokens, completion_tokens, requests, created, digest"
_STORE = f"""INSERT INTO presseschau.answers ({_COLUMNS}, notes) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (key) DO UPDATE SET text = excluded.text, prompt_tokens = excluded.prompt_tokens,
completion_tokens = excluded.completion_tokens, requests = excluded.requests, created = excluded.created,
digest = excluded.digest, notes = excluded.notes"""  # noqa: S608
_VERDICT = """INSERT INTO presseschau.verdicts VALUES (%s, %s, %s)
ON CONFLICT (engine) DO UPDATE SET shape = excluded.shape, created = excluded.created"""


class SharedCache:
    """One connection to the answers. Safe for several processes; threads take turns.

    Opening raises CacheError for a database that cannot be reached, has no tables (`make` makes them) or those of
    another version. A connection lost later is waited for (`Shared`). `poisoned` counts the rows found damaged so far.
    """

    def __init__(self, url: DatabaseUrl, mode: CacheMode = "normal", *, make: bool = False) -> None:
        self.path = url
        self.mode = mode
        self.poisoned = 0
        self.database = Shared(url, make=make)
        self.close = self.database.close

    def hurry(self) -> None:
        """Everything is being closed: a database that is away is waited for AT_THE_END only."""
        self.database.patience = min(self.database.patience, AT_THE_END)

    def __enter__(self) -> SharedCache:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, key: str) -> Stored | None:
        """The answer stored under a key, if its row is as it was written."""
        return self.get_all([key])[0]

    def get_all(self, keys: Sequence[str]) -> list[Stored | None]:
        """For each key its answer, if it is stored and its row as it was written."""

        def read(cursor: Cursor[Any]) -> list[tuple[Any, ...]]:
            return cursor.execute(
                f"SELECT {_COLUMNS}, notes FROM presseschau.answers WHERE key = ANY(%s) AND text IS NOT NULL",  # noqa: S608
                [list(keys)],
            ).fetchall()

        found: dict[str, Stored | None] = {}
        for *row, notes in self.database.work(read):
            stored = believed(tuple(row))
            self.poisoned += stored is None
            said = notes_of(notes) if stored else ()
            found[row[0]] = Stored(stored.text, stored.usage, said) if stored and said else stored
        return [found.get(key) for key in keys]

    def put(self, key: str, stored: Stored) -> None:
        """Stores an answer. Raises CacheError when it cannot be written."""
        self.put_all([(key, stored)])

    def put_all(self, answers: Iterable[tuple[str, Stored]], verdicts: Iterable[tuple[str, str]] = ()) -> None:
        """Stores answers and verdicts (engine, shape) in one transaction. Raises CacheError if it cannot be written."""
        now = iso(datetime.now(UTC))
        rows = []
        for key, s in sorted(dict(answers).items()):  # sorted: two that store the same rows do not lock each other up
            row = (key, s.text, s.usage.prompt_tokens, s.usage.completion_tokens, s.usage.requests, now)
            rows.append((key, s.text.encode(), *row[2:], row_digest(row), json.dumps(s.notes, ensure_ascii=False)))
        known = [(engine, shape, now) for engine, shape in sorted(dict(verdicts).items())]

        def write(cursor: Cursor[Any]) -> None:
            if rows:
                cursor.executemany(_STORE, rows)
            if known:
                cursor.executemany(_VERDICT, known)

        self.database.work(write)

    def check_writable(self) -> None:
        """Raises CacheError if nothing can be stored: to be asked before the first paid request."""
        self.put_all([], [("", "")])

    def verdict(self, engine: str) -> str | None:
        """What a run of the last 30 days learned about how to put requests to this engine: servers are updated."""
        if self.mode == "refresh":
            return None
        since = iso(datetime.now(UTC) - FRESH)
        found = self._rows("SELECT shape FROM presseschau.verdicts WHERE engine = %s AND created > %s", engine, since)
        return str(found[0][0]) if found else None

    def remember_verdict(self, engine: str, shape: str) -> None:
        self.put_all([], [(engine, shape)])

    def stats(self) -> CacheStats:
        ((count, prompt, completion, oldest, newest, size),) = self._rows(
            "SELECT count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0), min(created), "
            "max(created), pg_total_relation_size('presseschau.answers') FROM presseschau.answers "
            "WHERE text IS NOT NULL"
        )
        return CacheStats(str(self.path), int(size), int(count), int(prompt), int(completion), oldest, newest)

    def verify(self) -> CacheReport:
        """Reads every row, a few at a time."""
        answers = poisoned = 0
        after = ""
        while rows := self._rows(
            f"SELECT {_COLUMNS} FROM presseschau.answers WHERE key > %s AND text IS NOT NULL ORDER BY key LIMIT 1000",  # noqa: S608
            after,
        ):
            answers += len(rows)
            poisoned += sum(believed(row) is None for row in rows)
            after = rows[-1][0]
        return CacheReport(answers, poisoned, ())

    def clear(self) -> int:
        """Deletes every answer and verdict; returns the number of answers deleted."""

        def delete(cursor: Cursor[Any]) -> int:
            cursor.execute("DELETE FROM presseschau.verdicts")
            count = cursor.execute("DELETE FROM presseschau.answers WHERE text IS NOT NULL").rowcount
            _forget_the_dead(cursor)
            return count

        return self.database.work(delete)

    def purge(self, before: datetime) -> int:
        """Deletes the answers stored before a moment (without a zone: UTC), and what dead processes left; returns the
        number of answers."""
        moment = before.replace(tzinfo=UTC) if before.tzinfo is None else before.astimezone(UTC)

        def delete(cursor: Cursor[Any]) -> int:
            statement = "DELETE FROM presseschau.answers WHERE text IS NOT NULL AND created < %s"
            count = cursor.execute(statement, [iso(moment)]).rowcount
            _forget_the_dead(cursor)
            return count

        return self.database.work(delete)

    def _rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.database.work(lambda cursor: cursor.execute(statement, values or None).fetchall())


Cache: TypeAlias = AnswerCache | SharedCache
"""Where answers are kept: on one machine, or in a database that machines share."""


def _forget_the_dead(cursor: Cursor[Any]) -> None:
    """Keys that nobody is buying and nobody bought; owners that were buried. What they spent stays."""
    cursor.execute(
        "DELETE FROM presseschau.answers a WHERE text IS NULL AND NOT EXISTS "
        "(SELECT FROM presseschau.owners o WHERE o.owner = a.owner AND o.until > now())"
    )
    cursor.execute("DELETE FROM presseschau.owners WHERE until = '-infinity'")
    cursor.execute("DELETE FROM presseschau.money WHERE certainty = 'held' AND requests = 0")
