"""How far a run is and what it has used, over all its invocations, and who is shown it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Protocol

from presseschau.archive.journal import State
from presseschau.ingest.document import ReadOptions
from presseschau.ingest.sources import is_web_address, iter_documents
from presseschau.llm.spending import Budget, Spending


@dataclass(frozen=True)
class Spent:
    """Requests sent and tokens bought, failed attempts included. `usage_unknown`: answers that came without usable
    figures; their tokens are the most they can have had. `possibly_billed`: requests that ended in a time-out or a
    broken connection. `cached`: answers that were free. `cost` (US dollars) is None without a price; it counts what was
    possibly billed as if it had been, at the most it can have cost. `seconds` is working time."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    possibly_billed: int = 0
    cached: int = 0
    cost: float | None = None
    seconds: float = 0.0
    invocations: int = 0
    usage_unknown: int = 0

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Spent) -> Spent:
        mine, others = asdict(self), asdict(other)
        sums = {name: mine[name] + others[name] for name in mine if name != "cost"}
        known = [cost for cost in (self.cost, other.cost) if cost is not None]
        return Spent(**sums, cost=sum(known) if known else None)

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, stored: Mapping[str, Any] | None) -> Spent:
        names = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in (stored or {}).items() if name in names})


@dataclass
class Progress:
    """Items by how they ended, in this run (`ended`) and in earlier ones (`earlier`); what is under way.

    `total` is the number of items, None while the input has not been read to its end; `expected` what a count ahead of
    the run found, None until it has counted all. `started` and `now` are monotonic seconds; `tokens` and `cost` (US
    dollars, None without a price) are those of all invocations.
    """

    started: float
    now: float = 0.0
    ended: Counter[State] = field(default_factory=Counter)
    earlier: Counter[State] = field(default_factory=Counter)
    articles: int = 0
    under_way: int = 0
    limit: int = 0
    total: int | None = None
    expected: int | None = None
    requests: int = 0
    cached: int = 0
    tokens: int = 0
    cost: float | None = None
    note: str = ""

    def again(self) -> None:
        """Another pass over the same items begins."""
        self.ended.clear()
        self.earlier.clear()
        self.total = None

    @property
    def done(self) -> int:
        """Items that have ended, however and whenever."""
        return self.ended.total() + self.earlier.total()

    @property
    def per_minute(self) -> float:
        """Articles analysed a minute, in this run."""
        seconds = self.now - self.started
        return 60 * self.articles / seconds if seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Until the end at the speed so far; None if that cannot be told."""
        items = self.items
        return 60 * (items - self.done) / self.per_minute if items is not None and self.per_minute else None

    @property
    def items(self) -> int | None:
        """The number of items, as far as it is known."""
        return self.total if self.total is not None else self.expected


def count_items(sources: Sequence[str], options: ReadOptions, progress: Progress, ended: threading.Event) -> None:
    """Counts the items of the input, for the time left; not where reading twice is impossible or costs others."""
    if any(source == "-" or is_web_address(source) for source in sources):
        return
    count = 0
    try:
        for _ in iter_documents(sources, options=options):
            count += 1
            if ended.is_set():
                return
    except Exception:  # noqa: BLE001 - the run itself reads the same and says what is wrong
        return
    progress.expected = count


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
