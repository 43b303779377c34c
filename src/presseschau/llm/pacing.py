"""How fast requests may be sent: so many a minute, so many tokens a minute, by one process or by all that share a
database.

A token bucket that may go into debt: a request takes its place at once and waits until that is paid for. So many that
come together wait in a row, and no more than a second's worth goes out at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from presseschau.storage.grouped import Grouped
from presseschau.storage.postgres import DatabaseUrl, Shared

if TYPE_CHECKING:
    from psycopg import Cursor

_ENDLESS = 1e15
_TAKE = """INSERT INTO presseschau.rates AS r VALUES (%(endpoint)s, %(rps)s - %(n)s, %(tps)s - %(t)s, clock_timestamp())
ON CONFLICT (endpoint) DO UPDATE SET since = clock_timestamp(),
requests = least(%(rps)s, r.requests + %(rps)s * extract(epoch FROM clock_timestamp() - r.since)) - %(n)s,
tokens = least(%(tps)s, r.tokens + %(tps)s * extract(epoch FROM clock_timestamp() - r.since)) - %(t)s
RETURNING requests, tokens"""


@dataclass(frozen=True)
class Rate:
    """What an endpoint may be sent in a minute; None: no limit. Tokens count as the most that a request can have."""

    requests: float | None = None
    tokens: float | None = None

    def divided(self, workers: int) -> Rate:
        """The share of one of so many."""
        return Rate(self.requests and self.requests / workers, self.tokens and self.tokens / workers)

    @property
    def a_second(self) -> tuple[float, float]:
        return (self.requests or _ENDLESS) / 60, (self.tokens or _ENDLESS) / 60


class Pacing(Protocol):
    """Who sends waits for its turn."""

    async def turn(self, tokens: int) -> None: ...


class OwnPace:
    """The rate of one process."""

    def __init__(self, rate: Rate) -> None:
        self._rps, self._tps = rate.a_second
        self._requests, self._tokens = self._rps, self._tps
        self._since = time.monotonic()

    async def turn(self, tokens: int) -> None:
        now = time.monotonic()
        passed, self._since = now - self._since, now
        self._requests = min(self._rps, self._requests + self._rps * passed) - 1
        self._tokens = min(self._tps, self._tokens + self._tps * passed) - tokens
        await asyncio.sleep(max(0.0, -self._requests / self._rps, -self._tokens / self._tps))


class SharedPace:
    """The rate of all processes that name the same endpoint in one database. Its turns are taken many at once."""

    def __init__(self, url: DatabaseUrl, endpoint: str, rate: Rate) -> None:
        self.database = Shared(url)
        self._endpoint = endpoint
        self._rps, self._tps = rate.a_second
        self._group: Grouped[int, float] = Grouped(self._take)

    async def turn(self, tokens: int) -> None:
        """Raises CacheError if the database stays away."""
        await asyncio.sleep(await self._group.put(tokens))

    async def close(self) -> None:
        await self._group.close()
        self.database.close()

    def _take(self, asked: Sequence[int]) -> list[float]:
        """The seconds that each has to wait."""
        values = {
            "endpoint": self._endpoint, "rps": self._rps, "tps": self._tps, "n": len(asked), "t": sum(asked)
        }  # fmt: skip

        def take(cursor: Cursor[Any]) -> tuple[float, float]:
            cursor.execute("SET LOCAL synchronous_commit = off")  # what a crash forgets is a moment's requests
            left = cursor.execute(_TAKE, values).fetchone()
            assert left is not None
            return left[0], left[1]

        requests, tokens = self.database.work(take)
        requests, tokens = requests + len(asked), tokens + sum(asked)
        waits = []
        for one in asked:
            requests, tokens = requests - 1, tokens - one
            waits.append(max(0.0, -requests / self._rps, -tokens / self._tps))
        return waits
