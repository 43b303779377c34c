"""`coverage.shifted` for a pair by itself: the English belongs to another sentence, nothing of the German is in it."""

from __future__ import annotations

from collections.abc import Iterable

from presseschau.checks.coverage import coverage
from presseschau.findings import Found, flag

CODE = "coverage.shifted"
KNOWN = 5
"""German words whose English the word list or a figure gives, and of which hardly one may stand in the English."""
SHARE = 0.1
EXCHANGED = 2
"""So many names, places, figures or dates lost, and as many brought in, are those of another sentence."""


def unrelated(de: str, en: str) -> tuple[Found, ...]:
    """One finding if hardly a content word of `de` has a counterpart in `en`, although enough of them are known."""
    content = coverage(de, en)
    known = sum(item.known for item in content)
    if known >= KNOWN and sum(item.covered for item in content) <= SHARE * len(content):
        return (flag(CODE, "The English does not seem to be a translation of this German sentence."),)
    return ()


def exchanged(facts: Iterable[Found]) -> tuple[Found, ...]:
    """One finding if the English has lost `EXCHANGED` facts of the German and has as many that the German has not."""
    sure = [fact for fact in facts if fact.severity != "info"]
    lost = sum(fact.code.endswith(".missing") for fact in sure)
    brought = sum(fact.code.endswith(".added") for fact in sure)
    if min(lost, brought) < EXCHANGED:
        return ()
    return (flag(CODE, "The English speaks of other people, places or figures than this German sentence."),)
