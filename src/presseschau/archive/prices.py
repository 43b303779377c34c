"""What a model costs, from the table that genai-prices carries (offline, dated by its version)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from presseschau.errors import ConfigurationError
from presseschau.llm.endpoint import LOOPBACK
from presseschau.llm.spending import Budget, Price
from presseschau.models import Provenance

if TYPE_CHECKING:
    from presseschau.llm.engine import Choice
    from presseschau.llm.purchases import PurchaseStore, SpentRow

_SMALL = 1_000  # tokens: asked for with so few, prices are those below any long-context surcharge


BATCH_SHARE = 0.5
"""Of the list price that a batch costs: OpenAI's and Azure's documentation, November 2026. genai-prices 0.2.3 has no
prices for batches."""


@dataclass(frozen=True)
class Limits:
    """What a run may use, over all its invocations. `price`: US dollars a million tokens read and written, for a
    model that is not in the price table; `reader_price` for a second reader."""

    max_tokens: int | None = None
    max_cost: float | None = None
    price: tuple[float, float] | None = None
    reader_price: tuple[float, float] | None = None

    def budget(
        self, choice: Choice, used: tuple[int, float] = (0, 0.0), *, batch: bool = False, batch_reader: bool = False
    ) -> Budget:
        """What they allow, of which `used` tokens and US dollars are gone. Raises ConfigurationError if a limit in
        money has no price."""
        price = price_of(choice, self.price, batch=batch)
        reader = price_of(choice.reader, self.reader_price, batch=batch_reader) if choice.reader else None
        if self.max_cost is not None:
            price = price_needed(price, choice.endpoint.model)
            if choice.reader:
                price_needed(reader, choice.reader.endpoint.model, "--reader-price")
        return Budget(self.max_tokens, self.max_cost, price, tokens=used[0], cost=used[1], reader_price=reader)


def price_of(choice: Choice, given: tuple[float, float] | None = None, *, batch: bool = False) -> Price | None:
    """US dollars a million tokens: as given, nothing for the embedded model, else from the table; None if unknown.

    `batch`: what batches cost; a given price is taken as it is.
    """
    if given is not None:
        return Price(*given, source="given with --price")
    if choice.local is not None:
        return Price(0.0, 0.0, source="embedded: free")
    if choice.endpoint.loopback:
        return None  # nobody's list price
    return list_price(choice.endpoint.model, choice.endpoint.base_url, share=BATCH_SHARE if batch else 1.0)


def cost_of(made: Provenance) -> float | None:
    """US dollars that a result cost at list price, as its engine is named there; None if no price is known."""
    address, _, model = made.engine.partition(" ")
    if address.startswith("sha256:"):
        return 0.0
    if not model or urlsplit(address).hostname in LOOPBACK:
        return None
    price = list_price(model, address)
    return price.of(made.usage.prompt_tokens, made.usage.completion_tokens) if price else None


def list_price(model: str, base_url: str, *, share: float = 1.0) -> Price | None:
    """The price in the table; None for a model that is not there. `share`: of it, for a batch."""
    from genai_prices import Usage, calc_price

    try:
        found = calc_price(Usage(input_tokens=_SMALL, output_tokens=_SMALL), model_ref=model, provider_api_url=base_url)
    except LookupError:
        return None
    per_million = 1_000_000 / _SMALL * share
    part = f", {share:.0%} of it for a batch" if share != 1 else ""
    return Price(
        float(found.input_price) * per_million,
        float(found.output_price) * per_million,
        source=f"genai-prices {version('genai-prices')} ({found.provider.id}/{found.model.id}){part}",
    )


class DayCost(NamedTuple):
    """What one model took on one day, over all runs. `assumed` and `possible` are the requests of which only the most
    that they can have cost is known, since the server does not say, or since they may have been billed without an
    answer. `cost`: US dollars, None without a price; `listed`: it is that of today's table, for lack of another."""

    day: str
    model: str
    host: str
    requests: int
    prompt_tokens: int
    completion_tokens: int
    assumed: int
    possible: int
    cost: float | None
    listed: bool


def cost_by_day(file: PurchaseStore, since: str = "") -> list[DayCost]:
    """From this day (YYYY-MM-DD) on, by day and model."""
    groups: dict[tuple[str, str, str], list[SpentRow]] = {}
    for row in file.since(since):
        groups.setdefault((row.day, row.model, row.host), []).append(row)
    return [_day_cost(rows) for rows in groups.values()]


def _day_cost(rows: Sequence[SpentRow]) -> DayCost:
    from presseschau.llm.purchases import Amount

    first, whole = rows[0], sum((row.amount for row in rows), Amount())
    bare = sum((row.amount for row in rows if not row.priced), Amount())
    price = _known_price(first.model, first.host) if bare.requests else None
    more = price.of(bare.prompt_tokens, bare.completion_tokens) if price else None
    cost = whole.cost + (more or 0.0) if more is not None or not bare.requests else None
    by = Counter({row.certainty: 0 for row in rows})
    for row in rows:
        by[row.certainty] += row.amount.requests
    return DayCost(
        first.day, first.model, first.host, whole.requests, whole.prompt_tokens, whole.completion_tokens,
        by["assumed"], by["possible"], cost, listed=bare.requests > 0 and price is not None,
    )  # fmt: skip


def _known_price(model: str, host: str) -> Price | None:
    if not host:
        return Price(0.0, 0.0, source="embedded: free")
    return list_price(model, host)


def price_needed(price: Price | None, model: str, option: str = "--price") -> Price:
    """The price. Raises ConfigurationError that says how to give one."""
    if price is None:
        raise ConfigurationError(
            f"The price of {model!r} at this endpoint is not known, so --max-cost cannot be kept. Give it with "
            f"{option} IN,OUT (US dollars per million tokens; 0,0 if it is free), or limit the run with --max-tokens."
        )
    return price
