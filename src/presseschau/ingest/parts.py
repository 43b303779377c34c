"""A paragraph while its kind is being found out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from presseschau.ingest.blocks import Block
from presseschau.models import Role

OPEN: Final = "open"
DROPPED: Final = "dropped"
_ROLES: Final[dict[str, Role]] = {"headline": "headline", "lead": "lead", "body": "body", "crosshead": "crosshead"}


@dataclass(slots=True)
class Part:
    """A paragraph: `kind` is open until named; `reason` says why it was dropped; `when` is its time in a ticker."""

    block: Block
    kind: str = OPEN
    reason: str = ""
    when: str | None = None

    @property
    def text(self) -> str:
        return self.block.text

    @property
    def is_open(self) -> bool:
        return self.kind == OPEN

    @property
    def role(self) -> Role | None:
        """The role of its sentences, or None if they are not numbered."""
        return _ROLES.get(self.kind)

    def drop(self, reason: str) -> None:
        self.kind, self.reason = DROPPED, reason
