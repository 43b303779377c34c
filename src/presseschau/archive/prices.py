"""What a model costs, from the table that genai-prices carries (offline, dated by its version)."""

from __future__ import annotations

from importlib.metadata import version

from presseschau.errors import ConfigurationError
from presseschau.llm.engine import Choice
from presseschau.llm.spending import Price

_SMALL = 1_000  # tokens: asked for with so few, prices are those below any long-context surcharge


BATCH_SHARE = 0.5
"""Of the list price that a batch costs: OpenAI's and Azure's documentation, November 2026. genai-prices 0.2.3 has no
prices for batches."""


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
    from genai_prices import Usage, calc_price

    try:
        found = calc_price(
            Usage(input_tokens=_SMALL, output_tokens=_SMALL),
            model_ref=choice.endpoint.model,
            provider_api_url=choice.endpoint.base_url,
        )
    except LookupError:
        return None
    per_million = 1_000_000 / _SMALL * (BATCH_SHARE if batch else 1)
    half = ", half of it for a batch" if batch else ""
    return Price(
        float(found.input_price) * per_million,
        float(found.output_price) * per_million,
        source=f"genai-prices {version('genai-prices')} ({found.provider.id}/{found.model.id}){half}",
    )


def price_needed(price: Price | None, model: str) -> Price:
    """The price. Raises ConfigurationError that says how to give one."""
    if price is None:
        raise ConfigurationError(
            f"The price of {model!r} at this endpoint is not known, so --max-cost cannot be kept. Give it with "
            "--price IN,OUT (US dollars per million tokens; 0,0 if it is free), or limit the run with --max-tokens."
        )
    return price
