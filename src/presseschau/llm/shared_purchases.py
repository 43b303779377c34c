"""Purchases in a database that several machines share: what `PurchaseFile` is on one machine.

No worker deletes a row, and none waits for another's: each adds to rows of its own, and keys are taken in one order.
Each transaction of an owner has a number, so that one whose commit was made when the connection broke is not made
twice. Clocks of machines are not compared: `until` is the database's time.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from presseschau.errors import CacheError
from presseschau.llm.purchases import (
    LEASE,
    Amount,
    Certainty,
    ClaimKey,
    For,
    Hold,
    ReleaseKey,
    Settle,
    Spend,
    SpentRow,
    Step,
    is_gone,
    new_owner,
)
from presseschau.storage.postgres import AT_THE_END, DatabaseUrl, Shared

if TYPE_CHECKING:
    from psycopg import Cursor

CHANNEL = "presseschau_released"
_ALIVE = f"now() + interval '{LEASE:.0f} seconds'"
_FREE = """(a.owner IN ('', excluded.owner) OR NOT EXISTS
    (SELECT FROM presseschau.owners o WHERE o.owner = a.owner AND o.until > now()))"""
_CLAIM = f"""INSERT INTO presseschau.answers AS a (key, owner)
SELECT key, %s FROM unnest(%s::text[]) AS key ORDER BY key
ON CONFLICT (key) DO UPDATE SET owner = CASE WHEN {_FREE} THEN excluded.owner ELSE a.owner END, wanted = NOT {_FREE}
RETURNING key, owner, text IS NOT NULL"""  # noqa: S608
_RELEASE = """UPDATE presseschau.answers a SET owner = '', wanted = false FROM (
    SELECT key, wanted FROM presseschau.answers WHERE key = ANY(%s) AND owner = %s ORDER BY key FOR UPDATE) ours
WHERE a.key = ours.key RETURNING ours.wanted"""
_ADD = """INSERT INTO presseschau.money AS m VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (owner, run, day, model, host, certainty, priced) DO UPDATE SET requests = m.requests + excluded.requests,
prompt = m.prompt + excluded.prompt, completion = m.completion + excluded.completion, cost = m.cost + excluded.cost"""
_SUMS = "sum(requests)::bigint, sum(prompt)::bigint, sum(completion)::bigint, sum(cost)"


class SharedPurchases:
    """The purchases of one owner. Opening buries the owners that are gone; everything raises CacheError if the
    database cannot be used. `foreign` grows when a key that was claimed turned out to be bought already."""

    def __init__(self, url: DatabaseUrl) -> None:
        self.owner = new_owner()
        self.foreign = 0
        self.database = Shared(url)
        self._url = url
        self._ears: Shared | None = None
        self._writing = threading.Lock()
        self._step = 0  # of the last transaction
        self._held: dict[int, tuple[For, Amount]] = {}
        try:
            self.database.work(self._bury_the_dead)
        except BaseException:
            self.database.close()
            raise

    def hurry(self) -> None:
        """Everything is being closed: a database that is away is waited for AT_THE_END only."""
        self.database.patience = min(self.database.patience, AT_THE_END)

    def close(self) -> None:
        """Ends this owner: what it still held was settled, or may have been bought."""
        with suppress(CacheError):
            self.database.work(lambda cursor: _bury(cursor, self.owner, gone=True))
        self.database.close()
        if self._ears is not None:
            self._ears.close()

    def __enter__(self) -> SharedPurchases:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, steps: Sequence[Step]) -> list[bool]:
        """Makes the steps; for each whether it was done. Keys are released before others are claimed, in a transaction
        of its own, so that two owners never wait for each other."""
        released = {step.key for step in steps if isinstance(step, ReleaseKey)}
        last = {step.key: step for step in steps if isinstance(step, ClaimKey | ReleaseKey)}
        claimed = sorted(key for key, step in last.items() if isinstance(step, ClaimKey))
        if released:
            self.database.work(lambda cursor: self._release(cursor, released))
        if len(released) == len(steps):
            return [True] * len(steps)
        with self._writing:
            self._step += 1
            buried = False
            while (made := self.database.work(lambda cursor: self._make(cursor, steps, claimed))) is None:
                buried = True
            ours, held, committed_before = made
            self._held = {} if committed_before and buried else held
        return [not isinstance(step, ClaimKey) or step.key in ours for step in steps]

    def _sums(self, steps: Sequence[Step]) -> tuple[dict[int, tuple[For, Amount]], dict[tuple[For, str], Amount]]:
        """What is held once the steps were made, and what they add to each of the owner's rows."""
        held = dict(self._held)
        sums: dict[tuple[For, str], Amount] = {}

        def add(what: For, certainty: str, amount: Amount) -> None:
            sums[what, certainty] = sums.get((what, certainty), Amount()) + amount

        for step in steps:
            match step:
                case Hold(number, _, what, most):
                    held[number] = (what, most)
                    add(what, "held", most)
                case Settle(number, what, certainty, used) if number in held:  # else it counts as spent: we were buried
                    add(what, "held", _negative(held.pop(number)[1]))
                    add(what, certainty, used)
                case Spend(what, certainty, used):
                    add(what, certainty, used)
        return held, {row: amount for row, amount in sums.items() if amount != Amount()}

    def _make(
        self, cursor: Cursor[Any], steps: Sequence[Step], claimed: list[str]
    ) -> tuple[set[str], dict[int, tuple[For, Amount]], bool] | None:
        """The keys that are ours now, what is held, and whether all of that was committed before the connection broke.

        None if this owner was not among the living: it is now, and that must be committed before it takes a key, since
        others that want the same key at this moment do not see it otherwise.
        """
        row = cursor.execute(
            f"UPDATE presseschau.owners o SET until = {_ALIVE}, step = %s FROM presseschau.owners AS was "  # noqa: S608
            "WHERE o.owner = %s AND was.owner = o.owner RETURNING was.step, was.until > now(), was.until = '-infinity'",
            [self._step, self.owner],
        ).fetchone()
        if row is None or not row[1]:
            if row is None or row[2]:  # buried while it slept: all that it held counts as spent
                self._held = {}
            cursor.execute(
                f"INSERT INTO presseschau.owners VALUES (%s, {_ALIVE}, %s) "  # noqa: S608
                "ON CONFLICT (owner) DO UPDATE SET step = excluded.step",
                [self.owner, row[0] if row else 0],
            )
            return None
        committed = row[0] == self._step
        held, amounts = self._sums(steps)
        if not committed:
            _add(cursor, self.owner, ((what, certainty, amount) for (what, certainty), amount in amounts.items()))
        rows = cursor.execute(_CLAIM, [self.owner, claimed]).fetchall() if claimed else []
        ours = {key: bought for key, owner, bought in rows if owner == self.owner}
        self.foreign += any(ours.values())
        return set(ours), held, committed

    def _release(self, cursor: Cursor[Any], keys: Collection[str]) -> None:
        freed = cursor.execute(_RELEASE, [list(keys), self.owner]).fetchall()
        if any(wanted for (wanted,) in freed):
            cursor.execute(f"NOTIFY {CHANNEL}")

    def free(self, keys: Collection[str]) -> list[str]:
        """Those of the keys that nobody is buying, as far as can be told without writing."""

        def read(cursor: Cursor[Any]) -> list[tuple[Any, ...]]:
            return cursor.execute(
                "SELECT a.key, a.owner FROM presseschau.answers a JOIN presseschau.owners o ON o.owner = a.owner "
                "WHERE a.key = ANY(%s) AND o.until > now()",
                [list(keys)],
            ).fetchall()

        taken = dict(self.database.work(read))
        for owner in {owner for owner in taken.values() if is_gone(owner)}:
            self.database.work(lambda cursor, owner=owner: _bury(cursor, owner, gone=True))  # type: ignore[misc]
            taken = {key: other for key, other in taken.items() if other != owner}
        return [key for key in keys if key not in taken]

    async def pause(self, seconds: float) -> None:
        """Returns after so long, or sooner if it hears that a key was released."""
        try:
            if self._ears is None:
                self._ears = await asyncio.to_thread(Shared, self._url)
            await asyncio.to_thread(self._ears.hear, CHANNEL, seconds)
        except CacheError:
            await asyncio.sleep(seconds)

    def of_run(self, run: str) -> dict[Certainty, Amount]:
        """What a run has spent, in all its invocations."""
        statement = (
            f"SELECT certainty, {_SUMS} FROM presseschau.money WHERE run = %s AND certainty <> 'held' GROUP BY 1"  # noqa: S608
        )
        rows = self.database.work(lambda cursor: cursor.execute(statement, [run]).fetchall())
        return {certainty: Amount(*sums) for certainty, *sums in rows}

    def since(self, day: str) -> list[SpentRow]:
        """What was spent from this day (YYYY-MM-DD, UTC) on, by day and model, over all runs."""
        statement = (
            f"SELECT day, model, host, certainty, priced, {_SUMS} FROM presseschau.money "  # noqa: S608
            "WHERE day >= %s AND certainty <> 'held' GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4"
        )
        rows = self.database.work(lambda cursor: cursor.execute(statement, [day]).fetchall())
        return [
            SpentRow(day, model, host, certainty, priced, Amount(*sums))
            for day, model, host, certainty, priced, *sums in rows
        ]

    def _bury_the_dead(self, cursor: Cursor[Any]) -> None:
        rows = cursor.execute(
            "SELECT owner, until > now() FROM presseschau.owners WHERE until > '-infinity'"
        ).fetchall()
        for owner, heard in sorted(rows):
            if not heard or is_gone(owner):
                _bury(cursor, owner, gone=heard)


def _bury(cursor: Cursor[Any], owner: str, *, gone: bool) -> None:
    """Its keys are free, and what it held counts as spent: nobody will say what became of those requests.

    `gone`: it is known to be, else it is buried only if it has still not been heard of.
    """
    buried = cursor.execute(
        "UPDATE presseschau.owners SET until = '-infinity' "
        "WHERE owner = %s AND until > '-infinity' AND (%s OR until <= now())",
        [owner, gone],
    )
    if not buried.rowcount:
        return
    rows = cursor.execute(
        "SELECT run, model, host, priced, requests, prompt, completion, cost FROM presseschau.money "
        "WHERE owner = %s AND certainty = 'held' AND requests > 0 FOR UPDATE",
        [owner],
    ).fetchall()
    for run, model, host, priced, *sums in rows:
        what, held = For(run, model, host, priced), Amount(*sums)
        _add(cursor, owner, [(what, "held", _negative(held)), (what, "possible", held)])
    if rows:
        cursor.execute(f"NOTIFY {CHANNEL}")


def _add(cursor: Cursor[Any], owner: str, amounts: Iterable[tuple[For, str, Amount]]) -> None:
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    rows = [
        (
            owner, what.run, "" if certainty == "held" else today, what.model, what.host, certainty, what.priced,
            amount.requests, amount.prompt_tokens, amount.completion_tokens, amount.cost,
        )
        for what, certainty, amount in amounts
    ]  # fmt: skip
    if rows:
        cursor.executemany(_ADD, rows)


def _negative(amount: Amount) -> Amount:
    return Amount(-amount.requests, -amount.prompt_tokens, -amount.completion_tokens, -amount.cost)
