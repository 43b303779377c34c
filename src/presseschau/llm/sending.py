"""Sending a request: in a form that the server takes, stepping down until it does. Everything that happens when the
answer is not in the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from presseschau.errors import MalformedAnswer
from presseschau.llm.answers import Answers
from presseschau.llm.attempts import Attempts, Call
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.faults import Unsupported
from presseschau.llm.ladder import Ladder, request_body
from presseschau.llm.profiles import SchemaMode, profile_of
from presseschau.llm.retry import Policy, Timing
from presseschau.llm.spending import Spending, Tell
from presseschau.models import Answer, AnswerModel, Request, Usage

if TYPE_CHECKING:
    from presseschau.llm.client import SendSettings


class Sender:
    """Sends requests to one endpoint. Knows how requests must be put for it, and remembers that in the cache."""

    def __init__(
        self, endpoint: Endpoint, answers: Answers, spending: Spending, tell: Tell, settings: SendSettings
    ) -> None:
        self._timing = settings.timing or Timing()
        self._endpoint = endpoint
        self._answers = answers
        self._tell = tell
        self._schema_prompt = settings.schema_prompt
        self._profile = profile_of(endpoint)
        self._engine = f"{endpoint.identity} {self._profile.name}"
        self._ladder = Ladder(self._profile, answers.cache.verdict(self._engine) if answers.cache else None)
        self._attempts = Attempts(
            endpoint, self._profile, settings.start, policy=settings.policy or Policy(), timing=self._timing,
            budget=settings.budget, price=settings.price, purchases=settings.purchases, spending=spending,
            tell=tell, pacing=settings.pacing,
        )  # fmt: skip
        self.admission = self._attempts.admission
        self.close = self._attempts.close
        if endpoint.tells_key:
            tell("", "noted", detail=f"{endpoint.base_url} is not encrypted: on its way anybody can read the key")

    @property
    def schema_mode(self) -> SchemaMode:
        """How answers are bound to a schema now."""
        return self._ladder.form.schema_mode

    async def send(self, key: str, request: Request[AnswerModel]) -> Answer[AnswerModel]:
        """A complete answer that fits the schema. Raises the failures that `Client.ask` names."""
        call = Call(key, request, self._timing.clock())
        self._tell(request.task, "asked")
        while True:
            form, cap = self._ladder.form, call.tried.cap or request.max_tokens + self._profile.headroom
            body = request_body(request, self._endpoint.model, self._profile, form, self._schema_prompt, cap)
            if request.n > 1 and self._profile.several:
                body["n"] = request.n
            try:
                reading = await self._attempts.until_answered(call, body, cap)
                break
            except Unsupported as refusal:
                said = self._ladder.refused(call.tried, form, refusal, body)
                if said is None:
                    raise refusal.failure from None
            except MalformedAnswer:
                said = self._ladder.unfit(call.tried, form, request, call.text)
                if said is None:
                    raise
            if said:
                self._tell(request.task, "stepped_down", self._timing.clock() - call.began, detail=said)
        for note in reading.notes:
            self._tell(request.task, "noted", detail=note)
        if self._ladder.prove(form):
            await self._answers.remember_form(self._engine, form.dumps())
        self._tell(request.task, "answered", self._timing.clock() - call.began)
        more = tuple(
            Answer(one.value, one.text, Usage(), cached=False, notes=one.notes, sure=one.sure) for one in reading.more
        )
        return Answer(
            reading.value, reading.text, call.usage, cached=False, notes=reading.notes, more=more, sure=reading.sure
        )
