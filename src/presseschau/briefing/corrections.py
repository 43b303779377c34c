"""Papers that correct themselves: the German note of the editors, and the claims on the same thing."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.notes import Change, Source, SourceClaim


def corrections(claims: Sequence[SourceClaim], sources: Sequence[Source]) -> tuple[Change, ...]:
    """One Change of kind "corrected" a correction. The claims and sources may be those of one story."""
    return ()
