"""`coverage.shifted`: the English of a sentence belongs to its neighbour, or says two sentences at once."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.models import Finding, Sentence


def shifted(pairs: Sequence[tuple[Sentence, str | None]]) -> dict[int, tuple[Finding, ...]]:
    """Findings by sentence number, only for sentences that have one."""
    return {}
