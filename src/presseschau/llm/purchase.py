"""Buying an answer: send, retry, step down, check. Everything that happens when the cache does not have it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Protocol

from presseschau.errors import CacheError, ConfigurationError, MalformedAnswer, ProviderDownError
from presseschau.llm import ladder
from presseschau.llm.admission import Admission, given_up
from presseschau.llm.cache import Stored, StoreQueue
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.faults import Failure, Retryable, Unsupported, without_key
from presseschau.llm.ladder import Shape
from presseschau.llm.profiles import Rung, profile_of
from presseschau.llm.reply import Completion, Received, accepted, check, read_completion
from presseschau.llm.retry import Policy, Timing, retrying
from presseschau.llm.spending import Budget, Spending, State, charge
from presseschau.llm.token_count import PLANNED_RATIO, TokenEstimate
from presseschau.llm.transport import Transport
from presseschau.llm.wire_json import strict_loads
from presseschau.models import Request, Usage

_IGNORED_TWICE = 2
"""Answers in a row without the schema's keys, after which a server is taken to ignore schemas."""


class Tell(Protocol):
    def __call__(self, task: str, state: State, elapsed: float = 0.0, wait: float = 0.0, detail: str = "") -> None: ...


@dataclass
class _Sale:
    """One request on its way: when it began, what it has used, and the shapes in which it was refused."""

    request: Request[Any]
    began: float
    usage: Usage = field(default_factory=Usage)
    refused: set[Shape] = field(default_factory=set)


class Shop:
    """Buys answers from one endpoint. Knows how requests must be put for it, and remembers that in the cache."""

    def __init__(
        self, endpoint: Endpoint, store: StoreQueue | None, spending: Spending, estimate: TokenEstimate, tell: Tell,
        start: Callable[[], Awaitable[Endpoint]] | None, policy: Policy, timing: Timing, schema_prompt: str | None,
        budget: Budget | None,
    ) -> None:  # fmt: skip
        self.admission = Admission(endpoint.parallel, endpoint.most_parallel, policy, timing)
        self._endpoint = endpoint
        self._store = store
        self._budget = budget
        self._spending = spending
        self._tell = tell
        self._start = start
        self._policy = policy
        self._timing = timing
        self._schema_prompt = schema_prompt
        self._profile = profile_of(endpoint)
        self._estimate = estimate
        self._opening = asyncio.Lock()
        self._transport: Transport | None = None
        self._ignored = 0
        self._fatal: ConfigurationError | None = None
        verdict = store.cache.verdict(self._engine) if store is not None else None
        self._proven = Shape.loads(verdict, self._profile) if verdict else Shape.first(self._profile)
        self._shape = self._proven

    @property
    def rung(self) -> Rung:
        """The rung that requests are put on now."""
        return self._shape.rung

    @property
    def _engine(self) -> str:
        return f"{self._endpoint.identity} {self._profile.name}"

    @property
    def _key(self) -> str:
        return self._endpoint.api_key.get_secret_value()

    async def close(self) -> None:
        if self._transport is not None:
            await self._transport.close()
            self._transport = None

    async def buy(self, request: Request[Any]) -> Stored:
        """A complete answer that fits the schema. Raises the failures that `Client.ask` names."""
        sale = _Sale(request, self._timing.clock())
        self._tell(request.task, "asked")
        while True:
            shape = self._shape
            body = ladder.body(request, self._endpoint.model, self._profile, shape, self._schema_prompt)
            try:
                completion = await self._completion(sale, body)
            except Unsupported as refusal:
                if not self._step(sale, shape, ladder.step(shape, self._profile, str(refusal), body)):
                    self._shape = self._proven  # not the shape was refused but this request
                    raise refusal.failure from None
                continue
            try:
                stored = self._accept(sale, completion, body, shape)
            except MalformedAnswer:
                if not self._ignores_schemas(sale, shape, completion.text):
                    raise
                continue
            await self._prove(sale, shape)
            self._tell(request.task, "answered", self._elapsed(sale))
            return stored

    async def _completion(self, sale: _Sale, body: Mapping[str, Any]) -> Completion:
        """A completion that ended as it should, after as many tries as the policy allows."""

        def on_wait(fault: Retryable, wait: float) -> None:
            self._spending.retries += 1
            self._tell(sale.request.task, "retrying", self._elapsed(sale), wait, str(fault))

        began = self._timing.clock()
        try:
            return await self._try(sale, body)  # tenacity's loop costs CPU that only a second try is worth
        except Retryable as fault:
            first = [fault]

        async def again() -> Completion:
            if first:
                raise first.pop()
            return await self._try(sale, body)

        try:
            return await retrying(self._policy, self._timing, on_wait, began=began)(again)
        except Retryable as fault:
            raise ProviderDownError(given_up(fault)) from None

    async def _try(self, sale: _Sale, body: Mapping[str, Any]) -> Completion:
        async with self.admission.slot() as ticket:
            if self._fatal is not None:  # found while this one waited for its place
                raise self._fatal
            transport = await self._open()
            result, pause = await self._post(sale, body, transport)
            failure = check(result) if isinstance(result, Completion) else result
            if not isinstance(failure, Retryable):
                self.admission.good(ticket, pause)
            else:
                self.admission.bad(ticket, failure)
        if isinstance(failure, Retryable) and failure.lost:
            await self._lost(transport)
        if failure is not None:
            failure = without_key(failure, self._key)
            if isinstance(failure, ConfigurationError):
                self._fatal = failure
            raise failure
        assert isinstance(result, Completion)
        return result

    async def _post(
        self, sale: _Sale, body: Mapping[str, Any], transport: Transport
    ) -> tuple[Completion | Failure, float | None]:
        """What one request brought, its cost counted, and the pause that the server's rate limit asks for."""
        characters = sum(len(message["content"]) for message in body["messages"])
        cap = sale.request.max_tokens + self._profile.headroom
        deadline = self._endpoint.deadline(int(characters / self._estimate.ratio), cap)
        prompt = ceil((characters + len(str(body.get("response_format", "")))) / PLANNED_RATIO)
        most = Usage(prompt_tokens=prompt, completion_tokens=cap, requests=1)
        held = await self._budget.reserve(prompt, cap) if self._budget else None
        used, lost, silent = Usage(requests=1), True, False  # so it stays if we are cancelled while the server works
        try:
            await self.admission.unpaused()  # reserving may have taken its time
            received = await transport.post(body, deadline)
            result = read_completion(received) if isinstance(received, Received) else received
            if isinstance(result, Completion):
                used, silent = result.usage or used, result.usage is None
            lost = isinstance(result, Retryable) and result.billed
            return result, received.pause if isinstance(received, Received) else None
        finally:
            sale.usage += used
            charge(self._spending, used, possibly_billed=lost, unknown=most if silent else None)
            if self._budget and held:
                counted = most if lost or silent else used
                self._budget.settle(held, counted.prompt_tokens, counted.completion_tokens)

    async def _open(self) -> Transport:
        async with self._opening:
            if self._transport is None:
                if self._start is not None:
                    self._endpoint = await self._start()
                self._transport = Transport(self._endpoint)
            return self._transport

    async def _lost(self, transport: Transport) -> None:
        """Forgets a lost connection to an engine of ours, so that the next try starts it again."""
        async with self._opening:
            if self._start is not None and self._transport is transport:
                self._transport = None
                await transport.close()

    def _accept(self, sale: _Sale, completion: Completion, body: Mapping[str, Any], shape: Shape) -> Stored:
        """The answer, if the prompt was read whole and the text fits the schema."""
        text = accepted(
            completion.text, sale.request, messages=[message["content"] for message in body["messages"]],
            seen=completion.seen_tokens, rung=shape.rung, endpoint=self._endpoint, profile=self._profile,
            estimate=self._estimate,
        )  # fmt: skip
        return Stored(text, sale.usage)

    def _step(self, sale: _Sale, tried: Shape, to: Shape | None) -> bool:
        """Whether the request can be put in another shape, in which it was not refused yet."""
        sale.refused.add(tried)
        if self._shape not in sale.refused:  # a concurrent request was faster
            return True
        if to is None or to in sale.refused:
            return False
        self._shape = to
        self._ignored = 0
        self._tell(sale.request.task, "stepped_down", self._elapsed(sale), detail=_described(tried, to))
        return True

    async def _prove(self, sale: _Sale, shape: Shape) -> None:
        """Keeps a shape that led to an answer, for this run and the next ones."""
        self._ignored = 0
        if shape == self._proven:
            return
        self._proven = shape
        if self._store is not None:
            try:
                await self._store.remember_verdict(self._engine, shape.dumps())
            except CacheError as error:
                self._tell(sale.request.task, "not_stored", detail=str(error))

    def _ignores_schemas(self, sale: _Sale, shape: Shape, text: str) -> bool:
        """Whether this server was now seen often enough to ignore schemas, and there is a rung that shows them."""
        try:
            shaped = ladder.looks_like(sale.request.answer, strict_loads(text))
        except ValueError:
            shaped = False
        self._ignored = 0 if shaped else self._ignored + 1
        if shape.rung == "text" or self._ignored < _IGNORED_TWICE:
            return False
        return self._step(sale, shape, ladder.shown(shape, self._profile))

    def _elapsed(self, sale: _Sale) -> float:
        return self._timing.clock() - sale.began


def _described(tried: Shape, to: Shape) -> str:
    if to.rung != tried.rung:
        return f"the server does not take answers bound by {tried.rung!r}; trying {to.rung!r}"
    if to.cap != tried.cap:
        return f"the server wants {to.cap} instead of {tried.cap}"
    return f"the server does not take {', '.join(sorted(to.left_out - tried.left_out))}; left out"
