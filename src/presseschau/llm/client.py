"""One request in, one complete and parsed answer out, or a typed failure.

A cached answer loads neither the SDK nor an HTTP client; the embedded engine is started by the first miss.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from presseschau.errors import CacheError, ConfigurationError, MalformedAnswer, PresseschauError
from presseschau.llm.cache import AnswerCache, Stored, StoreQueue, cache_key
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.reply import parse
from presseschau.llm.spending import RequestEvent, Spending, State
from presseschau.llm.token_count import planned_tokens
from presseschau.models import Answer, AnswerModel, EngineInfo, Request, Usage

if TYPE_CHECKING:
    from presseschau.llm.retry import Policy, Timing
    from presseschau.llm.sending import Sender
    from presseschau.llm.spending import Budget

Start = Callable[[], Awaitable[Endpoint]]
"""Gives the endpoint to send to. Called by the first miss, and again whenever the connection is lost: an embedded
engine is started, and restarted, here."""


@dataclass(frozen=True, kw_only=True)
class SendSettings:
    """What a client hands on to whatever sends for it; None is the default of each."""

    start: Start | None
    policy: Policy | None
    timing: Timing | None
    schema_prompt: str | None
    budget: Budget | None


@dataclass
class _InFlight:
    """A request under way, shared by all who ask the same at the same time."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    callers: int = 0
    stored: Stored | None = None
    error: PresseschauError | None = None


class Client:
    """Asks one model. An async context manager; safe for any number of concurrent calls in one event loop.

    `spending` is what was used so far. `on_event` hears what is going on. `policy` and `timing` bound and drive the
    retries. `schema_prompt` replaces the packaged text that shows the schema to servers that cannot be bound to it.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        cache: AnswerCache | None = None,
        *,
        start: Start | None = None,
        on_event: Callable[[RequestEvent], None] | None = None,
        policy: Policy | None = None,
        timing: Timing | None = None,
        schema_prompt: str | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.spending = Spending()
        self._endpoint = endpoint
        self._cache = cache
        self._on_event = on_event
        self._settings = SendSettings(
            start=start, policy=policy, timing=timing, schema_prompt=schema_prompt, budget=budget
        )
        self._store = StoreQueue(cache) if cache is not None else None
        self._in_flight: dict[str, _InFlight] = {}
        self._fatal: ConfigurationError | None = None
        self._sender: Sender | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections when everything bought was stored; the cache belongs to the caller."""
        if self._sender is not None:
            await self._sender.close()
            self._sender = None
        if self._store is not None:
            await self._store.close()

    @property
    def info(self) -> EngineInfo:
        """What is known of the model."""
        return self._endpoint.info

    @property
    def parallel(self) -> int:
        """How many calls may usefully be under way at once."""
        return self._endpoint.parallel

    @property
    def load(self) -> tuple[int, int]:
        """Requests under way, and how many the server is given at once now."""
        gate = self._sender.admission if self._sender else None
        return (gate.under_way, gate.limit) if gate else (0, self._endpoint.parallel)

    @property
    def down(self) -> bool:
        """Whether the endpoint was given up: no request of this client has any use."""
        return bool(self._sender and self._sender.admission.down)

    def count_tokens(self, text: str) -> int:
        """Tokens to plan with: an upper bound, the same in every run (see token_count.py)."""
        return planned_tokens(text)

    async def ask(self, request: Request[AnswerModel]) -> Answer[AnswerModel]:
        """The answer: complete, parsed, checked against the schema; from the cache if it was bought before.

        Raises RefusedAnswer, TruncatedAnswer, MalformedAnswer or AnswerError for this request alone;
        ConfigurationError (from then on for every request) or ProviderDownError for the run.
        """
        key = cache_key(self._endpoint.identity, request)
        answer = await self._cached(key, request)
        if answer is not None:
            return answer
        if self._fatal is not None:
            raise self._fatal
        async with self._share(key) as flight:
            first = flight.stored is None
            if first:
                flight.stored = await self._send(key, request, flight)
            assert flight.stored is not None
            return _answer(request, flight.stored, cached=not first)

    async def recall(self, key: str) -> str | None:
        """What was kept under a key that is no request's; None if nothing was."""
        if self._cache is None or self._store is None or self._cache.mode == "refresh":
            return None
        await self._store.quiet()
        stored = self._cache.get(key)
        return stored.text if stored else None

    async def remember(self, key: str, text: str) -> None:
        """Keeps what was worked out from answers beside them."""
        await self._keep(key, "remember", Stored(text, Usage()))

    async def _cached(self, key: str, request: Request[AnswerModel]) -> Answer[AnswerModel] | None:
        if self._cache is None or self._store is None or self._cache.mode == "refresh":
            return None
        await self._store.quiet()
        stored = self._cache.get(key)
        self.spending.poisoned = self._cache.poisoned
        try:
            answer = _answer(request, stored, cached=True) if stored else None
        except MalformedAnswer:  # written by someone who could compute our digest, or by an older check
            self._cache.poisoned += 1
            self.spending.poisoned = self._cache.poisoned
            answer = None
        if answer is not None:
            self.spending.cached += 1
            self._tell(request.task, "cached")
        elif self._cache.mode == "only":
            raise CacheError(
                f"The answer to {request.task!r} is not in the cache, and nothing may be sent (--cache-only). "
                "Run once without it."
            )
        return answer

    @asynccontextmanager
    async def _share(self, key: str) -> AsyncIterator[_InFlight]:
        flight = self._in_flight.setdefault(key, _InFlight())
        flight.callers += 1
        try:
            async with flight.lock:
                if flight.error is not None:
                    raise flight.error
                yield flight
        finally:
            flight.callers -= 1
            if not flight.callers:
                self._in_flight.pop(key, None)

    async def _send(self, key: str, request: Request[Any], flight: _InFlight) -> Stored:
        try:
            if self._fatal is not None:
                raise self._fatal
            stored = await self._open().send(request)
        except PresseschauError as error:
            flight.error = error
            if isinstance(error, ConfigurationError):
                self._fatal = error
            self._tell(request.task, "failed", detail=str(error))
            raise
        await self._keep(key, request.task, stored)
        return stored

    def _open(self) -> Sender:
        if self._sender is None:
            from presseschau.llm.sending import Sender

            if self._cache is not None:
                self._cache.check_writable()
            self._sender = Sender(self._endpoint, self._store, self.spending, self._tell, self._settings)
        return self._sender

    async def _keep(self, key: str, task: str, stored: Stored) -> None:
        """Stores a paid answer; if that fails the answer is used all the same, and the user told."""
        if self._store is None:
            return
        try:
            await self._store.put(key, stored)
        except CacheError as error:
            self.spending.unsaved += 1
            self._tell(task, "not_stored", detail=str(error))

    def _tell(self, task: str, state: State, elapsed: float = 0.0, wait: float = 0.0, detail: str = "") -> None:
        if self._on_event is not None:
            self._on_event(RequestEvent(task, state, elapsed, wait, detail))


def _answer(request: Request[AnswerModel], stored: Stored, *, cached: bool) -> Answer[AnswerModel]:
    return Answer(parse(stored.text, request.answer), stored.text, stored.usage, cached)
