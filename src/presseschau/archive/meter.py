"""What an invocation of a run has used so far, and who is shown it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from presseschau.archive.progress import Progress
from presseschau.archive.spent import Spent
from presseschau.llm.budget import Budget
from presseschau.llm.spending import Spending

_SHOWN_EVERY = 0.25


class Asking(Protocol):
    """Whatever asks, and counts it. `load`: requests under way, and how many are allowed."""

    spending: Spending

    @property
    def load(self) -> tuple[int, int]: ...


@dataclass
class Idle:
    """Nothing is asked yet."""

    spending: Spending = field(default_factory=Spending)
    load: tuple[int, int] = (0, 0)


@dataclass
class Meter:
    """What this invocation used, on top of the earlier ones. `batches` is what was handed to a provider in batches,
    in all invocations: its ledger keeps that, not the journal."""

    engine: Asking
    budget: Budget
    before: Spent
    progress: Progress
    batches: Spent = field(default_factory=Spent)

    @property
    def _asked(self) -> Spent:
        used = self.engine.spending
        prompt, completion = used.tokens
        now = Spent(
            requests=used.bought.requests,
            prompt_tokens=prompt,
            completion_tokens=completion,
            possibly_billed=used.possibly_billed,
            cached=used.cached,
            seconds=time.monotonic() - self.progress.started,
            invocations=1,
            usage_unknown=used.unknown.requests,
        )
        return replace(self.before + now, cost=self.budget.cost if self.budget.price else None)

    @property
    def spent(self) -> Spent:
        return self._asked + self.batches

    def facts(self) -> dict[str, Any]:
        return {"spent": self._asked.stored(), "charged": [self.budget.tokens, self.budget.cost]}

    def update(self) -> None:
        spent = self.spent
        self.progress.now, self.progress.limit = time.monotonic(), self.engine.load[1]
        self.progress.requests, self.progress.cached = self.engine.spending.bought.requests, self.engine.spending.cached
        self.progress.tokens, self.progress.cost = spent.tokens, spent.cost


@asynccontextmanager
async def shown(
    meter: Meter, show: Callable[[Progress], None] | None, count: Callable[[Progress, threading.Event], None]
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
