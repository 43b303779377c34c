"""How many requests may be under way at once, and when none may begin: shared by all requests to one endpoint.

    limit    grows by one with every full window of answers, is halved (once a window) by 429, 503 and missed deadlines
    pause    nothing begins before the moment that Retry-After or the rate-limit headers name
    outage   after several endpoint faults in a row nothing is sent but one probe at a time, at growing intervals,
             until one is answered; after `Policy.patience` seconds the endpoint is given up (`down`)

A request waits here, not in its retries, so that an outage uses up nobody's attempts.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from presseschau.errors import ProviderDownError
from presseschau.llm.faults import Retryable
from presseschau.llm.retry import Policy, Timing, too_long

FAULTS_IN_A_ROW = 5
"""Endpoint faults in a row that are taken for an outage; at 30 % random faults that is one request in 400."""

_AT_FIRST = 10.0
"""Seconds of patience with a name that is not found or a port where nothing speaks HTTP, if that never was otherwise:
it is a wrong address rather than an outage."""


@dataclass(frozen=True)
class Ticket:
    """A request that was let in, numbered in the order of entry."""

    number: int
    probe: bool


class Admission:
    """The gate before one endpoint. `limit` is how many may be under way now, never more than `most`.

    With `policy.patience` 0 no outage is waited out: each request has its own attempts and nothing else.
    """

    def __init__(self, parallel: int, most: int, policy: Policy, timing: Timing) -> None:
        self.limit = max(1, parallel)
        self.under_way = 0
        self.down: str = ""  # why the endpoint was given up; "" while it is not
        self.waiting_for_endpoint = False
        self._most = max(self.limit, most)
        self._policy = policy
        self._timing = timing
        self._queue: deque[asyncio.Future[None]] = deque()
        self._entered = 0
        self._halved_at = 0  # the last number that had entered when the limit was halved
        self._good = 0
        self._spoke = False  # whether anybody there ever spoke HTTP
        self._paused_until = 0.0
        self._faults = 0
        self._bad_since: float | None = None
        self._probe_at = 0.0
        self._interval = 0.0
        self._probing = asyncio.Lock()

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[Ticket]:
        """A place among those under way. Raises ProviderDownError when the endpoint was given up."""
        await self._place()
        try:
            probe = await self._opening()
            try:
                self._entered += 1
                yield Ticket(self._entered, probe)
            finally:
                if probe:
                    self._probing.release()
        finally:
            self._leave()

    def good(self, ticket: Ticket, pause: float | None = None) -> None:
        """The endpoint is alive and has answered; `pause`: the seconds until its rate limit has room again."""
        self.alive()
        self._good += 1
        if self._good >= self.limit:
            self._good = 0
            self.limit = min(self._most, self.limit + 1)
            self._let_in()
        if pause is not None and pause <= self._policy.max_wait:
            self._pause(pause)

    def alive(self) -> None:
        """The endpoint gave some sensible answer: no outage."""
        self._spoke = True
        self._faults = 0
        self.waiting_for_endpoint = False
        self._interval = 0.0
        self._bad_since = None

    def bad(self, ticket: Ticket, fault: Retryable) -> None:
        """Takes in a fault, and marks it `spared` if it must not use up the request's attempts."""
        self._spoke = self._spoke or not fault.nobody
        if too_long(fault, self._policy):
            self.down = given_up(fault) if self._policy.patience else ""
        elif fault.after is not None:
            self._pause(fault.after)
        if fault.overloaded and ticket.number > self._halved_at:
            self.limit = max(1, self.limit // 2)
            self._halved_at = self._entered
            self._good = 0
        if not fault.outage and not fault.overloaded:
            self.alive()
            return
        if fault.outage:
            self._fault()
        if self._policy.patience:
            self._lose_patience(fault)
            fault.spared = self.waiting_for_endpoint if fault.outage else True

    def _lose_patience(self, fault: Retryable) -> None:
        """Gives the endpoint up after `patience` seconds without any sensible answer; soon, if nobody ever answered."""
        now = self._timing.clock()
        self._bad_since = now if self._bad_since is None else self._bad_since
        if now - self._bad_since > (self._policy.patience if self._spoke else min(self._policy.patience, _AT_FIRST)):
            self.down = given_up(fault)

    async def unpaused(self) -> None:
        """Returns when no pause is under way."""
        await self._sleep_until("_paused_until")

    def _fault(self) -> None:
        now = self._timing.clock()
        self._faults += 1
        if not self._policy.patience or self._faults < FAULTS_IN_A_ROW:
            return
        self.waiting_for_endpoint = True
        if now >= self._probe_at:  # those that were under way when it began do not lengthen the wait
            self._interval = min(self._policy.cap * 2, self._interval * 2 or self._policy.base)
            self._probe_at = now + self._interval

    def _pause(self, seconds: float) -> None:
        self._paused_until = max(self._paused_until, self._timing.clock() + seconds)

    async def _place(self) -> None:
        if self.under_way < self.limit and not self._queue:
            self.under_way += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()
            raise

    def _leave(self) -> None:
        self.under_way -= 1
        self._let_in()

    def _let_in(self) -> None:
        while self._queue and self.under_way < self.limit:
            turn = self._queue.popleft()
            if not turn.done():
                self.under_way += 1
                turn.set_result(None)

    async def _opening(self) -> bool:
        """Waits until requests may begin; returns whether this one is the probe of an outage."""
        while True:
            await self.unpaused()
            if self.down:
                raise ProviderDownError(self.down)
            if not self.waiting_for_endpoint:
                return False
            await self._probing.acquire()
            try:
                await self._sleep_until("_probe_at")
                if self.waiting_for_endpoint and not self.down and self._paused_until <= self._timing.clock():
                    return True
            except BaseException:
                self._probing.release()
                raise
            self._probing.release()

    async def _sleep_until(self, moment: str) -> None:
        while (wait := getattr(self, moment) - self._timing.clock()) > 0:
            await self._timing.pause(wait)


def given_up(fault: Retryable) -> str:
    """What a user is told when there is no use in trying on."""
    said = f"{fault}".rstrip(".")
    return f"The model's server cannot be used now: {said}.{fault.until} Run the same command later."
