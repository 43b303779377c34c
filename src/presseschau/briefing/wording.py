"""A difference between a sentence and its claims in words that a reader of the note understands."""

from __future__ import annotations

from presseschau.facts import Difference

_KINDS = {
    "number": "the figure",
    "date": "the date",
    "place": "the place",
    "name": "the name",
    "acronym": "the short form",
    "quote": "the quotation",
    "negation": "the denial",
}


def said(difference: Difference) -> str:
    """One sentence."""
    source = f"“{difference.source.text}”" if difference.source else ""
    target = f"“{difference.target.text}”" if difference.target else ""
    if source and target:
        return f"The cited claims say {source}, the sentence says {target}."
    kind = _KINDS.get(difference.code.partition(".")[0], "this")
    if difference.code == "negation.added":
        return f"The sentence denies something ({target}); the cited claims do not."
    if target:
        return f"The sentence has {kind} {target}, which the cited claims do not have."
    return f"The cited claims say {source}, the sentence does not."
