"""`coverage.shifted` for a pair by itself: the English belongs to another sentence, nothing of the German is in it."""

from __future__ import annotations

from presseschau.checks.coverage import coverage
from presseschau.checks.finding import finding
from presseschau.models import Finding

CODE = "coverage.shifted"
KNOWN = 5
"""German words whose English the word list or a figure gives, and of which hardly one may stand in the English."""
SHARE = 0.1


def unrelated(de: str, en: str) -> tuple[Finding, ...]:
    """One finding if hardly a content word of `de` has a counterpart in `en`, although enough of them are known."""
    content = coverage(de, en)
    known = sum(item.known for item in content)
    if known >= KNOWN and sum(item.covered for item in content) <= SHARE * len(content):
        return (finding(CODE, "The English does not seem to be a translation of this German sentence."),)
    return ()
