"""The same quantity in several sources, side by side: agreed, disputed or changed."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.notes import Comparison, Source, SourceClaim


def comparisons(claims: Sequence[SourceClaim], sources: Sequence[Source]) -> tuple[Comparison, ...]:
    """Disputed ones first, then changed, then agreed. The claims are those of one story."""
    return ()
