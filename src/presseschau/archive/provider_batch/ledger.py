"""What was handed to a provider, and what became of it: one row per request, one row per shard.

It is written before and after everything that costs money, so that whatever ends the process the next one knows what
is under way. A request is `open` (to be sent), `sent`, `answered`, `stored` (the answer is in the cache as well) or
`failed` (for good); it gets its result once, whatever else the provider's files hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from presseschau.archive.progress import Spent
from presseschau.errors import OutputError
from presseschau.llm.batch.files import Shard
from presseschau.llm.profiles import SchemaMode
from presseschau.storage.sqlite import Database, DatabaseKind

RequestState = Literal["open", "sent", "answered", "stored", "failed"]
ENDINGS = ("completed", "expired", "cancelled", "failed")
UNSUPPORTED = "unsupported"
"""The class of a request that was refused in the shape it had."""
_SILENT = ("usage_unknown", "unknown_prompt", "unknown_completion")
"""Facts about answers that do not say what they cost: their number, and the tokens that they can have had at most."""
_NUMBERS, _NUMBERS_OF_READER = (1, 1_000_000), (1_000_001, 2_000_000)
"""The numbers that shards may have: those of a second reader may be written at the same time."""
ShardState = Literal["written", "creating", "created", "ended"]
_AWAY = "move its folder away: batches that are under way are then found again at the provider"
_KIND = DatabaseKind(
    name="ledger",
    application_id=0x5052534C,  # "PRSL"
    version=1,
    schema=(
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
    ),
    error=OutputError,
    instead=_AWAY,
    damaged=f"M{_AWAY[1:]}.",
    locked="Another process is working on this run. Wait until it has ended, then run the same command to continue.",
    makes_folder=True,
)
_REQUEST = "state, tries, sends, prompt_tokens, completion_tokens, seen, rung, kind, text"
_SENT = "number, state, file, digest, requests, tokens, rung, written, input_file, batch"


@dataclass(frozen=True)
class LedgerRow:
    """A request that was handed over. Tokens are those of all its sendings, `seen` the prompt's as the server read it;
    `text` is the answer or, for a failure of class `kind`, what was said."""

    state: RequestState
    tries: int
    sends: int
    prompt_tokens: int
    completion_tokens: int
    seen: int
    schema_mode: SchemaMode
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
    schema_mode: SchemaMode
    written: int
    input_file: str | None
    batch: str | None


@dataclass(frozen=True)
class Outcome:
    """What a result says of a request. `state` is answered, failed or open (to be sent again). `lost`: it may have been
    billed in vain; `silent`: it was answered, and the answer does not say what it cost."""

    id: str
    state: RequestState
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seen: int = 0
    lost: bool = False
    silent: bool = False
    counts: bool = True
    kind: str = ""
    text: str = ""


class Ledger:
    """One file in its own folder; `engine` is whose requests these are. Raises OutputError if it cannot be used.

    A second reader's requests lie in the same file, and have shards, sums and facts of their own: `beside`.
    """

    def __init__(self, folder: Path, engine: str) -> None:
        self.folder = folder
        self.engine = engine
        self._database = Database(folder / "ledger.sqlite", _KIND)
        self._facts, self._numbers = "", _NUMBERS

    def beside(self, engine: str) -> Ledger:
        """The requests of another model, a second reader, in the same file."""
        other = copy(self)
        other.engine = engine
        other._facts, other._numbers = f"{engine} ", _NUMBERS_OF_READER
        return other

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside is written at its end, or not at all; inside another one it is part of that."""
        return self._database.transaction()

    def undo(self) -> None:
        """Takes back what was written in the transaction that is open."""
        self._database.undo()

    def begin(self, *, failed: bool, anew: bool) -> None:
        """A new invocation: tries count from 0 again. `failed`: what failed may be sent again; `anew`: everything that
        is not under way may be."""
        which = ["state = 'open'", *["state = 'failed'"] * (failed or anew)]
        which += ["state IN ('answered', 'stored')"] * anew
        with self.transaction():
            self._database.run("UPDATE requests SET tries = 0")
            self._database.run(f"UPDATE requests SET state = 'open', kind = '', text = '' WHERE {' OR '.join(which)}")  # noqa: S608

    def fact(self, name: str) -> Any:
        row = self._database.one("SELECT value FROM facts WHERE name = ?", self._facts + name)
        return json.loads(row[0]) if row else None

    def remember(self, **facts: Any) -> None:
        with self.transaction():
            for name, value in facts.items():
                self._database.run("INSERT OR REPLACE INTO facts VALUES (?, ?)", self._facts + name, json.dumps(value))

    def count(self, **more: int) -> None:
        """Adds to counters of this run."""
        self.remember(**{name: (self.fact(name) or 0) + number for name, number in more.items() if number})

    def counts(self) -> dict[str, int]:
        """Batches by how they ended, and rows that were repeated or could not be read."""
        return {name: int(self.fact(name) or 0) for name in (*ENDINGS, "repeated", "unreadable") if self.fact(name)}

    def known(self, id: str) -> LedgerRow | None:
        row = self._database.one(f"SELECT {_REQUEST} FROM requests WHERE id = ?", id)  # noqa: S608
        return LedgerRow(*row) if row else None

    def sending(self, id: str, shard: int, most_prompt: int, most_completion: int) -> None:
        """A request was put into a shard."""
        self._database.run(
            "INSERT INTO requests (id, shard, state, tries, sends, most_prompt, most_completion) "
            "VALUES (?, ?, 'sent', 1, 1, ?, ?) ON CONFLICT (id) DO UPDATE SET shard = excluded.shard, state = 'sent', "
            "tries = tries + 1, sends = sends + 1, most_prompt = excluded.most_prompt, "
            "most_completion = excluded.most_completion, kind = '', text = ''",
            id, shard, most_prompt, most_completion,
        )  # fmt: skip

    def mark(self, id: str, state: RequestState, kind: str = "", text: str | None = None) -> None:
        """What was found of an answer once it was read: stored, or failed and why."""
        with self.transaction():
            self._database.run(
                "UPDATE requests SET state = ?, kind = ?, text = coalesce(?, text) WHERE id = ?", state, kind, text, id
            )

    def seal(self, shards: Iterable[Shard], schema_mode: SchemaMode, now: int) -> None:
        """The shards are whole and on the disk."""
        with self.transaction():
            for shard in shards:
                self._database.run(
                    "INSERT INTO shards (number, engine, state, file, digest, requests, tokens, rung, written) "
                    "VALUES (?, ?, 'written', ?, ?, ?, ?, ?, ?)",
                    shard.number, self.engine, shard.path.name, shard.digest, shard.requests, shard.tokens,
                    schema_mode, now,
                )  # fmt: skip

    def next_shard(self) -> int:
        return self._totals(
            "SELECT coalesce(max(number) + 1, ?) FROM shards WHERE number BETWEEN ? AND ?",
            self._numbers[0],
            *self._numbers,
        )[0]

    def shards(self, *states: ShardState) -> list[Sent]:
        """Those of this engine, in order."""
        marks = ", ".join("?" * len(states))
        rows = self._database.all(
            f"SELECT {_SENT} FROM shards WHERE engine = ? AND state IN ({marks}) ORDER BY number",  # noqa: S608
            self.engine, *states,
        )  # fmt: skip
        return [Sent(*row) for row in rows]

    def move(self, number: int, state: ShardState, *, input_file: str | None = None, batch: str | None = None) -> None:
        """A shard is somewhere else now; on the disk when this returns."""
        with self.transaction():
            self._database.run(
                "UPDATE shards SET state = ?, input_file = coalesce(?, input_file), batch = ? WHERE number = ?",
                state, input_file, batch, number,
            )  # fmt: skip
            if batch is not None:
                self._database.run("INSERT OR IGNORE INTO batches VALUES (?)", batch)

    def batches(self) -> set[str]:
        """Every batch that was ever ours."""
        return {row[0] for row in self._database.all("SELECT id FROM batches")}

    def enter(self, number: int, outcome: Outcome, schema_mode: SchemaMode) -> bool:
        """The result of a request of this shard; False if it is none, or has one already."""
        entered = self._database.run(
            "UPDATE requests SET state = ?, prompt_tokens = prompt_tokens + ?, "
            "completion_tokens = completion_tokens + ?, seen = ?, lost = lost + ?, tries = tries - ?, kind = ?, "
            "text = ?, rung = ? WHERE id = ? AND shard = ? AND state = 'sent'",
            outcome.state, outcome.prompt_tokens, outcome.completion_tokens, outcome.seen, outcome.lost,
            not outcome.counts, outcome.kind, outcome.text, schema_mode, outcome.id, number,
        ) == 1  # fmt: skip
        if entered and outcome.silent:
            most = self._database.one("SELECT 1, most_prompt, most_completion FROM requests WHERE id = ?", outcome.id)
            self.count(**dict(zip(_SILENT, most or (), strict=True)))
        return entered

    def reject(self, number: int) -> None:
        """The requests of this shard that the server takes in no shape have failed."""
        with self.transaction():
            self._database.run(
                "UPDATE requests SET state = 'failed', kind = 'failed' WHERE shard = ? AND state = 'open' AND kind = ?",
                number, UNSUPPORTED,
            )  # fmt: skip

    def unanswered(self, number: int) -> list[str]:
        """Requests of a shard without a result."""
        rows = self._database.all("SELECT id FROM requests WHERE shard = ? AND state = 'sent'", number)
        return [row[0] for row in rows]

    def most_of(self, number: int) -> tuple[int, int]:
        """Prompt and completion tokens that the requests of a shard without a result can cost at most."""
        prompt, completion = self._totals(
            "SELECT coalesce(sum(most_prompt), 0), coalesce(sum(most_completion), 0) FROM requests "
            "WHERE state = 'sent' AND shard = ?",
            number,
        )
        return prompt, completion

    def held(self) -> tuple[int, int]:
        """Prompt and completion tokens that what is under way can cost at most."""
        prompt, completion = self._totals(
            "SELECT coalesce(sum(most_prompt), 0), coalesce(sum(most_completion), 0) FROM requests "
            "WHERE state = 'sent' AND shard BETWEEN ? AND ?",
            *self._numbers,
        )
        return prompt, completion

    def spent(self) -> Spent:
        """Of all requests; of answers that do not say what they cost the most that they can have cost. What was billed
        in vain is counted in `possibly_billed`, without its tokens."""
        requests, prompt, completion, lost = self._totals(
            "SELECT coalesce(sum(sends), 0), coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0), "
            "coalesce(sum(lost), 0) FROM requests WHERE shard BETWEEN ? AND ?",
            *self._numbers,
        )
        silent, most_prompt, most_completion = (int(self.fact(name) or 0) for name in _SILENT)
        return Spent(requests, prompt + most_prompt, completion + most_completion, lost, usage_unknown=silent)

    def lost(self) -> tuple[int, int]:
        """Prompt and completion tokens that what was billed for nothing can have cost at most."""
        prompt, completion = self._totals(
            "SELECT coalesce(sum(lost * most_prompt), 0), coalesce(sum(lost * most_completion), 0) FROM requests "
            "WHERE shard BETWEEN ? AND ?",
            *self._numbers,
        )
        return prompt, completion

    def forget_texts(self) -> None:
        """The run is complete: the answers are in its output, and in the cache."""
        with self.transaction():
            self._database.run("UPDATE requests SET text = '' WHERE state IN ('answered', 'stored')")

    def _totals(self, statement: str, *values: int) -> tuple[int, ...]:
        return tuple(int(value) for value in self._database.one(statement, *values) or ())
