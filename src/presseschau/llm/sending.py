"""Sending a request: retry, step down, check. Everything that happens when the cache does not have the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any, Protocol

from presseschau.errors import CacheError, ConfigurationError, MalformedAnswer, ProviderDownError
from presseschau.llm.admission import Admission, given_up
from presseschau.llm.cache import Stored, StoreQueue
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.faults import Failure, Retryable, Unsupported, without_key
from presseschau.llm.ladder import RequestFormat, has_keys_of, next_format, request_body, showing_schema
from presseschau.llm.profiles import SchemaMode, profile_of
from presseschau.llm.reply import Completion, Received, accepted, check, read_completion
from presseschau.llm.retry import Policy, Timing, retrying
from presseschau.llm.spending import Spending, State, charge
from presseschau.llm.token_count import PLANNED_RATIO, TokenEstimate
from presseschau.llm.transport import Transport
from presseschau.llm.wire_json import strict_loads
from presseschau.models import Request, Usage

if TYPE_CHECKING:
    from presseschau.llm.client import SendSettings

_IGNORED_TWICE = 2
"""Answers in a row without the schema's keys, after which a server is taken to ignore schemas."""


class Tell(Protocol):
    def __call__(self, task: str, state: State, elapsed: float = 0.0, wait: float = 0.0, detail: str = "") -> None: ...


@dataclass
class _Call:
    """One request on its way: when it began, what it has used, and the shapes in which it was refused."""

    request: Request[Any]
    began: float
    usage: Usage = field(default_factory=Usage)
    refused: set[RequestFormat] = field(default_factory=set)


class Sender:
    """Sends requests to one endpoint. Knows how requests must be put for it, and remembers that in the cache."""

    def __init__(
        self, endpoint: Endpoint, store: StoreQueue | None, spending: Spending, tell: Tell, settings: SendSettings
    ) -> None:
        self._policy = settings.policy or Policy()
        self._timing = settings.timing or Timing()
        self.admission = Admission(endpoint.parallel, endpoint.most_parallel, self._policy, self._timing)
        self._endpoint = endpoint
        self._store = store
        self._spending = spending
        self._tell = tell
        self._start = settings.start
        self._schema_prompt = settings.schema_prompt
        self._budget = settings.budget
        self._profile = profile_of(endpoint)
        self._estimate = TokenEstimate()
        self._opening = asyncio.Lock()
        self._transport: Transport | None = None
        self._ignored = 0
        self._fatal: ConfigurationError | None = None
        verdict = store.cache.verdict(self._engine) if store is not None else None
        self._proven = RequestFormat.loads(verdict, self._profile) if verdict else RequestFormat.first(self._profile)
        self._form = self._proven

    @property
    def schema_mode(self) -> SchemaMode:
        """How answers are bound to a schema now."""
        return self._form.schema_mode

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

    async def send(self, request: Request[Any]) -> Stored:
        """A complete answer that fits the schema. Raises the failures that `Client.ask` names."""
        call = _Call(request, self._timing.clock())
        self._tell(request.task, "asked")
        while True:
            form = self._form
            body = request_body(request, self._endpoint.model, self._profile, form, self._schema_prompt)
            try:
                completion = await self._completion(call, body)
            except Unsupported as refusal:
                if not self._step(call, form, next_format(form, self._profile, str(refusal), body)):
                    self._form = self._proven  # not the form was refused but this request
                    raise refusal.failure from None
                continue
            try:
                stored = self._accept(call, completion, body, form)
            except MalformedAnswer:
                if not self._ignores_schemas(call, form, completion.text):
                    raise
                continue
            await self._prove(call, form)
            self._tell(request.task, "answered", self._elapsed(call))
            return stored

    async def _completion(self, call: _Call, body: Mapping[str, Any]) -> Completion:
        """A completion that ended as it should, after as many tries as the policy allows."""

        def on_wait(fault: Retryable, wait: float) -> None:
            self._spending.retries += 1
            self._tell(call.request.task, "retrying", self._elapsed(call), wait, str(fault))

        began = self._timing.clock()
        try:
            return await self._try(call, body)  # tenacity's loop costs CPU that only a second try is worth
        except Retryable as fault:
            first = [fault]

        async def again() -> Completion:
            if first:
                raise first.pop()
            return await self._try(call, body)

        try:
            return await retrying(self._policy, self._timing, on_wait, began=began)(again)
        except Retryable as fault:
            raise ProviderDownError(given_up(fault)) from None

    async def _try(self, call: _Call, body: Mapping[str, Any]) -> Completion:
        async with self.admission.slot() as ticket:
            if self._fatal is not None:  # found while this one waited for its place
                raise self._fatal
            transport = await self._open()
            result, pause = await self._post(call, body, transport)
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
        self, call: _Call, body: Mapping[str, Any], transport: Transport
    ) -> tuple[Completion | Failure, float | None]:
        """What one request brought, its cost counted, and the pause that the server's rate limit asks for."""
        characters = sum(len(message["content"]) for message in body["messages"])
        cap = call.request.max_tokens + self._profile.headroom
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
            call.usage += used
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

    def _accept(self, call: _Call, completion: Completion, body: Mapping[str, Any], form: RequestFormat) -> Stored:
        """The answer, if the prompt was read whole and the text fits the schema."""
        text = accepted(
            completion.text, call.request, messages=[message["content"] for message in body["messages"]],
            seen=completion.seen_tokens, schema_mode=form.schema_mode, endpoint=self._endpoint, profile=self._profile,
            estimate=self._estimate,
        )  # fmt: skip
        return Stored(text, call.usage)

    def _step(self, call: _Call, tried: RequestFormat, to: RequestFormat | None) -> bool:
        """Whether the request can be put in another form, in which it was not refused yet."""
        call.refused.add(tried)
        if self._form not in call.refused:  # a concurrent request was faster
            return True
        if to is None or to in call.refused:
            return False
        self._form = to
        self._ignored = 0
        self._tell(call.request.task, "stepped_down", self._elapsed(call), detail=_described(tried, to))
        return True

    async def _prove(self, call: _Call, form: RequestFormat) -> None:
        """Keeps a form that led to an answer, for this run and the next ones."""
        self._ignored = 0
        if form == self._proven:
            return
        self._proven = form
        if self._store is not None:
            try:
                await self._store.remember_verdict(self._engine, form.dumps())
            except CacheError as error:
                self._tell(call.request.task, "not_stored", detail=str(error))

    def _ignores_schemas(self, call: _Call, form: RequestFormat, text: str) -> bool:
        """Whether this server was now seen often enough to ignore schemas, and there is a mode that shows them."""
        try:
            shaped = has_keys_of(call.request.answer, strict_loads(text))
        except ValueError:
            shaped = False
        self._ignored = 0 if shaped else self._ignored + 1
        if form.schema_mode == "text" or self._ignored < _IGNORED_TWICE:
            return False
        return self._step(call, form, showing_schema(form, self._profile))

    def _elapsed(self, call: _Call) -> float:
        return self._timing.clock() - call.began


def _described(tried: RequestFormat, to: RequestFormat) -> str:
    if to.schema_mode != tried.schema_mode:
        return f"the server does not take answers bound by {tried.schema_mode!r}; trying {to.schema_mode!r}"
    if to.cap != tried.cap:
        return f"the server wants {to.cap} instead of {tried.cap}"
    return f"the server does not take {', '.join(sorted(to.left_out - tried.left_out))}; left out"
