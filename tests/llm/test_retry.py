"""When the next try comes, and when there is none."""

from __future__ import annotations

import asyncio
import csv
from email.utils import formatdate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fault_server import VirtualTime
from presseschau.llm.faults import Retryable
from presseschau.llm.limits import retry_after
from presseschau.llm.retry import Policy, Timing, retrying

NOW = 1_696_004_797.0  # 2023-09-29 16:26:37 GMT
FIXTURE = Path(__file__).parents[2] / "fixtures" / "llm" / "retry_after.tsv"


def sdk_cases() -> list[tuple[str, float]]:
    """Header and the SDK's wait, for the first retry."""
    with FIXTURE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    first = [row for row in rows if row["remaining"] == "3" and row["retry_after"]]
    return [(row["retry_after"], float(row["wait_s"])) for row in first]


SDK_BACKOFF = 0.5
SDK_LIMIT = {"121", "Fri, 29 Sep 2023 16:28:38 GMT"}
"""The SDK ignores waits over 120 s; here they are understood, and the policy decides whether they are too long."""


@pytest.mark.parametrize(("header", "wait"), sdk_cases())
def test_retry_after_is_read_as_the_sdk_reads_it(header: str, wait: float) -> None:
    expected = 121.0 if header in SDK_LIMIT else None if wait == SDK_BACKOFF else wait
    assert retry_after({"retry-after": header}, NOW) == expected


def test_the_fixture_is_complete() -> None:
    assert len(sdk_cases()) == 19


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
        ({"retry-after": "86401"}, None),
        ({}, None),
    ],
)
def test_other_headers(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


def test_a_date_is_measured_by_the_servers_own_clock() -> None:
    headers = {"retry-after": formatdate(NOW + 30, usegmt=True), "date": formatdate(NOW, usegmt=True)}
    assert retry_after(headers, NOW + 86_400) == 30


@given(st.text(max_size=40))
def test_no_header_can_break_it(text: str) -> None:
    seconds = retry_after({"retry-after": text, "retry-after-ms": text, "date": text}, NOW)
    assert seconds is None or 0 < seconds <= 86_400


async def waits(policy: Policy, fault: Retryable, seconds_a_try: float = 0.0) -> tuple[list[float], int]:
    """The waits and the number of tries of a call that always fails; chance gives the longest wait."""
    time, tries = VirtualTime(), 0

    async def call() -> None:
        nonlocal tries
        tries += 1
        time.now += seconds_a_try
        raise fault

    timing = Timing(time.clock, time.sleep, lambda low, high: high)
    with pytest.raises(Retryable) as caught:
        await retrying(policy, timing, lambda fault, wait: None)(call)
    assert caught.value is fault
    return time.waits, tries


async def test_the_window_of_the_jitter_doubles_up_to_its_cap() -> None:
    assert await waits(Policy(attempts=7, cap=8), Retryable("x")) == ([1, 2, 4, 8, 8, 8], 7)


async def test_the_servers_wait_is_a_minimum_and_jitter_comes_on_top() -> None:
    assert await waits(Policy(attempts=3), Retryable("x", after=60)) == ([61, 62], 3)


async def test_a_wait_that_is_too_long_is_not_begun() -> None:
    assert await waits(Policy(max_wait=180), Retryable("x", after=181)) == ([], 1)


async def test_no_try_begins_after_the_time_is_up() -> None:
    found, tries = await waits(Policy(attempts=100, elapsed=100, cap=8), Retryable("x"), seconds_a_try=20)
    assert (found, tries) == ([1, 2, 4, 8], 5)  # the fifth begins after 95 s; a sixth would after 123 s


@given(st.integers(1, 12), st.floats(0.1, 50), st.floats(1, 100))
def test_full_jitter_stays_in_its_window(attempts: int, base: float, cap: float) -> None:
    policy = Policy(attempts=attempts, base=base, cap=cap)
    asked: list[tuple[float, float]] = []

    def chance(low: float, high: float) -> float:
        asked.append((low, high))
        return low

    async def call() -> None:
        raise Retryable("x")

    time = VirtualTime()
    call_again = retrying(policy, Timing(time.clock, time.sleep, chance), lambda fault, wait: None)
    with pytest.raises(Retryable):
        asyncio.run(call_again(call))
    assert asked == [(0, min(cap, base * 2**number)) for number in range(attempts)]
