"""What is new, changed, corrected or withdrawn since the previous note."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.notes import Change, Note, Source, SourceClaim


def changes(claims: Sequence[SourceClaim], sources: Sequence[Source], previous: Note | None) -> tuple[Change, ...]:
    """The changes against the claims of the previous note; none without one, and none for the same articles."""
    return ()
