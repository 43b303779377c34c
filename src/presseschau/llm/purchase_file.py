"""The file of purchases: who is buying what, and what was spent, on one machine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from presseschau.errors import CacheError, CacheFullError
from presseschau.llm.purchases import (
    LEASE,
    RENEWED,
    Amount,
    Certainty,
    ClaimKey,
    For,
    Hold,
    ReleaseKey,
    Renew,
    Settle,
    Spend,
    SpentRow,
    Step,
    is_gone,
    new_owner,
)
from presseschau.storage.sqlite import Database, DatabaseKind

_KIND = DatabaseKind(
    name="file of purchases",
    application_id=0x50525357,  # "PRSW"
    version=1,
    schema=(
        """CREATE TABLE owners (           -- clients that are at work
    owner TEXT PRIMARY KEY,            -- machine, process, and a random word
    until REAL NOT NULL                -- seconds since 1970; then it is taken for dead
) WITHOUT ROWID""",
        """CREATE TABLE leases (           -- answers that are being bought
    key TEXT PRIMARY KEY,              -- as in the cache
    owner TEXT NOT NULL
) WITHOUT ROWID""",
        """CREATE TABLE held (             -- requests under way, and the most that each can cost
    owner TEXT NOT NULL,
    number INTEGER NOT NULL,
    key TEXT NOT NULL,
    run TEXT NOT NULL,                 -- '' for what belongs to no run
    model TEXT NOT NULL,
    host TEXT NOT NULL,                -- base URL; '' for an embedded model
    prompt INTEGER NOT NULL,           -- tokens
    completion INTEGER NOT NULL,
    cost REAL,                         -- US dollars; NULL: no price was known
    PRIMARY KEY (owner, number)
) WITHOUT ROWID""",
        """CREATE TABLE spent (            -- sums, so that the file does not grow with requests
    run TEXT NOT NULL,
    day TEXT NOT NULL,                 -- YYYY-MM-DD, on this machine's clock
    model TEXT NOT NULL,
    host TEXT NOT NULL,
    certainty TEXT NOT NULL,           -- known, assumed, possible
    priced INTEGER NOT NULL,           -- whether a price was known
    requests INTEGER NOT NULL,
    prompt INTEGER NOT NULL,
    completion INTEGER NOT NULL,
    cost REAL NOT NULL,
    PRIMARY KEY (run, day, model, host, certainty, priced)
) WITHOUT ROWID""",
    ),
    error=CacheError,
    full=CacheFullError,
    instead="give another --cache",
    damaged="Move the file away: a new one is made; what was spent so far is then forgotten.",
    locked="Another process holds it; try again when it has ended.",
    busy_seconds=30.0,
    makes_folder=True,
)


class PurchaseFile:
    """The file, for one owner, who writes its steps many in one transaction.

    Opening buries the owners that are gone. Everything raises CacheError if the file cannot be used. `foreign` counts
    the commits of other connections, as far as they were noticed.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.owner = new_owner()
        self.foreign = 0
        self._clock = clock
        self._seen = -1
        self._renewed = 0.0
        self._alive: dict[str, bool] = {}
        self._database = Database(path, _KIND)
        try:
            with self._transaction():
                self._bury_the_dead()
        except BaseException:
            self._database.close()
            raise

    @staticmethod
    def beside(cache: Path) -> Path:
        """Where it lies."""
        return cache.with_name(f"{cache.name}.work")

    def hurry(self) -> None:
        """Nothing: a file is there or it is not."""

    def close(self) -> None:
        """Ends this owner: what it still held was settled, or may have been bought."""
        with suppress(CacheError), self._transaction():
            self._bury(self.owner)
        self._database.close()

    def __enter__(self) -> PurchaseFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, steps: Sequence[Step]) -> list[bool]:
        """Makes the steps in one transaction; for each whether it was done."""
        with self._transaction():
            return [self._make(step) for step in steps]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._database.transaction():
            version = self._database.one("PRAGMA data_version")
            assert version is not None
            if version[0] != self._seen:
                self._seen = version[0]
                self.foreign += 1
            self._alive = {self.owner: True}
            yield

    def _make(self, step: Step) -> bool:
        match step:
            case ClaimKey(key):
                return self._claim(key)
            case ReleaseKey(key):
                self._database.run("DELETE FROM leases WHERE key = ? AND owner = ?", key, self.owner)
            case Hold():
                self._hold(step)
            case Settle(number, what, certainty, used):
                held = self._database.run("DELETE FROM held WHERE owner = ? AND number = ?", self.owner, number)
                if held and used.requests:  # else it counts as spent: we were buried
                    self._spend(what, certainty, used)
            case Spend(what, certainty, used):
                self._spend(what, certainty, used)
            case Renew():
                self._renew()
        return True

    async def pause(self, seconds: float) -> None:
        """Returns after so long: a file tells nobody that it changed."""
        await asyncio.sleep(seconds)

    def _claim(self, key: str) -> bool:
        row = self._database.one("SELECT owner FROM leases WHERE key = ?", key)
        if row is not None and row[0] != self.owner and self._lives(row[0]):
            return False
        self._renew(soon=True)
        self._database.run("INSERT OR REPLACE INTO leases VALUES (?, ?)", key, self.owner)
        return True

    def free(self, keys: Collection[str]) -> list[str]:
        """Those of the keys that nobody is buying, as far as can be told without writing."""
        leases = dict(self._database.all("SELECT key, owner FROM leases"))
        self._alive = {self.owner: True}
        return [key for key in keys if key not in leases or not self._is_alive(leases[key])]

    def _hold(self, step: Hold) -> None:
        self._renew(soon=True)
        most, what = step.most, step.what
        self._database.run(
            "INSERT INTO held VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self.owner, step.number, step.key, what.run, what.model, what.host, most.prompt_tokens,
            most.completion_tokens, most.cost if what.priced else None,
        )  # fmt: skip

    def _spend(self, what: For, certainty: Certainty, used: Amount) -> None:
        """Adds to what was spent, today."""
        self._database.run(
            "INSERT INTO spent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "requests = requests + excluded.requests, prompt = prompt + excluded.prompt, "
            "completion = completion + excluded.completion, cost = cost + excluded.cost",
            what.run, datetime.fromtimestamp(self._clock()).strftime("%Y-%m-%d"), what.model, what.host, certainty,
            what.priced, used.requests, used.prompt_tokens, used.completion_tokens, used.cost,
        )  # fmt: skip

    def _renew(self, *, soon: bool = False) -> None:
        """Says that this owner lives; `soon`: only if it is about time."""
        now = self._clock()
        if not soon or not 0 <= now - self._renewed < RENEWED:
            self._database.run("INSERT OR REPLACE INTO owners VALUES (?, ?)", self.owner, now + LEASE)
            self._renewed = now

    def of_run(self, run: str) -> dict[Certainty, Amount]:
        """What a run has spent, in all its invocations."""
        rows = self._database.all(
            "SELECT certainty, sum(requests), sum(prompt), sum(completion), sum(cost) FROM spent WHERE run = ? "
            "GROUP BY certainty",
            run,
        )
        return {certainty: Amount(*sums) for certainty, *sums in rows}

    def since(self, day: str) -> list[SpentRow]:
        """What was spent from this day (YYYY-MM-DD) on, by day and model, over all runs."""
        rows = self._database.all(
            "SELECT day, model, host, certainty, priced, sum(requests), sum(prompt), sum(completion), sum(cost) "
            "FROM spent WHERE day >= ? GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4",
            day,
        )
        return [
            SpentRow(day, model, host, certainty, bool(priced), Amount(*sums))
            for day, model, host, certainty, priced, *sums in rows
        ]

    def _bury_the_dead(self) -> None:
        rows = self._database.all(
            "SELECT owner FROM owners UNION SELECT owner FROM held UNION SELECT owner FROM leases"
        )
        for row in rows:
            self._lives(row[0])

    def _lives(self, owner: str) -> bool:
        if not self._is_alive(owner):
            self._bury(owner)
            return False
        return True

    def _is_alive(self, owner: str) -> bool:
        if owner not in self._alive:
            row = self._database.one("SELECT until FROM owners WHERE owner = ?", owner)
            heard = row is not None and 0 < row[0] - self._clock() <= 2 * LEASE  # longer: the clock was set back
            self._alive[owner] = heard and not is_gone(owner)
        return self._alive[owner]

    def _bury(self, owner: str) -> None:
        """Nobody will say what became of the requests it had under way: they may have been billed."""
        rows = self._database.all("SELECT run, model, host, prompt, completion, cost FROM held WHERE owner = ?", owner)
        for run, model, host, prompt, completion, cost in rows:
            most = Amount(1, prompt, completion, cost or 0.0)
            self._spend(For(run, model, host, cost is not None), "possible", most)
        for table in ("held", "leases", "owners"):
            self._database.run(f"DELETE FROM {table} WHERE owner = ?", owner)  # noqa: S608
