"""A wave on its way: requests into shards, result files into the ledger, and the engine that answers from both.

Each request gets one result, whatever the order, repeats and gaps of the files. The engine sends nothing: it answers
from what was bought, and puts everything else into the wave. A request whose answer is still to come fails with
`PendingAnswer`; the pipeline takes that for an endpoint that is down, goes on with the other parts of the article, and
`Run` leaves the article to the next pass.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

from presseschau.archive.provider_batch.ledger import UNSUPPORTED, Ledger, LedgerRow, Outcome
from presseschau.errors import (
    AnswerError,
    CacheError,
    ConfigurationError,
    MalformedAnswer,
    OutputError,
    PresseschauError,
    ProviderDownError,
    RefusedAnswer,
    TruncatedAnswer,
)
from presseschau.llm.batch.files import Result, ShardLimit, ShardWriter, custom_id, read_result, request_line
from presseschau.llm.cache import Stored, StoreQueue, cache_key
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.faults import Retryable, Unsupported
from presseschau.llm.ladder import RequestFormat, request_body
from presseschau.llm.profiles import Profile, SchemaMode
from presseschau.llm.reply import Completion, accepted
from presseschau.llm.shared_cache import Cache
from presseschau.llm.spending import Budget, Price, Spending, charge, put_off
from presseschau.llm.token_count import PLANNED_RATIO, TokenEstimate, planned_tokens
from presseschau.models import Answer, AnswerModel, EngineInfo, Request, Usage

QUEUE = "queue_tokens"
"""The ledger's fact: prompt tokens that the provider lets be under way at once, as far as it has said so."""


class Wave:
    """What `add` takes is sent by `seal` and forgotten by `discard`. `cut`: something did not fit into the budget, in
    which what is sent counts as used, at this `price`."""

    def __init__(
        self, ledger: Ledger, form: RequestFormat, budget: Budget, price: Price | None, limit: ShardLimit
    ) -> None:
        self.form = form
        self.requests = 0
        self.cut = False
        self._ledger = ledger
        self._budget = budget
        self._price = price
        tokens = ledger.fact(QUEUE)
        self._writer = ShardWriter(
            self._file, ledger.next_shard(), ShardLimit(limit.requests, limit.bytes, tokens or limit.tokens)
        )

    def _file(self, number: int) -> Path:
        return self._ledger.folder / f"requests-{number}.jsonl"

    def add(self, id: str, body: Mapping[str, Any], cap: int) -> None:
        """Puts a request into the wave if the budget has room for the most that it can cost."""
        characters = sum(len(message["content"]) for message in body["messages"])
        prompt = ceil(characters / PLANNED_RATIO)
        most = ceil((characters + len(str(body.get("response_format", "")))) / PLANNED_RATIO)
        if not self._budget.has_room(most, cap, self._price):
            self.cut = True
            return
        self._budget.count(most, cap, self._price)
        self._ledger.sending(id, self._writer.add(request_line(id, body), prompt), most, cap)
        self.requests += 1

    def seal(self) -> None:
        """Enters the shards; to be called within the transaction in which the requests were found."""
        self._ledger.seal(self._writer.finish(), self.form.schema_mode, int(time.time()))

    def discard(self) -> None:
        self._writer.discard()


_LONGEST = 16 * 1024 * 1024
"""Bytes; a longer line is not a result."""


@dataclass
class ShardResult:
    """What the files of one shard held. `refused`: words of servers that do not take requests in this form;
    `fatal`: a reason why nothing else will work either."""

    entered: int = 0
    repeated: int = 0
    unreadable: int = 0
    refused: list[str] = field(default_factory=list)
    fatal: ConfigurationError | None = None


def reconcile(ledger: Ledger, shards: Iterable[tuple[int, SchemaMode]], files: Iterable[Path]) -> ShardResult:
    """Enters the results of these files for requests of these shards. Within the caller's transaction."""
    found = ShardResult()
    shards = list(shards)
    for file in files:
        for line in _lines(file):
            if not line.strip():
                continue
            result = read_result(line) if len(line) < _LONGEST else None
            if result is None:
                found.unreadable += 1
            elif any(ledger.enter(number, _outcome(result, found), mode) for number, mode in shards):
                found.entered += 1
            else:
                found.repeated += 1
    return found


def _outcome(result: Result, found: ShardResult) -> Outcome:
    failure, usage = result.failure, result.usage or Usage()
    made = partial(
        Outcome, result.custom_id, prompt_tokens=usage.prompt_tokens, completion_tokens=usage.completion_tokens,
        silent=result.usage is None,
    )  # fmt: skip
    if failure is None:
        assert result.completion is not None
        return made("answered", seen=result.completion.seen_tokens, text=result.completion.text)
    if isinstance(failure, Retryable):
        return made("open", lost=failure.billed and result.completion is None, text=str(failure))
    if isinstance(failure, Unsupported):
        found.refused.append(str(failure))
        return made("open", kind=UNSUPPORTED, text=str(failure.failure))
    if isinstance(failure, ConfigurationError):
        found.fatal = failure
        return made("open", counts=False, text=str(failure))
    return made("failed", kind=_kind(failure), text=str(failure))


def _kind(failure: PresseschauError) -> str:
    return failure.failure if isinstance(failure, AnswerError) else "failed"


def _lines(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as lines:
            yield from lines
    except OSError as error:
        raise OutputError(f"{file} cannot be read: {error.strerror or error}.") from None


MOST_TRIES = 3
"""Sendings of one request in one invocation: what expired or was lost is sent again."""


class LostError(ProviderDownError):
    """The provider lost the answer, which may have been paid: it is asked for again only with `--retry-failed`."""

    failure = "lost"


_CLASSES: dict[str, type[AnswerError] | type[LostError]] = {
    kind.failure: kind for kind in (RefusedAnswer, TruncatedAnswer, MalformedAnswer, LostError)
}


class PendingAnswer(ProviderDownError):
    """The answer is not there yet."""

    failure = "still-to-come"


@dataclass
class Collecting:
    """Fills `wave` (None: a pass that adds nothing). `cache` None is without one; `reads` False: with --refresh. The
    `reader` is asked at once, or in batches of its own."""

    endpoint: Endpoint
    profile: Profile
    ledger: Ledger
    cache: Cache | None
    reads: bool
    schema_prompt: str | None
    first: bool = True
    wave: Wave | None = None
    spending: Spending = field(default_factory=Spending)
    down: bool = False
    load: tuple[int, int] = (0, 0)
    reader: Client | Collecting | None = None

    def __post_init__(self) -> None:
        self._store = StoreQueue(self.cache, self.endpoint.formerly)
        self._estimate = TokenEstimate()

    async def close(self) -> None:
        await self._store.close()

    @property
    def info(self) -> EngineInfo:
        return replace(self.endpoint.info, reader=self.reader.info if self.reader else None)

    def count_tokens(self, text: str) -> int:
        return planned_tokens(text)

    async def ask(self, request: Request[AnswerModel]) -> Answer[AnswerModel]:
        """The answer if it was bought before. Raises how it failed, or PendingAnswer."""
        if request.reader and self.reader is not None:
            return await self.reader.ask(request)
        key = cache_key(self.endpoint.identity, request)
        id = custom_id(key)
        known = self.ledger.known(id)
        if known is not None and known.state in ("answered", "stored") and known.text:
            return await self._bought(key, request, known)
        answer = await self._cached(request, ours=known is not None)
        if answer is not None:
            return answer
        if known is not None and known.state == "failed":
            charge(None, Usage(requests=known.sends))
            raise _CLASSES.get(known.kind, AnswerError)(known.text)
        if known is not None and known.state != "sent" and known.tries >= MOST_TRIES:
            charge(None, Usage(requests=known.sends))
            raise ProviderDownError(f"Sent {known.tries} times and not answered: {known.text or 'no reason given'}")
        if self.wave is not None and (known is None or known.state != "sent"):
            bare = replace(request, probabilities=False)  # a batch's answer is kept as its text alone
            body = request_body(bare, self.endpoint.model, self.profile, self.wave.form, self.schema_prompt)
            self.wave.add(id, body, request.max_tokens + self.profile.headroom)
        put_off()
        raise PendingAnswer("The answer is still to come from a batch.")

    async def _bought(self, key: str, request: Request[AnswerModel], known: LedgerRow) -> Answer[AnswerModel]:
        usage = Usage(
            prompt_tokens=known.prompt_tokens, completion_tokens=known.completion_tokens, requests=known.sends
        )
        charge(None, usage)
        try:
            reading = accepted(
                Completion(known.text, None, "", "", None, known.seen), request,
                messages=[message.content for message in request.messages], endpoint=self.endpoint,
                profile=self.profile, estimate=self._estimate,
            )  # fmt: skip
        except AnswerError as error:
            self.ledger.mark(custom_id(key), "failed", error.failure, str(error))
            raise
        if known.state == "answered" and self.cache is not None:
            try:
                await self._store.put(key, Stored(reading.text, usage, reading.notes))
                self.ledger.mark(custom_id(key), "stored")
            except CacheError:
                self.spending.unsaved += 1
        return Answer(reading.value, reading.text, usage, cached=False, notes=reading.notes)

    async def _cached(self, request: Request[AnswerModel], *, ours: bool) -> Answer[AnswerModel] | None:
        if not self.reads:
            return None
        _, answer = await self._store.fitting(self.endpoint.identity, request)
        if answer is not None and self.first and not ours:
            self.spending.cached += 1
        return answer
