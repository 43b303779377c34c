"""From what the user said (model, base URL, key) to a client ready to ask."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import SecretStr

from presseschau.errors import ConfigurationError, CredentialsError
from presseschau.llm.cache import CacheMode
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint, identity_at, normalise_url
from presseschau.llm.places import CachePlace, open_cache, open_purchases, wait_aloud
from presseschau.llm.spending import Price, RequestEvent, Spending

if TYPE_CHECKING:
    from presseschau.llm.local.store import LocalModel
    from presseschau.llm.pacing import Pacing
    from presseschau.llm.purchases import PurchaseStore
    from presseschau.llm.retry import Policy
    from presseschau.llm.shared_cache import Cache
from presseschau.llm.spending import Budget

OPENAI = "https://api.openai.com/v1"
LOCAL = "local:"
KEY, READER_KEY = "OPENAI_API_KEY", "PRESSESCHAU_READER_API_KEY"
"""The variables of the environment with the keys of the model and of the second reader."""
NO_KEY = "none"
"""In place of a key where nothing will be sent."""


@dataclass(frozen=True)
class Choice:
    """An engine that was chosen and not yet started: an endpoint, the embedded model behind it if there is one, and the
    second reader that holds its English against the German if one is wanted."""

    endpoint: Endpoint
    local: LocalModel | None = None
    reader: Choice | None = None


def choose(
    model: str | None = None,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    models: Path | None = None,
    same_model: str | None = None,
    reader: Choice | None = None,
) -> Choice:
    """The engine that these name, with a second `reader` that was chosen likewise. Sends nothing, loads nothing.

    No model: the embedded default, pinned or chosen by the user (`default_model`), even when a key is set, so that a
    confidential text is never sent anywhere by accident. `local:NAME` or `local:FILE.gguf`: embedded. Any other name
    goes to `base_url` (None: OpenAI, with the key in OPENAI_API_KEY unless `api_key` is given; no other server is sent
    that one).
    `same_model` is another base URL at which this very model was asked before: what it answered there is taken.
    Raises ConfigurationError for a base URL without a model, CredentialsError for OpenAI without a key, ModelError
    for an embedded model that is unknown or not there.
    """
    if model is None and base_url:
        from presseschau.llm.local.catalog import DEFAULT_MODEL

        raise ConfigurationError(
            f"A base URL is given ({base_url}) but no model. Say which with -m NAME, or -m local:{DEFAULT_MODEL} "
            "for the embedded one."
        )
    if same_model and (model is None or model.startswith(LOCAL)):
        raise ConfigurationError("An embedded model has no address: its answers are found wherever it runs.")
    if reader is not None and reader.endpoint.translates_only:
        raise ConfigurationError(
            f"{reader.endpoint.model} only translates: it cannot be a second reader. Name a larger model."
        )
    if model is None or model.startswith(LOCAL):
        return _embedded(model.removeprefix(LOCAL) if model else None, models, reader)
    if api_key is None and not base_url:
        api_key = os.environ.get("OPENAI_API_KEY")
    if not base_url and not api_key:
        raise CredentialsError(
            f"The model {model!r} would run at OpenAI, which needs a key: set OPENAI_API_KEY, give --api-key-file, "
            "name another endpoint with --base-url, or use an embedded model (-m local:NAME)."
        )
    formerly = (identity_at(same_model, model),) if same_model else ()
    key = SecretStr(api_key or "")
    return Choice(Endpoint(base_url=base_url or OPENAI, model=model, api_key=key, formerly=formerly), reader=reader)


def choose_reader(
    model: str, *, base_url: str | None = None, api_key: str | None = None, beside_url: str | None = None,
    beside_key: str | None = None, models: Path | None = None, sends: bool = True,
) -> Choice:  # fmt: skip
    """A second reader, at `base_url` or where the model beside it is asked (`beside_url`; None: OpenAI). That model's
    key goes to no other endpoint. Raises CredentialsError if it `sends` and has no key for OpenAI."""
    if model.startswith(LOCAL):
        return choose(model, models=models)
    url = base_url or beside_url
    key = api_key
    if not key and normalise_url(url or OPENAI) == normalise_url(beside_url or OPENAI):
        key = beside_key
    if not key and not url and sends:
        raise CredentialsError(
            f"The second reader {model!r} would run at OpenAI, which needs a key: give --reader-api-key-file, set "
            f"{READER_KEY}, or name its endpoint with --reader-base-url."
        )
    return choose(model, base_url=url, api_key=key or ("" if url else NO_KEY))


def key_of(file: Path | None, variable: str) -> str | None:
    """The key in a file, or else in a variable of the environment. Raises ConfigurationError if the file cannot be
    read."""
    if file is None:
        return os.environ.get(variable)
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"The key file {file} cannot be read.") from None


def _embedded(name: str | None, models: Path | None, reader: Choice | None) -> Choice:
    from presseschau.llm.local.store import chosen_model, default_model

    local = chosen_model(default_model(models).name if name is None else name, models)
    return Choice(embedded_endpoint(local), local, reader)


def embedded_endpoint(local: LocalModel) -> Endpoint:
    """How an embedded model is asked, before it is started: as its entry in the catalog says."""
    known = local.catalog
    sampling = dict(known.sampling) if known else {}
    as_sampled = f" {json.dumps(sampling, sort_keys=True)}" if sampling else ""
    return Endpoint(
        base_url="",
        model=f"{LOCAL}{local.name}",
        identity=f"sha256:{local.sha256}{as_sampled}",
        profile="embedded",
        context_tokens=local.context_tokens,
        parallel=1,
        english_first=True,
        translates_only=bool(known and known.purpose == "translates"),
        form=known.form if known else "",
        sampling={**sampling, **({"stop": list(known.stop)} if known and known.stop else {})},
        notice=local.notice,
        demonstration=bool(known and known.small_demo),
    )


@asynccontextmanager
async def open_engine(
    choice: Choice,
    *,
    cache: CachePlace | None = None,
    cache_mode: CacheMode = "normal",
    on_event: Callable[[RequestEvent], None] | None = None,
    schema_prompt: str | None = None,
    policy: Policy | None = None,
    budget: Budget | None = None,
    pacing: Pacing | None = None,
) -> AsyncIterator[Client]:
    """A client for the chosen engine; the embedded model is started by the first question not in the cache.

    `cache` None is without a cache; `schema_prompt` is the text that shows a schema to servers that cannot be bound to
    it (None: the packaged one); `policy` bounds the retries, `budget` the cost, `pacing` how fast anything is sent.
    What is bought is written down beside the cache (`presseschau cost`). Raises CacheError if the cache cannot be used.
    """
    with ExitStack() as stack:
        file = open_purchases(cache) if cache_mode != "only" else None
        async with open_engine_of_run(
            choice, cache=cache, cache_mode=cache_mode, on_event=on_event, schema_prompt=schema_prompt, policy=policy,
            budget=budget, purchases=stack.enter_context(file) if file else None, run="",
            pacing=pacing,
        ) as client:  # fmt: skip
            yield client


@asynccontextmanager
async def open_engine_of_run(
    choice: Choice, *, cache: CachePlace | None, cache_mode: CacheMode, on_event: Callable[[RequestEvent], None] | None,
    schema_prompt: str | None, policy: Policy | None, budget: Budget | None, purchases: PurchaseStore | None, run: str,
    pacing: Pacing | None = None,
) -> AsyncIterator[Client]:  # fmt: skip
    """As `open_engine`; what is bought is written to `purchases` under the name of a run."""
    store = open_cache(cache, cache_mode) if cache else None
    wait_aloud(store, purchases, on_event)
    settings = _Settings(store, on_event, schema_prompt, policy, budget, purchases, run, pacing)
    try:
        async with _opened(choice, settings, budget.price if budget else None) as client:
            if choice.reader is None:
                yield client
                return
            price = budget.reader_price if budget else None
            async with _opened(choice.reader, settings, price, client.spending) as reader:
                yield client.read_by(reader)
    finally:
        if store:
            store.close()


@asynccontextmanager
async def open_reader(
    choice: Choice, *, cache: CachePlace | None, cache_mode: CacheMode, schema_prompt: str | None,
    policy: Policy | None, budget: Budget, purchases: PurchaseStore | None, run: str, spending: Spending,
) -> AsyncIterator[Client]:  # fmt: skip
    """A client for a second reader alone, beside an engine that counts what is used in `spending`."""
    store = open_cache(cache, cache_mode) if cache else None
    settings = _Settings(store, None, schema_prompt, policy, budget, purchases, run)
    try:
        async with _opened(choice, settings, budget.reader_price, spending) as client:
            yield client
    finally:
        if store:
            store.close()


class _Settings(NamedTuple):
    """What all clients of a run share."""

    store: Cache | None
    on_event: Callable[[RequestEvent], None] | None
    schema_prompt: str | None
    policy: Policy | None
    budget: Budget | None
    purchases: PurchaseStore | None
    run: str
    pacing: Pacing | None = None


@asynccontextmanager
async def _opened(
    choice: Choice, settings: _Settings, price: Price | None, spending: Spending | None = None
) -> AsyncIterator[Client]:
    endpoint, file = choice.endpoint, settings.purchases
    bought = None
    if file:
        from presseschau.llm.purchases import Purchases

        bought = Purchases(file, endpoint.model, endpoint.base_url, settings.run, price)
    made = partial(
        Client, endpoint, settings.store, on_event=settings.on_event, schema_prompt=settings.schema_prompt,
        policy=settings.policy, budget=settings.budget, price=price, purchases=bought, spending=spending,
        pacing=settings.pacing,
    )  # fmt: skip
    try:
        if choice.local is None:
            async with made() as client:
                yield client
            return
        from presseschau.llm.local.server import LocalServer

        async with LocalServer(choice.local.verified_path, context_tokens=choice.local.context_tokens) as server:

            async def start() -> Endpoint:
                base_url, key = await server.address()
                return replace(
                    endpoint, base_url=base_url, api_key=SecretStr(key),
                    read_speed=server.speed.reads, write_speed=server.speed.writes,
                )  # fmt: skip

            async with made(start=start) as client:
                yield client
    finally:
        if bought:
            await bought.close()
