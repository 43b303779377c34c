"""analyze_many(sources, out): an archive from its inputs to its output, manifest and all."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from presseschau.analysis import Options
from presseschau.archive.formats import Format, check_out, finish, open_sink
from presseschau.archive.journal import Journal
from presseschau.archive.prices import price_needed, price_of
from presseschau.archive.progress import Progress, count_items
from presseschau.archive.reader import Reader
from presseschau.archive.recorder import Recorder
from presseschau.archive.report import Beside, Report, tally, write_duplicates, write_failures, write_manifest
from presseschau.archive.run import Run, tick
from presseschau.archive.settings import settings
from presseschau.archive.spent import Spent
from presseschau.errors import PresseschauError
from presseschau.ingest.document import ReadOptions
from presseschau.ingest.reading import read_document
from presseschau.ingest.sources import iter_documents
from presseschau.llm.budget import Budget, Price
from presseschau.llm.cache import CacheMode
from presseschau.llm.client import Client
from presseschau.llm.engine import Choice, choose, default_cache, open_engine
from presseschau.llm.event import Event
from presseschau.llm.retry import Policy

BEGINNING, MOST = 8, 64
"""Requests at once to begin with, and at most, at an endpoint for which nothing is said."""
_PATIENCE = 900.0
"""Seconds that an outage of the endpoint is waited out before the run ends (exit 75)."""
_SHOWN_EVERY = 0.25


@dataclass(frozen=True)
class Limits:
    """What a run may use, over all its invocations. `price`: US dollars a million tokens read and written, for a
    model that is not in the price table."""

    max_tokens: int | None = None
    max_cost: float | None = None
    price: tuple[float, float] | None = None


@dataclass(frozen=True)
class Input:
    """How the inputs are to be read."""

    options: ReadOptions = field(default_factory=ReadOptions)
    repair: bool = True
    lang_check: Literal["on", "off"] = "on"


@dataclass
class Control:
    """A hand on a run that is under way, from the same event loop."""

    run: Run | None = None
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


async def analyze_many(
    sources: Sequence[str],
    out: Path,
    choice: Choice | None = None,
    *,
    options: Options | None = None,
    read: Input | None = None,
    format: Format = "jsonl",
    cache: Path | Literal["default"] | None = "default",
    cache_mode: CacheMode = "normal",
    limits: Limits | None = None,
    concurrency: int | None = None,
    retry_failed: bool = False,
    overwrite: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    on_event: Callable[[Event], None] | None = None,
    control: Control | None = None,
    policy: Policy | None = None,
) -> Report:
    """Every article of `sources` analysed into `out`, in input order; the same call again continues.

    Sources are what `iter_articles` takes; `choice` None is the embedded model. Beside `out` lie its journal, the
    failures, the duplicates and the manifest. An error that ended the run early is in the report, not raised.
    Raises ConfigurationError for what is wrong before it begins, and OutputError whenever nothing can be written.
    """
    choice, options, read, limits = choice or choose(), options or Options(), read or Input(), limits or Limits()
    paths = Beside(out)
    price = price_of(choice, limits.price)
    if limits.max_cost is not None:
        price = price_needed(price, choice.endpoint.model)
    check_out(out, format, fresh=not paths.journal.exists(), overwrite=overwrite)
    known = settings(options, choice.endpoint.identity, read.options, repair=read.repair, lang_check=read.lang_check)
    with Journal(paths.journal, known, overwrite=overwrite) as journal:
        before = Spent.read(journal.fact("spent"))
        charged = journal.fact("charged") or [0, 0.0]
        budget = Budget(limits.max_tokens, limits.max_cost, price, tokens=charged[0], cost=charged[1])
        journal.reopen(failed=retry_failed)
        journal.write_as(format)
        async with open_engine(
            _parallel(choice, concurrency),
            cache=default_cache() if cache == "default" else cache,
            cache_mode=cache_mode,
            on_event=on_event,
            schema_prompt=options.prompts.text("schema/user"),
            policy=policy or Policy(patience=_PATIENCE),
            budget=budget,
        ) as engine:
            meter = _Meter(engine, budget, before, Progress(time.monotonic()))
            sink = open_sink(out, format)
            try:
                recorder = Recorder(journal, sink, meter.facts)
                documents = iter_documents(sources, options=read.options)
                reading = partial(read_document, repair=read.repair, lang_check=read.lang_check)
                workers = _workers(choice, concurrency)
                reader = Reader(documents, reading, journal, recorder, ahead=2 * workers)
                run = Run(reader, recorder, engine, options, workers, meter.progress)
                if control is not None:
                    control.run = run
                async with _shown(meter, on_progress, partial(count_items, sources, read.options)):
                    complete = await run.work()
                if complete:
                    recorder.rewind(reader_items(meter.progress))
                    await asyncio.to_thread(journal.end, reader_items(meter.progress))
            finally:
                sink.close()
        return await asyncio.to_thread(
            _reported, journal, paths, complete, run, meter, price,
            partial(write_manifest, sources=sources, settings=known, model=choice.endpoint.model, format=format),
            format,
        )  # fmt: skip


def reader_items(progress: Progress) -> int:
    """How many items there are, once the input was read to its end."""
    assert progress.total is not None
    return progress.total


def _parallel(choice: Choice, concurrency: int | None) -> Choice:
    if choice.local is not None:
        return choice
    start, most = (concurrency, concurrency) if concurrency else (BEGINNING, MOST)
    return replace(choice, endpoint=replace(choice.endpoint, parallel=start, most_parallel=most))


def _workers(choice: Choice, concurrency: int | None) -> int:
    """Articles under way at once: more than requests, since an article also waits for its answers to be stored.

    On the embedded model one after the other, so that an article's tasks share what was read of it.
    """
    return 1 if choice.local is not None else 3 * (concurrency or MOST)


@dataclass
class _Meter:
    """What this invocation used, on top of the earlier ones."""

    engine: Client
    budget: Budget
    before: Spent
    progress: Progress

    @property
    def spent(self) -> Spent:
        used = self.engine.spending
        now = Spent(
            requests=used.bought.requests,
            prompt_tokens=used.bought.prompt_tokens,
            completion_tokens=used.bought.completion_tokens,
            possibly_billed=used.possibly_billed,
            cached=used.cached,
            seconds=time.monotonic() - self.progress.started,
            invocations=1,
        )
        return replace(self.before + now, cost=self.budget.cost if self.budget.price else None)

    def facts(self) -> dict[str, Any]:
        return {"spent": self.spent.stored(), "charged": [self.budget.tokens, self.budget.cost]}

    def update(self) -> None:
        spent = self.spent
        tick(self.progress, self.engine)
        self.progress.requests, self.progress.cached = self.engine.spending.bought.requests, self.engine.spending.cached
        self.progress.tokens, self.progress.cost = spent.tokens, spent.cost


@asynccontextmanager
async def _shown(
    meter: _Meter, show: Callable[[Progress], None] | None, count: Callable[[Progress, threading.Event], None]
) -> AsyncIterator[None]:
    """Shows the progress a few times a second, and once at the end; meanwhile the input is counted."""
    if show is None:
        yield
        return
    ended = threading.Event()
    threading.Thread(target=count, args=(meter.progress, ended), name="counter", daemon=True).start()

    async def keep_showing() -> None:
        while True:
            meter.update()
            show(meter.progress)
            await asyncio.sleep(_SHOWN_EVERY)

    showing = asyncio.create_task(keep_showing())
    try:
        yield
    finally:
        ended.set()
        showing.cancel()
        meter.update()
        show(meter.progress)


def _reported(
    journal: Journal, paths: Beside, complete: bool, run: Run, meter: _Meter, price: Price | None,
    manifest: Callable[[Report, Path], None], format: Format,
) -> Report:  # fmt: skip
    """Writes what belongs beside the output."""
    counts, failed, skipped = tally(journal)
    write_failures(journal, paths.failed)
    near = _near(journal, paths, run) if complete else 0  # a run that was stopped shall end soon
    finish(journal, paths.out, format)
    ended = run.error.failure if isinstance(run.error, PresseschauError) else "complete" if complete else "stopped"
    report = Report(complete, ended, counts, failed, skipped, meter.spent, price, near, paths, run.error)
    manifest(report, paths.manifest)
    return report


def _near(journal: Journal, paths: Beside, run: Run) -> int:
    """The number of near duplicates; compared anew only if something is new."""
    known = journal.fact("near")
    if known is not None and not run.progress.ended and paths.duplicates.exists():
        return int(known)
    near = write_duplicates(journal, paths.duplicates)
    journal.commit(near=near)
    return near
