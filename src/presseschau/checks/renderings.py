"""How names and terms of a German text are written in English: told to the model, and checked afterwards."""

from __future__ import annotations

from presseschau.checks.glossary import Glossary
from presseschau.facts import facts
from presseschau.facts.gazetteer import gazetteer

MOST = 14
"""More terms than this make a small model lose sight of the task."""


def renderings(text: str, glossary: Glossary) -> tuple[tuple[str, str], ...]:
    """(German, English) for terms of the glossary and places in `text` that are written differently in English.

    At most `MOST`: the user's own terms first, then places, then the house's. Those that a model would write alike
    anyway (Berlin, Nato) are left out.
    """
    entries = glossary.entries_in(text)
    own = [(entry.source, entry.targets[0]) for entry in entries if not entry.house]
    house = [(entry.source, entry.targets[0]) for entry in entries if entry.house]
    known = dict([*house, *_places(text), *own])  # the later one wins
    ordered = dict.fromkeys(german for german, _ in (*own, *_places(text), *house))
    pairs = ((german, known[german]) for german in ordered)
    return tuple((german, english) for german, english in pairs if german != english)[:MOST]


def _places(text: str) -> list[tuple[str, str]]:
    german, english = gazetteer("de").forms, gazetteer("en").forms
    values = dict.fromkeys(str(fact.value) for fact in facts(text, "de").places if fact.kind == "place")
    return [(german[value][0], english[value][0]) for value in values if german.get(value) and english.get(value)]
