"""What a run may use at most, in tokens and in money: nothing is sent that could go beyond it.

Each request reserves the most it can cost before it is sent and settles what it did cost afterwards. When what is
left would not cover the next request, that waits for those under way; if none is, the budget is reached.

Not every server keeps to the token cap. So a limited run begins with one request and has one more under way with each
that ends; and once one has cost more than was reserved, every reservation counts as many times over.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from presseschau.errors import BudgetReachedError


@dataclass(frozen=True)
class Price:
    """US dollars a million tokens, and where the figures come from."""

    prompt: float
    completion: float
    source: str

    def of(self, prompt_tokens: int, completion_tokens: int) -> float:
        """US dollars."""
        return (prompt_tokens * self.prompt + completion_tokens * self.completion) / 1e6


@dataclass
class Budget:
    """The limits (None: none), and what was used so far, earlier invocations of the same run included.

    `tokens` and `cost` count a request that may have been billed without an answer as if it had cost the most it can.
    `excess` is how many times over what was reserved a request has cost, at the most so far; never below 1.
    """

    max_tokens: int | None = None
    max_cost: float | None = None
    price: Price | None = None
    tokens: int = 0
    cost: float = 0.0
    reached: bool = False
    excess: float = 1.0
    _ended: int = 0
    _held: list[tuple[int, float]] = field(default_factory=list)
    _freed: asyncio.Event = field(default_factory=asyncio.Event)

    async def reserve(self, prompt_tokens: int, completion_tokens: int) -> tuple[int, float]:
        """Holds back what a request can cost at most. Raises BudgetReachedError if that is not left."""
        wanted = (prompt_tokens + completion_tokens, self._cost(prompt_tokens, completion_tokens))
        while not (fits := self._fits(wanted)) or (self._limited and len(self._held) > self._ended):
            if not fits and (not self._held or self.reached):
                self.reached = True
                raise BudgetReachedError(self._says())
            self._freed.clear()
            await self._freed.wait()
        self._held.append(wanted)
        return wanted

    def has_room(self, prompt_tokens: int, completion_tokens: int) -> bool:
        """Whether so many tokens on top of what was used and is held stay within the limits."""
        return self._fits((prompt_tokens + completion_tokens, self._cost(prompt_tokens, completion_tokens)))

    def settle(self, held: tuple[int, float], prompt_tokens: int, completion_tokens: int) -> None:
        """Gives back what was held and counts what was used."""
        self._held.remove(held)
        self._ended += 1
        used = (prompt_tokens + completion_tokens, self._cost(prompt_tokens, completion_tokens))
        if self.max_tokens is not None:
            self.excess = max(self.excess, used[0] / held[0])
        if self.max_cost is not None and held[1]:
            self.excess = max(self.excess, used[1] / held[1])
        self.tokens += used[0]
        self.cost += used[1]
        self._freed.set()

    @property
    def _limited(self) -> bool:
        return self.max_tokens is not None or self.max_cost is not None

    def _cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        return self.price.of(prompt_tokens, completion_tokens) if self.price else 0.0

    def _fits(self, wanted: tuple[int, float]) -> bool:
        tokens = self.tokens + self.excess * (sum(held[0] for held in self._held) + wanted[0])
        cost = self.cost + self.excess * (sum(held[1] for held in self._held) + wanted[1])
        within_tokens = self.max_tokens is None or tokens <= self.max_tokens
        return within_tokens and (self.max_cost is None or cost <= self.max_cost)

    def _says(self) -> str:
        limits = [f"{self.max_tokens:,} tokens"] if self.max_tokens is not None else []
        limits += [f"{self.max_cost:.2f} USD"] if self.max_cost is not None else []
        over = f"; one cost {self.excess:.1f} times the most it should" if self.excess > 1 else ""
        return (
            f"The next request could go beyond the limit of {' and '.join(limits)} ({self.tokens:,} tokens, "
            f"{self.cost:.4f} USD used{over}). What is done is kept; run the same command with a higher limit to "
            "continue."
        )
