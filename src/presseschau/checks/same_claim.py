"""Claims that say the same, from windows that overlap or from a second question."""

from __future__ import annotations

from collections.abc import Iterable

from presseschau.checks.order import badness
from presseschau.facts import facts
from presseschau.models import Claim

ALIKE = 88
"""Likeness (token sort ratio, 0 to 100) of the texts of two claims from which they say the same."""


def without_repeats(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims without those that repeat another, in the order of their first sentence; the better one stays."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda one: badness(one.findings)):
        if not any(same(claim, other) for other in kept):
            kept.append(claim)
    return tuple(sorted(kept, key=lambda one: one.sentences))


def same(one: Claim, other: Claim) -> bool:
    """Do two claims say the same on the same sentences? Their figures and denials must not differ."""
    from rapidfuzz.fuzz import token_sort_ratio

    if not set(one.sentences) & set(other.sentences):
        return False
    if one.text == other.text:
        return True
    read = [facts(claim.text, "en") for claim in (one, other)]
    figures = [{fact.value for fact in side.numbers} for side in read]
    return (
        figures[0] == figures[1]
        and bool(read[0].negations) == bool(read[1].negations)
        and token_sort_ratio(one.text, other.text) >= ALIKE
    )
