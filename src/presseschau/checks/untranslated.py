"""`language.untranslated`: the English, or part of it, is still German."""

from __future__ import annotations

from presseschau.checks.finding import finding
from presseschau.models import Finding

CODE = "language.untranslated"

_GERMAN = frozenset("der das und ist nicht mit auf für von dem den des ein eine einen sich auch werden wird wurde nach bei zum zur".split())


def untranslated(de: str, en: str) -> tuple[Finding, ...]:
    """A finding without span if all of `en` is German, one with a span for each German word or phrase left in it."""
    items = en.split()
    if len(items) >= 4 and sum(item.lower() in _GERMAN for item in items) >= 0.25 * len(items):
        return (finding(CODE, "The English is still German."),)
    return ()
