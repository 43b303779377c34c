"""What two texts state and do not share (numbers, dates, places, names, negation, hedges, voices, quotations), as findings.

`facts.compare` finds the differences; this file says them in words.
"""

from __future__ import annotations

from collections.abc import Iterator

from presseschau.checks.finding import finding, span
from presseschau.checks.severity import Scope
from presseschau.facts import Difference, Direction, Fact, compare, facts
from presseschau.models import Finding

KINDS = {
    "number": "the number",
    "date": "the date",
    "place": "the place",
    "name": "the name",
    "acronym": "the short form",
    "negation": "the negation",
    "hedge": "the reservation",
    "voice": "who says it",
    "quote": "the quotation",
}
MESSAGES = {
    "negation.lost": "The German denies something (“{source}”); the English has no negation.",
    "negation.added": "The English denies something (“{target}”); the German does not.",
    "hedge.lost": "The German is guarded (“{source}”); the English states it as a fact.",
    "voice.lost": "The German reports what someone says (“{source}”); the English states it as a fact.",
    "quote.lost": "The German quotes words (“{source}”); the English has no quotation.",
    "quote.added": "The English puts words in quotation marks (“{target}”) that the German does not quote.",
    "number.unit": "The German says “{source}”; the English converts it to “{target}”.",
}


def agreement(de: str, en: str, direction: Direction = "both", scope: Scope = "pair") -> tuple[Finding, ...]:
    """Findings for all that `en` leaves out of `de` or adds to it (`within`: only adds). Spans count in `de` and `en`."""
    found = compare(facts(de, "de"), facts(en, "en"), direction)
    return tuple(_findings(de, en, found, scope))


def _findings(de: str, en: str, differences: tuple[Difference, ...], scope: Scope) -> Iterator[Finding]:
    seen: set[tuple[object, ...]] = set()
    for difference in differences:
        key = (difference.code, _place(difference.source), _place(difference.target))
        if key in seen:
            continue
        seen.add(key)
        source, target = difference.source, difference.target
        yield finding(
            difference.code,
            message(difference),
            scope=scope,
            de=span(de, source.start, source.end) if source else None,
            en=span(en, target.start, target.end) if target else None,
            grade="info" if difference.weak else None,
        )


def _place(fact: Fact | None) -> tuple[int, int] | None:
    return (fact.start, fact.end) if fact else None


def message(difference: Difference) -> str:
    """One sentence a reader understands without knowing the codes."""
    source = difference.source.text if difference.source else ""
    target = difference.target.text if difference.target else ""
    if wording := MESSAGES.get(difference.code):
        if ("{source}" not in wording or source) and ("{target}" not in wording or target):
            return wording.format(source=source, target=target)
    if source and target:
        return f"The German says “{source}”; the English says “{target}”."
    kind = KINDS.get(difference.code.partition(".")[0], "this")
    if source:
        return f"The English leaves out {kind} “{source}” of the German."
    return f"The English has {kind} “{target}”, which the German does not have."
