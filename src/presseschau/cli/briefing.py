"""Running a briefing from the command line: articles are analysed first, then the note is asked for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from presseschau.cli.note_inputs import NoteInputs
from presseschau.errors import BudgetReachedError, ProviderDownError
from presseschau.models import Analysis, Article

if TYPE_CHECKING:
    from presseschau.analysis import Options
    from presseschau.archive.many import Limits
    from presseschau.cli.engine import CacheChoice
    from presseschau.cli.metrics import Metrics
    from presseschau.llm.client import Client
    from presseschau.llm.engine import Choice
    from presseschau.notes import Note

_AT_ONCE = 8
"""Articles analysed at once at an endpoint; each asks several things."""
_TO_BE_RUN_AGAIN = {"provider-down": ProviderDownError, "budget": BudgetReachedError}


@dataclass(frozen=True)
class Wish:
    """What the note shall be about, and how long."""

    topic: str | None
    since: str | None
    previous: Note | None
    pages: int


@dataclass(frozen=True)
class Made:
    """The note, whether everything that was given could be used, and what it took."""

    note: Note
    complete: bool
    metrics: Metrics


def made(
    inputs: NoteInputs, wish: Wish, choice: Choice, cache: CacheChoice, options: Options, limits: Limits, *, quiet: bool
) -> Made:
    """The note. Raises InputError if no article can be used, and what ends a run: run the same command again."""
    from presseschau.archive.prices import price_needed, price_of
    from presseschau.briefing.brief import brief
    from presseschau.cli.analysing import asked
    from presseschau.llm.budget import Budget

    price = price_of(choice, limits.price)
    if limits.max_cost is not None:
        price = price_needed(price, choice.endpoint.model)
    budget = Budget(limits.max_tokens, limits.max_cost, price)

    async def work(engine: Client) -> tuple[Note, bool]:
        analyses = await _analysed(inputs, engine, options, 1 if choice.local else _AT_ONCE)
        note = await brief(
            analyses, engine, topic=wish.topic, since=wish.since, previous=wish.previous, pages=wish.pages,
            options=options, price=(price.prompt, price.completion) if price else None, left_out=inputs.left_out,
        )  # fmt: skip
        return note, not inputs.left_out and not any(map(_failed, analyses))

    (note, complete), metrics = asked(work, choice, cache, options, quiet=quiet, budget=budget)
    return Made(note, complete, metrics)


async def _analysed(inputs: NoteInputs, engine: Client, options: Options, at_once: int) -> list[Analysis]:
    """Everything that was given as an Analysis, in its order."""
    from presseschau.analysis import analyze

    free = asyncio.Semaphore(at_once)

    async def one(item: Analysis | Article) -> Analysis:
        if isinstance(item, Analysis):
            return item
        async with free:
            analysis = await analyze(item, engine, options)
        for finding in analysis.findings:
            if finding.code == "task.failed" and finding.failure in _TO_BE_RUN_AGAIN:
                raise _TO_BE_RUN_AGAIN[finding.failure](finding.message)
        return analysis

    try:
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(one(item)) for item in inputs.items]
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None
    return [task.result() for task in running]


def _failed(analysis: Analysis) -> bool:
    return analysis.claims is None
