"""What an answer cost is read in one place; what cannot be so counts as the most that it can have cost."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from test_admission import about, client
from test_faults import GOOD, REQUEST

from fault_server import FaultServer, Reply, Seen, VirtualTime, completion, saying_of_usage
from presseschau.errors import BudgetReachedError, TruncatedAnswer
from presseschau.llm.client import Client
from presseschau.llm.spending import Budget, Price
from presseschau.models import Usage

UNUSABLE: dict[str, Any] = {
    "missing": ...,
    "null": None,
    "a list": [40, 7],
    "empty": {},
    "negative": {"prompt_tokens": -40, "completion_tokens": 7},
    "words": {"prompt_tokens": "forty", "completion_tokens": "seven"},
    "a fraction": {"prompt_tokens": 40.5, "completion_tokens": 7},
    "truth": {"prompt_tokens": True, "completion_tokens": True},
    "a thousand million": {"prompt_tokens": 40, "completion_tokens": 10**9},
    "beyond a float": {"prompt_tokens": float("1e300"), "completion_tokens": 7},
    "only the prompt": {"prompt_tokens": 40, "total_tokens": 47},
    "only the answer": {"completion_tokens": 7},
    "a prompt of nothing": {"prompt_tokens": 0, "completion_tokens": 7},
    "text out of nothing": {"prompt_tokens": 40, "completion_tokens": 0},
    "superscript digits": {"prompt_tokens": "⁴⁰", "completion_tokens": 7},
}
EXACT: dict[str, Any] = {
    "plain": {"prompt_tokens": 40, "completion_tokens": 7},
    "as text": {"prompt_tokens": "40", "completion_tokens": "007"},
    "as a float": {"prompt_tokens": 40.0, "completion_tokens": 7.0},
    "without what was cached": {
        "prompt_tokens": 40, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 9_000},
    },
}  # fmt: skip


async def ask_many(asked: Client, count: int) -> list[BaseException]:
    results = await asyncio.gather(*(asked.ask(about(number)) for number in range(count)), return_exceptions=True)
    return [result for result in results if isinstance(result, BaseException)]


@pytest.mark.fault("money", "what was reserved counts in full; the limit holds", name="unusable usage")
@pytest.mark.parametrize("usage", UNUSABLE.values(), ids=UNUSABLE)
async def test_what_cannot_be_so_counts_in_full_and_the_limit_bites(usage: Any) -> None:
    """A request is reserved with its cap of 200 tokens and a few for the prompt: 1,000 tokens pay for three."""
    async with FaultServer([saying_of_usage(completion(GOOD), usage)]) as server:
        budget = Budget(max_tokens=1_000)
        async with client(server, VirtualTime(), budget=budget) as asked:
            refused = await ask_many(asked, 10)
    assert len(server.requests) == 3
    assert [type(error) for error in refused] == [BudgetReachedError] * 7
    assert 3 * REQUEST.max_tokens < budget.tokens <= 1_000
    assert asked.spending.bought == Usage(requests=3)
    assert (asked.spending.unknown.requests, sum(asked.spending.tokens)) == (3, budget.tokens)
    assert asked.spending.possibly_billed == 0


@pytest.mark.fault("money", "read", name="usage")
@pytest.mark.parametrize("usage", EXACT.values(), ids=EXACT)
async def test_what_is_exact_is_read_however_it_is_put(usage: Any) -> None:
    async with FaultServer([saying_of_usage(completion(GOOD), usage)]) as server:
        budget = Budget(max_tokens=1_000)
        async with client(server, VirtualTime(), budget=budget) as asked:
            answer = await asked.ask(REQUEST)
    assert answer.usage == asked.spending.bought == Usage(prompt_tokens=40, completion_tokens=7, requests=1)
    assert (budget.tokens, asked.spending.unknown) == (47, Usage())


@pytest.mark.fault("money", "what was reserved counts in full; the limit holds", name="no usage, limit in dollars")
async def test_a_limit_in_money_bites_without_usage() -> None:
    """A request costs at most 0.40 USD for its 200 tokens and a little for the prompt: 1 USD pays for two."""
    price = Price(prompt=1.0, completion=2_000.0, source="test")
    async with FaultServer([saying_of_usage(completion(GOOD), ...)]) as server:
        budget = Budget(max_cost=1.0, price=price)
        async with client(server, VirtualTime(), budget=budget) as asked:
            assert len(await ask_many(asked, 10)) == 8
    assert len(server.requests) == 2
    assert 0.8 < budget.cost <= 1.0


OVER: dict[str, tuple[int, dict[str, int]]] = {
    "the cap from the start": (0, {"prompt_tokens": 40, "completion_tokens": 5_000}),
    "the cap after a while": (3, {"prompt_tokens": 40, "completion_tokens": 5_000}),
    "what was planned for the prompt": (1, {"prompt_tokens": 7_000, "completion_tokens": 7}),
}


@pytest.mark.fault(
    "money", "noted with the first; every reservation counts as many times over", name="more than reserved"
)
@pytest.mark.parametrize(("kept", "usage"), OVER.values(), ids=OVER)
@pytest.mark.parametrize("price", [None, Price(1.0, 10.0, source="test")])
async def test_a_server_that_exceeds_what_it_is_allowed(kept: int, usage: dict[str, int], price: Price | None) -> None:
    """With 64 at once and room for 76 reservations. Only what was under way when it was noted can be too much."""

    def reply(seen: Seen) -> Reply:
        number = len(server.requests)
        return saying_of_usage(completion(GOOD), usage if number > kept else EXACT["plain"])

    async with FaultServer([reply]) as server:
        one = price.of(60, 200) if price else 0.0
        budget = Budget(max_cost=76 * one, price=price) if price else Budget(max_tokens=20_000)
        async with client(server, VirtualTime(), parallel=64, budget=budget) as asked:
            refused = await ask_many(asked, 100)
    assert {type(error) for error in refused} == {BudgetReachedError}
    assert "times the most" in str(refused[0])
    over = price.of(*usage.values()) if price else sum(usage.values())
    used, limit = (budget.cost, 76 * one) if price else (budget.tokens, 20_000)
    under_way = kept + 1
    assert used <= limit + under_way * over
    assert len(server.requests) <= kept + under_way + limit / over


async def test_a_server_that_keeps_to_its_cap_soon_has_all_it_can_take() -> None:
    at_once = 0

    def reply(seen: Seen) -> Reply:
        nonlocal at_once
        at_once = max(at_once, asked.load[0])
        return completion(GOOD, prompt_tokens=40)

    async with (
        FaultServer([reply]) as server,
        client(server, VirtualTime(), parallel=16, budget=Budget(max_tokens=10**6)) as asked,
    ):
        assert await ask_many(asked, 100) == []
    assert at_once == 16


@pytest.mark.fault("money", "counted in full", name="cut off and without usage")
async def test_an_unusable_answer_without_usage_counts_as_well() -> None:
    async with FaultServer([saying_of_usage(completion("{", finish="length"), None)]) as server:
        budget = Budget(max_tokens=1_000)
        async with client(server, VirtualTime(), budget=budget) as asked:
            with pytest.raises(TruncatedAnswer):
                await asked.ask(REQUEST)
    assert budget.tokens > REQUEST.max_tokens
    assert asked.spending.unknown.requests == 1
