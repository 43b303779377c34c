"""Trying again: full jitter, bounded in attempts and in time, and never sooner than the server asks.

Only `Retryable` is tried again. The SDK's own retries are off: two nested loops would multiply.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from presseschau.llm.faults import Retryable

if TYPE_CHECKING:
    from tenacity import AsyncRetrying, RetryCallState

_ABSURD = 24 * 3600.0
"""A longer Retry-After (seconds) is taken for a mistake and ignored."""


@dataclass(frozen=True)
class Policy:
    """How long to keep trying. All times in seconds.

    `attempts` counts the first try. `elapsed` bounds tries and waits together, `max_wait` one wait: a server that asks
    for a longer one is down for this run. The n-th wait is uniform between 0 and base * 2**n, at most `cap`.
    """

    attempts: int = 5
    elapsed: float = 900.0
    max_wait: float = 180.0
    base: float = 1.0
    cap: float = 30.0


@dataclass(frozen=True)
class Timing:
    """Clock (monotonic seconds), sleep and chance, so that a test needs none of the real ones."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] | None = None
    chance: Callable[[float, float], float] = random.uniform


def retrying(policy: Policy, timing: Timing, on_wait: Callable[[Retryable, float], None]) -> AsyncRetrying:
    """A tenacity loop for one request; raises the last `Retryable`. `on_wait` hears the reason and each wait."""
    import asyncio

    from tenacity import AsyncRetrying, retry_if_exception_type

    start = timing.clock()

    def wait(state: RetryCallState) -> float:
        fault = _fault(state)
        jitter = timing.chance(0, min(policy.cap, policy.base * 2 ** (state.attempt_number - 1)))
        return jitter if fault is None or fault.after is None else fault.after + jitter

    def stop(state: RetryCallState) -> bool:
        fault = _fault(state)
        too_long = fault is not None and fault.after is not None and fault.after > policy.max_wait
        late = timing.clock() - start + state.upcoming_sleep > policy.elapsed
        return too_long or late or state.attempt_number >= policy.attempts

    def tell(state: RetryCallState) -> None:
        fault = _fault(state)
        if fault is not None:
            on_wait(fault, state.upcoming_sleep)

    return AsyncRetrying(
        retry=retry_if_exception_type(Retryable),
        wait=wait,
        stop=stop,
        before_sleep=tell,
        sleep=timing.sleep or asyncio.sleep,
        reraise=True,
    )


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that the headers ask to wait; None if they do not say, or say it wrongly (own backoff then).

    `headers` have lower-case names; `now` is the wall clock (seconds since 1970), used for an HTTP date when the
    server does not send its own. Zero, negative, past and absurd (over a day) values count as not said.
    """
    seconds = _number(headers.get("retry-after-ms"), 0.001)
    if seconds is None:
        seconds = _number(headers.get("retry-after"), 1.0)
    if seconds is None:
        until, server_now = _date(headers.get("retry-after")), _date(headers.get("date"))
        seconds = until - (server_now or now) if until is not None else None
    return seconds if seconds is not None and 0 < seconds <= _ABSURD else None


def _fault(state: RetryCallState) -> Retryable | None:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, Retryable) else None


def _number(text: str | None, unit: float) -> float | None:
    try:
        value = float(text or "") * unit
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _date(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None
