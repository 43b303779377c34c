"""`voice.added`: the English attributes to a body what the German says in its own voice, or to a body of another kind.

"Die Straße ist gesperrt" is no "according to the police"; "nach Angaben der Feuerwehr" is no "the mayor said".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from presseschau.facts import facts
from presseschau.facts.speech import english
from presseschau.facts.speech.german import attributions
from presseschau.findings import Found, flag, span
from presseschau.lang import table

_CODE = "voice.added"
_ACCORDING = re.compile(r"\baccording to (?P<who>(?:the |a |an )?[\w’' -]{3,60}?)(?=[,.;]|$)", re.IGNORECASE)
_IN_WORDS = re.compile(
    r"\b(?:nach|laut|zufolge|gemäß|entsprechend\w*|so|wie|demnach|danach|je|aus|Sicht|\w*[aA]ngaben?|\w+ansicht|\w+meinung"
    r"|heißt|hieß|gilt|gelten|\w+gemäß)\b",
    re.IGNORECASE,
)
"""German words that may give a source, whether or not they do."""


class _Sort(NamedTuple):
    sort: str
    german: str
    english: str


@lru_cache(maxsize=1)
def _sorts() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    rows = table("de_en", "speaker_sorts", _Sort)
    return tuple((r.sort, re.compile(r.german), re.compile(rf"\b(?:{r.english})")) for r in rows)


def other_voice(de: str, en: str) -> Iterator[Found]:
    """At most one finding, with the English speaker's span if it stands there as it was read."""
    german = facts(de, "de")
    if german.voices:
        yield from _another(de, en)
    elif not (german.hedges or german.quotes):
        yield from _invented(de, en)


def _invented(de: str, en: str) -> Iterator[Found]:
    if "ccording to" not in en:
        return
    for match in _ACCORDING.finditer(en):
        known = any(form.search(match["who"].lower()) for _, _, form in _sorts())
        if known and not _IN_WORDS.search(de):
            message = f"The English attributes this to “{match['who']}”; the German says it in its own voice."
            yield flag(_CODE, message, en=span(en, *match.span("who")))
            return


def _another(de: str, en: str) -> Iterator[Found]:
    named = [de[slice(*one.speaker)] for one in attributions(de) if one.speaker]
    theirs = [{sort for sort, form, _ in _sorts() if form.search(mention.lower())} for mention in named]
    if not theirs or not all(theirs) or not (who := english.speaker(en)):
        return
    ours = {sort for sort, _, form in _sorts() if form.search(who.lower())}
    if ours and not any(form.search(de.lower()) for sort, form, _ in _sorts() if sort in ours):
        at = en.find(who)
        message = f"The English attributes this to “{who}”, the German to “{named[0]}”."
        yield flag(_CODE, message, en=span(en, at, at + len(who)) if at >= 0 else None)
