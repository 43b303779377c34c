"""Articles analysed on many machines: Daft on Ray places blocks of rows and does them again; limits, failures as values
and "each answer bought once" are ours. Extra `daft`.

    job = DistributedJob("qwen3", "http://gpu:8000/v1", workers=2, concurrency=64)
    analyze_files("articles/*.parquet", "results", job, checkpoint="s3://bucket/checkpoints")

Whatever happens to one article is a value in its row: what left our function would fail the whole job, or lose the
block that the row is in, though it was paid. Answers are in the shared cache, so what is done again after a worker or
the driver died is not bought again.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presseschau.analysis import TASKS, Options, Task, analyze
from presseschau.errors import CacheError, ConfigurationError, PresseschauError
from presseschau.ingest.document import Document, ReadOptions, Skipped
from presseschau.ingest.formats.fields import document_of
from presseschau.ingest.formats.tables import plain
from presseschau.ingest.reading import read_document
from presseschau.llm.client import Client
from presseschau.llm.engine import Choice, choose, open_engine
from presseschau.llm.pacing import OwnPace, Pacing, Rate, SharedPace
from presseschau.llm.places import CachePlace, cache_place
from presseschau.llm.retry import Policy
from presseschau.llm.spending import RequestEvent
from presseschau.output.tables import RESULTS, result_row
from presseschau.storage.postgres import DatabaseUrl

if TYPE_CHECKING:
    from daft import DataFrame

KEY = "key"
"""The column of an output that has the input's id."""
_PATIENCE = 900.0
"""Seconds that an outage of the endpoint is waited out before articles fail for it."""
_AT_START = 120.0
"""Seconds (at most the policy's patience) that a worker waits for a shared cache that is away when it starts: it may be
one that was started again. It does so once, since a wrong address would make every article wait."""


@dataclass(frozen=True)
class DistributedJob:
    """What every worker does. `id` names the column that tells rows apart; `fields` those that hold an article
    (as `--map`). `concurrency`: requests in flight over all `workers` together, never more.

    `rate` is what the endpoint may be sent in a minute: shared through the database if the cache is one, else divided
    by the workers. `cache` is what `--cache` takes; None: PRESSESCHAU_CACHE of the worker, as it finds its password and
    OPENAI_API_KEY in its environment. `policy` bounds the retries.
    """

    model: str
    base_url: str | None = None
    workers: int = 1
    concurrency: int = 64
    rate: Rate | None = None
    cache: str | None = field(default=None, repr=False)
    tasks: tuple[Task, ...] = TASKS
    id: str = "id"
    fields: Mapping[str, str] = field(default_factory=dict)
    policy: Policy = field(default_factory=lambda: Policy(patience=_PATIENCE))

    def __post_init__(self) -> None:
        if self.concurrency < self.workers:
            raise ConfigurationError(f"{self.concurrency} requests cannot be shared by {self.workers} workers.")


class Worker:
    """One process of a job. Its engine is opened by the first row, in the event loop that runs there, and kept."""

    def __init__(self, job: DistributedJob) -> None:
        self._job = job
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opening: asyncio.Lock | None = None
        self._engine: Client | None = None
        self._stack = AsyncExitStack()
        self._waited = False

    async def row(self, given: Mapping[str, Any]) -> dict[str, str | int | None]:
        """The result for one row, with the columns of `output.parquet.RESULTS`. Never raises."""
        source = str(given.get(self._job.id))
        try:
            return await self._analysed({name: plain(value) for name, value in given.items()}, source)
        except PresseschauError as error:
            return result_row(None, source, "failed", None, f"{error.failure}: {error}")
        except Exception as error:  # noqa: BLE001 - one row must not end the job of all others
            return result_row(None, source, "failed", None, f"internal-error: {type(error).__name__}: {error}")

    async def close(self) -> None:
        await self._stack.aclose()

    async def _analysed(self, given: Mapping[str, Any], source: str) -> dict[str, str | int | None]:
        item = document_of(given, source, ReadOptions(mapping=self._job.fields))
        if isinstance(item, Skipped):
            return result_row(None, source, "skipped", None, f"{item.reason}: {item.detail}")
        assert isinstance(item, Document)
        article = await asyncio.to_thread(read_document, item)
        engine = await self._opened()
        analysis = await analyze(article, engine, Options(tasks=self._job.tasks))
        await engine.written()  # who runs us may stop our loop as soon as we have returned
        failed = [f for f in analysis.findings if f.code == "task.failed"]
        state = "failed" if failed else "done"
        if not failed and any(f.severity != "info" for f in analysis.findings):
            state = "done-with-findings"
        said = "; ".join(f"{f.part}: {f.failure}" for f in failed) or None
        return result_row(article.id, source, state, analysis.model_dump_json(), said)

    async def _opened(self) -> Client:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._opening, self._engine = loop, asyncio.Lock(), None
        assert self._opening is not None
        async with self._opening:
            if self._engine is None:
                job = self._job
                place = cache_place(job.cache or os.environ.get("PRESSESCHAU_CACHE"))
                choice = choose(job.model, base_url=job.base_url)
                share = job.concurrency // job.workers
                choice = replace(choice, endpoint=replace(choice.endpoint, parallel=share, most_parallel=share))
                self._engine = await self._open(choice, place)
            return self._engine

    async def _open(self, choice: Choice, place: CachePlace) -> Client:
        shared = isinstance(place, DatabaseUrl) and not self._waited
        wait = min(_AT_START, self._job.policy.patience) if shared else 0.0
        self._waited, until = True, time.monotonic() + wait
        while True:
            self._stack = AsyncExitStack()
            try:
                pacing = self._pacing(place, choice.endpoint.identity)
                opening = open_engine(choice, cache=place, policy=self._job.policy, on_event=_said, pacing=pacing)
                return await self._stack.enter_async_context(opening)
            except CacheError as error:
                await self._stack.aclose()
                if time.monotonic() >= until:
                    raise
                print(f"presseschau: waiting for it at the start: {error}", file=sys.stderr)
                await asyncio.sleep(1)

    def _pacing(self, place: object, endpoint: str) -> Pacing | None:
        rate = self._job.rate
        if rate is None:
            return None
        if isinstance(place, DatabaseUrl):
            shared = SharedPace(place, endpoint, rate)
            self._stack.push_async_callback(shared.close)
            return shared
        workers = self._job.workers
        if workers > 1:
            print(
                f"presseschau: no shared database, so each of {workers} workers has its share of the rate.",
                file=sys.stderr,
            )
        return OwnPace(rate.divided(workers))


def _said(event: RequestEvent) -> None:
    """Into the worker's log: what is odd, and what is waited for that is not one request alone."""
    if event.state in ("noted", "not_stored"):
        print(f"presseschau: {event.detail}", file=sys.stderr)


def analyze_frame(frame: DataFrame, job: DistributedJob) -> DataFrame:
    """The results for the rows of a frame: KEY and the columns of `RESULTS`. Nothing is done until it is collected or
    written. Raises ConfigurationError without the extra."""
    daft = _daft()
    struct = daft.DataType.struct({name: getattr(daft.DataType, kind)() for name, kind in RESULTS.items()})

    @daft.cls(on_error="raise")  # type: ignore[untyped-decorator, unused-ignore]
    class Rows:
        def __init__(self, job: DistributedJob) -> None:
            self.worker = Worker(job)

        @daft.method(return_dtype=struct)  # type: ignore[untyped-decorator, unused-ignore]
        async def analysed(self, row: dict[str, Any]) -> dict[str, Any]:
            return await self.worker.row(row)

    rows = Rows(job)
    found = frame.select(
        daft.col(job.id).alias(KEY),
        rows.analysed(daft.functions.to_struct(*[daft.col(name) for name in frame.column_names])).alias("found"),
    )
    return found.select(KEY, *[daft.col("found").get(name).alias(name) for name in RESULTS])


def analyze_files(source: str, out: str, job: DistributedJob, *, checkpoint: str | None = None) -> None:
    """Parquet or JSONL files (a path, a glob, s3://...) into Parquet files in the folder `out`.

    `checkpoint` (on Ray): a place where it is noted which ids are done; the same call then goes on with the others.
    What a killed writer left half-written in a local `out` is taken away: its rows are not noted as done.
    Raises ConfigurationError without the extra.
    """
    daft = _daft()
    read = daft.read_json if source.endswith((".jsonl", ".ndjson", ".json")) else daft.read_parquet
    if checkpoint is None:
        frame = read(source)
    else:
        url = checkpoint if "://" in checkpoint else Path(checkpoint).absolute().as_uri()
        frame = read(source, checkpoint=daft.CheckpointConfig(daft.CheckpointStore(url), on=job.id))
    analyze_frame(frame, job).write_parquet(out)
    if "://" not in out:
        _remove_torn(Path(out))
        _keep_once(Path(out))


_MAGIC = b"PAR1"
"""How every whole Parquet file ends."""


def _remove_torn(folder: Path) -> None:
    """Takes away files that were not written to their end."""
    for file in folder.rglob("*.parquet"):
        with file.open("rb") as opened:
            opened.seek(max(0, file.stat().st_size - len(_MAGIC)))
            whole = opened.read() == _MAGIC
        if not whole:
            file.unlink()


def _keep_once(folder: Path) -> None:
    """Takes away rows whose KEY stands in another file already: a driver that is killed between writing rows and noting
    them as done writes them again. Takes 16 bytes of memory a key, since only hashes of all are held at once."""
    import numpy
    import pyarrow
    from pyarrow import parquet

    files = sorted(folder.rglob("*.parquet"))

    def keys(file: Path) -> list[Any]:
        return list(parquet.read_table(file, columns=[KEY])[KEY].to_pylist())

    hashes = [numpy.fromiter((hash(one) for one in keys(file) if one is not None), numpy.int64) for file in files]
    every = numpy.concatenate(hashes or [numpy.empty(0, numpy.int64)])
    every.sort()
    twice = every[1:][every[1:] == every[:-1]]
    hashes_twice, seen = set(twice.tolist()), set[Any]()
    for file, of_file in zip(files, hashes, strict=True):
        if not numpy.isin(of_file, twice).any():
            continue
        new = []
        for one in keys(file):
            new.append(one is None or one not in seen)
            if hash(one) in hashes_twice:
                seen.add(one)
        if not all(new):
            rows = parquet.read_table(file).filter(pyarrow.array(new))
            parquet.write_table(rows, file.with_suffix(".new"))
            file.with_suffix(".new").replace(file)


def _daft() -> Any:
    try:
        import daft
    except ImportError:
        raise ConfigurationError(
            "Working on many machines needs Daft and Ray. Install them in an environment of their own, since they "
            "weigh a gigabyte and pin versions: pip install 'presseschau[daft]'"
        ) from None
    return daft
