"""The order of a round, and when the next one is: look at sources, at pages, buy, write the note, tell matches.

    Watcher(...).round() ──▶ look (threads) ──▶ take in ──▶ note of the day ──▶ buy ──▶ searches ──▶ commands

All that is to be done stands in the archive: a round that ends in whatever way is gone on with by the next one. Times
are those of the clock on the wall, asked again every few seconds: a machine that slept does one round, not twenty.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from presseschau.analysis import TASKS, Options, Task
from presseschau.archive.forecast import Forecast, forecast_articles
from presseschau.errors import PresseschauError
from presseschau.ingest.document import ReadOptions
from presseschau.ingest.polite import Polite
from presseschau.library.store import Archive
from presseschau.llm.cache import CacheMode
from presseschau.llm.client import Client
from presseschau.llm.engine import Choice, open_engine_of_run
from presseschau.llm.places import CachePlace, open_purchases
from presseschau.llm.purchases import Amount
from presseschau.llm.retry import Policy
from presseschau.llm.spending import Budget, RequestEvent
from presseschau.watching.buying import AT_ONCE, Allowance, Buying, BuyingResult, check_purse, spent_by
from presseschau.watching.clock import WallClock, WatchClock, day_of, midnight
from presseschau.watching.looking import PageLook, SourceLook, look, look_at_page
from presseschau.watching.noting import Noting, notes_due
from presseschau.watching.sources import EVERY, SOONEST, DailyNote, SourceRules, Watchlist
from presseschau.watching.state import HeldItem, WatchedItem, WatchedSource, WatchState, is_due, stamp
from presseschau.watching.taking import Taking
from presseschau.watching.telling import Telling

_HOSTS = 8
"""Sites that are asked at once; each of them one thing after the other."""
_LONGEST_BACKOFF = timedelta(hours=6)
_PATIENT = 2
"""Failures in a row from which on a source is asked less often than it is looked for."""
_PAGES = 500
"""Pages that are looked at in one round."""
_WAITING = 1_000
"""Items that are begun in one round."""
_PATIENCE = 120.0
"""Seconds that an outage of the endpoint is waited out before the round goes on without it."""
_Done = TypeVar("_Done")


@dataclass
class Round:
    """What came of one round. `seen` counts items: new, changed, same, kept, passed, refused, corrected, withdrawn,
    gone; `faults` are sources that could not be read, and why, `resting` those that
    failed before and were not asked; `spent` and `today` are US dollars and tokens;
    `forecast` is made of what waited before anything was asked; `next` is when the next round is due."""

    at: datetime
    looked: int = 0
    pages: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    resting: list[WatchedSource] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    forecast: Forecast | None = None
    done: int = 0
    failed: list[str] = field(default_factory=list)
    waiting: int = 0
    spent: Amount = field(default_factory=Amount)
    today: Amount = field(default_factory=Amount)
    notes: list[Path] = field(default_factory=list)
    matches: int = 0
    told: int = 0
    error: PresseschauError | None = None
    next: datetime | None = None


@dataclass
class Watcher:
    """`once`: sources without a time of their own are looked at in every round. `asks`: whether anything is bought."""

    archive: Archive
    watch: Watchlist
    choice: Choice
    options: Options
    purse: Allowance
    cache: CachePlace | None
    cache_mode: CacheMode = "normal"
    read: ReadOptions = field(default_factory=ReadOptions)
    every: timedelta = EVERY
    once: bool = False
    asks: bool = True
    clock: WatchClock = field(default_factory=WallClock)
    polite: Polite | None = None
    on_event: Callable[[RequestEvent], None] | None = None
    policy: Policy = field(default_factory=lambda: Policy(patience=_PATIENCE))

    def __post_init__(self) -> None:
        self.state = WatchState(self.archive)
        self.rules = {one.name: one for one in self.watch.sources}
        self.every = max(self.every, SOONEST)
        self.stopping = asyncio.Event()
        self._stopped = threading.Event()
        self._polite = self.polite or Polite(self.read, wait=self._wait)
        self._work: asyncio.Task[BuyingResult] | None = None

    def _wait(self, seconds: float) -> None:
        self._stopped.wait(seconds)

    def stop(self) -> None:
        """Begins nothing further; what is under way is finished."""
        self.stopping.set()
        self._stopped.set()

    def cancel(self) -> None:
        """Gives up what is under way, too."""
        self.stop()
        if self._work is not None:
            self._work.cancel()

    async def rounds(self, tell: Callable[[Round], None]) -> None:
        """Round after round until it is stopped. Raises what makes going on pointless."""
        while not self.stopping.is_set():
            done = await self.round()
            tell(done)
            if done.next is not None:
                await self.clock.until(done.next, self.stopping)

    async def round(self) -> Round:
        """One round. An endpoint that is away or a budget that is used up is in its `error`; raises
        ConfigurationError and OutputError."""
        now = self.clock.now()
        done = Round(now)
        telling = Telling(self.state, self.watch.searches, self.watch.on_match, self.stopping.is_set)
        telling.begin(now)
        taking = Taking(self.state, now, midnight(now), self.stopping.is_set)
        await self._look(done, taking)
        await self._look_at_pages(done, taking)
        done.seen, done.said = taking.seen, done.said + taking.said
        if not self.stopping.is_set():
            await self._buy(done)
        done.matches = telling.look(now)
        await telling.tell(now)
        done.told = telling.told
        done.said += telling.said
        done.waiting = self.state.count("state IN ('waiting', 'page')")
        done.next = self._next()
        return done

    async def _look(self, done: Round, taking: Taking) -> None:
        known = self.state.sources()
        due = [
            (known.get(name) or WatchedSource(name), rules)
            for name, rules in self.rules.items()
            if self._is_due(known.get(name), rules, done.at)
        ]
        resting = [row for name in self.rules if (row := known.get(name)) and row.fault and not row.ended]
        done.resting = [row for row in resting if row.source not in {one.source for one, _ in due}]
        looks = await self._by_site(
            [(_site(row.address or row.source), self._looking(row, rules)) for row, rules in due]
        )
        if self.stopping.is_set():
            return
        addresses = [one for one, (_, rules) in zip(looks, due, strict=True) if rules.folder is None]
        nothing = bool(addresses) and all(one.away for one in addresses)
        if nothing:
            done.said.append("No address answers: is the network away? All are asked again the next time.")
        for found, (_, rules) in zip(looks, due, strict=True):
            if self.stopping.is_set():
                return
            found = replace(found, away=found.away and nothing)
            done.looked += 1
            done.faults += [found.row.fault] if found.row.fault else []
            await asyncio.to_thread(taking.source, found, rules, self._due(found, rules, done.at))

    def _looking(self, row: WatchedSource, rules: SourceRules) -> Callable[[], SourceLook]:
        files: dict[str, str | None] = {}
        if rules.folder is not None:
            rows = self.state.database.all("SELECT address, etag FROM watch_items WHERE watched = ?", rules.name)
            files = dict(rows)
        return lambda: look(row, rules, self._polite, self.read, self.clock.now().timestamp(), files)

    async def _look_at_pages(self, done: Round, taking: Taking) -> None:
        items = self.state.items("due IS NOT NULL AND due <= ?", stamp(done.at), most=_PAGES)
        found = await self._by_site([(_site(one.address or one.source), self._paging(one)) for one in items])
        for page in found:
            if self.stopping.is_set():
                return
            done.pages += 1
            await asyncio.to_thread(taking.page, page)

    def _paging(self, item: WatchedItem) -> Callable[[], PageLook]:
        return lambda: look_at_page(
            item, HeldItem.read(item.held), self.rules.get(item.watched), self._polite, self.read
        )

    async def _by_site(self, work: Sequence[tuple[str, Callable[[], _Done]]]) -> list[_Done]:
        """What each call gives, in their order: those of one site one after the other, several sites at once.

        Nothing if it is stopped meanwhile: nobody waits for a slow site then.
        """
        results: dict[int, _Done] = {}
        faults: list[BaseException] = []
        numbered = sorted(enumerate(work), key=lambda one: one[1][0])
        sites = iter([[(n, call) for n, (_, call) in many] for _, many in groupby(numbered, key=lambda one: one[1][0])])
        loop, ended, left = asyncio.get_running_loop(), asyncio.Event(), _HOSTS

        def finished() -> None:
            nonlocal left
            left -= 1
            if not left:
                ended.set()

        def worker() -> None:
            try:
                for site in sites:  # `next` of a list's iterator is one step
                    for number, call in site:
                        if self._stopped.is_set():
                            return
                        results[number] = call()
            except BaseException as error:  # noqa: BLE001 - raised where it is waited for
                faults.append(error)
            finally:
                with suppress(RuntimeError):  # the loop has ended meanwhile
                    loop.call_soon_threadsafe(finished)

        for number in range(_HOSTS):
            threading.Thread(target=worker, name=f"looking {number}", daemon=True).start()
        waiting = [asyncio.create_task(one.wait()) for one in (ended, self.stopping)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for one in waiting:
            one.cancel()
        if faults:
            raise faults[0]
        return [results[number] for number in sorted(results)] if not self._stopped.is_set() else []

    def _is_due(self, row: WatchedSource | None, rules: SourceRules, now: datetime) -> bool:
        if row is None or row.ended:
            return row is None
        if self.once and rules.every is None and row.failures < _PATIENT:
            return True
        own = rules.every or self.every
        return is_due(row.due, now + own / 10, max(own, _LONGEST_BACKOFF) + own)

    def _due(self, found: SourceLook, rules: SourceRules, now: datetime) -> datetime | None:
        """When a source is to be looked at again: as often as wanted, and less and less often while it fails."""
        every = max(rules.every or self.every, SOONEST)
        if found.row.ended:
            return None
        if found.row.fault and not found.away:
            every = max(every, min(every * 2 ** min(found.row.failures, 12), _LONGEST_BACKOFF))
        return now + max(every, timedelta(seconds=found.wait or 0))

    async def _buy(self, done: Round) -> None:
        items = self.state.items("state = 'waiting'", most=_WAITING)
        notes = notes_due(self.state, self.watch.notes, done.at)
        if items:
            done.forecast = await self._forecast(items)
        if not self.asks:
            return
        run = self._run(done.at)
        with ExitStack() as stack:
            purchases = open_purchases(self.cache)
            file = stack.enter_context(purchases) if purchases else None
            check_purse(self.purse, file)
            before = spent_by(file, run)
            budget = self.purse.budget(self.choice, before)
            if items:
                self._note_run(run, before, None)
            if (items or notes) and not self.stopping.is_set():
                try:
                    async with open_engine_of_run(
                        self.choice, cache=self.cache, cache_mode=self.cache_mode, on_event=self.on_event,
                        schema_prompt=self.options.prompts.text("schema/user"), policy=self.policy, budget=budget,
                        purchases=file, run=run,
                    ) as engine:  # fmt: skip
                        await self._spend(done, items, notes, engine, budget, run)
                finally:  # on a full disk, too: the next round has only what is left
                    self.purse.take(budget, before)
            done.today = spent_by(file, run)
            done.spent = _less(done.today, before)
        if items:
            self._note_run(run, done.today, done.error)

    async def _spend(
        self, done: Round, items: Sequence[WatchedItem], notes: Sequence[DailyNote], engine: Client, budget: Budget,
        run: str,
    ) -> None:  # fmt: skip
        notes, done.error = await self._write(done, notes, engine, budget, last=False)
        again = self._next()

        def late() -> bool:
            return self.stopping.is_set() or (not self.once and self.clock.now() >= again)

        if items and done.error is None:
            buying = Buying(self.state, self.rules, self._tasks, self.options, run, late)
            self._work = asyncio.create_task(buying.work(items, engine, 1 if self.choice.local else AT_ONCE))
            try:
                bought = await self._work
            finally:
                self._work = None
            done.done, done.failed, done.error = bought.done, bought.faults, bought.error
        if notes and done.error is None and not self.stopping.is_set():
            _, done.error = await self._write(done, notes, engine, budget, last=True)

    async def _write(
        self, done: Round, notes: Sequence[DailyNote], engine: Client, budget: Budget, *, last: bool
    ) -> tuple[list[DailyNote], PresseschauError | None]:
        """The notes that are still to be written, and what ended it early."""
        noting = Noting(self.state, self.options, budget.price, done.at)
        left, error = await noting.write(notes, engine, last=last)
        done.notes += noting.files
        done.said += noting.said
        return left, error

    async def _forecast(self, items: Sequence[WatchedItem]) -> Forecast:
        waiting = (HeldItem.read(item.held).article for item in items)
        return await forecast_articles(
            [one for one in waiting if one is not None], self.choice, options=replace(self.options, tasks=self._tasks),
            cache=self.cache, cache_mode=self.cache_mode, limits=self.purse.day,
        )  # fmt: skip

    @property
    def _tasks(self) -> Sequence[Task]:
        return self.watch.tasks or TASKS

    def _run(self, now: datetime) -> str:
        """The name under which the money of a local day is written down, for this archive."""
        return f"watch {self._identity()} {day_of(now)}"

    def _identity(self) -> str:
        row = self.state.database.one("SELECT value FROM settings WHERE name = 'watch'")
        if row:
            return str(row[0])
        made = os.urandom(6).hex()
        with self.state.database.transaction():
            self.state.database.run("INSERT OR IGNORE INTO settings VALUES ('watch', ?)", made)
        return self._identity()

    def _note_run(self, run: str, today: Amount, error: PresseschauError | None) -> None:
        self.archive.note_run(
            run, state="running" if error is None else error.failure, ended=None,
            model=self.choice.endpoint.model, sources=list(self.rules), settings={"command": "watch"},
            counts=self.state.states(), requests=today.requests, prompt_tokens=today.prompt_tokens,
            completion_tokens=today.completion_tokens, cost=today.cost,
        )  # fmt: skip

    def _next(self) -> datetime:
        """When something is to be done again: never sooner than in a minute, nor later than `every`."""
        now = self.clock.now()
        dues = [row.due for name, row in self.state.sources().items() if name in self.rules and not row.ended]
        dues += [row[0] for row in self.state.database.all("SELECT min(due) FROM watch_items")]
        dues += [row[0] for row in self.state.database.all("SELECT min(due) FROM watch_matches WHERE state = 'begun'")]
        soonest = min((datetime.fromisoformat(due) for due in dues if due), default=now + self.every)
        return min(max(soonest, now + SOONEST), now + self.every)


def _site(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _less(one: Amount, other: Amount) -> Amount:
    return Amount(
        one.requests - other.requests, one.prompt_tokens - other.prompt_tokens,
        one.completion_tokens - other.completion_tokens, one.cost - other.cost,
    )  # fmt: skip
