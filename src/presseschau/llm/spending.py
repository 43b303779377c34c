"""What a run uses: what it is told about each request, what it has used so far, and the most it may use.

A limited run sends nothing that could go beyond its budget. Each request reserves the most it can cost before it is
sent and settles what it did cost afterwards. When what is left would not cover the next request, that waits for those
under way; if none is, the budget is reached.

Not every server keeps to the token cap. So a limited run begins with one request and has one more under way with each
that ends; and once one has cost more than was reserved, every reservation counts as many times over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal, Protocol

from presseschau.errors import BudgetReachedError
from presseschau.models import Usage

State = Literal["cached", "asked", "waiting", "retrying", "stepped_down", "noted", "answered", "failed", "not_stored"]


@dataclass(frozen=True)
class RequestEvent:
    """One moment in the life of a request.

    `elapsed`: seconds since it was first sent; `wait`: seconds until it is sent again (state "retrying"). `detail` is a
    sentence for the user: what is waited for, why it is tried again, which schema mode is next, what is odd about the
    server, why an answer could not be stored.
    """

    task: str
    state: State
    elapsed: float = 0.0
    wait: float = 0.0
    detail: str = ""


class Tell(Protocol):
    """Hears of a moment in the life of a request."""

    def __call__(self, task: str, state: State, elapsed: float = 0.0, wait: float = 0.0, detail: str = "") -> None: ...


def telling(on_event: Callable[[RequestEvent], None] | None) -> Tell:
    """Tells a listener, if there is one; what is odd about a server only once."""
    noted: set[str] = set()

    def tell(task: str, state: State, elapsed: float = 0.0, wait: float = 0.0, detail: str = "") -> None:
        if on_event is None or (state == "noted" and detail in noted):
            return
        if state == "noted":
            noted.add(detail)
        on_event(RequestEvent(task, state, elapsed, wait, detail))

    return tell


Event = RequestEvent
"""The public name of earlier versions."""


@dataclass
class Spending:
    """Counted while a client works. `bought` is what servers reported for every answer, the unusable ones too.

    `unknown`: answers that came without usable figures (its `requests`), and the most tokens they can have had, which
    `bought` lacks. `possibly_billed`: requests that ended in a time-out or a broken connection after they were
    sent. `cached`: answers that were free. `poisoned`: cached rows that were not believed. `unsaved`: paid answers that
    could not be stored. `put_off`: requests whose answers are still to come, from a batch.
    """

    bought: Usage = field(default_factory=Usage)
    possibly_billed: int = 0
    retries: int = 0
    cached: int = 0
    poisoned: int = 0
    unsaved: int = 0
    put_off: int = 0
    unknown: Usage = field(default_factory=Usage)

    @property
    def tokens(self) -> tuple[int, int]:
        """Read and written; of what is not known the most that it can be."""
        both = self.bought + self.unknown
        return both.prompt_tokens, both.completion_tokens


_account: ContextVar[Spending | None] = ContextVar("account", default=None)


@contextmanager
def account() -> Iterator[Spending]:
    """What is asked inside, by this task and those it starts, is counted here as well (`bought`, `possibly_billed`)."""
    spending = Spending()
    token = _account.set(spending)
    try:
        yield spending
    finally:
        _account.reset(token)


def put_off() -> None:
    """Counts a request whose answer is still to come, in the account of whoever asked."""
    account = _account.get()
    if account is not None:
        account.put_off += 1


def charge(
    spending: Spending | None, used: Usage, *, possibly_billed: bool = False, unknown: Usage | None = None
) -> None:
    """Counts one request, in `spending` and in the account of whoever asked."""
    for counted in (spending, _account.get()):
        if counted is not None:
            counted.bought += used
            counted.possibly_billed += possibly_billed
            counted.unknown += unknown or Usage()


@dataclass(frozen=True)
class Price:
    """US dollars a million tokens, and where the figures come from."""

    prompt: float
    completion: float
    source: str

    def of(self, prompt_tokens: int, completion_tokens: int) -> float:
        """US dollars."""
        return (prompt_tokens * self.prompt + completion_tokens * self.completion) / 1e6


TO_GO_ON = "What is done is kept; run the same command with a higher limit (--max-cost, --max-tokens) to continue."
"""What to do where a limit is reached, at the end of what is said of it."""


@dataclass
class Budget:
    """The limits (None: none), and what was used so far, earlier invocations of the same run included.

    `tokens` and `cost` count a request that may have been billed without an answer as if it had cost the most it can.
    `reader_price` is that of a second reader, who draws on the same limits. `excess` is how many times over what was
    reserved a request has cost, at the most so far; never below 1.
    """

    max_tokens: int | None = None
    max_cost: float | None = None
    price: Price | None = None
    tokens: int = 0
    cost: float = 0.0
    reached: bool = False
    excess: float = 1.0
    reader_price: Price | None = None
    _ended: int = 0
    _holding: int = 0
    _held: tuple[int, float] = (0, 0.0)
    _freed: asyncio.Event = field(default_factory=asyncio.Event)

    async def reserve(
        self, prompt_tokens: int, completion_tokens: int, price: Price | None = None
    ) -> tuple[int, float]:
        """Holds back what a request can cost at most, at this `price` (None: the usual one). Raises BudgetReachedError
        if that is not left."""
        wanted = (prompt_tokens + completion_tokens, self._cost(prompt_tokens, completion_tokens, price))
        while not (fits := self._fits(wanted)) or (self.limited and self._holding > self._ended):
            if not fits and (not self._holding or self.reached):
                self.reached = True
                raise BudgetReachedError(f"{self._says(wanted)} {TO_GO_ON}")
            self._freed.clear()
            await self._freed.wait()
        self._hold(1, wanted)
        return wanted

    def has_room(self, prompt_tokens: int, completion_tokens: int, price: Price | None = None) -> bool:
        """Whether so many tokens on top of what was used and is held stay within the limits."""
        return self._fits((prompt_tokens + completion_tokens, self._cost(prompt_tokens, completion_tokens, price)))

    def count(self, prompt_tokens: int, completion_tokens: int, price: Price | None = None) -> None:
        """Counts so many tokens as used."""
        self.tokens += prompt_tokens + completion_tokens
        self.cost += self._cost(prompt_tokens, completion_tokens, price)

    def settle(
        self, held: tuple[int, float], prompt_tokens: int, completion_tokens: int, price: Price | None = None
    ) -> None:
        """Gives back what was held and counts what was used."""
        self._hold(-1, held)
        self._ended += 1
        used = (prompt_tokens + completion_tokens, self._cost(prompt_tokens, completion_tokens, price))
        if self.max_tokens is not None:
            self.excess = max(self.excess, used[0] / held[0])
        if self.max_cost is not None and held[1]:
            self.excess = max(self.excess, used[1] / held[1])
        self.tokens += used[0]
        self.cost += used[1]
        self._freed.set()

    @property
    def limited(self) -> bool:
        """Whether there is any limit."""
        return self.max_tokens is not None or self.max_cost is not None

    def _cost(self, prompt_tokens: int, completion_tokens: int, price: Price | None = None) -> float:
        price = price or self.price
        return price.of(prompt_tokens, completion_tokens) if price else 0.0

    def _hold(self, sign: Literal[1, -1], held: tuple[int, float]) -> None:
        self._holding += sign
        # nothing held is exactly nothing, whatever was rounded on the way
        self._held = (self._held[0] + sign * held[0], self._held[1] + sign * held[1]) if self._holding else (0, 0.0)

    def _fits(self, wanted: tuple[int, float]) -> bool:
        tokens = self.tokens + self.excess * (self._held[0] + wanted[0])
        cost = self.cost + self.excess * (self._held[1] + wanted[1])
        within_tokens = self.max_tokens is None or tokens <= self.max_tokens
        return within_tokens and (self.max_cost is None or cost <= self.max_cost)

    def _says(self, wanted: tuple[int, float]) -> str:
        """What stands in the way, what is spent and what more would be needed, in the units of the limits."""
        limits = [f"{self.max_tokens:,} tokens"] if self.max_tokens is not None else []
        needed = [f"{wanted[0] * self.excess:,.0f} tokens"] if limits else []
        if self.max_cost is not None:  # 0.001 is not 0.00
            most = f"{self.max_cost:.2f}" if self.max_cost >= 0.01 else f"{self.max_cost:.9f}".rstrip("0.") or "0"
            limits.append(f"{most} USD")
            needed.append(f"{wanted[1] * self.excess:.4f} USD")
        spent = f"{self.tokens:,} tokens" + (f" ({self.cost:.4f} USD)" if self.max_cost is not None else "") + " are"
        spent = spent if self.tokens else "nothing is"
        over = f" (one cost {self.excess:.1f} times the most it should)" if self.excess > 1 else ""
        return (
            f"Stopped before the limit of {' and '.join(limits)} would be passed: "
            f"{spent} spent, and the next request may need up to {' and '.join(needed)}{over}."
        )
