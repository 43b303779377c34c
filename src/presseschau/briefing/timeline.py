"""What happened when: one line a day and happening, with dates resolved from the German."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.notes import Event, Source, SourceClaim


def timeline(claims: Sequence[SourceClaim], sources: Sequence[Source]) -> tuple[Event, ...]:
    """Events in the order of their dates; the claims may be those of one story."""
    return ()
