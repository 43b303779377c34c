"""How far a run is: what a display shows and the manifest says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from presseschau.archive.row import State


@dataclass
class Progress:
    """Items by how they ended, in this run (`ended`) and in earlier ones (`earlier`); what is under way.

    `total` is the number of items, None while the input has not been read to its end. `started` and `now` are
    monotonic seconds; `tokens` and `cost` (US dollars, None without a price) are those of all invocations.
    """

    started: float
    now: float = 0.0
    ended: Counter[State] = field(default_factory=Counter)
    earlier: Counter[State] = field(default_factory=Counter)
    articles: int = 0
    under_way: int = 0
    limit: int = 0
    total: int | None = None
    requests: int = 0
    cached: int = 0
    tokens: int = 0
    cost: float | None = None
    note: str = ""

    @property
    def done(self) -> int:
        """Items that have ended, however and whenever."""
        return self.ended.total() + self.earlier.total()

    @property
    def per_minute(self) -> float:
        """Articles analysed a minute, in this run."""
        seconds = self.now - self.started
        return 60 * self.articles / seconds if seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Until the end at the speed so far; None if that cannot be told."""
        if self.total is None or not self.per_minute:
            return None
        return 60 * (self.total - self.done) / self.per_minute
