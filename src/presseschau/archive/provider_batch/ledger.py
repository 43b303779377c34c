"""What was handed to a provider, and what became of it: one row a request, one row a shard.

It is written before and after everything that costs money, so that whatever ends the process the next one knows what
is under way. A request is `open` (to be sent), `sent`, `answered`, `stored` (the answer is in the cache as well) or
`failed` (for good); it gets its result once, whatever else the provider's files hold.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from presseschau.archive.journal_file import wrapped
from presseschau.archive.provider_batch.ledger_file import open_file
from presseschau.archive.spent import Spent
from presseschau.llm.batch.shard import Shard
from presseschau.llm.profiles import Rung

RequestState = Literal["open", "sent", "answered", "stored", "failed"]
ENDINGS = ("completed", "expired", "cancelled", "failed")
UNSUPPORTED = "unsupported"
"""The class of a request that was refused in the shape it had."""
ShardState = Literal["written", "creating", "created", "ended"]
_REQUEST = "state, tries, sends, prompt_tokens, completion_tokens, seen, rung, kind, text"
_SENT = "number, state, file, digest, requests, tokens, rung, written, input_file, batch"


@dataclass(frozen=True)
class Known:
    """A request that was handed over. Tokens are those of all its sendings, `seen` the prompt's as the server read it;
    `text` is the answer or, for a failure of class `kind`, what was said."""

    state: RequestState
    tries: int
    sends: int
    prompt_tokens: int
    completion_tokens: int
    seen: int
    rung: Rung
    kind: str
    text: str


@dataclass(frozen=True)
class Sent:
    """A shard and where it is at the provider."""

    number: int
    state: ShardState
    file: str
    digest: str
    requests: int
    tokens: int
    rung: Rung
    written: int
    input_file: str | None
    batch: str | None


@dataclass(frozen=True)
class Outcome:
    """What a result says of a request. `state` is answered, failed or open (to be sent again)."""

    id: str
    state: RequestState
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seen: int = 0
    lost: bool = False
    counts: bool = True
    kind: str = ""
    text: str = ""


class Ledger:
    """One file in a folder of its own; `engine` is whose requests these are. Raises OutputError if it is of no use."""

    def __init__(self, folder: Path, engine: str) -> None:
        self.folder = folder
        self.engine = engine
        self._path = folder / "ledger.sqlite"
        with wrapped(self._path):
            try:
                folder.mkdir(mode=0o700, exist_ok=True)
            except OSError as error:
                raise sqlite3.OperationalError(error.strerror) from None
        self._connection = open_file(self._path)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is written at its end, or not at all; inside another one it is part of that."""
        if self._connection.in_transaction:
            yield
            return
        with wrapped(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                if self._connection.in_transaction:
                    self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def undo(self) -> None:
        """Takes back what was written in the transaction that is open."""
        self._run("ROLLBACK")

    def begin(self, *, failed: bool, anew: bool) -> None:
        """A new invocation: tries count from 0 again. `failed`: what failed may be sent again; `anew`: everything that
        is not under way may be."""
        which = ["state = 'open'", *["state = 'failed'"] * (failed or anew)]
        which += ["state IN ('answered', 'stored')"] * anew
        with self.transaction():
            self._run("UPDATE requests SET tries = 0")
            self._run(f"UPDATE requests SET state = 'open', kind = '', text = '' WHERE {' OR '.join(which)}")  # noqa: S608

    def fact(self, name: str) -> Any:
        row = self._run("SELECT value FROM facts WHERE name = ?", name).fetchone()
        return json.loads(row[0]) if row else None

    def remember(self, **facts: Any) -> None:
        with self.transaction():
            for name, value in facts.items():
                self._run("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, json.dumps(value))

    def count(self, **more: int) -> None:
        """Adds to counters of this run."""
        self.remember(**{name: (self.fact(name) or 0) + number for name, number in more.items() if number})

    def counts(self) -> dict[str, int]:
        """Batches by how they ended, and rows that were repeated or could not be read."""
        return {name: int(self.fact(name) or 0) for name in (*ENDINGS, "repeated", "unreadable") if self.fact(name)}

    def known(self, id: str) -> Known | None:
        row = self._run(f"SELECT {_REQUEST} FROM requests WHERE id = ?", id).fetchone()  # noqa: S608
        return Known(*row) if row else None

    def sending(self, id: str, shard: int, most_prompt: int, most_completion: int) -> None:
        """A request was put into a shard."""
        self._run(
            "INSERT INTO requests (id, shard, state, tries, sends, most_prompt, most_completion) "
            "VALUES (?, ?, 'sent', 1, 1, ?, ?) ON CONFLICT (id) DO UPDATE SET shard = excluded.shard, state = 'sent', "
            "tries = tries + 1, sends = sends + 1, most_prompt = excluded.most_prompt, "
            "most_completion = excluded.most_completion, kind = '', text = ''",
            id, shard, most_prompt, most_completion,
        )  # fmt: skip

    def mark(self, id: str, state: RequestState, kind: str = "", text: str | None = None) -> None:
        """What was found of an answer once it was read: stored, or failed and why."""
        with self.transaction():
            self._run(
                "UPDATE requests SET state = ?, kind = ?, text = coalesce(?, text) WHERE id = ?", state, kind, text, id
            )

    def seal(self, shards: Iterable[Shard], rung: Rung, now: int) -> None:
        """The shards are whole and on the disk."""
        with self.transaction():
            for shard in shards:
                self._run(
                    "INSERT INTO shards (number, engine, state, file, digest, requests, tokens, rung, written) "
                    "VALUES (?, ?, 'written', ?, ?, ?, ?, ?, ?)",
                    shard.number, self.engine, shard.path.name, shard.digest, shard.requests, shard.tokens, rung, now,
                )  # fmt: skip

    def next_shard(self) -> int:
        return int(self._run("SELECT coalesce(max(number), 0) + 1 FROM shards").fetchone()[0])

    def shards(self, *states: ShardState) -> list[Sent]:
        """Those of this engine, in order."""
        marks = ", ".join("?" * len(states))
        rows = self._run(
            f"SELECT {_SENT} FROM shards WHERE engine = ? AND state IN ({marks}) ORDER BY number",  # noqa: S608
            self.engine, *states,
        )  # fmt: skip
        return [Sent(*row) for row in rows.fetchall()]

    def move(self, number: int, state: ShardState, *, input_file: str | None = None, batch: str | None = None) -> None:
        """A shard is somewhere else now; on the disk when this returns."""
        with self.transaction():
            self._run(
                "UPDATE shards SET state = ?, input_file = coalesce(?, input_file), batch = ? WHERE number = ?",
                state, input_file, batch, number,
            )  # fmt: skip
            if batch is not None:
                self._run("INSERT OR IGNORE INTO batches VALUES (?)", batch)

    def batches(self) -> set[str]:
        """Every batch that was ever ours."""
        return {row[0] for row in self._run("SELECT id FROM batches")}

    def enter(self, number: int, outcome: Outcome, rung: Rung) -> bool:
        """The result of a request of this shard; False if it is none, or has one already."""
        return (
            self._run(
                "UPDATE requests SET state = ?, prompt_tokens = prompt_tokens + ?, "
                "completion_tokens = completion_tokens + ?, seen = ?, lost = lost + ?, tries = tries - ?, kind = ?, "
                "text = ?, rung = ? WHERE id = ? AND shard = ? AND state = 'sent'",
                outcome.state, outcome.prompt_tokens, outcome.completion_tokens, outcome.seen, outcome.lost,
                not outcome.counts, outcome.kind, outcome.text, rung, outcome.id, number,
            ).rowcount
            == 1
        )  # fmt: skip

    def reject(self, number: int) -> None:
        """The requests of this shard that the server takes in no shape have failed."""
        with self.transaction():
            self._run(
                "UPDATE requests SET state = 'failed', kind = 'failed' WHERE shard = ? AND state = 'open' AND kind = ?",
                number, UNSUPPORTED,
            )  # fmt: skip

    def unanswered(self, number: int) -> list[str]:
        """Requests of a shard without a result."""
        rows = self._run("SELECT id FROM requests WHERE shard = ? AND state = 'sent'", number)
        return [row[0] for row in rows.fetchall()]

    def held(self) -> tuple[int, int]:
        """Prompt and completion tokens that what is under way can cost at most."""
        row = self._run(
            "SELECT coalesce(sum(most_prompt), 0), coalesce(sum(most_completion), 0) FROM requests WHERE state = 'sent'"
        ).fetchone()
        return int(row[0]), int(row[1])

    def spent(self) -> Spent:
        """Of all requests; what was billed in vain is counted in `possibly_billed`, its tokens are not known."""
        row = self._run(
            "SELECT coalesce(sum(sends), 0), coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0), "
            "coalesce(sum(lost), 0) FROM requests"
        ).fetchone()
        return Spent(*(int(value) for value in row))

    def lost(self) -> tuple[int, int]:
        """Prompt and completion tokens that what was billed in vain can have cost at most."""
        row = self._run(
            "SELECT coalesce(sum(lost * most_prompt), 0), coalesce(sum(lost * most_completion), 0) FROM requests"
        ).fetchone()
        return int(row[0]), int(row[1])

    def forget_texts(self) -> None:
        """The run is complete: the answers are in its output, and in the cache."""
        with self.transaction():
            self._run("UPDATE requests SET text = '' WHERE state IN ('answered', 'stored')")

    def _run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        with wrapped(self._path):
            return self._connection.execute(statement, values)
