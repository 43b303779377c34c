"""Which of two sets of findings is the better one: a repair is kept if it has fewer errors, then fewer warnings."""

from __future__ import annotations

from collections.abc import Iterable

from presseschau.models import Finding


def badness(findings: Iterable[Finding]) -> tuple[int, int]:
    """(errors, warnings): compares as wanted, smaller is better. Info does not count."""
    kinds = [finding.severity for finding in findings]
    return kinds.count("error"), kinds.count("warning")


def better(new: Iterable[Finding], old: Iterable[Finding]) -> bool:
    """True if `new` has fewer errors than `old`, or as many and fewer warnings. A tie keeps the old one."""
    return badness(new) < badness(old)
