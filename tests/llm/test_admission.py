"""The gate before an endpoint: its limit, its pauses, its outages; the budget; the queue into the cache."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_faults import GOOD, KEY, REQUEST, Sentences

from fault_server import FaultServer, Reply, Seen, VirtualTime, completion, error
from presseschau.errors import BudgetReachedError, CacheError, ProviderDownError
from presseschau.llm.admission import FAULTS_IN_A_ROW, Admission
from presseschau.llm.cache import AnswerCache, Stored, StoreQueue
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.faults import Retryable
from presseschau.llm.limits import exhausted
from presseschau.llm.retry import Policy, Timing
from presseschau.llm.spending import Budget, Price, account
from presseschau.models import Message, Request, Usage

PATIENT = Policy(patience=600)


def gate(parallel: int = 8, most: int = 0, policy: Policy = PATIENT) -> tuple[Admission, VirtualTime]:
    time = VirtualTime()
    return Admission(parallel, most, policy, Timing(time.clock, time.sleep)), time


def client(server: FaultServer, time: VirtualTime, *, parallel: int = 8, **more: object) -> Client:
    endpoint = Endpoint(server.base_url, "m", profile="vllm", parallel=parallel, read_speed=1e9, write_speed=1e9)
    known = {"policy": PATIENT, "timing": Timing(time.clock, time.sleep), **more}
    return Client(endpoint, **known)  # type: ignore[arg-type]


def about(number: int) -> Request[Sentences]:
    return replace(REQUEST, messages=(Message(role="user", content=f"Satz {number}."),))


async def test_the_limit_grows_by_one_with_every_full_window_up_to_its_most() -> None:
    admission, _ = gate(parallel=2, most=4)
    seen = []
    for _ in range(10):
        async with admission.slot() as ticket:
            admission.good(ticket)
            seen.append(admission.limit)
    assert seen == [2, 3, 3, 3, 4, 4, 4, 4, 4, 4]


async def test_it_is_halved_once_for_all_that_were_under_way() -> None:
    admission, _ = gate(parallel=8)
    slots = [admission.slot() for _ in range(8)]
    tickets = [await slot.__aenter__() for slot in slots]
    for ticket in tickets:
        admission.bad(ticket, Retryable("429", overloaded=True))
    assert admission.limit == 4
    for slot in slots:
        await slot.__aexit__(None, None, None)
    async with admission.slot() as ticket:
        admission.bad(ticket, Retryable("429", overloaded=True))
    assert admission.limit == 2


async def test_a_pause_holds_everybody() -> None:
    admission, time = gate()
    async with admission.slot() as ticket:
        admission.bad(ticket, Retryable("429", after=30, overloaded=True))
    entered = []

    async def enter() -> None:
        async with admission.slot():
            entered.append(time.now)

    await asyncio.gather(*(enter() for _ in range(6)))
    assert min(entered) >= 30


async def test_who_gives_up_waiting_leaves_his_place() -> None:
    admission, _ = gate(parallel=1)
    slot = admission.slot()
    await slot.__aenter__()

    async def wait() -> None:
        async with admission.slot():
            pass

    waiting = [asyncio.create_task(wait()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await slot.__aexit__(None, None, None)
    assert (await asyncio.gather(*waiting, return_exceptions=True))[1:] == [None, None]
    assert admission.under_way == 0


@pytest.mark.fault("network", "one probe at a time, at growing intervals; no article is lost", name="an outage")
async def test_an_outage_is_probed_by_one_at_a_time_and_ends_with_an_answer() -> None:
    """Twenty requests meet a server that fails its first 14: none is lost, and after the first eight (five in a row
    and what was under way) there is only one at a time, 1, 2, 4, ... seconds after the other."""

    def reply(seen: Seen) -> Reply:
        return error(500) if len(server.requests) <= 14 else completion(GOOD)

    async with FaultServer([reply]) as server:
        time = VirtualTime()
        async with client(server, time, parallel=4) as asked:
            answers = await asyncio.gather(*(asked.ask(about(number)) for number in range(20)))
    assert len(answers) == 20
    assert len(server.requests) == 14 + 20
    assert time.now >= 1 + 2 + 4 + 8 + 16 + 32


@pytest.mark.fault("network", "exit 75 after the patience; no article is lost", name="an outage without end")
async def test_an_outage_that_lasts_too_long_ends_the_run_and_not_the_articles() -> None:
    async with FaultServer([error(500)]) as server:
        time = VirtualTime()
        async with client(server, time, parallel=4) as asked:
            results = await asyncio.gather(*(asked.ask(about(number)) for number in range(20)), return_exceptions=True)
            assert asked.down
    assert {type(result) for result in results} == {ProviderDownError}
    assert 600 < time.now < 2_000
    assert len(server.requests) < 60


async def test_without_patience_each_request_has_its_own_attempts() -> None:
    async with FaultServer([error(500)]) as server:
        time = VirtualTime()
        async with client(server, time, policy=Policy(attempts=3)) as asked:
            results = await asyncio.gather(*(asked.ask(about(number)) for number in range(4)), return_exceptions=True)
            assert not asked.down
    assert {type(result) for result in results} == {ProviderDownError}
    assert len(server.requests) == 12 > FAULTS_IN_A_ROW


@pytest.mark.fault("limits", "fewer at once; all are answered", name="429 again and again")
async def test_throttling_uses_up_nobodys_attempts() -> None:
    """Each of the first eight is refused, twice the attempts of some: all are answered."""

    def reply(seen: Seen) -> Reply:
        return error(429, "slow down") if len(server.requests) <= 8 else completion(GOOD)

    async with FaultServer([reply]) as server:
        time = VirtualTime()
        async with client(server, time, parallel=8, policy=replace(PATIENT, attempts=2)) as asked:
            answers = await asyncio.gather(*(asked.ask(about(number)) for number in range(16)))
            assert asked.load[1] < 8
    assert len(answers) == 16
    assert len(server.requests) == 24


async def test_a_wait_that_is_too_long_ends_the_run() -> None:
    async with FaultServer([error(429, retry_after="3600")]) as server, client(server, VirtualTime()) as asked:
        with pytest.raises(ProviderDownError, match="3600 s"):
            await asked.ask(REQUEST)
        with pytest.raises(ProviderDownError):
            await asked.ask(about(1))
    assert len(server.requests) == 1


@pytest.mark.fault("limits", "waited out before the next request", name="x-ratelimit-remaining: 0")
async def test_an_exhausted_rate_limit_is_waited_out_before_it_refuses() -> None:
    headers = {"x_ratelimit_remaining_requests": "0", "x_ratelimit_reset_requests": "2m5s"}
    full = completion(GOOD)
    full = replace(full, headers={**full.headers, **{name.replace("_", "-"): v for name, v in headers.items()}})
    async with FaultServer([full, completion(GOOD)]) as server:
        time = VirtualTime()
        async with client(server, time) as asked:
            await asked.ask(about(1))
            await asked.ask(about(2))
    assert time.now == 125


@pytest.mark.parametrize(
    ("remaining", "reset", "seconds"),
    [
        ("0", "1s", 1.0), ("0", "6m0s", 360.0), ("0", "120ms", 0.12), ("0", "2.5", 2.5), ("0", "1h2m3s", None),
        ("0", "1m30.5s", 90.5), ("0", "", None), ("0", None, None), ("0", "soon", None), ("0", "0s", None),
        ("-1", "5s", None), ("1", "5s", None), ("0", "-3", None), ("0", "nan", None),
    ],
)  # fmt: skip
def test_rate_limit_headers(remaining: str, reset: str | None, seconds: float | None) -> None:
    headers = {"x-ratelimit-remaining-tokens": remaining}
    if reset is not None:
        headers["x-ratelimit-reset-tokens"] = reset
    assert exhausted(headers, 0.0) == seconds


@given(st.text(max_size=30))
def test_no_rate_limit_header_can_break_it(text: str) -> None:
    found = exhausted({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": text}, 0.0)
    assert found is None or 0 < found <= 3600


async def test_a_budget_is_never_exceeded_and_used_as_far_as_it_goes() -> None:
    """Every answer costs 47 tokens; a request reserves more. 1,000 tokens pay for some, and never for one too many."""
    async with FaultServer([completion(GOOD, prompt_tokens=40)]) as server:
        budget = Budget(max_tokens=1_000)
        async with client(server, VirtualTime(), budget=budget) as asked:
            results = await asyncio.gather(*(asked.ask(about(number)) for number in range(40)), return_exceptions=True)
    stopped = [result for result in results if isinstance(result, BudgetReachedError)]
    assert budget.reached
    assert stopped
    assert budget.tokens == 47 * (40 - len(stopped)) <= 1_000
    assert budget.tokens > 700  # the last reservation alone keeps it from going further
    said = re.fullmatch(
        r"Stopped before the limit of 1,000 tokens would be passed: (\d+) tokens are spent, and the next request may "
        r"need up to (\d+) tokens\. What is done is kept; run the same command with a higher limit .*",
        str(stopped[-1]),
    )
    assert said is not None
    assert int(said[1]) + int(said[2]) > 1_000


async def test_what_may_have_been_billed_counts_in_full_and_what_was_refused_does_not() -> None:
    price = Price(prompt=1.0, completion=2.0, source="test")
    async with FaultServer([error(429), Reply(ending="close"), completion(GOOD, prompt_tokens=40)]) as server:
        budget = Budget(price=price)
        async with client(server, VirtualTime(), budget=budget) as asked:
            with account() as spent:
                await asked.ask(REQUEST)
    assert spent.bought == Usage(prompt_tokens=40, completion_tokens=7, requests=3)
    assert spent.possibly_billed == 1
    assert budget.tokens > 47 + REQUEST.max_tokens
    assert budget.cost > price.of(40, 7) + price.of(0, REQUEST.max_tokens)


async def test_an_account_counts_what_is_asked_inside_it_and_by_the_tasks_it_starts() -> None:
    async with FaultServer([completion(GOOD, prompt_tokens=40)]) as server, client(server, VirtualTime()) as asked:
        with account() as mine:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(asked.ask(about(1)))
                tasks.create_task(asked.ask(about(2)))
        await asked.ask(about(3))
    assert (mine.bought.requests, asked.spending.bought.requests) == (2, 3)


async def test_answers_that_arrive_together_are_committed_together(tmp_path: Path) -> None:
    commits = []

    class Counting(AnswerCache):
        def put_all(self, answers, verdicts=()):  # type: ignore[no-untyped-def]
            commits.append(len(list(answers)))
            super().put_all(answers, verdicts)

    with Counting(tmp_path / "a.sqlite") as cache:
        queue = StoreQueue(cache)
        await asyncio.gather(*(queue.put(f"k{number}", Stored("{}", Usage())) for number in range(100)))
        await queue.quiet()
        assert all(cache.get(f"k{number}") for number in range(100))
        await queue.close()
    assert sum(commits) == 100
    assert len(commits) <= 3


async def test_an_answer_that_was_returned_is_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    async with FaultServer([completion(GOOD)]) as server:
        with AnswerCache(path) as cache, AnswerCache(path) as other:
            async with client(server, VirtualTime(), cache=cache) as asked:
                await asyncio.gather(*(asked.ask(about(number)) for number in range(10)))
                assert other.stats().answers == 10


async def test_an_error_of_the_cache_reaches_everybody_in_the_batch(tmp_path: Path) -> None:
    with AnswerCache(tmp_path / "a.sqlite") as cache:
        queue = StoreQueue(cache)
        cache._open().run("PRAGMA query_only = ON")
        results = await asyncio.gather(
            *(queue.put(f"k{number}", Stored("{}", Usage())) for number in range(3)), return_exceptions=True
        )
    assert {type(result) for result in results} == {CacheError}
    assert KEY not in str(results)


@pytest.mark.fault("limits", "exit 75 after the patience", name="429 without end")
async def test_throttling_without_end_ends_the_run() -> None:
    async with FaultServer([error(429)]) as server:
        time = VirtualTime()
        async with client(server, time) as asked:
            results = await asyncio.gather(*(asked.ask(about(number)) for number in range(5)), return_exceptions=True)
            assert asked.down
    assert {type(result) for result in results} == {ProviderDownError}
    assert time.now > 600
