"""What a run would use, before anything is sent: every article read, every request made and looked up in the cache."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from presseschau.analysis import Engine, Options, analyze, expected_requests
from presseschau.archive.many import Limits
from presseschau.archive.prices import price_of
from presseschau.archive.run import Input
from presseschau.errors import AnswerError, CacheError, InputError
from presseschau.ingest.document import Skipped
from presseschau.ingest.reading import read_document
from presseschau.ingest.sources import iter_documents
from presseschau.llm.cache import CacheMode
from presseschau.llm.client import Client
from presseschau.llm.engine import Choice, choose, open_engine
from presseschau.llm.local.measured import KnownSpeed, known_speed
from presseschau.llm.places import CachePlace, default_cache
from presseschau.llm.spending import Price
from presseschau.llm.token_count import exact_counter
from presseschau.models import Answer, AnswerModel, Article, EngineInfo, Request

_CHARACTERS_A_TOKEN = (4.2, 3.2, 2.6)
"""Low, likely, high number of tokens for German: o200k, Qwen 2.5, and what no current tokenizer exceeds."""
_OF_THE_CAP = (0.30, 0.45, 1.0)
"""Tokens written, as a share of a request's cap: English takes 0.22 to 0.30 tokens for a German character, and the
cap allows 0.6 (`pipeline/translation.py`); high is every answer as long as it may be."""
_ASKED_AGAIN = (0.0, 0.1, 1.0)
"""Share asked again because a check failed, for each round of repair."""
_OF_A_READERS_CAP = (0.05, 0.25, 1.0)
"""The same share for a second reader, whose answer is short where little is wrong: a guess, since no
reader was measured; the cap allows an error of 60 tokens a sentence (`pipeline/second_reading.py`)."""
_NAMED = 5
"""Items that are skipped of which the reader hears the names."""


@dataclass
class Forecast:
    """Counts of a run to come; `pages` are still to be fetched, and in no other count; `reasons` are why items are
    skipped, of which `first_skipped` holds the first few. Tokens and prices (US dollars, None without a
    price) are (low, likely, high); `prompt_tokens` is None where tiktoken cannot count for this model. `speed` is that
    of an embedded model. `reader` is what a second reader would be asked; its tokens and price are in the sums."""

    articles: int = 0
    pages: int = 0
    duplicates: int = 0
    cached: int = 0
    requests: int = 0
    prompt_characters: int = 0
    prompt_tokens: int | None = None
    answer_caps: int = 0
    rounds: int = 0
    price: Price | None = None
    speed: KnownSpeed | None = None
    reasons: Counter[str] = field(default_factory=Counter)
    first_skipped: list[Skipped] = field(default_factory=list)
    reader: Forecast | None = None

    @property
    def skipped(self) -> int:
        return self.reasons.total()

    @property
    def tokens(self) -> tuple[tuple[int, int], ...]:
        """Prompt and completion tokens: low, likely, high."""
        own = self._of_model(_OF_THE_CAP)
        if self.reader is None:
            return own
        both = zip(own, self.reader._of_model(_OF_A_READERS_CAP), strict=True)
        return tuple((read + more, written + and_more) for (read, written), (more, and_more) in both)

    def _of_model(self, shares: tuple[float, float, float]) -> tuple[tuple[int, int], ...]:
        found = []
        for per_token, share, again in zip(_CHARACTERS_A_TOKEN, shares, _ASKED_AGAIN, strict=True):
            more = 1 + again * self.rounds
            once = self.prompt_characters / per_token if self.prompt_tokens is None else self.prompt_tokens
            found.append((round(more * once), round(more * share * self.answer_caps)))
        return tuple(found)

    def add(self, request: Request[AnswerModel], exact: Callable[[str], int] | None) -> None:
        """Counts a request that would be sent."""
        self.requests += 1
        said = [message.content for message in request.messages]
        self.prompt_characters += sum(map(len, said))
        if exact:
            self.prompt_tokens = (self.prompt_tokens or 0) + sum(map(exact, said))
        self.answer_caps += request.max_tokens

    @property
    def cost(self) -> tuple[float, ...] | None:
        if self.price is None or (self.reader and self.reader.price is None):
            return None
        own = tuple(self.price.of(*tokens) for tokens in self._of_model(_OF_THE_CAP))
        if self.reader is None or self.reader.price is None:
            return own
        of_reader = (self.reader.price.of(*tokens) for tokens in self.reader._of_model(_OF_A_READERS_CAP))
        return tuple(map(sum, zip(own, of_reader, strict=True)))

    @property
    def seconds(self) -> tuple[float, ...] | None:
        """Of work, for an embedded model: low, likely, high."""
        return tuple(self.speed.seconds(*tokens) for tokens in self._of_model(_OF_THE_CAP)) if self.speed else None


class _NotBought(AnswerError):
    """The answer is not in the cache, and nothing is sent."""


@dataclass
class _Counting:
    """Answers from the cache, and counts what is not there."""

    client: Client
    stored: bool
    exact: Callable[[str], int] | None
    exact_of_reader: Callable[[str], int] | None = None
    found: Forecast = field(default_factory=Forecast)

    @property
    def info(self) -> EngineInfo:
        return self.client.info

    def count_tokens(self, text: str) -> int:
        return self.client.count_tokens(text)

    async def ask(self, request: Request[AnswerModel]) -> Answer[AnswerModel]:
        if self.stored:
            try:
                answer = await self.client.ask(request)  # in mode "only", which never sends
            except CacheError:
                pass
            else:
                self.found.cached += 1
                return answer
        self.add(request)
        raise _NotBought("not bought")

    def add(self, request: Request[AnswerModel]) -> None:
        """Counts a request that would be sent to the one it is for."""
        if request.reader and self.found.reader is not None:
            self.found.reader.add(request, self.exact_of_reader)
        else:
            self.found.add(request, self.exact)


async def forecast(
    sources: Sequence[str | Path], choice: Choice | None = None, *, options: Options | None = None,
    read: Input | None = None, cache: CachePlace | Literal["default"] | None = "default",
    cache_mode: CacheMode = "normal", limits: Limits | None = None, batch: bool = False, batch_reader: bool = False,
    on_article: Callable[[Forecast], None] = lambda found: None,
) -> Forecast:  # fmt: skip
    """What `analyze_many` would send for these sources, priced as a `batch` or one by one, and so the second reader
    (`batch_reader`). Sends and writes nothing."""
    return await forecast_articles(
        _read(sources, read or Input()), choice, options=options, cache=cache, cache_mode=cache_mode, limits=limits,
        batch=batch, batch_reader=batch_reader, on_article=on_article,
    )  # fmt: skip


def _read(sources: Sequence[str | Path], read: Input) -> Iterator[Article | Skipped | None]:
    """What `forecast_articles` takes: None for a page that is still to be fetched."""
    for item in iter_documents(sources, options=read.options):
        if isinstance(item, Skipped):
            yield item
        elif item.load is not None:
            yield None
        else:
            try:
                yield read_document(item, repair=read.repair, lang_check=read.lang_check)
            except InputError as error:
                yield Skipped(item.source, error.failure, str(error))


async def forecast_articles(
    articles: Iterable[Article | Skipped | None], choice: Choice | None = None, *, options: Options | None = None,
    cache: CachePlace | Literal["default"] | None = "default", cache_mode: CacheMode = "normal",
    limits: Limits | None = None, batch: bool = False, batch_reader: bool = False,
    on_article: Callable[[Forecast], None] = lambda found: None,
) -> Forecast:  # fmt: skip
    """The same for articles that were read."""
    choice, options, limits = choice or choose(), options or Options(), limits or Limits()
    async with _counting(
        choice, options, cache, cache_mode, limits, batch=batch, batch_reader=batch_reader
    ) as counting:
        found = counting.found
        seen: set[int] = set()
        for article in articles:
            if article is None:
                found.pages += 1
                continue
            if isinstance(article, Skipped):
                found.reasons[article.reason] += 1
                if len(found.first_skipped) < _NAMED:
                    found.first_skipped.append(article)
                continue
            number = int(article.id[:16], 16)
            if number in seen:
                found.duplicates += 1
                continue
            seen.add(number)
            found.articles += 1
            on_article(found)
            # Without rounds: a request that is not answered shall be counted, not asked again.
            analysis = await analyze(article, counting, replace(options, rounds=0))
            for request in expected_requests(article, options, analysis, reader=choice.reader is not None):
                counting.add(request)
            await asyncio.sleep(0)
    return found


async def forecast_work(
    work: Callable[[Engine, Options], Awaitable[object]], choice: Choice, *, options: Options, cache: CachePlace | None,
    limits: Limits,
) -> Forecast:  # fmt: skip
    """The same for anything that asks an engine and goes on without its answers, such as `brief`."""
    async with _counting(choice, options, cache, "normal", limits) as counting:
        await work(counting, replace(options, rounds=0))
        return counting.found


@asynccontextmanager
async def _counting(
    choice: Choice, options: Options, cache: CachePlace | Literal["default"] | None, cache_mode: CacheMode,
    limits: Limits, *, batch: bool = False, batch_reader: bool = False,
) -> AsyncIterator[_Counting]:  # fmt: skip
    """An engine that sends nothing and counts for the model and the second reader that are chosen."""
    cache = default_cache() if cache == "default" else cache
    async with open_engine(choice, cache=cache, cache_mode="only") as client:
        stored = cache is not None and cache_mode != "refresh"
        counting = _Counting(client, stored, await asyncio.to_thread(exact_counter, choice.endpoint.model))
        found = counting.found
        found.rounds, found.price = options.rounds, price_of(choice, limits.price, batch=batch)
        found.speed = known_speed(choice.local) if choice.local else None
        if choice.reader:
            found.reader = Forecast(price=price_of(choice.reader, limits.reader_price, batch=batch_reader))
            counting.exact_of_reader = await asyncio.to_thread(exact_counter, choice.reader.endpoint.model)
        yield counting
