"""Who is buying which answer, what it may cost at most, and what was spent: one file beside the cache for all runs.

    claim the key ──▶ hold the most it can cost ──▶ send ──▶ settle ──▶ store the answer ──▶ release the key

All of it is on the disk before anything is sent, so that whatever ends a process the next one knows what it may have
bought, and several processes buy an answer once. A claim and what is held go with their owner: an owner that was not
heard of for a minute, or whose process is gone, is buried, and what it held counts as spent.
"""

from __future__ import annotations

import asyncio
import os
import platform
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Literal

from presseschau.errors import CacheError
from presseschau.llm.spending import Price
from presseschau.models import Usage
from presseschau.storage.grouped import Grouped
from presseschau.storage.sqlite import Database, DatabaseKind

LEASE, RENEWED = 60.0, 20.0
"""Seconds for which an owner is believed to live, and after which it says so again."""
_FIRST_LOOK, _LAST_LOOK = 0.05, 1.0
"""Seconds between two looks at what another process is buying: at first, and at the most."""

Certainty = Literal["known", "assumed", "possible"]
"""How sure an amount is: as the server said; the most that it can be, since the server did not say; the most, for what
may have been billed without an answer."""

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
    instead="give another --cache",
    damaged="Move the file away: a new one is made; what was spent so far is then forgotten.",
    locked="Another process holds it; try again when it has ended.",
    busy_seconds=30.0,
    makes_folder=True,
)


@dataclass(frozen=True)
class Amount:
    """A sum: requests, tokens read and written, US dollars of what has a price."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0

    def __add__(self, other: Amount) -> Amount:
        return Amount(
            self.requests + other.requests,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cost + other.cost,
        )


@dataclass(frozen=True)
class SpentRow:
    """What one model took on one day."""

    day: str
    model: str
    host: str
    certainty: Certainty
    priced: bool
    amount: Amount


class PurchaseFile:
    """The file, for one owner. Its steps (`claim`, `hold` ...) are made in `write`, many in one transaction.

    Opening buries the owners that are gone. Everything raises CacheError if the file cannot be used. `foreign` counts
    the commits of other connections, as far as they were noticed.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.owner = f"{_machine()} {os.getpid()} {os.urandom(4).hex()}"
        self.foreign = 0
        self._clock = clock
        self._seen = -1
        self._renewed = 0.0
        self._alive: dict[str, bool] = {}
        self._database = Database(path, _KIND)
        try:
            self.write([self._bury_the_dead])
        except BaseException:
            self._database.close()
            raise

    @staticmethod
    def beside(cache: Path) -> Path:
        """Where it lies."""
        return cache.with_name(f"{cache.name}.work")

    def close(self) -> None:
        """Ends this owner: what it still held was settled, or may have been bought."""
        with suppress(CacheError):
            self.write([partial(self._bury, self.owner)])
        self._database.close()

    def __enter__(self) -> PurchaseFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, steps: Sequence[Callable[[], bool]]) -> list[bool]:
        """Makes the steps in one transaction; what each returned."""
        with self._database.transaction():
            version = self._database.one("PRAGMA data_version")
            assert version is not None
            if version[0] != self._seen:
                self._seen = version[0]
                self.foreign += 1
            self._alive = {self.owner: True}
            return [step() for step in steps]

    def claim(self, key: str) -> bool:
        """Whether the key is ours now; False while another owner is buying it."""
        row = self._database.one("SELECT owner FROM leases WHERE key = ?", key)
        if row is not None and row[0] != self.owner and self._lives(row[0]):
            return False
        self.renew(soon=True)
        self._database.run("INSERT OR REPLACE INTO leases VALUES (?, ?)", key, self.owner)
        return True

    def release(self, key: str) -> bool:
        return bool(self._database.run("DELETE FROM leases WHERE key = ? AND owner = ?", key, self.owner))

    def free(self, keys: Collection[str]) -> list[str]:
        """Those of the keys that nobody is buying, as far as can be told without writing."""
        leases = dict(self._database.all("SELECT key, owner FROM leases"))
        self._alive = {self.owner: True}
        return [key for key in keys if key not in leases or not self._is_alive(leases[key])]

    def hold(
        self, number: int, key: str, run: str, model: str, host: str, prompt: int, completion: int, cost: float | None
    ) -> bool:
        self.renew(soon=True)
        self._database.run(
            "INSERT INTO held VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self.owner, number, key, run, model, host, prompt, completion, cost,
        )  # fmt: skip
        return True

    def settle(
        self, number: int, run: str, model: str, host: str, certainty: Certainty, amount: Amount, priced: bool
    ) -> bool:
        """What the request with this number did cost, if it was sent."""
        self._database.run("DELETE FROM held WHERE owner = ? AND number = ?", self.owner, number)
        return not amount.requests or self.spend(run, model, host, certainty, amount, priced)

    def spend(self, run: str, model: str, host: str, certainty: Certainty, amount: Amount, priced: bool) -> bool:
        """Adds to what was spent, today."""
        self._database.run(
            "INSERT INTO spent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "requests = requests + excluded.requests, prompt = prompt + excluded.prompt, "
            "completion = completion + excluded.completion, cost = cost + excluded.cost",
            run, datetime.fromtimestamp(self._clock()).strftime("%Y-%m-%d"), model, host, certainty, priced,
            amount.requests, amount.prompt_tokens, amount.completion_tokens, amount.cost,
        )  # fmt: skip
        return True

    def renew(self, *, soon: bool = False) -> bool:
        """Says that this owner lives; `soon`: only if it is about time."""
        now = self._clock()
        if not soon or not 0 <= now - self._renewed < RENEWED:
            self._database.run("INSERT OR REPLACE INTO owners VALUES (?, ?)", self.owner, now + LEASE)
            self._renewed = now
        return True

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

    def _bury_the_dead(self) -> bool:
        rows = self._database.all(
            "SELECT owner FROM owners UNION SELECT owner FROM held UNION SELECT owner FROM leases"
        )
        for row in rows:
            self._lives(row[0])
        return True

    def _lives(self, owner: str) -> bool:
        if not self._is_alive(owner):
            self._bury(owner)
            return False
        return True

    def _is_alive(self, owner: str) -> bool:
        if owner not in self._alive:
            row = self._database.one("SELECT until FROM owners WHERE owner = ?", owner)
            heard = row is not None and 0 < row[0] - self._clock() <= 2 * LEASE  # longer: the clock was set back
            self._alive[owner] = heard and not _gone(owner)
        return self._alive[owner]

    def _bury(self, owner: str) -> bool:
        """Nobody will say what became of the requests it had under way: they may have been billed."""
        rows = self._database.all("SELECT run, model, host, prompt, completion, cost FROM held WHERE owner = ?", owner)
        for run, model, host, prompt, completion, cost in rows:
            self.spend(run, model, host, "possible", Amount(1, prompt, completion, cost or 0.0), cost is not None)
        for table in ("held", "leases", "owners"):
            self._database.run(f"DELETE FROM {table} WHERE owner = ?", owner)  # noqa: S608
        return True


@lru_cache(maxsize=1)
def _machine() -> str:
    """Where process ids mean the same: a container has its own."""
    try:
        return f"{platform.node()}:{Path('/proc/self/ns/pid').readlink()}".replace(" ", "-")
    except OSError:
        return platform.node().replace(" ", "-") or "-"


def _gone(owner: str) -> bool:
    """Whether the owner was a process of this machine that is no more."""
    machine, process, _ = owner.split(" ")
    if os.name != "posix" or machine != _machine():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


@dataclass
class Purchases:
    """The purchases of one client. `run` '' for what belongs to no run; `price` None: not known.

    Its methods raise CacheError when nothing can be written; what is only settled or released is then left to whoever
    comes next.
    """

    file: PurchaseFile
    model: str
    host: str
    run: str = ""
    price: Price | None = None
    _numbers: int = 0
    _awaited: dict[str, asyncio.Event] = field(default_factory=dict)
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._group: Grouped[Callable[[], bool], bool] = Grouped(self.file.write)

    async def close(self) -> None:
        """Returns when everything was written; the file is to be closed by whoever opened it."""
        for task in self._tasks.values():
            task.cancel()
        await self._group.close()

    async def claim(self, key: str) -> bool:
        """Whether the key is ours to buy now; if not, `wait`, look for the answer, and claim again."""
        self._keep_going("renewing", self._renewing)
        try:
            return await self._group.put(partial(self.file.claim, key))
        except asyncio.CancelledError:
            self.release(key)
            raise

    def release(self, key: str) -> None:
        self._group.add(partial(self.file.release, key))

    async def wait(self, key: str) -> None:
        """Returns when nobody else is buying the key any more."""
        free = self._awaited.setdefault(key, asyncio.Event())
        self._keep_going("watching", self._watching)
        await free.wait()

    async def hold(self, key: str, most: Usage) -> int:
        """Holds the most that one request can cost, and returns the number under which to settle it."""
        self._keep_going("renewing", self._renewing)
        self._numbers += 1
        number = self._numbers
        held = partial(self.file.hold, number, key, self.run, self.model, self.host)
        prompt, completion = most.prompt_tokens, most.completion_tokens
        try:
            await self._group.put(partial(held, prompt, completion, self._cost(prompt, completion)))
        except asyncio.CancelledError:
            self.settle(number, Usage(), "known")
            raise
        return number

    def settle(self, number: int, used: Usage, certainty: Certainty) -> None:
        """Enters what a request did cost, and how sure that is; with `used.requests` 0 it was not sent."""
        prompt, completion = used.prompt_tokens, used.completion_tokens
        amount = Amount(used.requests, prompt, completion, self._cost(prompt, completion) or 0.0)
        settled = partial(self.file.settle, number, self.run, self.model, self.host, certainty, amount)
        self._group.add(partial(settled, self.price is not None))

    def _cost(self, prompt: int, completion: int) -> float | None:
        return self.price.of(prompt, completion) if self.price else None

    def _keep_going(self, name: str, work: Callable[[], object]) -> None:
        if name not in self._tasks or self._tasks[name].done():
            self._tasks[name] = asyncio.create_task(work())  # type: ignore[arg-type]

    async def _renewing(self) -> None:
        while True:
            await asyncio.sleep(RENEWED)
            with suppress(CacheError):
                await self._group.put(self.file.renew)

    async def _watching(self) -> None:
        pause = _FIRST_LOOK
        while self._awaited:
            await asyncio.sleep(pause)
            with suppress(CacheError):
                await self._group.quiet()
                free = await asyncio.to_thread(self.file.free, tuple(self._awaited))
                pause = _FIRST_LOOK if free else min(_LAST_LOOK, 2 * pause)
                for key in free:
                    self._awaited.pop(key).set()
