"""What a progress display is told: no text, no key, only what is going on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["cached", "asked", "retrying", "stepped_down", "answered", "failed", "not_stored"]


@dataclass(frozen=True)
class Event:
    """One moment in the life of a request.

    `elapsed`: seconds since it was first sent; `wait`: seconds until it is sent again (state "retrying"). `detail` is a
    sentence for the user: why it is tried again, which rung is next, why an answer could not be stored.
    """

    task: str
    state: State
    elapsed: float = 0.0
    wait: float = 0.0
    detail: str = ""
