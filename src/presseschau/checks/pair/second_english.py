"""`reader.differs`: another translator's English of the sentence says something else than ours.

Two good translations differ in half of their words. What counts: facts that only one of them has, if the German does
not say that ours are right; the other pole of a concept; and words that neither the German (by the word list) nor the
other translator accounts for. It says that a person should look, not who is right.
"""

from __future__ import annotations

from collections.abc import Iterator

from presseschau.checks.bitext import STATED, Bitext, English, bitext
from presseschau.checks.pair.opposites import opposites
from presseschau.facts import compare
from presseschau.findings import Found, flag
from presseschau.models import Severity

CODE = "reader.differs"
KINDS = (*STATED, "negations", "directions", "roles", "agents")
"""Kinds of facts that two good translations share. Who speaks, how surely, and what is quoted they word differently."""
WORDS = 4
"""Of ours that nothing accounts for and German ones that only the other renders, from which on they count."""
_SHORT = 6


def differs(german: str, english: str, theirs: str, name: str) -> Iterator[Found]:
    """At most one finding: `name` translates the sentence otherwise. A warning for a fact or a pole, else an info."""
    pair, other = bitext(german, english), bitext(german, theirs)
    if not other.english.words or not pair.english.words:
        return
    facts, words = [*_facts(pair, other), *_poles(pair, other)], words_alone(pair, other)
    if not facts and len(words) < WORDS:
        return
    about = ", ".join(f"“{word}”" for word in (facts or words)[:4])
    grade: Severity = "warning" if facts else "info"
    yield flag(CODE, f"{name} puts it otherwise ({about}): “{theirs}”", grade=grade)


def _facts(pair: Bitext, other: Bitext) -> list[str]:
    """Those in which the two differ, of kinds of which the German does not say that ours are right, or theirs wrong."""
    german, ours, theirs = pair.german.facts, pair.english.facts, other.english.facts
    found = []
    for kind in KINDS:
        between = [d for d in compare(theirs, ours, kinds=[kind]) if not d.weak and d.code != "number.converted"]
        if not between or compare(german, theirs, kinds=[kind]):
            continue
        if not getattr(german, kind) or compare(german, ours, kinds=[kind]):
            found += [fact.text for d in between if (fact := d.target or d.source) is not None]
    return found


def _poles(pair: Bitext, other: Bitext) -> list[str]:
    """The word in which ours says the other pole of a German one, if the other translator does not."""
    theirs = [item.de for item in opposites(other)]
    return [pair.en[slice(*item.en)] for item in opposites(pair) if item.en and item.de not in theirs]


def words_alone(pair: Bitext, other: Bitext) -> list[str]:
    """Our words that neither the German nor the other accounts for, and the German ones that only the other renders."""
    rendered = {item.start for item in other.coverage if item.covered}
    return [
        *(word for word in pair.leftover if not _has(other.english, word)),
        *(item.text for item in pair.coverage if not item.covered and item.start in rendered),
    ]


def _has(english: English, word: str) -> bool:
    """In any form, as far as the beginning of a word says that."""
    return english.has(word if len(word) < _SHORT else word[: max(_SHORT - 1, len(word) - 3)])
