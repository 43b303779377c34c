"""Writes in groups: what comes while one commit is on the disk shares the next.

A commit waits for the disk (some 20 ms), and one for each thing to write would hold up everything else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from presseschau.errors import PresseschauError

GATHERED = 0.005
"""Seconds in which things gather before they are written: fewer commits, each of which costs some CPU, too."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class Grouped(Generic[Item, Result]):
    """The one writer of a database, for one event loop. `write` is called in a thread, with many items at once, and
    gives a result for each; nobody else may use the connection meanwhile: who reads waits for `quiet()`.

    What `write` raises as a PresseschauError reaches everybody of the group.
    """

    def __init__(self, write: Callable[[Sequence[Item]], Sequence[Result]]) -> None:
        self._write = write
        self._waiting: list[tuple[Item, asyncio.Future[Result] | None]] = []
        self._writer: asyncio.Task[None] | None = None
        self._writing = False
        self._written = asyncio.Event()

    async def put(self, item: Item) -> Result:
        """Returns when the item is on the disk. It is written even if the caller gives up."""
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._add(item, done)
        return await done

    def add(self, item: Item) -> None:
        """Writes the item with the next group; an error is nobody's."""
        self._add(item, None)

    async def quiet(self) -> None:
        """Returns between two commits, when the database may be read."""
        while self._writing:
            await self._written.wait()

    async def close(self) -> None:
        """Returns when everything was written."""
        if self._writer is not None:
            await asyncio.shield(self._writer)

    def _add(self, item: Item, done: asyncio.Future[Result] | None) -> None:
        self._waiting.append((item, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._waiting:
            await asyncio.sleep(GATHERED)
            group, self._waiting = self._waiting, []
            self._writing = True
            self._written.clear()
            try:
                results = await asyncio.to_thread(self._write, [item for item, _ in group])
                for (_, done), result in zip(group, results, strict=True):
                    if done is not None and not done.done():
                        done.set_result(result)
            except BaseException as error:
                for _, done in group:
                    if done is not None and not done.done():
                        done.set_exception(error)
                if not isinstance(error, PresseschauError):  # a bug: whoever waits must hear of it
                    raise
            finally:
                self._writing = False
                self._written.set()
            await asyncio.sleep(0)  # those who waited to read do so before the next commit
