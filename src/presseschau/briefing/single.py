"""Single-source warnings: what only one independent source has."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.notes import Cited, Source, SourceClaim


def single_source(claims: Sequence[SourceClaim], sources: Sequence[Source]) -> tuple[Cited, ...]:
    """The claims of a story that rest on one independent source alone, in the order of the claims."""
    return ()
