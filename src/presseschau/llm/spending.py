"""What a run has used so far."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from presseschau.models import Usage


@dataclass
class Spending:
    """Counted while a client works. `bought` is what servers reported for every answer, the unusable ones too.

    `unknown`: answers that came without usable figures (its `requests`), and the most tokens they can have had, which
    `bought` lacks. `possibly_billed`: requests that ended in a time-out or a broken connection after they were
    sent. `cached`: answers that were free. `poisoned`: cached rows that were not believed. `unsaved`: paid answers that
    could not be stored. `put_off`: requests whose answers are still to come, from a batch.
    """

    bought: Usage = field(default_factory=Usage)
    possibly_billed: int = 0
    retries: int = 0
    cached: int = 0
    poisoned: int = 0
    unsaved: int = 0
    put_off: int = 0
    unknown: Usage = field(default_factory=Usage)

    @property
    def tokens(self) -> tuple[int, int]:
        """Read and written; of what is not known the most that it can be."""
        both = self.bought + self.unknown
        return both.prompt_tokens, both.completion_tokens


_account: ContextVar[Spending | None] = ContextVar("account", default=None)


@contextmanager
def account() -> Iterator[Spending]:
    """What is asked inside, by this task and those it starts, is counted here as well (`bought`, `possibly_billed`)."""
    spending = Spending()
    token = _account.set(spending)
    try:
        yield spending
    finally:
        _account.reset(token)


def put_off() -> None:
    """Counts a request whose answer is still to come, in the account of whoever asked."""
    account = _account.get()
    if account is not None:
        account.put_off += 1


def charge(
    spending: Spending | None, used: Usage, *, possibly_billed: bool = False, unknown: Usage | None = None
) -> None:
    """Counts one request, in `spending` and in the account of whoever asked."""
    for counted in (spending, _account.get()):
        if counted is not None:
            counted.bought += used
            counted.possibly_billed += possibly_billed
            counted.unknown += unknown or Usage()
