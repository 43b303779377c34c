"""analyze_many(sources, out): an archive from its inputs to its output, manifest and all."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from presseschau.analysis import Options
from presseschau.archive.journal import Journal, Row
from presseschau.archive.money import RunMoney
from presseschau.archive.near_duplicates import recorded
from presseschau.archive.outputs import Filing, Format, check_out, finish
from presseschau.archive.prices import Limits, price_of
from presseschau.archive.progress import Idle, Meter, Progress, Spent, count_items, shown
from presseschau.archive.provider_batch.ledger import Ledger
from presseschau.archive.provider_batch.openai_batch import Polling
from presseschau.archive.provider_batch.waves import Delivery, Lane, Waves, batched_reader, check_engine
from presseschau.archive.report import (
    Report,
    RunFiles,
    parts_of_failed,
    tally,
    write_duplicates,
    write_failures,
    write_manifest,
)
from presseschau.archive.run import Control, Input, Invocation, Run, Stoppable
from presseschau.errors import PresseschauError
from presseschau.ingest import ReadOptions
from presseschau.ingest.ahead import require_extras
from presseschau.library.store import Archive
from presseschau.llm.batch.files import ShardLimit
from presseschau.llm.cache import CacheMode
from presseschau.llm.client import Client
from presseschau.llm.engine import Choice, choose, open_engine_of_run, open_reader
from presseschau.llm.places import CachePlace, default_cache, open_cache, open_purchases
from presseschau.llm.purchases import PurchaseStore
from presseschau.llm.retry import Policy, Timing
from presseschau.llm.spending import Budget, Price, RequestEvent, Spending


def settings(options: Options, choice: Choice, read: ReadOptions, *, repair: bool, lang_check: bool) -> dict[str, Any]:
    """By name, as JSON can hold it."""
    reader = choice.reader.endpoint.identity if choice.reader else ""
    also = [
        *(["forms"] if choice.endpoint.info.form else []),
        *(["reader"] if reader else []),
        *(["risk"] if options.risk == "deep" else []),
    ]  # prompts
    decided = options.decisions.digest if options.decisions else ""
    entries = repr(options.glossary.entries).replace("GlossaryEntry(", "Entry(")  # as runs that go on have it
    glossary = hashlib.sha256(entries.encode()).hexdigest()[:12]
    return {
        "engine": choice.endpoint.identity,
        "tasks": sorted(options.tasks),
        "english": options.english,
        "repair_rounds": options.rounds,
        "points": options.points,
        **({"samples": options.samples} if options.samples > 1 else {}),
        "prompts": options.prompts.version_for([*options.tasks, *also]),
        "glossary": glossary,
        "map": dict(sorted(read.mapping.items())),
        "format_in": read.format,
        "charset": read.charset,
        "repair_encoding": repair,
        "lang_check": "on" if lang_check else "off",  # as earlier versions wrote it
        **({"decisions": decided} if decided else {}),
        **({"encoder": options.encoder.name} if options.encoder else {}),
        **({"risk": options.risk} if options.risk == "deep" else {}),
        **({"translator": options.translator.name} if options.translator else {}),
        **({"second_reader": reader} if reader else {}),
    }


__all__ = [
    "Control",
    "Delivery",
    "Format",
    "Input",
    "Limits",
    "Polling",
    "Progress",
    "Report",
    "RunFiles",
    "ShardLimit",
    "Spent",
    "Stoppable",
    "analyze_many",
]

BEGINNING, MOST = 8, 64
"""Requests at once to begin with, and at most, at an endpoint for which nothing is said."""
_PATIENCE = 900.0
"""Seconds that an outage of the endpoint is waited out before the run ends (exit 75)."""


async def analyze_many(
    sources: Sequence[str | Path],
    out: Path,
    choice: Choice | None = None,
    *,
    options: Options | None = None,
    read: Input | None = None,
    format: Format = "jsonl",
    cache: CachePlace | Literal["default"] | None = "default",
    cache_mode: CacheMode = "normal",
    limits: Limits | None = None,
    concurrency: int | None = None,
    retry_failed: bool = False,
    overwrite: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    on_event: Callable[[RequestEvent], None] | None = None,
    control: Control | None = None,
    policy: Policy | None = None,
    delivery: Delivery | None = None,
    processes: int = 1,
) -> Report:
    """Every article of `sources` analysed into `out`, in input order; the same call again continues.

    With the format db `out` is an archive, which holds what earlier runs and imports brought, too.
    Sources are what `iter_articles` takes; `choice` None is the embedded model; `delivery` None asks one by one. In the
    folder OUT.d beside `out` lie its journal, the failures, the duplicates and the manifest. An error that ended the
    run early is in the report, not raised. With several `processes` these analyse, else a thread beside the event loop.
    Raises ConfigurationError for what is wrong before it begins, and OutputError whenever nothing can be written.
    """
    choice, options, read, limits = choice or choose(), options or Options(), read or Input(), limits or Limits()
    control, policy = control or Control(), policy or Policy(patience=_PATIENCE)
    named = [str(source) for source in sources]
    paths = RunFiles.of(out, named)
    require_extras(named)
    reader = batched_reader(delivery, choice)
    limits.budget(
        choice, batch=delivery is not None, batch_reader=reader is not None
    )  # says at once which price is missing
    check_out(paths, format, named, fresh=not paths.journal.exists(), overwrite=overwrite)
    paths.make_folder()
    cache = default_cache() if cache == "default" else cache
    known = settings(options, choice, read.options, repair=read.repair, lang_check=read.lang_check)
    earlier = {"prompts": options.prompts.earlier_versions(options.tasks), "engine": choice.endpoint.formerly}
    with ExitStack() as stack, Journal(paths.journal, known, earlier, overwrite=overwrite) as journal:
        check_engine(delivery, choice.endpoint, paths.batches)
        file = stack.enter_context(purchases) if (purchases := open_purchases(cache)) else None
        money = RunMoney(journal, file)
        budget = limits.budget(choice, money.charged, batch=delivery is not None, batch_reader=reader is not None)
        price = budget.price
        journal.reopen(failed=retry_failed)
        journal.write_as(format)
        waiting: tuple[str, ...] = ()
        batches: dict[str, int] = {}
        meter = Meter(Idle(), budget, money.before, Progress(time.monotonic()))
        filing = None
        if format == "db":
            filing = Filing(stack.enter_context(Archive(out)), money.run, lambda: meter.spent)
            filing.begin(choice.endpoint.model, named, known)
        keep = filing.keep if filing else None
        invocation = Invocation(named, out, format, options, read, journal, meter, control, processes, keep)
        async with shown(meter, on_progress, partial(count_items, named, read.options)):
            rest = delivery is None
            if delivery is not None:
                with Ledger(paths.batches, choice.endpoint.identity) as ledger:
                    ledger.begin(failed=retry_failed, anew=overwrite)
                    lanes = [Lane(choice.endpoint, ledger, price)]
                    lanes += [Lane(reader, ledger.beside(reader.identity), budget.reader_price)] if reader else []
                    live = None if reader else choice.reader
                    waves = Waves(
                        delivery, lanes, budget=budget, meter=meter, control=control, policy=policy, timing=Timing(),
                        reader=_reader(live, options, cache, cache_mode, policy, budget, file, money.run),
                    )  # fmt: skip
                    with open_cache(cache, cache_mode) if cache else nullcontext() as store:
                        run, complete = await waves.work(
                            invocation.once, store, reads=cache_mode != "refresh",
                            schema_prompt=options.prompts.text("schema/user"),
                        )  # fmt: skip
                    waiting, batches = () if complete else waves.said(), waves.counts()
                    for lane in lanes:
                        money.enter_batches(lane.ledger, lane.endpoint.model, lane.endpoint.base_url, lane.price)
                    if complete:
                        ledger.forget_texts()
                    rest = not complete and delivery.rest_live and run.error is None and not control.stopped
                    charged = waves.charged()
                if rest:
                    price = price_of(choice, limits.price)
                    of_reader = price_of(choice.reader, limits.reader_price) if choice.reader else None
                    meter.budget = budget = _what_is_left(budget, *charged, price, of_reader)
            if rest:
                async with open_engine_of_run(
                    _parallel(choice, concurrency), cache=cache, cache_mode=cache_mode, on_event=on_event,
                    schema_prompt=options.prompts.text("schema/user"), policy=policy, budget=budget, purchases=file,
                    run=money.run,
                ) as engine:  # fmt: skip
                    run, complete = await invocation.once(engine, _workers(choice, concurrency))
        end = _End(run, complete, waiting, batches)
        manifest = partial(write_manifest, sources=named, settings=known, model=choice.endpoint.model, format=format)
        return await asyncio.to_thread(_reported, invocation, end, paths, price, money, manifest, filing)


def _reader(
    reader: Choice | None, options: Options, cache: CachePlace | None, cache_mode: CacheMode, policy: Policy,
    budget: Budget, purchases: PurchaseStore | None, run: str,
) -> Callable[[Spending], AbstractAsyncContextManager[Client]] | None:  # fmt: skip
    """What opens a second reader that is asked one by one while the rest is asked in batches."""
    if reader is None:
        return None
    return lambda spending: open_reader(
        reader, cache=cache, cache_mode=cache_mode, schema_prompt=options.prompts.text("schema/user"),
        policy=policy, budget=budget, purchases=purchases, run=run, spending=spending,
    )  # fmt: skip


def _what_is_left(budget: Budget, tokens: int, cost: float, price: Price | None, reader_price: Price | None) -> Budget:
    """The budget for what is asked one by one, once batches have used up these tokens and US dollars of it."""
    most_tokens = None if budget.max_tokens is None else max(0, budget.max_tokens - tokens)
    most_cost = None if budget.max_cost is None else max(0.0, budget.max_cost - cost)
    return Budget(most_tokens, most_cost, price, tokens=budget.tokens, cost=budget.cost, reader_price=reader_price)


def _parallel(choice: Choice, concurrency: int | None) -> Choice:
    if choice.local is not None:
        return choice
    start, most = (concurrency, concurrency) if concurrency else (BEGINNING, MOST)
    choice = replace(choice, reader=_parallel(choice.reader, concurrency)) if choice.reader else choice
    return replace(choice, endpoint=replace(choice.endpoint, parallel=start, most_parallel=most))


def _workers(choice: Choice, concurrency: int | None) -> int:
    """Articles under way at once: more than requests, since an article also waits for its answers to be stored.

    On the embedded model one after the other, so that an article's tasks share what was read of it.
    """
    return 1 if choice.local is not None else 3 * (concurrency or MOST)


@dataclass(frozen=True)
class _End:
    """How an invocation ended. `waiting` and `batches` are those of the Report."""

    run: Run
    complete: bool
    waiting: tuple[str, ...]
    batches: Mapping[str, int]


def _reported(
    invocation: Invocation, end: _End, paths: RunFiles, price: Price | None, money: RunMoney,
    manifest: Callable[[Report, Path], None], filing: Filing | None,
) -> Report:  # fmt: skip
    """Writes what belongs beside the output."""
    journal, error = invocation.journal, end.run.error
    counts, failed, skipped = tally(journal)
    write_failures(journal, paths.failed)
    record = filing.record if filing else recorded
    partly, parts = parts_of_failed(journal, record)
    near = _near(journal, paths, end.run, record) if end.complete else 0  # a run that was stopped shall end soon
    finish(journal, paths.out, invocation.format)
    ended = "complete" if end.complete else "waiting" if end.waiting and not invocation.control.stopped else "stopped"
    report = Report(
        complete=end.complete,
        ended=error.failure if isinstance(error, PresseschauError) else ended,
        counts=counts,
        failed=failed,
        skipped=skipped,
        spent=invocation.meter.spent,
        certainty=money.statement(),
        price=price,
        near=near,
        paths=paths,
        waiting=end.waiting,
        batches=end.batches,
        partly=partly,
        parts=parts,
        error=error,
    )
    manifest(report, paths.manifest)
    if filing:
        filing.end(report.ended, report.counts)
    return report


def _near(journal: Journal, paths: RunFiles, run: Run, record: Callable[[Row], bytes | None]) -> int:
    """The number of near duplicates; compared anew only if something is new."""
    known = journal.fact("near")
    if known is not None and not run.progress.ended and paths.duplicates.exists():
        return int(known)
    near = write_duplicates(journal, paths.duplicates, record)
    journal.commit(near=near)
    return near
