"""Translated sentences that say something the German does not: nothing else may rest on their English."""

from __future__ import annotations

from collections.abc import Mapping

from presseschau.models import Finding
from presseschau.parts.translation import check
from presseschau.parts.work import Work


def flawed(work: Work, english: Mapping[int, str]) -> dict[int, tuple[Finding, ...]]:
    """Sentence number -> the errors of its English in `english`, for the sentences that have one.

    Errors of leaving out do not count: who repeats such a sentence says less, and nothing wrong.
    """
    if not english:
        return {}
    found = check(work.article, english, work.options.glossary)
    errors = {n: tuple(f for f in findings if _wrong(f)) for n, findings in found.items() if n in english}
    return {n: findings for n, findings in errors.items() if findings}


def _wrong(finding: Finding) -> bool:
    left_out = finding.code.endswith(".missing") or finding.code == "content.omitted"
    return finding.severity == "error" and not left_out
