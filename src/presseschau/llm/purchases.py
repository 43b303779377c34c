"""Who is buying which answer, what it may cost at most, and what was spent: one place beside the cache for all runs.

    claim the key ──▶ hold the most it can cost ──▶ send ──▶ settle ──▶ store the answer ──▶ release the key

All of it is on the disk before anything is sent, so that whatever ends a process the next one knows what it may have
bought, and several processes buy an answer once. A claim and what is held go with their owner: an owner that was not
heard of for a minute, or whose process is gone, is buried, and what it held counts as spent.

The place is a file (`purchase_file.py`) or a shared database (`shared_purchases.py`).
"""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Literal, Protocol, Self

from presseschau.errors import CacheError
from presseschau.llm.spending import Price
from presseschau.models import Usage
from presseschau.storage.grouped import Grouped

LEASE, RENEWED = 60.0, 20.0
"""Seconds for which an owner is believed to live, and after which it says so again."""
_FIRST_LOOK, _LAST_LOOK = 0.05, 1.0
"""Seconds between two looks at what another process is buying: at first, and at the most."""

_NUMBERS = count(1)
"""Of what this process holds: clients that share a store must not use one twice."""

Certainty = Literal["known", "assumed", "possible"]
"""How sure an amount is: as the server said; the most that it can be, since the server did not say; the most, for what
may have been billed without an answer."""


@dataclass(frozen=True)
class Amount:
    """A sum: requests, tokens read and written, US dollars of what has a price."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0

    def __add__(self, other: Amount) -> Amount:
        return Amount(
            self.requests + other.requests,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cost + other.cost,
        )


@dataclass(frozen=True)
class SpentRow:
    """What one model took on one day."""

    day: str
    model: str
    host: str
    certainty: Certainty
    priced: bool
    amount: Amount


@dataclass(frozen=True)
class ClaimKey:
    """Makes the key ours to buy; False while another owner is buying it."""

    key: str


@dataclass(frozen=True)
class ReleaseKey:
    """Whoever wants the key may buy it now, if it was ours."""

    key: str


@dataclass(frozen=True)
class For:
    """What a request is for: the run ('' for none), the model, the host (base URL; '' if embedded), and whether its
    price is known."""

    run: str
    model: str
    host: str
    priced: bool


@dataclass(frozen=True)
class Hold:
    """A request that is about to be sent, and the most that it can cost. `number`: the owner's, never used twice."""

    number: int
    key: str
    what: For
    most: Amount


@dataclass(frozen=True)
class Settle:
    """What the request with this number did cost, if it was sent (`used.requests`)."""

    number: int
    what: For
    certainty: Certainty
    used: Amount


@dataclass(frozen=True)
class Spend:
    """What was spent, today, without having been held."""

    what: For
    certainty: Certainty
    used: Amount


@dataclass(frozen=True)
class Renew:
    """The owner lives."""


Step = ClaimKey | ReleaseKey | Hold | Settle | Spend | Renew


class PurchaseStore(Protocol):
    """Where one owner writes its steps. Everything raises CacheError if that cannot be used.

    `foreign` grows when another owner may have stored something since it was last looked at.
    """

    owner: str
    foreign: int

    def write(self, steps: Sequence[Step]) -> list[bool]:
        """Makes the steps in one transaction; for each whether it was done."""
        ...

    def free(self, keys: Collection[str]) -> list[str]:
        """Those of the keys that nobody is buying, as far as can be told without writing."""
        ...

    async def pause(self, seconds: float) -> None:
        """Returns after so long, or sooner if it hears that a key was released."""
        ...

    def of_run(self, run: str) -> dict[Certainty, Amount]:
        """What a run has spent, in all its invocations."""
        ...

    def since(self, day: str) -> list[SpentRow]:
        """What was spent from this day (YYYY-MM-DD) on, by day and model, over all runs."""
        ...

    def hurry(self) -> None:
        """Everything is being closed: nothing is waited for any longer than that is worth."""
        ...

    def close(self) -> None:
        """Ends this owner: what it still held was settled, or may have been bought."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def new_owner() -> str:
    """A name for a process that buys: its machine, its number, and a random word."""
    return f"{_machine()} {os.getpid()} {os.urandom(4).hex()}"


@lru_cache(maxsize=1)
def _machine() -> str:
    """Where process ids mean the same, until it is started again: a container has its own, and hosts may share a name
    (then the boot id tells them apart, which Linux has)."""
    known = [platform.node()]
    with suppress(OSError):
        known.append(str(Path("/proc/self/ns/pid").readlink()))
    with suppress(OSError):
        known.append(Path("/proc/sys/kernel/random/boot_id").read_text().strip())
    return ":".join(known).replace(" ", "-") or "-"


def is_gone(owner: str) -> bool:
    """Whether the owner was a process of this machine that is no more."""
    machine, process = [*owner.split(" "), ""][:2]
    if os.name != "posix" or machine != _machine() or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


@dataclass
class Purchases:
    """The purchases of one client. `run` '' for what belongs to no run; `price` None: not known.

    Its methods raise CacheError when nothing can be written; what is only settled or released is then left to whoever
    comes next.
    """

    file: PurchaseStore
    model: str
    host: str
    run: str = ""
    price: Price | None = None
    _awaited: dict[str, asyncio.Event] = field(default_factory=dict)
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._group: Grouped[Step, bool] = Grouped(self.file.write)
        self._what = For(self.run, self.model, self.host, self.price is not None)

    async def close(self) -> None:
        """Returns when everything was written; the file is to be closed by whoever opened it."""
        self.file.hurry()
        for task in self._tasks.values():
            task.cancel()
        await self._group.close()

    async def claim(self, key: str) -> bool:
        """Whether the key is ours to buy now; if not, `wait`, look for the answer, and claim again."""
        self._keep_going("renewing", self._renewing)
        try:
            return await self._group.put(ClaimKey(key))
        except asyncio.CancelledError:
            self.release(key)
            raise

    def release(self, key: str) -> None:
        self._group.add(ReleaseKey(key))

    async def wait(self, key: str) -> None:
        """Returns when nobody else is buying the key any more."""
        free = self._awaited.setdefault(key, asyncio.Event())
        self._keep_going("watching", self._watching)
        await free.wait()

    async def hold(self, key: str, most: Usage) -> int:
        """Holds the most that one request can cost, and returns the number under which to settle it."""
        self._keep_going("renewing", self._renewing)
        number = next(_NUMBERS)
        try:
            await self._group.put(Hold(number, key, self._what, self._amount(most.model_copy(update={"requests": 1}))))
        except asyncio.CancelledError:
            self.settle(number, Usage(), "known")
            raise
        return number

    def settle(self, number: int, used: Usage, certainty: Certainty) -> None:
        """Enters what a request did cost, and how sure that is; with `used.requests` 0 it was not sent."""
        self._group.add(Settle(number, self._what, certainty, self._amount(used)))

    async def written(self) -> None:
        """Returns when everything so far is on the disk."""
        await self._group.put(Renew())

    def _amount(self, used: Usage) -> Amount:
        prompt, completion = used.prompt_tokens, used.completion_tokens
        return Amount(used.requests, prompt, completion, self.price.of(prompt, completion) if self.price else 0.0)

    def _keep_going(self, name: str, work: Callable[[], object]) -> None:
        if name not in self._tasks or self._tasks[name].done():
            self._tasks[name] = asyncio.create_task(work())  # type: ignore[arg-type]

    async def _renewing(self) -> None:
        while True:
            await asyncio.sleep(RENEWED)
            with suppress(CacheError):
                await self._group.put(Renew())

    async def _watching(self) -> None:
        pause = _FIRST_LOOK
        while self._awaited:
            await self.file.pause(pause)
            with suppress(CacheError):
                await self._group.quiet()
                free = await asyncio.to_thread(self.file.free, tuple(self._awaited))
                pause = _FIRST_LOOK if free else min(_LAST_LOOK, 2 * pause)
                for key in free:
                    self._awaited.pop(key).set()
