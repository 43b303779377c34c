"""Articles about the same event, found by what their German has in common; no model decides it."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.models import Analysis


def group(analyses: Sequence[Analysis]) -> tuple[tuple[int, ...], ...]:
    """Indices of the analyses, event by event: the largest first, then the most recent; single articles last.

    Within an event the indices are in the order of publication.
    """
    return tuple((i,) for i in range(len(analyses)))
