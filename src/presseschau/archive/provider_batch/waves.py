"""Wave after wave: the missing requests are gathered, handed over and their answers fetched, until none is missing.

    pass over the articles ──▶ wave ──▶ shards ──▶ deliver ──▶ ledger ──▶ pass ──▶ ... ──▶ every article has ended

The first wave holds the first request of every task of every article. A later one holds what expired or got lost,
what was malformed, and what the checks want asked again; the pipeline bounds those (`--repair-rounds`).
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

from presseschau.archive.progress import Meter, Spent
from presseschau.archive.provider_batch.batch_file import BatchFile
from presseschau.archive.provider_batch.collecting import Collecting, Wave
from presseschau.archive.provider_batch.ledger import Ledger, Sent
from presseschau.archive.provider_batch.openai_batch import OpenAIBatch, Polling
from presseschau.archive.run import Control, Run, RunEngine
from presseschau.errors import BudgetReachedError, ConfigurationError, PresseschauError
from presseschau.llm.batch.files import ShardLimit
from presseschau.llm.batch.provider import BatchProvider
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.engine import Choice
from presseschau.llm.ladder import RequestFormat, next_format
from presseschau.llm.profiles import profile_of
from presseschau.llm.retry import Policy, Timing
from presseschau.llm.shared_cache import Cache
from presseschau.llm.spending import TO_GO_ON, Budget, Price, Spending

_WORKERS = 16
"""Articles at once in a pass that stores answers: they share commits. The first pass takes them one by one, so that a
lost ledger would be written anew exactly as it was, and its batches be found."""


@dataclass(frozen=True)
class Delivery:
    """How requests reach the model other than one by one.

    `results`: files to be read for `batch-file`. `rest_live`: after the first wave the rest is asked one by one.
    """

    engine: Literal["openai-batch", "batch-file"]
    results: tuple[Path, ...] = ()
    rest_live: bool = False
    polling: Polling = field(default_factory=Polling)
    limit: ShardLimit = field(default_factory=ShardLimit)


def check_engine(delivery: Delivery | None, endpoint: Endpoint, folder: Path) -> None:
    """Raises ConfigurationError for an embedded model, which takes no files, and for batches that are under way while
    something else than they is asked for: they would be paid in vain."""
    if (delivery is None or delivery.engine != "openai-batch") and folder.exists():
        with Ledger(folder, endpoint.identity) as ledger:
            if ledger.shards("creating", "created"):
                raise ConfigurationError(
                    f"Batches of this run are under way at the provider. Collect them with --engine openai-batch, or "
                    f"delete {folder} to give them up."
                )
    if delivery is not None and not endpoint.base_url:
        raise ConfigurationError(
            f"The engine {delivery.engine!r} needs a model at an endpoint: name it with -m. An embedded model answers "
            "one by one; leave --engine out for it."
        )


def batched_reader(delivery: Delivery | None, choice: Choice) -> Endpoint | None:
    """The second reader's, if its requests go through batches, too: those of OpenAI, where the model itself is."""
    reader = choice.reader.endpoint if choice.reader else None
    if (
        delivery is None
        or delivery.engine != "openai-batch"
        or reader is None
        or reader.identity == choice.endpoint.identity
    ):
        return None
    return reader if reader.base_url == choice.endpoint.base_url else None


@dataclass
class Lane:
    """One model's requests on their way: a file of a batch holds those of one model only."""

    endpoint: Endpoint
    ledger: Ledger
    price: Price | None

    def __post_init__(self) -> None:
        self.profile = profile_of(self.endpoint)

    def wave(self, budget: Budget, limit: ShardLimit) -> Wave:
        return Wave(self.ledger, self.form, budget, self.price, limit)

    @property
    def under_way(self) -> list[Sent]:
        return self.ledger.shards("written", "creating", "created")

    @property
    def ended(self) -> int:
        return len(self.ledger.shards("ended"))

    @property
    def spent(self) -> Spent:
        """What its batches have cost."""
        spent = self.ledger.spent()
        if self.price is None:
            return spent
        read, written = self.ledger.lost()
        cost = self.price.of(spent.prompt_tokens + read, spent.completion_tokens + written)
        return replace(spent, cost=cost)

    @property
    def form(self) -> RequestFormat:
        known = self.ledger.fact(f"shape {self.endpoint.identity}")
        return RequestFormat.loads(known, self.profile) if known else RequestFormat.first(self.profile)

    def step(self, shard: Sent, words: str) -> bool:
        """Whether the next wave puts requests in a form that was not refused with these words."""
        form = self.form
        sent = _first_body(self.ledger.folder / shard.file)
        if form.cap not in sent or any(name in sent for name in form.left_out) or shard.schema_mode != form.schema_mode:
            return True  # another shard has led to a step already
        to = next_format(form, self.profile, words, sent)
        if to is None:
            return False
        self.ledger.remember(**{f"shape {self.endpoint.identity}": to.dumps()})
        return True


@dataclass
class Waves:
    """One invocation. `stop` and `cancel` may be called at any time from the same event loop. `lanes`: the model's and,
    if it is asked in batches, the second reader's; else `reader` opens the one who is asked one by one."""

    delivery: Delivery
    lanes: Sequence[Lane]
    budget: Budget
    meter: Meter
    control: Control
    policy: Policy
    timing: Timing
    reader: Callable[[Spending], AbstractAsyncContextManager[Client]] | None = None

    def __post_init__(self) -> None:
        self._halt = asyncio.Event()
        self._delivering: asyncio.Task[None] | None = None
        self._file: BatchFile | None = None
        self.measure()

    def stop(self) -> None:
        self._halt.set()

    def cancel(self) -> None:
        self._halt.set()
        if self._delivering is not None:
            self._delivering.cancel()

    async def work(
        self, once: Callable[[RunEngine, int], Awaitable[tuple[Run, bool]]], cache: Cache | None, *,
        reads: bool, schema_prompt: str | None,
    ) -> tuple[Run, bool]:  # fmt: skip
        """The last pass, and whether every item has ended."""
        async with AsyncExitStack() as stack:
            both = [
                Collecting(lane.endpoint, lane.profile, lane.ledger, cache, reads=reads, schema_prompt=schema_prompt)
                for lane in self.lanes
            ]
            for one in both:
                stack.push_async_callback(one.close)
            collecting, *beside = both
            for one in beside:
                collecting.reader, one.spending = one, collecting.spending
            if self.reader is not None:
                collecting.reader = await stack.enter_async_context(self.reader(collecting.spending))
            deliver = [await self._deliverer(stack, lane) for lane in self.lanes]
            while True:
                last = not collecting.first and self.delivery.rest_live and not self._under_way()
                run, complete, cut = await self._pass(once, both, last=last)
                for one in both:
                    one.first = False
                if complete or last or run.error is not None or self.control.stopped:
                    return run, complete
                if not self._under_way():
                    run.error = _budget_reached(self.budget) if cut else _nothing_left()
                    return run, False
                ended = self._ended()
                self.control.run = self
                try:
                    await self._delivered(deliver)
                except PresseschauError as error:
                    run.error = error
                self.measure()
                waiting = self._under_way() and self._ended() == ended
                if run.error is not None or self._halt.is_set() or waiting:
                    return run, False

    async def _pass(
        self, once: Callable[[RunEngine, int], Awaitable[tuple[Run, bool]]], both: Sequence[Collecting], *, last: bool
    ) -> tuple[Run, bool, bool]:
        ledger = self.lanes[0].ledger
        workers = 1 if ledger.next_shard() == 1 else _WORKERS
        with ledger.transaction():
            budget = self._left()
            waves = [] if last else [lane.wave(budget, self.delivery.limit) for lane in self.lanes]
            for one, wave in zip_longest(both, waves):
                one.wave = wave
            try:
                run, complete = await once(both[0], workers)
                whole = run.error is None and not self.control.stopped
                if not whole and any(wave.requests for wave in waves):
                    ledger.undo()
                for wave in waves:
                    if wave.requests and whole:
                        wave.seal()
                    elif wave.requests:
                        wave.discard()
            except BaseException:
                for wave in waves:
                    wave.discard()
                raise
        return run, complete, any(wave.cut for wave in waves)

    async def _deliverer(self, stack: AsyncExitStack, lane: Lane) -> OpenAIBatch | BatchFile:
        if self.delivery.engine == "batch-file":
            self._file = BatchFile(lane.ledger, self.delivery.results, lane.step)
            return self._file
        provider = await stack.enter_async_context(
            BatchProvider(lane.endpoint, self.policy, self.timing, self._on_wait)
        )
        return OpenAIBatch(lane.ledger, provider, self.delivery.polling, self._show, self._halt, lane.step)

    async def _delivered(self, deliver: Sequence[OpenAIBatch | BatchFile]) -> None:
        self._delivering = asyncio.create_task(_all_of(deliver))
        try:
            await self._delivering
        except asyncio.CancelledError:
            if not self._halt.is_set():
                raise
        finally:
            self._show("")
            self._delivering = None

    def _under_way(self) -> list[Sent]:
        return [shard for lane in self.lanes for shard in lane.under_way]

    def _ended(self) -> int:
        return sum(lane.ended for lane in self.lanes)

    def _show(self, note: str) -> None:
        self.meter.progress.note = note

    def _on_wait(self, reason: str, wait: float) -> None:
        self._show(f"waiting {wait:.0f} s: {reason}")

    def measure(self) -> None:
        """Brings what the batches have cost up to date."""
        self.meter.batches = sum((lane.spent for lane in self.lanes), Spent())

    def _left(self) -> Budget:
        """The budget as a wave finds it: what was asked one by one, and at the batches' price what they used and what
        is under way can cost."""
        budget, (tokens, cost) = self.budget, self.charged()
        left = Budget(budget.max_tokens, budget.max_cost, tokens=budget.tokens + tokens, cost=budget.cost + cost)
        for lane in self.lanes:
            left.count(*lane.ledger.held(), lane.price)
        return left

    def charged(self) -> tuple[int, float]:
        """Tokens and US dollars that the batches count with: what is not known is taken for the most it can be."""
        lost = sum(sum(lane.ledger.lost()) for lane in self.lanes)
        return self.meter.batches.tokens + lost, self.meter.batches.cost or 0.0

    def counts(self) -> dict[str, int]:
        """Batches by how they ended, and rows that were repeated or could not be read."""
        return dict(sum((Counter(lane.ledger.counts()) for lane in self.lanes), Counter[str]()))

    def said(self) -> tuple[str, ...]:
        """What a user must know when the run ends before all answers are there."""
        if self._file is not None:
            pairs = self._file.waiting()
            ask = [f"{requests} (results: {results})" for requests, results in pairs]
            model = self.lanes[0]
            requests = sum(shard.requests for shard in model.ledger.shards("written"))
            how = (
                f"{requests:,} requests are written. Run them, e.g. with `vllm run-batch -i REQUESTS -o RESULTS "
                f"--model {model.endpoint.model}`, then run the same command again: {'; '.join(ask)}. Results that lie "
                "elsewhere are read with --batch-results."
            )
            return (how,) if pairs else ()
        shards = [shard for lane in self.lanes for shard in lane.ledger.shards("created")]
        if not shards:
            return ()
        requests = sum(shard.requests for shard in shards)
        batches = "1 batch goes" if len(shards) == 1 else f"{len(shards)} batches go"
        return (f"{batches} on at the provider ({requests:,} requests): the same command collects the answers.",)


async def _all_of(deliver: Sequence[OpenAIBatch | BatchFile]) -> None:
    """Delivers all at once; the first that fails ends the others, which go on at the provider."""
    try:
        async with asyncio.TaskGroup() as group:
            for one in deliver:
                group.create_task(one.deliver())
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None


def _first_body(path: Path) -> Mapping[str, Any]:
    with path.open("rb") as lines:
        body = json.loads(next(lines))["body"]
    assert isinstance(body, dict)
    return body


def _budget_reached(budget: Budget) -> BudgetReachedError:
    limits = [f"{budget.max_tokens:,} tokens"] if budget.max_tokens is not None else []
    limits += [f"{budget.max_cost:.2f} USD"] if budget.max_cost is not None else []
    return BudgetReachedError(
        f"Stopped before the limit of {' and '.join(limits)} would be passed: {budget.tokens:,} tokens "
        f"({budget.cost:.4f} USD) are spent, and the next wave of requests may need more than is left. {TO_GO_ON}"
    )


def _nothing_left() -> PresseschauError:
    return PresseschauError("Articles wait for answers that nobody was asked for. This is a bug: please report it.")
