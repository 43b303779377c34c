"""One body to one endpoint until it is answered: let in, held back, sent, read, paid; and again as the policy allows.

reserve what it can cost ──▶ a place among those under way ──▶ POST ──▶ read ──▶ settle what it did cost
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from presseschau.errors import CacheError, ConfigurationError, ProviderDownError
from presseschau.llm.admission import Admission, given_up
from presseschau.llm.answers import SAID_AFTER
from presseschau.llm.endpoint import Endpoint, Start
from presseschau.llm.faults import Failure, Retryable, without_key
from presseschau.llm.ladder import Tried
from presseschau.llm.pacing import Pacing
from presseschau.llm.profiles import Profile
from presseschau.llm.purchases import Certainty, Purchases
from presseschau.llm.reply import Completion, ReadAnswer, Received, answer_in, read_completion
from presseschau.llm.retry import Policy, Timing, retrying
from presseschau.llm.spending import Budget, Price, Spending, Tell, charge
from presseschau.llm.token_count import PLANNED_RATIO, TokenEstimate
from presseschau.llm.transport import Transport
from presseschau.models import Request, Usage


@dataclass
class Call:
    """One request on its way: when it began, what it has used, in which forms it was refused, its last text."""

    key: str
    request: Request[Any]
    began: float
    usage: Usage = field(default_factory=Usage)
    tried: Tried = field(default_factory=Tried)
    text: str = ""


@dataclass
class Pace:
    """How fast a server answers, as a share of the time that it is allowed: one that was always quick and then says
    nothing is not waited for as long as one that nobody knows."""

    answers: int = 0
    slowest: float = 0.0

    def deadline(self, endpoint: Endpoint, prompt_tokens: int, max_tokens: int) -> float:
        """Seconds that a whole call may take."""
        most = endpoint.deadline(prompt_tokens, max_tokens)
        if self.answers < _KNOWN_AFTER or endpoint.profile == "embedded":
            return most
        return min(most, max(_LEAST_DEADLINE, _TIMES_SLOWER * self.slowest * (most - endpoint.grace)))

    def learn(self, seconds: float, endpoint: Endpoint, prompt_tokens: int, max_tokens: int) -> None:
        """Takes in an answer that came, or a deadline that was missed: then the next one is longer."""
        self.answers += 1
        promised = max(1e-9, endpoint.deadline(prompt_tokens, max_tokens) - endpoint.grace)
        self.slowest = max(self.slowest, seconds / promised)


_KNOWN_AFTER = 8
_TIMES_SLOWER = 6.0
_LEAST_DEADLINE = 30.0


class Attempts:
    """The way to one endpoint, shared by all requests to it. `budget`: what may be spent, at `price` if that is not the
    usual one; `purchases`: where it is written down; `pacing`: how fast anything may be sent."""

    def __init__(
        self, endpoint: Endpoint, profile: Profile, start: Start | None, *, policy: Policy, timing: Timing,
        budget: Budget | None, price: Price | None, purchases: Purchases | None, spending: Spending, tell: Tell,
        pacing: Pacing | None = None,
    ) -> None:  # fmt: skip
        self.admission = Admission(endpoint.parallel, endpoint.most_parallel, policy, timing)
        self._endpoint = endpoint
        self._profile = profile
        self._start = start
        self._policy = policy
        self._timing = timing
        self._budget = budget
        self._price = price
        self._purchases = purchases
        self._pacing = pacing
        self._spending = spending
        self._tell = tell
        self._estimate = TokenEstimate()
        self._pace = Pace()
        self._opening = asyncio.Lock()
        self._transport: Transport | None = None
        self._fatal: ConfigurationError | None = None

    async def close(self) -> None:
        if self._transport is not None:
            await self._transport.close()
            self._transport = None

    async def until_answered(self, call: Call, body: Mapping[str, Any], cap: int) -> ReadAnswer:
        """The answer to `body`, in which it may have `cap` tokens, after as many tries as the policy allows.

        Raises the failures that `Client.ask` names, and Unsupported for a body that must be put in another form.
        """

        def on_wait(fault: Retryable, wait: float) -> None:
            self._spending.retries += 1
            self._tell(call.request.task, "retrying", self._timing.clock() - call.began, wait, str(fault))

        first: list[Retryable] = []

        async def once() -> ReadAnswer:
            if first:
                raise first.pop()
            return await self._try(call, body, cap)

        began = self._timing.clock()
        try:
            return await once()  # tenacity's loop costs CPU that only a second try is worth
        except Retryable as fault:
            first.append(fault)
        try:
            return await retrying(self._policy, self._timing, on_wait, began=began)(once)
        except Retryable as fault:
            raise ProviderDownError(given_up(fault)) from None

    async def _try(self, call: Call, body: Mapping[str, Any], cap: int) -> ReadAnswer:
        characters = sum(len(message["content"]) for message in body["messages"])
        prompt = ceil((characters + len(str(body.get("response_format", "")))) / PLANNED_RATIO)
        bill = _Bill(Usage(prompt_tokens=prompt, completion_tokens=cap * body.get("n", 1), requests=1))
        async with self.admission.slot() as ticket:
            if self._fatal is not None:  # found while this one waited for its place
                raise self._fatal
            transport = await self._open()
            if self._pacing is not None:
                await self._pacing.turn(prompt + cap)
            held = await self._hold(call, bill.most)  # not before it has its place: what is held may be sent any moment
            try:
                result = await self._post(call, body, bill, transport, int(characters / self._estimate.ratio), cap)
            finally:
                self._settle(call, held, bill)
            if isinstance(result, Retryable):
                self.admission.bad(ticket, result)
            else:
                self.admission.good(ticket, bill.pause)
        if isinstance(result, ReadAnswer):
            return result
        if isinstance(result, Retryable) and result.lost:
            await self._lost(transport)
        failure = without_key(result, self._endpoint.api_key.get_secret_value())
        if isinstance(failure, ConfigurationError):
            self._fatal = failure
        raise failure

    async def _post(
        self, call: Call, body: Mapping[str, Any], bill: _Bill, transport: Transport, prompt: int, cap: int
    ) -> ReadAnswer | Failure:
        """What one request brought; what it cost is entered in the bill."""
        await self.admission.unpaused()  # reserving may have taken its time
        deadline, loop = self._pace.deadline(self._endpoint, prompt, cap), asyncio.get_running_loop()
        silent = f"the server has not answered for {SAID_AFTER:.0f} s; it is given {deadline:.0f} s"
        say = loop.call_later(SAID_AFTER, self._tell, call.request.task, "waiting", SAID_AFTER, 0.0, silent)
        if self._start is not None:  # an engine of ours is slow, as everybody is told beforehand
            say.cancel()
        began = loop.time()
        bill.sent = True
        try:
            received = await transport.post(body, deadline)
        finally:
            say.cancel()
        result = read_completion(received) if isinstance(received, Received) else received
        if isinstance(received, Received):
            bill.pause = received.pause
        if not isinstance(result, Completion):
            bill.lost = isinstance(result, Retryable) and result.billed
            if isinstance(result, Retryable) and result.overloaded and bill.lost:
                self._pace.learn(loop.time() - began, self._endpoint, prompt, cap)
            return result
        bill.answered, bill.used, bill.lost = True, result.usage, False
        self._pace.learn(loop.time() - began, self._endpoint, prompt, cap)
        call.text = result.text
        return answer_in(
            result, call.request, messages=[message["content"] for message in body["messages"]],
            endpoint=self._endpoint, profile=self._profile, estimate=self._estimate,
        )  # fmt: skip

    async def _hold(self, call: Call, most: Usage) -> _Held:
        """Holds back the most that a request can cost, in the budget and on the disk. Raises BudgetReachedError."""
        in_budget = on_disk = None
        if self._budget:
            in_budget = await self._budget.reserve(most.prompt_tokens, most.completion_tokens, self._price)
        if self._purchases is not None:
            try:
                on_disk = await self._purchases.hold(call.key, most)
            except CacheError as error:
                if self._budget and in_budget and self._budget.limited:  # it could be spent once more after a kill
                    self._budget.settle(in_budget, 0, 0)
                    raise
                self._tell(call.request.task, "not_stored", detail=str(error))
            except BaseException:
                if self._budget and in_budget:
                    self._budget.settle(in_budget, 0, 0)
                raise
        return _Held(in_budget, on_disk)

    def _settle(self, call: Call, held: _Held, bill: _Bill) -> None:
        used, certainty = bill.amount
        if certainty == "possible" and self._start is not None:  # an engine of ours bills nothing
            used, certainty = Usage(requests=1), "known"
        known = used if certainty == "known" else Usage(requests=1)
        call.usage += known
        lost = certainty == "possible"
        charge(self._spending, known, possibly_billed=lost, unknown=used if certainty == "assumed" else None)
        if self._budget and held.in_budget:
            self._budget.settle(held.in_budget, used.prompt_tokens, used.completion_tokens, self._price)
        if self._purchases is not None and held.on_disk is not None:
            self._purchases.settle(held.on_disk, used, certainty)

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


@dataclass(frozen=True)
class _Held:
    """What is held back for one request: in the budget, and the number under which it is on the disk."""

    in_budget: tuple[int, float] | None
    on_disk: int | None


@dataclass
class _Bill:
    """What one request cost. `lost`: it may have been billed without an answer, as if we are cancelled meanwhile.
    `pause`: the seconds that the server's rate limit asks for."""

    most: Usage
    sent: bool = False
    lost: bool = True
    answered: bool = False
    used: Usage | None = None
    pause: float | None = None

    @property
    def amount(self) -> tuple[Usage, Certainty]:
        """What to count, and how sure that is."""
        if not self.sent:
            return Usage(), "known"
        if self.lost:
            return self.most, "possible"
        if self.answered and self.used is None:
            return self.most, "assumed"
        return self.used or Usage(requests=1), "known"
