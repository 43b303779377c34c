"""What a run has used so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from presseschau.models import Usage


@dataclass
class Spending:
    """Counted while a client works. `bought` is what servers reported for every answer, the unusable ones too.

    `possibly_billed`: requests that ended in a time-out or a broken connection after they were sent. `cached`: answers
    that were free. `poisoned`: cached rows that were not believed. `unsaved`: paid answers that could not be stored.
    """

    bought: Usage = field(default_factory=Usage)
    possibly_billed: int = 0
    retries: int = 0
    cached: int = 0
    poisoned: int = 0
    unsaved: int = 0
