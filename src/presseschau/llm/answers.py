"""Answers by key: what was bought before, whose turn it is to buy, and keeping what was bought.

    bought_before ──▶ turn: of those in this process that ask the same ──▶ lease: of all processes ──▶ stored, released

Who had to wait for another process looks again before buying: the answer is there now, or its buyer failed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic

from pydantic import ConfigDict, TypeAdapter, ValidationError

from presseschau.errors import CacheError, PresseschauError
from presseschau.llm.cache import Stored, StoreQueue, cache_key
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.profiles import profile_of
from presseschau.llm.spending import Spending, Tell
from presseschau.llm.sureness import texts
from presseschau.models import Answer, AnswerModel, Request, Sureness, Usage

if TYPE_CHECKING:
    from presseschau.llm.purchases import Purchases
    from presseschau.llm.shared_cache import Cache

_SURE = ":sure"
"""Behind the key of an answer: how sure the model was of its texts, in their order (null: not known)."""
KEPT = TypeAdapter(list[Sureness | None], config=ConfigDict(defer_build=True))
"""What is kept there; earlier versions kept mean and least alone."""
SAID_AFTER = 10.0
"""Seconds of waiting after which the user is told what for."""


@dataclass
class Turn(Generic[AnswerModel]):
    """The right to buy one answer, shared by all who ask the same at once: `answer` if somebody else was faster,
    `bought` when we were."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    callers: int = 0
    answer: Answer[AnswerModel] | None = None
    bought: Answer[AnswerModel] | None = None
    error: PresseschauError | None = None


class Answers:
    """The answers of one engine. `purchases` None: no other process is asked."""

    def __init__(
        self, endpoint: Endpoint, cache: Cache | None, purchases: Purchases | None, spending: Spending, tell: Tell
    ) -> None:
        self.cache = cache
        self._store = StoreQueue(cache, endpoint.formerly)
        self._identity = endpoint.identity
        self._tells = bool(profile_of(endpoint).probabilities)
        self._leases = purchases if cache is not None and cache.mode == "normal" else None
        self._spending = spending
        self._tell = tell
        self._turns: dict[str, Turn[Any]] = {}

    async def close(self) -> None:
        """Returns when everything bought was stored."""
        await self._store.close()

    async def bought_before(self, request: Request[AnswerModel]) -> tuple[str, Answer[AnswerModel] | None]:
        """The request's key, and the answer if there is one. Raises CacheError for a miss if nothing may be sent."""
        key, answer = await self._fitting(request)
        self._count(answer)
        if answer is not None:
            self._tell(request.task, "cached")
        elif self.cache is not None and self.cache.mode == "only":
            raise CacheError(
                f"The answer to {request.task!r} is not in the cache, and nothing may be sent (--cache-only). "
                "Run once without it."
            )
        return key, answer

    @asynccontextmanager
    async def turn(self, key: str, request: Request[AnswerModel]) -> AsyncIterator[Turn[AnswerModel]]:
        """Waits until it is our turn to buy an answer; what was `bought` is stored at its end. Raises what whoever had
        it before raised."""
        turn: Turn[AnswerModel] = self._turns.setdefault(key, Turn())
        turn.callers += 1
        try:
            async with turn.lock:
                if turn.error is not None:
                    raise turn.error
                ours = turn.answer is None and await self._ours(key, request, turn)
                try:
                    yield turn
                    if turn.answer is None and turn.bought is not None:
                        turn.answer = replace(turn.bought, cached=True)
                        stored = Stored(turn.bought.text, turn.bought.usage, turn.bought.notes)
                        await self._keep(key, request.task, stored)
                        await self._keep_sureness(key, turn.bought)
                        await self._keep_more(request, turn.bought)
                finally:
                    if ours and self._leases is not None:
                        self._leases.release(key)
        except PresseschauError as error:
            turn.error = error
            raise
        finally:
            turn.callers -= 1
            if not turn.callers:
                self._turns.pop(key, None)

    async def _keep_more(self, request: Request[AnswerModel], bought: Answer[AnswerModel]) -> None:
        """The further samples that came with an answer, each under the key of the request for it alone."""
        for i, one in enumerate(bought.more, 1):
            key = cache_key(self._identity, replace(request, sample=request.sample + i))
            await self._keep(key, request.task, Stored(one.text, one.usage, one.notes))
            await self._keep_sureness(key, one)

    async def _keep_sureness(self, key: str, bought: Answer[AnswerModel]) -> None:
        if bought.sure:
            await self.remember(key + _SURE, json.dumps([bought.sure.get(text) for text in texts(bought.text)]))

    async def _fitting(self, request: Request[AnswerModel]) -> tuple[str, Answer[AnswerModel] | None]:
        """The request's key and its stored answer, with how sure the model was if that was kept."""
        key, answer = await self._store.fitting(self._identity, request)
        if answer is None or not (request.probabilities and self._tells):
            return key, answer
        stored = await self._store.get(key + _SURE)
        try:
            kept = KEPT.validate_json(stored.text) if stored else []
        except ValidationError:
            kept = []
        sure = {text: one for text, one in zip(texts(answer.text), kept, strict=False) if one}
        return key, replace(answer, sure=sure)

    async def _ours(self, key: str, request: Request[AnswerModel], turn: Turn[AnswerModel]) -> bool:
        """Makes the key ours over all processes; or finds the answer that another one bought meanwhile."""
        if self._leases is None:
            return False
        looked, ours = self._leases.file.foreign, False  # `bought_before` has just looked
        with suppress(CacheError):  # what cannot be claimed can be bought all the same: only twice
            while not ours and turn.answer is None:
                ours = await self._leases.claim(key)
                if not ours:
                    await self._others(self._leases, key, request.task)
                if not ours or self._leases.file.foreign != looked:
                    try:
                        _, turn.answer = await self._fitting(request)
                    except BaseException:
                        self._leases.release(key)
                        raise
                    self._count(turn.answer)
        return ours

    async def _others(self, leases: Purchases, key: str, task: str) -> None:
        say = asyncio.get_running_loop().call_later(
            SAID_AFTER, self._tell, task, "waiting", SAID_AFTER, 0.0, "another run is buying the same answer"
        )
        try:
            await leases.wait(key)
        finally:
            say.cancel()

    def _count(self, answer: Answer[Any] | None) -> None:
        self._spending.cached += answer is not None
        self._spending.poisoned = self.cache.poisoned if self.cache is not None else 0

    async def recall(self, key: str) -> str | None:
        """What was kept under a key that is no request's; None if nothing was."""
        if self.cache is None or self.cache.mode == "refresh":
            return None
        stored = await self._store.get(key)
        return stored.text if stored else None

    async def remember(self, key: str, text: str) -> None:
        """Keeps what was worked out from answers beside them."""
        await self._keep(key, "remember", Stored(text, Usage()))

    async def remember_form(self, engine: str, form: str) -> None:
        """Keeps the form in which an engine takes requests, for the next runs."""
        try:
            await self._store.remember_verdict(engine, form)
        except CacheError as error:
            self._tell("", "not_stored", detail=str(error))

    async def _keep(self, key: str, task: str, stored: Stored) -> None:
        """Stores what was paid for; if that fails it is used all the same, and the user told."""
        try:
            await self._store.put(key, stored)
        except CacheError as error:
            self._spending.unsaved += 1
            self._tell(task, "not_stored", detail=str(error))
