"""What a run has spent when servers do not say it: live, by batch, in the manifest and on stderr."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_provider_batch import ENVIRONMENT, POLLING, Desk

import batch_server
from archive_world import translated
from batch_server import BatchServer
from fault_server import Reply, Seen, completion, saying_of_usage
from presseschau.archive.many import Delivery, Limits
from presseschau.errors import BudgetReachedError

UNUSABLE: dict[str, Any] = {
    "missing": ...,
    "null": None,
    "impossible": {"prompt_tokens": -1, "completion_tokens": 1.5},
    "one half": {"prompt_tokens": 90},
}
LIMITS = Limits(max_tokens=4_000, price=(1.0, 1.0))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def with_usage(usage: Any) -> Callable[[Seen], Reply]:
    return lambda seen: saying_of_usage(translated(seen), usage)


@pytest.mark.fault("money", "counted in full over all invocations", name="usage in a run")
@pytest.mark.parametrize("delivered", ["live", "by batch"])
@pytest.mark.parametrize("usage", UNUSABLE.values(), ids=UNUSABLE)
async def test_what_is_not_said_counts_in_full_over_all_invocations(desk: Desk, usage: Any, delivered: str) -> None:
    more: dict[str, Any] = {"limits": LIMITS, **({"delivery": None} if delivered == "live" else {})}
    async with BatchServer(answer=with_usage(usage)) as server:
        report = await desk.run(server, desk.articles(12), **more)
        assert isinstance(report.error, BudgetReachedError)
        answered = server.live + sum(server.paid.values())
        assert 0 < answered == report.usable < 12
        assert report.spent.usage_unknown == desk.manifest()["spent"]["usage_unknown"] == answered
        assert 2_000 < report.spent.tokens <= 4_000
        assert report.spent.cost == pytest.approx(report.spent.tokens / 1e6)
        again = await desk.run(server, desk.articles(12), **more)
        assert (again.spent.tokens, again.spent.usage_unknown) == (report.spent.tokens, answered)
        assert server.live + sum(server.paid.values()) == answered


@pytest.mark.fault("money", "the rest is not sent", name="a batch's results are lost, with a limit")
async def test_what_batches_lost_is_not_there_for_the_rest(desk: Desk) -> None:
    delivery = Delivery("openai-batch", polling=POLLING, rest_live=True)
    async with BatchServer([batch_server.output_lost]) as server:
        report = await desk.run(server, desk.articles(12), limits=LIMITS, delivery=delivery)
        assert isinstance(report.error, BudgetReachedError)
        assert 0 < report.spent.possibly_billed < 12
        assert server.live == 0


async def test_a_refusal_that_does_not_say_what_it_cost_counts_as_well(desk: Desk) -> None:
    def answer(seen: Seen) -> Reply:
        refused = "Bericht 1" in seen.json["messages"][-1]["content"]
        return saying_of_usage(completion(None, refusal="No.") if refused else translated(seen), {})

    async with BatchServer(answer=answer) as server:
        report = await desk.run(server, desk.articles(2))
        assert (report.usable, dict(report.failed)) == (1, {"refused": 1})
        assert report.spent.usage_unknown == 2
        assert report.spent.tokens > 400


@pytest.mark.slow
async def test_the_command_says_for_how_many_requests_usage_is_unknown(desk: Desk) -> None:
    async with BatchServer(answer=with_usage(...)) as server:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "presseschau", "batch", str(desk.articles(3)), "-o", str(desk.out), "-m", "m",
            "--base-url", server.base_url, "--tasks", "translate", "--no-cache", stderr=PIPE, env=ENVIRONMENT,
        )  # fmt: skip
        _, said = await process.communicate()
    assert process.returncode == 0
    assert b"(usage unknown for 3 requests: counted in full)" in said
