"""How grave each finding is: the one table of codes.

A pair is a German sentence and its English; a claim is anything that must rest on evidence (claims, key points, bottom
line, headline). A translator may leave a name to the context, so a missing name is a warning there; a claim that adds
one has invented it. Which codes are errors follows their measured precision (`tests/measure/false_alarms.py`).
"""

from __future__ import annotations

from typing import Literal

from presseschau.models import Severity

Scope = Literal["pair", "claim"]

PAIR: dict[str, Severity] = {
    "coverage.missing": "error",
    "coverage.shifted": "error",
    "language.untranslated": "error",
    "content.omitted": "error",
    "content.added": "error",
    "content.meta": "error",
    "content.url": "error",
    "repetition.loop": "error",
    "number.missing": "error",
    "number.added": "error",
    "number.scale": "error",
    "number.unit": "error",
    "number.converted": "info",
    "number.rounded": "info",
    "date.missing": "error",
    "date.added": "error",
    "place.missing": "warning",
    "place.added": "warning",
    "name.missing": "warning",
    "name.added": "warning",
    "direction.reversed": "warning",
    "role.changed": "warning",
    "agent.changed": "warning",
    "negation.lost": "warning",
    "negation.added": "warning",
    "voice.lost": "warning",
    "voice.added": "warning",
    "hedge.lost": "warning",
    "quote.lost": "warning",
    "quote.added": "warning",
    "acronym.missing": "info",
    "input.row": "error",
    "glossary.missing": "error",
    "glossary.forbidden": "error",
}

CLAIM: dict[str, Severity] = {
    **PAIR,
    "place.added": "error",
    "name.added": "error",
    "negation.lost": "error",
    "negation.added": "error",
    "voice.lost": "error",
    "speaker.unknown": "error",
    "speaker.wrong": "error",
    "coverage.lead": "warning",
    "evidence.unsupported": "error",
    "evidence.role": "error",
    "evidence.unknown": "error",
    "evidence.missing": "error",
    "evidence.foreign": "error",
    "evidence.elsewhere": "warning",
    "number.rounded": "warning",
}


ALONE_WARNING = frozenset({"span", "season", "day word", "part of day"})
"""Kinds of facts (periods) that are an error where they changed, but a warning where one is merely missing or added."""


def severity(code: str, scope: Scope = "pair") -> Severity:
    """Severity of `code`; a code without an entry is a warning."""
    return (CLAIM if scope == "claim" else PAIR).get(code, "warning")
