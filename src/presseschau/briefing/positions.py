"""Who says what, through whom, how surely, and in which papers."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.notes import Position, Source, SourceClaim


def positions(claims: Sequence[SourceClaim], sources: Sequence[Source]) -> tuple[Position, ...]:
    """The positions of a story, speaker by speaker."""
    return ()
