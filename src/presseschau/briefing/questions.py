"""Open questions: what the articles themselves say is not known."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.models import Analysis
from presseschau.notes import Cited, SourceClaim


def questions(analyses: Sequence[Analysis], claims: Sequence[SourceClaim]) -> tuple[Cited, ...]:
    """The claims that say so. `analyses` are all, in the order of the sources; the claims may be those of one story."""
    return ()
