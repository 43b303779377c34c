"""Who does it to whom, where a sentence opens with the one and its verb stands right before the other: Macron lobt
Merz.

Only that plain shape is read; a passive, a preposition or words between them may turn it round.
"""

from __future__ import annotations

import re
from functools import lru_cache

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.facts.names import persons, places
from presseschau.facts.names.persons import SAME
from presseschau.facts.names.transliteration import likeness
from presseschau.lang import regex


@lru_cache(maxsize=512)
def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """At most two facts, whose `kind` is "agent" and "patient" and whose `value` is that of the person or place."""
    named = sorted((*persons.read(text, lang), *places.read(text, lang)), key=lambda fact: fact.start)
    named = [fact for fact in named if fact.kind in ("known", "name", "weak name", "place")]
    for i, first in enumerate(named):
        if not regex(lang, "agents", "before").fullmatch(text, 0, first.start):
            break
        for second in named[i + 1 :]:
            if regex(lang, "agents", "between").fullmatch(text, first.end, second.start) and not _whose(second, text):
                return tuple(
                    Fact(kind, fact.value, fact.text, fact.start, fact.end)
                    for kind, fact in (("agent", first), ("patient", second))
                )
    return ()


def _whose(fact: Fact, text: str) -> bool:
    """Merz’ Pläne, Trumps Berater, Merz's plans."""
    return text[fact.end : fact.end + 1] in ("'", "’") or bool(re.search(r"[’']s?$|[^s]s$", fact.text))


def differences(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """`agent.changed` if the two have changed places and the target is not a passive."""
    if not source.agents or not target.agents or regex("en", "agents", "passive").search(target.text):
        return ()
    (agent, patient), (doer, other) = source.agents, target.agents
    if _same(agent, other) and _same(patient, doer) and not _same(agent, doer):
        return (Difference("agent.changed", agent, doer),)
    return ()


def _same(one: Fact, other: Fact) -> bool:
    return one.value == other.value or likeness(str(one.value), str(other.value)) >= SAME
