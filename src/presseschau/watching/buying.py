"""What waits is analysed, the oldest first, as far as the money of the day and of this call goes.

A result is in the archive and its item done in one commit. What was asked and not finished is answered from the cache
the next time; what does not fit stays as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from presseschau.analysis import TASKS, Options, Task
from presseschau.archive.analysing import InThread, said
from presseschau.archive.journal import unpacked
from presseschau.archive.prices import Limits
from presseschau.archive.reader import Todo
from presseschau.archive.run import RunEngine
from presseschau.errors import BudgetReachedError, CacheError, ConfigurationError, PresseschauError, ProviderDownError
from presseschau.library.versions import english_before, replace_earlier
from presseschau.llm.engine import Choice
from presseschau.llm.purchases import Amount, PurchaseStore
from presseschau.llm.spending import Budget
from presseschau.models import Article
from presseschau.watching.sources import SourceRules
from presseschau.watching.state import HeldItem, WatchedItem, WatchState
from presseschau.watching.taking import LIKE

Number = TypeVar("Number", int, float)
AT_ONCE = 8
"""Articles under way at an endpoint."""
_MOST_TRIES = 5
"""Rounds in which an article is asked for in vain while others are answered."""
_MOST_AWAY = 3
"""Articles for which an endpoint does not answer, after which no other one is begun."""


@dataclass
class Allowance:
    """What may be spent: `day` on a local day, `call` by this process. `used` is what it has used."""

    day: Limits
    call: Limits = field(default_factory=Limits)
    used: tuple[int, float] = (0, 0.0)

    @property
    def limited(self) -> bool:
        return any(one is not None for most in (self.day, self.call) for one in (most.max_tokens, most.max_cost))

    def budget(self, choice: Choice, today: Amount) -> Budget:
        """What is left of both. Raises ConfigurationError where a limit in money has no price."""
        tokens, cost = today.prompt_tokens + today.completion_tokens, today.cost
        most_tokens = _both(self.day.max_tokens, self.call.max_tokens, tokens - self.used[0])
        most_cost = _both(self.day.max_cost, self.call.max_cost, cost - self.used[1])
        both = replace(self.day, max_tokens=most_tokens, max_cost=most_cost)
        return both.budget(choice, (tokens, cost))

    def take(self, budget: Budget, today: Amount) -> None:
        """Counts what was used of a budget that was opened with what was used `today`."""
        tokens, cost = today.prompt_tokens + today.completion_tokens, today.cost
        self.used = (self.used[0] + budget.tokens - tokens, self.used[1] + budget.cost - cost)


def _both(day: Number | None, call: Number | None, by: Number) -> Number | None:
    """The smaller one of a day's limit and a call's, which is `by` more in terms of the day."""
    found = [limit for limit in (day, None if call is None else call + by) if limit is not None]
    return min(found) if found else None


def spent_by(file: PurchaseStore | None, run: str) -> Amount:
    """What a run has spent, in whatever way it is known."""
    return sum(file.of_run(run).values(), Amount()) if file is not None else Amount()


def check_purse(purse: Allowance, file: PurchaseStore | None) -> None:
    """Raises CacheError where a limit cannot be kept, since nothing can be written down."""
    if purse.limited and file is None:
        raise CacheError(
            "What is spent cannot be written beside the cache, so the limit cannot be kept. Give another --cache."
        )


@dataclass
class BuyingResult:
    """How a round of buying ended: items `done`, those that `failed` for good and why (`faults`), those for which the
    endpoint did not answer and what was said (`away`), and the error that ended it early, or left some waiting."""

    done: int = 0
    failed: int = 0
    error: PresseschauError | None = None
    faults: list[str] = field(default_factory=list)
    away: list[tuple[WatchedItem, str]] = field(default_factory=list)


@dataclass
class Buying:
    """Analyses waiting items. `stopped` is asked before each: then no further one is begun."""

    state: WatchState
    rules: dict[str, SourceRules]
    tasks: Sequence[Task]
    options: Options
    run: str
    stopped: Callable[[], bool]

    async def work(self, items: Sequence[WatchedItem], engine: RunEngine, at_once: int) -> BuyingResult:
        """Raises OutputError if the archive cannot be written."""
        bought, analysing = BuyingResult(), InThread()
        waiting = iter(items)
        try:
            async with asyncio.TaskGroup() as workers:
                for _ in range(at_once):
                    workers.create_task(self._worker(waiting, engine, analysing, bought))
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None
        finally:
            analysing.close()
        if bought.away and bought.error is None:
            bought.error = ProviderDownError(bought.away[-1][1])
        if bought.done:
            self._count(bought)
        return bought

    def _count(self, bought: BuyingResult) -> None:
        """The endpoint answers for others: an article for which it does not, time and again, is given up."""
        with self.state.database.transaction():
            for item, why in bought.away:
                tries = item.tries + 1
                given_up = tries >= _MOST_TRIES
                failed = replace(item, tries=tries, state="failed", reason=why)
                self.state.put(failed if given_up else replace(item, tries=tries))
                bought.failed += given_up
                bought.faults += [f"{item.headline or item.source}: {why}"] if given_up else []

    async def _worker(
        self, waiting: Iterator[WatchedItem], engine: RunEngine, analysing: InThread, bought: BuyingResult
    ) -> None:
        while bought.error is None and not self.stopped() and (item := next(waiting, None)) is not None:
            held = HeldItem.read(item.held)
            if held.article is not None:
                await self._one(item, held.article, replace(held, article=None), engine, analysing, bought)

    async def _one(
        self,
        item: WatchedItem,
        article: Article,
        held: HeldItem,
        engine: RunEngine,
        analysing: InThread,
        bought: BuyingResult,
    ) -> None:
        try:
            made = await analysing.analysed(Todo(0, b"", article), engine, self.options_of(item))
        except (ConfigurationError, ProviderDownError, BudgetReachedError) as error:
            bought.error = bought.error or error
            return
        for failure in made.failures:
            if failure.failure == BudgetReachedError.failure:
                bought.error = bought.error or BudgetReachedError(said(failure))
                return
            if failure.failure == ProviderDownError.failure:
                bought.away.append((item, said(failure)))  # it waits for the next round
                if engine.down or (len(bought.away) >= _MOST_AWAY and not bought.done):
                    bought.error = bought.error or ProviderDownError(said(failure))
                return
        archive, failed = self.state.archive, made.row.state == "failed"
        with self.state.database.transaction():
            if made.row.record is not None:
                archive.put([unpacked(made.row.record)], self.run)
                replace_earlier(archive, item.source, article)
            reason = "; ".join(f"{one.task}: {one.message}" for one in made.row.failed)
            self.state.put(
                replace(item, state="failed" if failed else "done", reason=reason, tries=0, held=held.packed())
            )
        bought.failed += failed
        bought.done += not failed
        bought.faults += [f"{article.headline or item.source}: {reason}"] if failed else []

    def options_of(self, item: WatchedItem) -> Options:
        """With the English of sentences that an earlier version had, or an article that is much like this one."""
        rules = self.rules.get(item.watched)
        sources = [item.source, *([item.reason.removeprefix(LIKE)] if item.reason.startswith(LIKE) else [])]
        earlier = dict(english_before(self.state.archive, item.source))  # a feed may go back to an earlier text
        for source in sources:
            earlier |= self.state.database.all(
                "SELECT german, english FROM sentences JOIN articles ON articles.id = sentences.article "
                "WHERE articles.source = ? AND english IS NOT NULL",
                source,
            )
        return replace(self.options, tasks=(rules and rules.tasks) or self.tasks or TASKS, earlier=earlier)
