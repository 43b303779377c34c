"""How names and terms of a German text are written in English: told to the model, and checked afterwards."""

from __future__ import annotations

import re

from presseschau.checks.glossary import Glossary
from presseschau.facts import facts
from presseschau.facts.gazetteer import gazetteer
from presseschau.facts.persons import english_surnames

MOST = 14
"""More terms than this make a small model lose sight of the task."""


def renderings(text: str, glossary: Glossary) -> tuple[tuple[str, str], ...]:
    """(German, English) of the glossary terms, public figures and places in `text` that English writes differently.

    At most `MOST`: the user's own terms, then persons, places, and the house's. Those that a model would write alike
    anyway (Berlin, Nato) are left out.
    """
    entries = glossary.entries_in(text)
    own = [(entry.source, entry.targets[0]) for entry in entries if not entry.house]
    house = [(entry.source, entry.targets[0]) for entry in entries if entry.house]
    names = [*_persons(text), *_places(text)]
    known = dict([*house, *names, *own])  # the later one wins
    ordered = dict.fromkeys(german for german, _ in (*own, *names, *house))
    pairs = ((german, known[german]) for german in ordered)
    return tuple((german, english) for german, english in pairs if german != english)[:MOST]


def _places(text: str) -> list[tuple[str, str]]:
    german, english = gazetteer("de").forms, gazetteer("en").forms
    values = dict.fromkeys(str(fact.value) for fact in facts(text, "de").places if fact.kind == "place")
    return [(german[value][0], english[value][0]) for value in values if german.get(value) and english.get(value)]


def _persons(text: str) -> list[tuple[str, str]]:
    """Public figures; the first name with them where it is known."""
    return list(dict.fromkeys(pair for word in re.findall(r"\w[\w-]+", text) if (pair := _figure(word))))


def _figure(word: str) -> tuple[str, str] | None:
    for german in (word, word.removesuffix("s")):
        if german in english_surnames():
            return german, english_surnames()[german]
    return None
