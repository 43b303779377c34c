"""Who holds which office: Außenminister Marco Rubio is not Secretary of State Donald Trump.

Read only where the office stands beside the name; the offices are rows of `offices.csv`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.facts.names.name_words import without_genitive
from presseschau.facts.names.persons import SAME
from presseschau.facts.names.places import read as places
from presseschau.facts.names.transliteration import likeness
from presseschau.lang import alternation, rules, vocabulary
from presseschau.patterns import compiled, late

_WORD = late(r"[A-ZÄÖÜ][\w’'-]+")


@lru_cache(maxsize=2)
def _office(lang: Lang) -> re.Pattern[str]:
    """Any office, beside a name or not: looked for first, because most texts have none."""
    offices = alternation(lang, "offices")
    return compiled(offices if lang == "de" else rf"\b(?i:{offices})\b")


@lru_cache(maxsize=512)
def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The names beside an office: facts whose `kind` is "role" and whose `value` is the office; the text is the
    name."""
    if not _office(lang).search(text):
        return ()
    offices = vocabulary(lang, "offices")
    found = [match for rule in rules(lang, "offices").values() for match in rule.regex.finditer(text)]
    return tuple(
        Fact("role", offices[match["office"].lower() if lang == "en" else match["office"]], name, *match.span("name"))
        for match in found
        if not _whose(name := match["name"], lang)
    )


def _whose(name: str, lang: Lang) -> bool:
    """Is this whose office it is, not who holds it: Premierminister Singapurs, Trainer Schalkes?"""
    return bool(places(name, lang)) or (lang == "de" and " " not in name and name.endswith("s"))


def differences(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """`role.changed` for an office that the source gives to one person and the target to another whom the source names
    without it; only where the target names the first as well, and not in that office."""
    if not source.roles or not target.roles:
        return ()
    found = []
    for holder in source.roles:
        holders = [fact for fact in target.roles if fact.value == holder.value]
        if any(_same(holder.text, fact.text) for fact in holders) or not _named(holder.text, target.text):
            continue
        own = [fact for fact in source.roles if fact.value == holder.value]
        found += [
            Difference("role.changed", holder, fact)
            for fact in holders
            if _named(fact.text, source.text) and not any(_same(one.text, fact.text) for one in own)
        ]
    return tuple(found[:1])


def _same(one: str, other: str) -> bool:
    """Have the two names a word in common?"""
    return any(likeness(a, b) >= SAME for a in _words(one) for b in _words(other))


def _named(name: str, text: str) -> bool:
    """Has the text the last word of the name?"""
    last = _words(name)[-1]
    return any(likeness(last, word) >= SAME for word in _words(text))


def _words(text: str) -> list[str]:
    return [without_genitive(word) for word in _WORD.findall(text)]
