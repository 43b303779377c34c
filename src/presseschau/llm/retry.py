"""Trying again: full jitter, bounded in attempts and in time, and never sooner than the server asks.

Only `Retryable` is tried again. The SDK's own retries are off: two nested loops would multiply.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from presseschau.llm.faults import Retryable

if TYPE_CHECKING:
    from tenacity import AsyncRetrying, RetryCallState


@dataclass(frozen=True)
class Policy:
    """How long to keep trying. All times in seconds.

    `attempts` counts the first try. `elapsed` bounds tries and waits together, `max_wait` one wait: a server that asks
    for a longer one is down for this run. The n-th wait is uniform between 0 and base * 2**n, at most `cap`.
    `patience` is how long an outage of the endpoint is waited out (`admission.py`), without using up attempts or
    `elapsed`; 0 is for a person who waits for one article.
    """

    attempts: int = 5
    elapsed: float = 900.0
    max_wait: float = 180.0
    base: float = 1.0
    cap: float = 30.0
    patience: float = 0.0


@dataclass(frozen=True)
class Timing:
    """Clock (monotonic seconds), sleep and chance, so that a test needs none of the real ones."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] | None = None
    chance: Callable[[float, float], float] = random.uniform

    async def pause(self, seconds: float) -> None:
        await (self.sleep or asyncio.sleep)(seconds)


def too_long(fault: Retryable, policy: Policy) -> bool:
    """Whether nobody should wait for what a server asks."""
    return fault.lasting or (fault.after is not None and fault.after > policy.max_wait)


def retrying(
    policy: Policy, timing: Timing, on_wait: Callable[[Retryable, float], None], began: float | None = None
) -> AsyncRetrying:
    """A tenacity loop for one request; raises the last `Retryable`. `on_wait` hears the reason and each wait.

    `began` is when the first try was (on the clock of `timing`), if that is not now.
    A fault that was `spared` uses up neither attempts nor time: the endpoint was to blame, not the request.
    """
    from tenacity import AsyncRetrying, retry_if_exception_type

    start = timing.clock() if began is None else began
    spared = 0

    def wait(state: RetryCallState) -> float:
        fault = _fault(state)
        doublings = 0 if fault is not None and fault.spared and fault.outage else min(state.attempt_number - 1, 30)
        jitter = timing.chance(0, min(policy.cap, policy.base * 2**doublings))
        return jitter if fault is None or fault.after is None else fault.after + jitter

    def stop(state: RetryCallState) -> bool:
        nonlocal spared, start
        fault = _fault(state)
        if fault is not None and too_long(fault, policy):
            return True
        if fault is not None and fault.spared:
            spared += 1
            start = timing.clock()
            return False
        late = timing.clock() - start + state.upcoming_sleep > policy.elapsed
        return late or state.attempt_number - spared >= policy.attempts

    def tell(state: RetryCallState) -> None:
        fault = _fault(state)
        if fault is not None:
            on_wait(fault, state.upcoming_sleep)

    return AsyncRetrying(
        retry=retry_if_exception_type(Retryable),
        wait=wait,
        stop=stop,
        before_sleep=tell,
        sleep=timing.pause,
        reraise=True,
    )


def _fault(state: RetryCallState) -> Retryable | None:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, Retryable) else None
