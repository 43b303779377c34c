"""What a run has used, over all its invocations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Spent:
    """Requests sent and tokens bought, failed attempts included. `usage_unknown`: answers that came without usable
    figures; their tokens are the most they can have had. `possibly_billed`: requests that ended in a time-out or a
    broken connection. `cached`: answers that were free. `cost` (US dollars) is None without a price; it counts what was
    possibly billed as if it had been, at the most it can have cost. `seconds` is working time."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    possibly_billed: int = 0
    cached: int = 0
    cost: float | None = None
    seconds: float = 0.0
    invocations: int = 0
    usage_unknown: int = 0

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Spent) -> Spent:
        mine, others = asdict(self), asdict(other)
        sums = {name: mine[name] + others[name] for name in mine if name != "cost"}
        known = [cost for cost in (self.cost, other.cost) if cost is not None]
        return Spent(**sums, cost=sum(known) if known else None)

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, stored: Mapping[str, Any] | None) -> Spent:
        names = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in (stored or {}).items() if name in names})
