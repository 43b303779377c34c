"""Wave after wave: the missing requests are gathered, handed over and their answers fetched, until none is missing.

    pass over the articles ──▶ wave ──▶ shards ──▶ deliver ──▶ ledger ──▶ pass ──▶ ... ──▶ every article has ended

The first wave holds the first request of every task of every article. A later one holds what expired or got lost,
what was malformed, and what the checks want asked again; the pipeline bounds those (`--repair-rounds`).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from presseschau.archive.progress import Meter
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
from presseschau.llm.ladder import RequestFormat, next_format
from presseschau.llm.profiles import profile_of
from presseschau.llm.retry import Policy, Timing
from presseschau.llm.shared_cache import Cache
from presseschau.llm.spending import Budget, Price, Spending

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


@dataclass
class Waves:
    """One invocation. `stop` and `cancel` may be called at any time from the same event loop. `reader` opens the second
    reader, who is asked one by one."""

    delivery: Delivery
    endpoint: Endpoint
    ledger: Ledger
    budget: Budget
    price: Price | None
    meter: Meter
    control: Control
    policy: Policy
    timing: Timing
    reader: Callable[[Spending], AbstractAsyncContextManager[Client]] | None = None

    def __post_init__(self) -> None:
        self._profile = profile_of(self.endpoint)
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
            collecting = Collecting(
                self.endpoint, self._profile, self.ledger, cache, reads=reads, schema_prompt=schema_prompt
            )
            stack.push_async_callback(collecting.close)
            if self.reader is not None:
                collecting.reader = await stack.enter_async_context(self.reader(collecting.spending))
            deliver = await self._deliverer(stack)
            while True:
                last = not collecting.first and self.delivery.rest_live and not self._under_way()
                run, complete, cut = await self._pass(once, collecting, last=last)
                collecting.first = False
                if complete or last or run.error is not None or self.control.stopped:
                    return run, complete
                if not self._under_way():
                    run.error = _budget_reached(self.budget) if cut else _nothing_left()
                    return run, False
                ended = len(self.ledger.shards("ended"))
                self.control.run = self
                try:
                    await self._delivered(deliver)
                except PresseschauError as error:
                    run.error = error
                self.measure()
                waiting = self._under_way() and len(self.ledger.shards("ended")) == ended
                if run.error is not None or self._halt.is_set() or waiting:
                    return run, False

    async def _pass(
        self, once: Callable[[RunEngine, int], Awaitable[tuple[Run, bool]]], collecting: Collecting, *, last: bool
    ) -> tuple[Run, bool, bool]:
        workers = 1 if self.ledger.next_shard() == 1 else _WORKERS
        with self.ledger.transaction():
            wave = collecting.wave = None if last else Wave(self.ledger, self._form, self._left(), self.delivery.limit)
            try:
                run, complete = await once(collecting, workers)
                whole = run.error is None and not self.control.stopped
                if wave is not None and wave.requests and whole:
                    wave.seal()
                elif wave is not None and wave.requests:
                    self.ledger.undo()
                    wave.discard()
            except BaseException:
                if wave is not None:
                    wave.discard()
                raise
        return run, complete, wave is not None and wave.cut

    async def _deliverer(self, stack: AsyncExitStack) -> OpenAIBatch | BatchFile:
        if self.delivery.engine == "batch-file":
            self._file = BatchFile(self.ledger, self.delivery.results, self._step)
            return self._file
        provider = await stack.enter_async_context(
            BatchProvider(self.endpoint, self.policy, self.timing, self._on_wait)
        )
        return OpenAIBatch(self.ledger, provider, self.delivery.polling, self._show, self._halt, self._step)

    async def _delivered(self, deliver: OpenAIBatch | BatchFile) -> None:
        self._delivering = asyncio.create_task(deliver.deliver())
        try:
            await self._delivering
        except asyncio.CancelledError:
            if not self._halt.is_set():
                raise
        finally:
            self._show("")
            self._delivering = None

    def _under_way(self) -> list[Sent]:
        return self.ledger.shards("written", "creating", "created")

    def _show(self, note: str) -> None:
        self.meter.progress.note = note

    def _on_wait(self, reason: str, wait: float) -> None:
        self._show(f"waiting {wait:.0f} s: {reason}")

    def measure(self) -> None:
        """Brings what the batches have cost up to date."""
        spent = self.ledger.spent()
        if self.price is not None:
            read, written = self.ledger.lost()
            cost = self.price.of(spent.prompt_tokens + read, spent.completion_tokens + written)
            spent = replace(spent, cost=cost)
        self.meter.batches = spent

    def _left(self) -> Budget:
        """The budget as a wave finds it: what was asked one by one and what the batches used, at the batches' price."""
        budget, (tokens, cost) = self.budget, self.charged()
        return Budget(
            budget.max_tokens, budget.max_cost, self.price, tokens=budget.tokens + tokens, cost=budget.cost + cost
        )

    def charged(self) -> tuple[int, float]:
        """Tokens and US dollars that the batches count with: what is not known is taken for the most it can be."""
        return self.meter.batches.tokens + sum(self.ledger.lost()), self.meter.batches.cost or 0.0

    @property
    def _form(self) -> RequestFormat:
        known = self.ledger.fact(f"shape {self.endpoint.identity}")
        return RequestFormat.loads(known, self._profile) if known else RequestFormat.first(self._profile)

    def _step(self, shard: Sent, words: str) -> bool:
        """Whether the next wave puts requests in a form that was not refused with these words."""
        form = self._form
        sent = _first_body(self.ledger.folder / shard.file)
        if form.cap not in sent or any(name in sent for name in form.left_out) or shard.schema_mode != form.schema_mode:
            return True  # another shard has led to a step already
        to = next_format(form, self._profile, words, sent)
        if to is None:
            return False
        self.ledger.remember(**{f"shape {self.endpoint.identity}": to.dumps()})
        return True

    def said(self) -> tuple[str, ...]:
        """What a user must know when the run ends before all answers are there."""
        if self._file is not None:
            pairs = self._file.waiting()
            ask = [f"{requests} (results: {results})" for requests, results in pairs]
            requests = sum(shard.requests for shard in self.ledger.shards("written"))
            how = (
                f"{requests:,} requests are written. Run them, e.g. with `vllm run-batch -i REQUESTS -o RESULTS "
                f"--model {self.endpoint.model}`, then run the same command again: {'; '.join(ask)}. Results that lie "
                "elsewhere are read with --batch-results."
            )
            return (how,) if pairs else ()
        shards = self.ledger.shards("created")
        if not shards:
            return ()
        requests = sum(shard.requests for shard in shards)
        batches = "1 batch goes" if len(shards) == 1 else f"{len(shards)} batches go"
        return (f"{batches} on at the provider ({requests:,} requests): the same command collects the answers.",)


def _first_body(path: Path) -> Mapping[str, Any]:
    with path.open("rb") as lines:
        body = json.loads(next(lines))["body"]
    assert isinstance(body, dict)
    return body


def _budget_reached(budget: Budget) -> BudgetReachedError:
    limits = [f"{budget.max_tokens:,} tokens"] if budget.max_tokens is not None else []
    limits += [f"{budget.max_cost:.2f} USD"] if budget.max_cost is not None else []
    return BudgetReachedError(
        f"The next wave of requests could go beyond the limit of {' and '.join(limits)}. What is done is kept; run the "
        "same command with a higher limit to continue."
    )


def _nothing_left() -> PresseschauError:
    return PresseschauError("Articles wait for answers that nobody was asked for. This is a bug: please report it.")
