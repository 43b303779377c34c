"""`content.omitted` and `content.added`: the English is too short or too long for its German.

First version: length alone.
"""

from __future__ import annotations

from presseschau.checks.finding import finding
from presseschau.models import Finding

LEAST = 20
"""German characters below which length says nothing."""


def omission(de: str, en: str) -> tuple[Finding, ...]:
    """One finding if the lengths do not fit, else none."""
    if len(de) < LEAST:
        return ()
    ratio = len(en) / len(de)
    if ratio < 0.4:
        return (finding("content.omitted", "The English is much shorter than the German: something is left out."),)
    if ratio > 2.2:
        return (finding("content.added", "The English is much longer than the German: something is added."),)
    return ()
