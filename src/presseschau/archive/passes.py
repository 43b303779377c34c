"""One pass over the inputs: what has ended is passed over, what is new is analysed, what is done is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from presseschau.analysis import Options
from presseschau.archive.formats import Format, open_sink
from presseschau.archive.journal import Journal
from presseschau.archive.meter import Meter
from presseschau.archive.reader import Reader
from presseschau.archive.recorder import Recorder
from presseschau.archive.run import Run, RunEngine
from presseschau.ingest.document import ReadOptions
from presseschau.ingest.reading import read_document
from presseschau.ingest.sources import iter_documents


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
class Passes:
    """The same inputs into the same output, as often as it takes."""

    sources: Sequence[str]
    out: Path
    format: Format
    options: Options
    read: Input
    journal: Journal
    meter: Meter
    control: Control

    async def once(self, engine: RunEngine, workers: int) -> tuple[Run, bool]:
        """The run, and whether every item has ended. Raises OutputError."""
        progress = self.meter.progress
        progress.again()
        if engine is not self.meter.engine:
            before = self.meter.before
            self.meter.before = replace(before, cached=before.cached + self.meter.engine.spending.cached)
            self.meter.engine = engine
        sink = open_sink(self.out, self.format)
        try:
            recorder = Recorder(self.journal, sink, self.meter.facts)
            documents = iter_documents(self.sources, options=self.read.options)
            reading = partial(read_document, repair=self.read.repair, lang_check=self.read.lang_check)
            reader = Reader(documents, reading, self.journal, recorder, ahead=2 * workers)
            run = Run(reader, recorder, engine, self.options, workers, progress)
            self.control.run = run
            if self.control.stopped:
                run.stop()
            complete = await run.work()
            if complete:
                assert progress.total is not None
                recorder.rewind(progress.total)
                await asyncio.to_thread(self.journal.end, progress.total)
        finally:
            sink.close()
        return run, complete
