"""Which of two sets of findings is the better one: a repair is kept if it has fewer errors, then fewer warnings."""

from __future__ import annotations

from collections.abc import Iterable

from presseschau.models import Finding

WARNINGS_FOR_AN_ERROR = 2


def badness(findings: Iterable[Finding]) -> tuple[int, int]:
    """(errors, warnings): compares as wanted, smaller is better. Info does not count."""
    kinds = [finding.severity for finding in findings]
    return kinds.count("error"), kinds.count("warning")


def better(new: Iterable[Finding], old: Iterable[Finding]) -> bool:
    """True if `new` has fewer errors than `old`, or as many and fewer warnings. A tie keeps the old one.

    Fewer errors do not count if each of them was bought with more than `WARNINGS_FOR_AN_ERROR` new warnings: a weak
    model asked to fix a sentence sometimes writes about another one, which leaves nothing for an error to point at.
    """
    new_errors, new_warnings = badness(new)
    old_errors, old_warnings = badness(old)
    if new_errors > old_errors:
        return False
    if new_errors < old_errors:
        return new_warnings - old_warnings <= WARNINGS_FOR_AN_ERROR * (old_errors - new_errors)
    return new_warnings < old_warnings
