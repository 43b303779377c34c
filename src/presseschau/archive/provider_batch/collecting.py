"""An engine that sends nothing: it answers from what was bought, and puts everything else into a wave.

A request whose answer is still to come fails with `StillToCome`; the pipeline takes that for an endpoint that is down,
goes on with the other parts of the article, and `Run` leaves the article to the next pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from presseschau.archive.provider_batch.ledger import Known, Ledger
from presseschau.archive.provider_batch.wave import Wave
from presseschau.errors import (
    AnswerError,
    CacheError,
    MalformedAnswer,
    ProviderDownError,
    RefusedAnswer,
    TruncatedAnswer,
)
from presseschau.llm import ladder
from presseschau.llm.acceptance import accepted
from presseschau.llm.batch.line import custom_id
from presseschau.llm.cache import AnswerCache, Stored, StoreQueue
from presseschau.llm.cache_key import cache_key
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.profiles import Profile
from presseschau.llm.reply import parse
from presseschau.llm.spending import Spending, charge, put_off
from presseschau.llm.token_count import TokenEstimate, planned_tokens
from presseschau.models import Answer, AnswerModel, EngineInfo, Request, Usage

MOST_TRIES = 3
"""Sendings of one request in one invocation: what expired or was lost is sent again."""

_CLASSES: dict[str, type[AnswerError]] = {
    kind.failure: kind for kind in (RefusedAnswer, TruncatedAnswer, MalformedAnswer)
}


class StillToCome(ProviderDownError):
    """The answer is not there yet."""

    failure = "still-to-come"


@dataclass
class Collecting:
    """Fills `wave` (None: a pass that adds nothing). `cache` None is without one; `reads` False: with --refresh."""

    endpoint: Endpoint
    profile: Profile
    ledger: Ledger
    cache: AnswerCache | None
    reads: bool
    schema_prompt: str | None
    first: bool = True
    wave: Wave | None = None
    spending: Spending = field(default_factory=Spending)
    down: bool = False
    load: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        self._store = StoreQueue(self.cache) if self.cache is not None else None
        self._estimate = TokenEstimate()

    async def close(self) -> None:
        if self._store is not None:
            await self._store.close()

    @property
    def info(self) -> EngineInfo:
        return self.endpoint.info

    def count_tokens(self, text: str) -> int:
        return planned_tokens(text)

    async def ask(self, request: Request[AnswerModel]) -> Answer[AnswerModel]:
        """The answer if it was bought before. Raises how it failed, or StillToCome."""
        key = cache_key(self.endpoint.identity, request)
        id = custom_id(key)
        known = self.ledger.known(id)
        if known is not None and known.state in ("answered", "stored") and known.text:
            return await self._bought(key, request, known)
        answer = await self._cached(key, request, ours=known is not None)
        if answer is not None:
            return answer
        if known is not None and known.state == "failed":
            charge(None, Usage(requests=known.sends))
            raise _CLASSES.get(known.kind, AnswerError)(known.text)
        if known is not None and known.state != "sent" and known.tries >= MOST_TRIES:
            charge(None, Usage(requests=known.sends))
            raise ProviderDownError(f"Sent {known.tries} times and not answered: {known.text or 'no reason given'}")
        if self.wave is not None and (known is None or known.state != "sent"):
            body = ladder.body(request, self.endpoint.model, self.profile, self.wave.shape, self.schema_prompt)
            self.wave.add(id, body, request.max_tokens + self.profile.headroom)
        put_off()
        raise StillToCome("The answer is still to come from a batch.")

    async def _bought(self, key: str, request: Request[AnswerModel], known: Known) -> Answer[AnswerModel]:
        usage = Usage(
            prompt_tokens=known.prompt_tokens, completion_tokens=known.completion_tokens, requests=known.sends
        )
        charge(None, usage)
        try:
            text = accepted(
                known.text, request, messages=[message.content for message in request.messages], seen=known.seen,
                rung=known.rung, endpoint=self.endpoint, profile=self.profile, estimate=self._estimate,
            )  # fmt: skip
        except AnswerError as error:
            self.ledger.mark(custom_id(key), "failed", error.failure, str(error))
            raise
        if known.state == "answered" and self._store is not None:
            try:
                await self._store.put(key, Stored(text, usage))
                self.ledger.mark(custom_id(key), "stored")
            except CacheError:
                self.spending.unsaved += 1
        return Answer(parse(text, request.answer), text, usage, cached=False)

    async def _cached(self, key: str, request: Request[AnswerModel], *, ours: bool) -> Answer[AnswerModel] | None:
        if self._store is None or not self.reads:
            return None
        await self._store.quiet()
        stored = self._store.cache.get(key)
        try:
            answer = Answer(parse(stored.text, request.answer), stored.text, stored.usage, True) if stored else None
        except MalformedAnswer:  # written by an older check, or by someone who could compute our digest
            return None
        if answer is not None and self.first and not ours:
            self.spending.cached += 1
        return answer
