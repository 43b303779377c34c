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
from presseschau.lang import regex, table

_CODE = "voice.added"


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
    for one in english.attributions(en) if "ccording to" in en else ():
        who = one.names[0]
        known = one.kind == "according" and any(form.search(who.lower()) for _, _, form in _sorts())
        if known and not regex("de", "attribution", "may_name_a_source").search(de):
            message = f"The English attributes this to “{who}”; the German says it in its own voice."
            at = en.find(who)
            yield flag(_CODE, message, en=span(en, at, at + len(who)) if at >= 0 else None)
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
