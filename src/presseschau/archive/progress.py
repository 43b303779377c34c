"""How far a run is: what a display shows and the manifest says."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from presseschau.archive.row import State
from presseschau.ingest.document import ReadOptions
from presseschau.ingest.sources import is_web_address, iter_documents


@dataclass
class Progress:
    """Items by how they ended, in this run (`ended`) and in earlier ones (`earlier`); what is under way.

    `total` is the number of items, None while the input has not been read to its end; `expected` what a count ahead of
    the run found, None until it has counted all. `started` and `now` are monotonic seconds; `tokens` and `cost` (US
    dollars, None without a price) are those of all invocations.
    """

    started: float
    now: float = 0.0
    ended: Counter[State] = field(default_factory=Counter)
    earlier: Counter[State] = field(default_factory=Counter)
    articles: int = 0
    under_way: int = 0
    limit: int = 0
    total: int | None = None
    expected: int | None = None
    requests: int = 0
    cached: int = 0
    tokens: int = 0
    cost: float | None = None
    note: str = ""

    def again(self) -> None:
        """Another pass over the same items begins."""
        self.ended.clear()
        self.earlier.clear()
        self.total = None

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
        items = self.items
        return 60 * (items - self.done) / self.per_minute if items is not None and self.per_minute else None

    @property
    def items(self) -> int | None:
        """The number of items, as far as it is known."""
        return self.total if self.total is not None else self.expected


def count_items(sources: Sequence[str], options: ReadOptions, progress: Progress, ended: threading.Event) -> None:
    """Counts the items of the input, for the time left; not where reading twice is impossible or costs others."""
    if any(source == "-" or is_web_address(source) for source in sources):
        return
    count = 0
    try:
        for _ in iter_documents(sources, options=options):
            count += 1
            if ended.is_set():
                return
    except Exception:  # noqa: BLE001 - the run itself reads the same and says what is wrong
        return
    progress.expected = count
