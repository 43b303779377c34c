"""Answers on their way into the cache: those that arrive while one commit is on the disk share the next one.

A commit waits for the disk (some 20 ms); one for each answer would hold up everything else. It is made in a thread,
and the connection is used by nobody else meanwhile: who reads waits for `quiet()`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from presseschau.errors import CacheError
from presseschau.llm.cache import AnswerCache, Stored

_GATHERED = 0.005
"""Seconds in which answers gather before they are committed: fewer commits, each of which costs some CPU, too."""


@dataclass
class _Batch:
    answers: list[tuple[str, Stored]] = field(default_factory=list)
    verdicts: list[tuple[str, str]] = field(default_factory=list)
    done: asyncio.Future[CacheError | None] | None = None


class StoreQueue:
    """The one writer of a client's cache. `put` returns when the answer is on the disk."""

    def __init__(self, cache: AnswerCache) -> None:
        self.cache = cache
        self._next = _Batch()
        self._writer: asyncio.Task[None] | None = None
        self._committing = False
        self._committed = asyncio.Event()

    async def put(self, key: str, stored: Stored) -> None:
        """Stores an answer. Raises CacheError when it cannot be written."""
        self._next.answers.append((key, stored))
        await self._written()

    async def remember_verdict(self, engine: str, shape: str) -> None:
        """Stores how requests must be put for an engine. Raises CacheError when it cannot be written."""
        self._next.verdicts.append((engine, shape))
        await self._written()

    async def quiet(self) -> None:
        """Returns between two commits, when the cache may be read."""
        while self._committing:
            await self._committed.wait()

    async def close(self) -> None:
        """Returns when everything was written."""
        if self._writer is not None:
            await asyncio.shield(self._writer)

    async def _written(self) -> None:
        if self._next.done is None:
            self._next.done = asyncio.get_running_loop().create_future()
        done = self._next.done
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        error = await asyncio.shield(done)
        if error is not None:
            raise error

    async def _write(self) -> None:
        while self._next.done is not None:
            await asyncio.sleep(_GATHERED)
            batch, self._next = self._next, _Batch()
            assert batch.done is not None
            self._committing = True
            self._committed.clear()
            try:
                await asyncio.to_thread(self.cache.put_all, batch.answers, batch.verdicts)
                batch.done.set_result(None)
            except CacheError as error:
                batch.done.set_result(error)
            except BaseException as error:  # a bug: whoever waits must hear of it
                batch.done.set_exception(error)
                raise
            finally:
                self._committing = False
                self._committed.set()
            await asyncio.sleep(0)  # those who waited to read do so before the next commit
