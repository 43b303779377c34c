"""A run over an archive: read ahead, analyse many at once, record in order, stop in good order.

    inputs ──Reader──▶ Todo ──workers: analyze()──▶ Row ──Recorder──▶ journal ──▶ output, in input order
                 └──▶ skipped, duplicate, passed over ──────┘

A run ends when every item has its row, or when something makes going on pointless: a fault of the set-up, the budget,
an endpoint that is given up, a disk that is full, or `stop()`. Whatever was not finished then has no row and is done
by the next run of the same command.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from presseschau.analysis import Engine, Options
from presseschau.archive.analysing import Analysing, InProcesses, InThread, said
from presseschau.archive.journal import Journal, Row
from presseschau.archive.outputs import Format, open_sink
from presseschau.archive.progress import Meter, Progress
from presseschau.archive.reader import EarlierItems, End, Reader, Todo
from presseschau.archive.recorder import Recorder
from presseschau.errors import (
    BudgetReachedError,
    ConfigurationError,
    OutputError,
    ProviderDownError,
)
from presseschau.ingest.document import ReadOptions
from presseschau.ingest.reading import read_document
from presseschau.ingest.sources import iter_documents
from presseschau.llm.spending import Spending, account
from presseschau.models import Finding

_BEGUN = 2
"""Articles begun for each request that may be under way: while one waits for the disk another one asks."""


class RunEngine(Engine, Protocol):
    """An engine that knows whether its endpoint was given up."""

    spending: Spending

    @property
    def down(self) -> bool: ...
    @property
    def load(self) -> tuple[int, int]: ...


@dataclass
class Run:
    """One run. `work` does it; `stop` may be called at any time from the same event loop."""

    reader: Reader
    recorder: Recorder
    engine: RunEngine
    options: Options
    workers: int
    progress: Progress
    analysing: Analysing
    changed: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.error: BaseException | None = None
        self.stopping = False
        self._tasks: list[asyncio.Task[None]] = []
        self._begun = 0
        self._ended = asyncio.Event()

    async def work(self) -> bool:
        """Returns whether every item has ended. `error` says why if not; None then means that it was stopped."""
        self.recorder.start(self._stored)
        self.reader.start()
        self._tasks = [asyncio.create_task(self._worker()) for _ in range(self.workers)]
        try:
            ends = await asyncio.gather(*self._tasks, return_exceptions=True)
        finally:
            self.reader.stop()
            await self.recorder.close()
        for end in ends:
            if isinstance(end, BaseException) and not isinstance(end, asyncio.CancelledError):
                raise end
        return self.progress.total is not None and self.progress.done == self.progress.total

    def stop(self) -> None:
        """Begins no further article; those under way are finished."""
        if not self.stopping:
            self.stopping = True
            self._ended.set()
            self.reader.stop()

    def cancel(self) -> None:
        """Gives up what is under way, too."""
        self.stop()
        for task in self._tasks:
            task.cancel()

    def _end(self, error: BaseException) -> None:
        self.error = self.error or error
        self.stop()

    def _stored(self, row: Row) -> None:
        if row.article and row.state != "duplicate":  # its original may be under way
            self.reader.ended(row.article)

    async def _worker(self) -> None:
        while await self._may_begin():
            try:
                await self._next()
            finally:
                self._begun -= 1
                self._ended.set()

    async def _may_begin(self) -> bool:
        """Waits until another article would be served soon: each that is begun must be finished when the run is
        stopped. False once it is."""
        while not self.stopping and (at_once := self.engine.load[1]) and self._begun >= _BEGUN * at_once:
            self._ended.clear()
            await self._ended.wait()
        self._begun += not self.stopping
        return not self.stopping

    async def _next(self) -> None:
        """Takes in the next thing that was read, and does it if it is an article."""
        read = await self.reader.get()
        if isinstance(read, End):
            self._read_all(read)
        elif self.stopping:
            return
        elif isinstance(read, EarlierItems):
            self.progress.earlier.update(read.states)
            self.changed()
        elif isinstance(read, Row):
            self._record(read)
        else:
            await self._one(read)

    def _read_all(self, end: End) -> None:
        if end.error is not None:
            self._end(end.error)
        elif end.items >= 0:
            self.progress.total = end.items
        self.stopping = True

    async def _one(self, todo: Todo) -> None:
        self.progress.under_way += 1
        try:
            with account() as spending:
                row = await self._analysed(todo, spending)
        except (ConfigurationError, ProviderDownError, BudgetReachedError) as error:
            self._end(error)
        else:
            if row is None:
                self.reader.ended(todo.article.id)
                return
            self.progress.articles += 1
            self._record(row)
        finally:
            self.progress.under_way -= 1

    async def _analysed(self, todo: Todo, spending: Spending) -> Row | None:
        """The row of an article; None if answers for it are still to come from a batch. Raises what makes going on
        pointless; then the article is still to be done."""
        made = await self.analysing.analysed(todo, self.engine, self.options)
        if spending.put_off:
            return None
        _raise_if_all_would_fail(made.failures, down=self.engine.down)
        return replace(made.row, attempts=spending.bought.requests, tokens=sum(spending.tokens))

    def _record(self, row: Row) -> None:
        if self.recorder.failed:
            self._end(OutputError("The journal or the output cannot be written."))
            return
        self.progress.ended[row.state] += 1
        self.recorder.add(row)
        self.changed()


def _raise_if_all_would_fail(failures: Sequence[Finding], *, down: bool) -> None:
    for finding in failures:
        if finding.failure == BudgetReachedError.failure:
            raise BudgetReachedError(said(finding))
        if finding.failure == ProviderDownError.failure and down:
            raise ProviderDownError(said(finding))


@dataclass(frozen=True)
class Input:
    """How the inputs are to be read."""

    options: ReadOptions = field(default_factory=ReadOptions)
    repair: bool = True
    lang_check: bool = True


class Stoppable(Protocol):
    """Something that is under way."""

    def stop(self) -> None:
        """Begins nothing further."""

    def cancel(self) -> None:
        """Gives up what is under way, too."""


@dataclass
class Control:
    """A hand on a run that is under way, from the same event loop."""

    run: Stoppable | None = None
    stopped: bool = False

    def stop(self, grace: float | None = None) -> None:
        """Begins no further article; gives up those under way after `grace` seconds (None: never)."""
        self.stopped = True
        if self.run is not None:
            self.run.stop()
            if grace is not None:
                asyncio.get_running_loop().call_later(grace, self.run.cancel)

    def cancel(self) -> None:
        """Gives up what is under way; what has ended is kept."""
        self.stopped = True
        if self.run is not None:
            self.run.cancel()


@dataclass
class Invocation:
    """One call for an archive: the same inputs into the same output, in as many passes over them as it takes."""

    sources: Sequence[str]
    out: Path
    format: Format
    options: Options
    read: Input
    journal: Journal
    meter: Meter
    control: Control
    processes: int = 1
    keep: Callable[[Sequence[Row]], Sequence[Row]] | None = None

    async def once(self, engine: RunEngine, workers: int) -> tuple[Run, bool]:
        """The run, and whether every item has ended. Raises OutputError."""
        progress = self.meter.progress
        progress.again()
        if engine is not self.meter.engine:
            before = self.meter.before
            self.meter.before = replace(before, cached=before.cached + self.meter.engine.spending.cached)
            self.meter.engine = engine
        sink = open_sink(self.out, self.format)
        analysing = self._analysing(engine)
        try:
            recorder = Recorder(self.journal, sink, self.meter.facts, self.keep)
            documents = iter_documents(self.sources, options=self.read.options)
            reading = partial(read_document, repair=self.read.repair, lang_check=self.read.lang_check)
            reader = Reader(documents, reading, self.journal, recorder, ahead=2 * workers)
            run = Run(reader, recorder, engine, self.options, workers, progress, analysing)
            self.control.run = run
            if self.control.stopped:
                run.stop()
            complete = await run.work()
            if complete:
                assert progress.total is not None
                recorder.rewind(progress.total)
                await asyncio.to_thread(self.journal.end, progress.total)
        finally:
            analysing.close()
            sink.close()
        return run, complete

    def _analysing(self, engine: RunEngine) -> Analysing:
        return InThread() if self.processes == 1 else InProcesses(self.processes, engine.info, self.options)
