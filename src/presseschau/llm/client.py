"""One request in, one complete and parsed answer out, or a typed failure.

A cached answer loads neither the SDK nor an HTTP client; the embedded engine is started by the first miss.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from presseschau.errors import ConfigurationError, PresseschauError
from presseschau.llm.answers import Answers
from presseschau.llm.endpoint import Endpoint, Start
from presseschau.llm.profiles import profile_of
from presseschau.llm.spending import RequestEvent, Spending, telling
from presseschau.llm.token_count import planned_tokens
from presseschau.models import Answer, AnswerModel, EngineInfo, Request

if TYPE_CHECKING:
    from presseschau.llm.pacing import Pacing
    from presseschau.llm.purchases import Purchases
    from presseschau.llm.retry import Policy, Timing
    from presseschau.llm.sending import Sender
    from presseschau.llm.shared_cache import Cache
    from presseschau.llm.spending import Budget, Price


class SendSettings(NamedTuple):
    """What a client hands on to whatever sends for it; None is the default of each."""

    start: Start | None
    policy: Policy | None
    timing: Timing | None
    schema_prompt: str | None
    budget: Budget | None
    price: Price | None
    purchases: Purchases | None
    pacing: Pacing | None


class Client:
    """Asks one model, and a second reader if there is one. An async context manager; safe for any number of concurrent
    calls in one event loop.

    `spending` is what was used so far. `on_event` hears what is going on. `policy` and `timing` bound and drive the
    retries. `schema_prompt` replaces the packaged text that shows the schema to servers that cannot be bound to it.
    `budget` is drawn on at `price` (None: the budget's own).
    """

    def __init__(
        self,
        endpoint: Endpoint,
        cache: Cache | None = None,
        *,
        start: Start | None = None,
        on_event: Callable[[RequestEvent], None] | None = None,
        policy: Policy | None = None,
        timing: Timing | None = None,
        schema_prompt: str | None = None,
        budget: Budget | None = None,
        price: Price | None = None,
        purchases: Purchases | None = None,
        spending: Spending | None = None,
        pacing: Pacing | None = None,
    ) -> None:
        self.spending = spending or Spending()
        self._endpoint = endpoint
        self._tell = telling(on_event)
        self._answers = Answers(endpoint, cache, purchases, self.spending, self._tell)
        self._settings = SendSettings(
            start=start, policy=policy, timing=timing, schema_prompt=schema_prompt, budget=budget, price=price,
            purchases=purchases, pacing=pacing,
        )  # fmt: skip
        self._fatal: ConfigurationError | None = None
        self._sender: Sender | None = None
        self._reader: Client | None = None

    def read_by(self, reader: Client) -> Self:
        """This client, with another one that is asked what is meant for a second reader; who opened it closes it."""
        self._reader = reader
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections when everything bought was stored; cache and purchases belong to the caller."""
        if self._sender is not None:
            await self._sender.close()
            self._sender = None
        await self._answers.close()

    async def written(self) -> None:
        """Returns when what was spent so far is written down."""
        if self._settings.purchases is not None:
            await self._settings.purchases.written()

    @property
    def info(self) -> EngineInfo:
        """What is known of the model."""
        tells = bool(profile_of(self._endpoint).probabilities)
        reader = self._reader.info if self._reader else None
        return replace(self._endpoint.info, probabilities=tells, reader=reader)

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
        return bool(self._sender and self._sender.admission.down) or (self._reader is not None and self._reader.down)

    @property
    def schema_mode(self) -> str:
        """How requests are put now so that answers fit a schema: strict, schema, object, text, or by a grammar."""
        from presseschau.llm.ladder import RequestFormat

        profile, cache = profile_of(self._endpoint), self._answers.cache
        verdict = cache.verdict(f"{self._endpoint.identity} {profile.name}") if cache else None
        form = RequestFormat.loads(verdict, profile) if verdict else RequestFormat.first(profile)
        mode = self._sender.schema_mode if self._sender else form.schema_mode
        return "grammar" if profile.compact and mode == "schema" else mode

    def count_tokens(self, text: str) -> int:
        """Tokens to plan with: an upper bound, the same in every run (see token_count.py)."""
        return planned_tokens(text)

    async def ask(self, request: Request[AnswerModel]) -> Answer[AnswerModel]:
        """The answer: complete, parsed, checked against the schema; from the cache if it was bought before.

        Raises RefusedAnswer, TruncatedAnswer, MalformedAnswer or AnswerError for this request alone;
        ConfigurationError (from then on for every request) or ProviderDownError for the run.
        """
        if request.reader and self._reader is not None:
            return await self._reader.ask(request)
        key, answer = await self._answers.bought_before(request)
        if answer is not None:
            return answer
        async with self._answers.turn(key, request) as turn:
            if turn.answer is not None:
                return turn.answer
            try:
                if self._fatal is not None:
                    raise self._fatal
                turn.bought = await self._open().send(key, request)
            except PresseschauError as error:
                if isinstance(error, ConfigurationError):
                    self._fatal = error
                self._tell(request.task, "failed", detail=str(error))
                raise
        return turn.bought

    async def recall(self, key: str) -> str | None:
        """What was kept under a key that is no request's; None if nothing was."""
        return await self._answers.recall(key)

    async def remember(self, key: str, text: str) -> None:
        """Keeps what was worked out from answers beside them."""
        await self._answers.remember(key, text)

    def _open(self) -> Sender:
        if self._sender is None:
            from presseschau.llm.sending import Sender

            if self._answers.cache is not None:
                self._answers.cache.check_writable()
            self._sender = Sender(self._endpoint, self._answers, self.spending, self._tell, self._settings)
        return self._sender
