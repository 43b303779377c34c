"""The queue of the desk: one thread with one event loop, beside the server, that reads, prices, analyses and briefs.

    jobs in the archive ──▶ read and price ──▶ workers: analyze(), brief() ──▶ the archive
            ▲ wake()                              └── one engine for all: cache, budget, limits

What is under way stands in memory alone, what waits and what has ended in the archive: however the process ends, the
next one goes on. What would make every article fail (the server is away, the budget is used up, the set-up is wrong)
holds the queue, and is said; nothing fails of it.
"""

from __future__ import annotations

import asyncio
import fcntl
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from presseschau.archive.analysing import said
from presseschau.archive.reader import internal
from presseschau.desk import making, preferences
from presseschau.desk.jobs import DeskJob, JobItem, Jobs
from presseschau.desk.preferences import FromCommandLine, SetUp
from presseschau.errors import (
    AnswerError,
    BudgetReachedError,
    ConfigurationError,
    OutputError,
    PresseschauError,
    ProviderDownError,
)
from presseschau.ingest import Skipped
from presseschau.library.store import Archive
from presseschau.llm.engine import open_engine
from presseschau.llm.places import counted_at, default_cache
from presseschau.llm.retry import Policy
from presseschau.llm.spending import TO_GO_ON, Budget, account

if TYPE_CHECKING:
    from presseschau.llm.client import Client
    from presseschau.llm.spending import RequestEvent

_PATIENCE = 900.0
"""Seconds that an outage is waited out while an article is under way, as `batch` does."""
_IDLE = 300.0
"""Seconds after which an engine with nothing to do is closed: an embedded model takes memory."""
_AGAIN_AFTER = 60.0
"""Seconds after which a server that was given up is asked again."""
_TRIES = 3
"""Times that an article is put back since its server did not answer it; then it has failed."""

_LOOK_AGAIN = 5.0
"""Seconds after which to look again whether another desk has ended."""

Reason = Literal["budget", "away", "disk", "set-up", "elsewhere"]


@dataclass(frozen=True)
class Held:
    """Why nothing is asked now, in words; `until` on the clock of the loop, None: until somebody does something."""

    reason: Reason
    said: str
    until: float | None


@dataclass
class Now:
    """What is under way: `items` by (job, number), and how many articles of a job were `read` so far. `trouble` is what
    the model's server holds up."""

    items: dict[tuple[int, int], making.TaskProgress] = field(default_factory=dict)
    read: dict[int, int] = field(default_factory=dict)
    held: Held | None = None
    trouble: str = ""


class Queue:
    """The queue of an archive, from `start` to `close`. What has no underscore may be used from any thread."""

    def __init__(self, archive: Path, given: FromCommandLine | None = None, policy: Policy | None = None) -> None:
        self.now = Now()
        self.given = given or FromCommandLine()
        self._path = archive
        self._policy = policy or Policy(patience=_PATIENCE)
        self._listeners: set[Callable[[], None]] = set()
        self._running: dict[tuple[int, int], asyncio.Task[None]] = {}
        self._taking_in: tuple[int, asyncio.Task[None]] | None = None
        self._tried: dict[tuple[int, int], int] = {}
        self._engine: tuple[SetUp, Client, AsyncExitStack] | None = None
        self._budget = Budget()
        self._refused: Client | None = None
        """One whose set-up was refused: it asks nothing any more, though the account may be in order again."""
        self._opening = asyncio.Lock()
        self._awake = asyncio.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="queue", daemon=True)
        self._loop: asyncio.AbstractEventLoop

    def start(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread.start()

    def close(self) -> None:
        """Gives up what is under way, which the next start does; answers that were paid for are kept."""
        if self._thread.is_alive():
            self._closing = True
            self.wake()
            self._thread.join()

    def wake(self) -> None:
        """The table of jobs was changed."""
        self._call(self._awake.set)

    def go_on(self) -> None:
        """What held the queue is tried again, or the settings are others."""

        def again() -> None:
            self.now.held = None
            self._tried.clear()
            self._awake.set()

        self._call(again)

    def _call(self, does: Callable[[], None]) -> None:
        """Does it in the queue's loop; not at all before it was started, and after its end."""
        if self._thread.is_alive():
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(does)

    def listen(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Has `heard` called, in the queue's thread, whenever something is new; returns what ends that."""
        self._listeners.add(heard)
        return lambda: self._listeners.discard(heard)

    def changed(self) -> None:
        """There is something new: whoever listens is told."""
        for heard in list(self._listeners):
            heard()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._work())
        except (OSError, PresseschauError) as error:
            self.now.held = Held("disk", str(error), None)
        finally:
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()

    async def _work(self) -> None:
        with ExitStack() as stack:
            lock = stack.enter_context(self._path.with_name(f".{self._path.name}.lock").open("w"))
            if not await self._have(lock):
                return
            archive = stack.enter_context(Archive(self._path))
            jobs = Jobs(archive)
            for job in jobs.in_state("offered"):
                jobs.price_anew(job)  # this desk may have been given another model than the one before
            try:
                while not self._closing:
                    self._awake.clear()
                    try:
                        seconds = self._round(jobs)
                    except OutputError as error:  # the disk is full, or another program has the file
                        seconds = self._hold("disk", error)
                    self.changed()
                    try:
                        await asyncio.wait_for(self._awake.wait(), seconds)
                    except TimeoutError:
                        if not self._running and seconds == _IDLE:
                            await self._close_engine()
            finally:
                tasks = [*self._running.values(), *([self._taking_in[1]] if self._taking_in else [])]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await self._close_engine()

    async def _have(self, lock: IO[str]) -> bool:
        """Waits until no other desk does the jobs of this archive; false if this one is closed before."""
        while not self._closing:
            with suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.now.held = None
                return True
            self.now.held = Held("elsewhere", "Another desk is open on this archive, and does what is put in.", None)
            self.changed()
            self._awake.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), _LOOK_AGAIN)
        return False

    def _round(self, jobs: Jobs) -> float | None:
        """Begins whatever can be begun. In how many seconds to look again if nobody wakes it; None: not before."""
        self._give_up_cancelled(jobs)
        held = self.now.held
        if held is not None and held.until is not None and held.until <= self._loop.time():
            held = self.now.held = None
        left = held.until - self._loop.time() if held and held.until else None
        given = jobs.in_state("reading") if self._taking_in is None else []
        if given and held and held.reason == "disk":
            return left
        if given:
            self._taking_in = given[0], self._loop.create_task(self._take_in(jobs, jobs.get(given[0])))
        room = preferences.MOST_AT_ONCE
        waiting = [one for one in jobs.waiting(room + len(self._running)) if (one.job, one.n) not in self._running]
        if not self._running:
            self.now.trouble = ""
        if not waiting:
            return _IDLE if self._engine and not self._running else None
        if held is not None:
            return left
        try:
            set_up = self._as_set(jobs.archive)
        except PresseschauError as error:
            return self._hold("set-up", error)
        if self._engine and self._running and not self._is_good(set_up):
            return None  # once these have ended
        if not self._running and self._offered_anew(jobs, set_up):
            return 0.0
        for item in waiting[: max(0, set_up.at_once - len(self._running))]:
            task = self._loop.create_task(self._one(jobs, item, set_up))
            self._running[item.job, item.n] = task
        return None

    def _offered_anew(self, jobs: Jobs, set_up: SetUp) -> bool:
        """Jobs whose texts would go to another model or place than somebody said yes to wait for a new yes."""
        asked = making.asked_of(set_up).items()
        prices = {job: jobs.get(job).price for job in jobs.in_state("queued")}
        others = [job for job, price in prices.items() if any(price.get(name, value) != value for name, value in asked)]
        for job in others:
            jobs.price_anew(job)
        return bool(others)

    def _as_set(self, archive: Archive) -> SetUp:
        return preferences.set_up(preferences.read(archive), self.given)

    def _hold(self, reason: Reason, error: PresseschauError) -> float | None:
        """Nothing is begun for so many seconds; None: until somebody does something."""
        seconds = {"away": _AGAIN_AFTER, "disk": _AGAIN_AFTER, "budget": self._to_midnight()}.get(reason)
        said = str(error).removesuffix(TO_GO_ON).rstrip()  # the page says what to do here
        self.now.held = Held(reason, said, seconds and self._loop.time() + seconds)
        return seconds

    def _to_midnight(self) -> float:
        """Seconds to the next day, as what is spent is counted."""
        now = counted_at(self.given.cache or default_cache(), datetime.now(UTC))
        zone = UTC if now.tzinfo is UTC else None  # None: the machine's, which may have another distance by then
        tomorrow = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), zone).astimezone(UTC)
        return (tomorrow - now).total_seconds() + 1

    def _give_up_cancelled(self, jobs: Jobs) -> None:
        queued = {*jobs.in_state("queued")} if self._running else set()
        for (job, _), task in self._running.items():
            if job not in queued:
                task.cancel()
        if self._taking_in and self._taking_in[0] not in jobs.in_state("reading"):
            self._taking_in[1].cancel()

    async def _take_in(self, jobs: Jobs, job: DeskJob) -> None:
        """Reads what was given, once, and says what it will cost."""
        try:
            if inputs := jobs.inputs(job.id):
                jobs.read_anew(job.id)
                await self._read(jobs, job, inputs)
            jobs.offer(job.id, await self._price(jobs, job))
        except asyncio.CancelledError:
            pass  # it was cancelled, or is read at the next start
        except OutputError as error:
            self._hold("disk", error)  # what was given is still there, and is read then
        except Exception as error:  # noqa: BLE001 - one job must not end the queue
            try:
                jobs.failed(job.id, str(error) if isinstance(error, PresseschauError) else internal(error))
            except OutputError as full:
                self._hold("disk", full)
        finally:
            self._taking_in = None
            self.now.read.pop(job.id, None)
            self._awake.set()

    async def _read(self, jobs: Jobs, job: DeskJob, inputs: list[Any]) -> None:
        found, n = making.read(inputs), 0
        while (one := await asyncio.to_thread(next, found, None)) is not None:
            n += 1
            if isinstance(one, Skipped):
                jobs.came(job.id, n, None, one.source, one.detail)
            else:
                jobs.came(job.id, n, one, one.source)
            self.now.read[job.id] = n
            self.changed()

    async def _price(self, jobs: Jobs, job: DeskJob) -> dict[str, Any]:
        try:
            set_up = self._as_set(jobs.archive)
            if job.kind == "note":
                return await making.forecast_of_note(jobs.archive.path, job.wanted, set_up)
            return await making.forecast_of(jobs.articles(job.id), set_up)
        except (ConfigurationError, AnswerError) as error:
            return {"said": str(error)}

    async def _one(self, jobs: Jobs, item: JobItem, set_up: SetUp) -> None:
        """One item done, and what became of it; or put back, and why."""
        key = item.job, item.n
        progress = self.now.items[key] = making.TaskProgress(tell=self.changed)
        try:
            await self._made(jobs, item, set_up, progress)
        except asyncio.CancelledError:
            pass  # nothing was written, and what was bought is in the cache
        except BudgetReachedError as error:
            self._hold("budget", error)
        except ProviderDownError as error:
            self._tried[key] = self._tried.get(key, 0) + 1
            if self._tried[key] >= _TRIES and not (self._engine and self._engine[1].down):
                self._ended(jobs, item, str(error))
            else:
                self._hold("away", error)
        except OutputError as error:
            self._hold("disk", error)
        except ConfigurationError as error:
            self._refused = self._engine[1] if self._engine else None
            self._hold("set-up", error)
        except PresseschauError as error:
            self._ended(jobs, item, str(error))
        except Exception as error:  # noqa: BLE001 - a bug costs this article alone
            self._ended(jobs, item, internal(error))
        finally:
            del self._running[key], self.now.items[key]
            self._awake.set()

    def _ended(self, jobs: Jobs, item: JobItem, why: str) -> None:
        try:
            jobs.ended(item, "failed", why)
        except OutputError as error:
            self._hold("disk", error)

    async def _made(self, jobs: Jobs, item: JobItem, set_up: SetUp, progress: making.TaskProgress) -> None:
        archive, job = jobs.archive, jobs.get(item.job)
        engine = await self._opened(set_up)
        with account() as spending:
            try:
                if job.kind == "note":

                    def made(opened: Archive, number: int) -> None:
                        rows = Jobs(opened)  # of the archive as the note is written to it
                        rows.made_note(job.id, number)
                        rows.ended(item, "done")
                        rows.took(job.id, *making.taken(spending, set_up))

                    await making.make_note(archive.path, job.wanted, engine, set_up, progress, made)
                    return
                article = jobs.article(item.job, item.n)
                progress.sentences = len(article.sentences)
                analysis, failures = await making.analysed(article, engine, set_up, progress, spending)
                with archive.database.transaction():  # the result and what is said of it, or neither
                    archive.put([analysis.model_dump_json().encode()])
                    jobs.ended(
                        item, "partly" if failures else "done", " ".join(dict.fromkeys(map(said, failures))),
                        stored=archive.number(article.id, article.source),
                        findings=sum(finding.severity != "info" for finding in analysis.findings),
                    )  # fmt: skip
                    jobs.took(job.id, *making.taken(spending, set_up))
            except BaseException:  # when it is done again what was bought costs nothing, and would be in no sum
                with suppress(OutputError):
                    jobs.took(job.id, *making.taken(spending, set_up))
                raise

    async def _opened(self, set_up: SetUp) -> Client:
        """The engine that is set; others than that have nothing to do any more."""
        async with self._opening:
            if not self._is_good(set_up):
                await self._close_engine()
            if self._engine is None:
                stack, self._budget = AsyncExitStack(), set_up.budget()
                client = await stack.enter_async_context(
                    open_engine(
                        set_up.choice, cache=set_up.cache, on_event=self._heard, policy=self._policy,
                        schema_prompt=set_up.options.prompts.text("schema/user"), budget=self._budget,
                    )
                )  # fmt: skip
                self._engine = set_up, client, stack
            elif self._budget.max_cost is not None:  # other programs spend of it, too
                self._budget.cost = max(self._budget.cost, preferences.spent_on(set_up.cache, set_up.day))
            return self._engine[1]

    def _is_good(self, set_up: SetUp) -> bool:
        """Is the engine that is open the one that is set, and has it not given its server up?"""
        if self._engine is None or self._engine[1] is self._refused:
            return False
        return self._engine[0].key == set_up.key and not self._engine[1].down

    async def _close_engine(self) -> None:
        if self._engine is not None:
            (_, _, stack), self._engine = self._engine, None
            with suppress(PresseschauError):  # what it bought was kept before
                await stack.aclose()

    def _heard(self, event: RequestEvent) -> None:
        """What holds requests up, until one is answered."""
        if event.state == "answered":
            self.now.trouble = ""
        elif event.state in ("retrying", "waiting"):
            self.now.trouble = event.detail
        self.changed()
