"""What a job of the desk makes: an article analysed, a note, and what either would cost; with its progress told.

All of it is done by the functions of the command line; here an engine is put between that counts what it answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel

from presseschau.analysis import Engine, analyze
from presseschau.archive.analysing import said
from presseschau.errors import BudgetReachedError, ProviderDownError
from presseschau.ingest import Document, ReadOptions, Skipped, iter_articles
from presseschau.ingest.reading import articles_of
from presseschau.ingest.sources import documents_in, is_web_address
from presseschau.models import Answer, Article, EngineInfo, Finding, Request
from presseschau.pipeline.translation import TranslationAnswer

if TYPE_CHECKING:
    from pathlib import Path

    from presseschau.archive.forecast import Forecast
    from presseschau.desk.jobs import InboxInput
    from presseschau.desk.preferences import SetUp
    from presseschau.history import DayNote
    from presseschau.library.store import Archive
    from presseschau.llm.client import Client
    from presseschau.llm.spending import Price, Spending
    from presseschau.models import Analysis

PASTED: Final = "pasted text"
"""The source of an article that was pasted."""

AnswerModel = TypeVar("AnswerModel", bound=BaseModel)


def read(inputs: Sequence[InboxInput]) -> Iterator[Article | Skipped]:
    """Every article in what was given, as `batch --follow` reads files and addresses; a name is never looked for on
    this machine. Raises ConfigurationError if a format needs an extra that is not installed."""
    options = ReadOptions(follow=True)
    for one in inputs:
        if one.how == "address":
            if is_web_address(one.name):
                yield from iter_articles([one.name], options=options)
            else:
                yield Skipped(one.name, "address", "This is not a web address: it begins with http:// or https://.")
            continue
        items = documents_in(BytesIO(one.data), one.name, options=options)
        yield from articles_of(
            replace(item, metadata={**item.metadata, **one.about}) if isinstance(item, Document) else item
            for item in items
        )


@dataclass
class TaskProgress:
    """How far an article, or a note, is. `translated` of `sentences` are English; `asking` are the tasks under way;
    `answers` came."""

    sentences: int = 0
    tell: Callable[[], None] = lambda: None
    translated: set[int] = field(default_factory=set)
    asking: Counter[str] = field(default_factory=Counter)
    answers: int = 0

    def words(self) -> str:
        """In words, for whoever waits."""
        under_way = {task for task, count in self.asking.items() if count > 0}
        if "translate" in under_way:
            return f"translating, {len(self.translated)} of {self.sentences} sentences done"
        if "second reading" in under_way:
            return "a second model is reading the English"
        if under_way & {"summary", "claims"}:
            parts = [
                word for task, word in (("summary", "summing up"), ("claims", "collecting claims")) if task in under_way
            ]
            return " and ".join(parts)
        if "note" in under_way:
            return f"writing the note, {self.answers} answers so far"
        return "checking" if self.answers else "reading"


@dataclass
class Watched:
    """An engine, and how far it is with what it is asked."""

    engine: Client
    progress: TaskProgress

    @property
    def info(self) -> EngineInfo:
        return self.engine.info

    def count_tokens(self, text: str) -> int:
        return self.engine.count_tokens(text)

    async def ask(self, request: Request[AnswerModel]) -> Answer[AnswerModel]:
        progress = self.progress
        progress.asking[request.task] += 1
        progress.tell()
        try:
            answer = await self.engine.ask(request)
        finally:
            progress.asking[request.task] -= 1
        progress.answers += 1
        if isinstance(answer.value, TranslationAnswer):
            progress.translated |= {row.n for row in answer.value.sentences if 1 <= row.n <= progress.sentences}
        progress.tell()
        return answer

    async def recall(self, key: str) -> str | None:
        return await self.engine.recall(key)

    async def remember(self, key: str, text: str) -> None:
        await self.engine.remember(key, text)


async def analysed(
    article: Article, engine: Client, set_up: SetUp, progress: TaskProgress, spending: Spending
) -> tuple[Analysis, tuple[Finding, ...]]:
    """The analysis, and what of it failed. `spending` is what it takes.

    Raises BudgetReachedError and ProviderDownError if that is why something failed: then it is to be done later.
    """
    begun = monotonic()
    analysis = await analyze(article, Watched(engine, progress), set_up.options)
    _remember_speed(set_up, spending, monotonic() - begun)
    failures = tuple(finding for finding in analysis.findings if finding.code == "task.failed")
    for error in (BudgetReachedError, ProviderDownError):
        for finding in failures:
            if finding.failure == error.failure:
                raise error(said(finding))
    return analysis, failures


async def make_note(
    archive: Path, wanted: dict[str, Any], engine: Client, set_up: SetUp, progress: TaskProgress,
    also: Callable[[Archive, int], None],
) -> None:  # fmt: skip
    """Keeps the note that is wanted, and in one with it what `also` writes. Raises what `note_of_day` raises."""
    await _note(archive, Watched(engine, progress), wanted, set_up, also)


async def forecast_of_note(archive: Path, wanted: dict[str, Any], set_up: SetUp) -> dict[str, Any]:
    """What the note would cost, as `forecast_of` has it."""
    from presseschau.archive.forecast import forecast_work

    found = await forecast_work(
        lambda engine, options: _note(archive, engine, wanted, replace(set_up, options=options)),
        set_up.choice, options=set_up.options, cache=set_up.cache, limits=set_up.limits,
    )  # fmt: skip
    return {**_in_figures(found, set_up), "articles": len(wanted["articles"])}


async def _note(
    archive: Path, engine: Engine, wanted: dict[str, Any], set_up: SetUp,
    also: Callable[[Archive, int], None] | None = None,
) -> DayNote:  # fmt: skip
    """The note that is wanted, kept if there is something to be written with it."""
    from presseschau.archives import read_note
    from presseschau.history import NoteRequest, note_kept_with

    request = NoteRequest(
        topic=wanted["topic"], title=wanted["title"], pages=wanted["pages"], articles=tuple(wanted["articles"])
    )
    price = set_up.limits.budget(set_up.choice).price
    return await note_kept_with(
        also or (lambda opened, number: None), archive, engine, request, keep=also is not None,
        options=replace(set_up.options, english=wanted["english"]),
        previous=None if wanted["previous"] is None else read_note(archive, wanted["previous"]),
        price=(price.prompt, price.completion) if price else None,
    )  # fmt: skip


async def forecast_of(articles: Sequence[Article], set_up: SetUp) -> dict[str, Any]:
    """What the articles would cost, in figures that JSON can hold."""
    from presseschau.archive.forecast import forecast_articles

    found = await forecast_articles(
        articles, set_up.choice, options=set_up.options, cache=set_up.cache, limits=set_up.limits
    )
    return _in_figures(found, set_up)


def _in_figures(found: Forecast, set_up: SetUp) -> dict[str, Any]:
    set_up.budget()  # says which price is missing
    return {
        "articles": found.articles,
        "duplicates": found.duplicates,
        "requests": found.requests + (found.reader.requests if found.reader else 0),
        "cached": found.cached,
        "tokens": [sum(tokens) for tokens in found.tokens],
        "cost": list(found.cost) if found.cost is not None else None,
        "source": found.price.source if found.price else "",
        "seconds": list(found.seconds) if found.seconds is not None else None,
        "measured": found.speed.measured if found.speed else None,
        **asked_of(set_up),
    }


def asked_of(set_up: SetUp) -> dict[str, str]:
    """Which models, where, are asked: what somebody has said yes to with the price."""
    endpoint, reader = set_up.choice.endpoint, set_up.choice.reader
    return {
        "model": endpoint.model,
        "address": endpoint.base_url,
        "reader": reader.endpoint.model if reader else "",
        "reader_address": reader.endpoint.base_url if reader else "",
    }


def taken(spending: Spending, set_up: SetUp) -> tuple[int, int, float | None]:
    """Requests, tokens and US dollars (None without a price) that were spent."""
    read, written = spending.tokens
    price = _only_price(set_up)
    free = not spending.bought.requests and not read
    return spending.bought.requests, read + written, 0.0 if free else price.of(read, written) if price else None


def _only_price(set_up: SetUp) -> Price | None:
    """The price of all that was asked; None where a second reader has another one."""
    budget = set_up.limits.budget(set_up.choice)
    reader = set_up.choice.reader
    return budget.price if reader is None or budget.reader_price == budget.price else None


def _remember_speed(set_up: SetUp, spending: Spending, seconds: float) -> None:
    if set_up.choice.local is not None:
        from presseschau.llm.local.measured import remember_speed

        bought = spending.bought
        remember_speed(set_up.choice.local, bought.prompt_tokens, bought.completion_tokens, seconds)
