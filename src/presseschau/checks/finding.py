"""Making a Finding: code and sentence for the reader from the check, severity from the one table."""

from __future__ import annotations

from presseschau.checks.severity import Scope, severity
from presseschau.models import Finding, Severity, Span


def finding(
    code: str,
    message: str,
    *,
    scope: Scope = "pair",
    n: int | None = None,
    claim: str | None = None,
    de: Span | None = None,
    en: Span | None = None,
    grade: Severity | None = None,
) -> Finding:
    """A Finding with the default severity of its code, unless `grade` says otherwise."""
    return Finding(
        code=code,
        severity=grade or severity(code, scope),
        message=message,
        sentence=n,
        claim=claim,
        de_span=de,
        en_span=en,
    )


def span(text: str, start: int, end: int) -> Span:
    """The stretch `text[start:end]`; offsets are code points, end exclusive."""
    return Span(start=start, end=end, text=text[start:end])


def moved(finding: Finding, offset: int) -> Finding:
    """The same finding with its German span counted `offset` code points further on."""
    old = finding.de_span
    if old is None:
        return finding
    new = Span(start=old.start + offset, end=old.end + offset, text=old.text)
    return finding.model_copy(update={"de_span": new})
