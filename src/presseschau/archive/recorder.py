"""From ended items to the disk: rows into the journal, many in one commit, and from there into the output, in order.

All of it happens in one thread at a time, so that the event loop never waits for a disk.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any

from presseschau.archive.journal import Journal, Row, unpacked
from presseschau.archive.outputs import Sink

_MOST_LINES = 512
"""Records written to the output between two commits."""


class Recorder:
    """The one writer of a run. `facts` gives what is to be stored with every commit (what was spent so far); `keep`
    puts the records of rows into an archive, before, and gives the rows as the journal shall have them."""

    def __init__(
        self, journal: Journal, sink: Sink, facts: Callable[[], dict[str, Any]],
        keep: Callable[[Sequence[Row]], Sequence[Row]] | None = None,
    ) -> None:  # fmt: skip
        self._keep = keep
        self._journal = journal
        self._sink = sink
        self._facts = facts
        self._stored: Callable[[Row], None] = lambda row: None
        self._writing = threading.Lock()
        self._waiting: list[Row] = []
        self._wake = asyncio.Event()
        self._ending = False
        self._next = 0
        self._task: asyncio.Task[None] | None = None

    def start(self, stored: Callable[[Row], None]) -> None:
        """Continues the output where it was last safely written; `stored` hears of every row that is on the disk."""
        self._stored = stored
        self._next = int(self._journal.fact("written") or 0)
        if not self._sink.rewind(self._next, self._journal.offset(self._next)):
            self._next = 0
            self._sink.rewind(0, 0)
        self._task = asyncio.create_task(self._run())

    def rewind(self, position: int) -> None:
        """The items from this position on are others than last time (from any thread)."""
        with self._writing:
            if position < self._next:
                self._next = position
                self._sink.rewind(position, self._journal.offset(position))

    def add(self, row: Row) -> None:
        self._waiting.append(row)
        self._wake.set()

    @property
    def failed(self) -> bool:
        """Whether writing came to an end with an error, which `close` raises."""
        return self._task is not None and self._task.done() and not self._ending

    async def close(self) -> None:
        """Returns when all that was added is on the disk. Raises OutputError if it cannot be."""
        self._ending = True
        self._wake.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            rows, self._waiting = self._waiting, []
            more = await asyncio.to_thread(self._store, rows)
            if more or self._waiting:
                self._wake.set()
            elif self._ending:
                await asyncio.to_thread(self._journal.commit, written=self._next, **self._facts())
                return

    def _store(self, rows: Sequence[Row]) -> bool:
        """One commit, and the lines that can now be written; returns whether there are more of those."""
        with self._writing:
            self._journal.commit(self._keep(rows) if self._keep else rows, written=self._next, **self._facts())
            written = 0
            for row in self._journal.rows(self._next):
                if row.position != self._next or written >= _MOST_LINES:
                    break
                if row.record is not None:
                    self._sink.write(row.position, unpacked(row.record))
                    written += 1
                self._next += 1
            if written:
                self._sink.sync()
        for row in rows:
            self._stored(row)
        return written >= _MOST_LINES
