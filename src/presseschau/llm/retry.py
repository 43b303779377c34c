"""Trying again: full jitter, bounded in attempts and in time, and never sooner than the server asks.

Only `Retryable` is tried again. The SDK's own retries are off: two nested loops would multiply.
"""

from __future__ import annotations

import asyncio
import math
import random
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from presseschau.llm.faults import Retryable

if TYPE_CHECKING:
    from tenacity import AsyncRetrying, RetryCallState

_LONGEST_RESET = 3600.0
_DURATION = re.compile(r"(?:(\d{1,4})h)?(?:(\d{1,6})m)?(?:(\d{1,6}(?:\.\d+)?)s)?(?:(\d{1,9}(?:\.\d+)?)ms)?")
_ABSURD = 24 * 3600.0
"""A longer Retry-After (seconds) is taken for a mistake and ignored."""


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
        if fault is not None and fault.spared:
            spared += 1
            start = timing.clock()
            return False
        too_long = fault is not None and fault.after is not None and fault.after > policy.max_wait
        late = timing.clock() - start + state.upcoming_sleep > policy.elapsed
        return too_long or late or state.attempt_number - spared >= policy.attempts

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


def exhausted(headers: Mapping[str, str]) -> float | None:
    """Seconds until the rate limit has room again, if the headers of an answer say that nothing is left of it.

    `x-ratelimit-remaining-{requests,tokens}: 0` with a `reset` such as `1s`, `6m0s` or `120ms`. Azure sends -1 and
    0 without meaning it; what has no readable reset time, or one over an hour, is not believed.
    """
    waits = [
        _duration(headers.get(f"x-ratelimit-reset-{kind}"))
        for kind in ("requests", "tokens")
        if headers.get(f"x-ratelimit-remaining-{kind}") == "0"
    ]
    sane = [wait for wait in waits if wait is not None and 0 < wait <= _LONGEST_RESET]
    return max(sane, default=None)


def _duration(text: str | None) -> float | None:
    found = _DURATION.fullmatch((text or "").strip())
    if not found or not any(found.groups()):
        return _number(text, 1.0)
    hours, minutes, seconds, milliseconds = (float(part or 0) for part in found.groups())
    return 3600 * hours + 60 * minutes + seconds + milliseconds / 1000


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
