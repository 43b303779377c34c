"""`voice.added`: the English attributes to a body what the German says in its own voice, or to a body of another kind.

"Die Straße ist gesperrt" is no "according to the police"; "nach Angaben der Feuerwehr" is no "the mayor said".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from presseschau.checks.bitext import Bitext
from presseschau.findings import Found, flag, span
from presseschau.lang import regex, table
from presseschau.models import Span

_CODE = "voice.added"


class _Sort(NamedTuple):
    sort: str
    german: str
    english: str


@lru_cache(maxsize=1)
def _sorts() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    rows = table("de_en", "speaker_sorts", _Sort)
    return tuple((r.sort, re.compile(r.german), re.compile(rf"\b(?:{r.english})")) for r in rows)


def other_voice(pair: Bitext) -> Iterator[Found]:
    """At most one finding, with the English speaker's span if it stands there as it was read."""
    german = pair.german.facts
    if german.voices:
        yield from _another(pair)
    elif "ccording to" in pair.en and not (german.hedges or german.quotes):
        yield from _invented(pair)


def _invented(pair: Bitext) -> Iterator[Found]:
    for one in pair.english.attributions:
        who = one.names[0]
        known = one.kind == "according" and any(form.search(who.lower()) for _, _, form in _sorts())
        if known and not regex("de", "attribution", "may_name_a_source").search(pair.de):
            message = f"The English attributes this to “{who}”; the German says it in its own voice."
            yield flag(_CODE, message, en=_where(who, pair.en))
            return


def _another(pair: Bitext) -> Iterator[Found]:
    named = [pair.de[slice(*one.speaker)] for one in pair.german.attributions if one.speaker]
    theirs = [{sort for sort, form, _ in _sorts() if form.search(mention.lower())} for mention in named]
    if not theirs or not all(theirs) or not (who := pair.english.speaker):
        return
    ours = {sort for sort, _, form in _sorts() if form.search(who.lower())}
    if ours and not any(form.search(pair.de.lower()) for sort, form, _ in _sorts() if sort in ours):
        message = f"The English attributes this to “{who}”, the German to “{named[0]}”."
        yield flag(_CODE, message, en=_where(who, pair.en))


def _where(who: str, en: str) -> Span | None:
    at = en.find(who)
    return span(en, at, at + len(who)) if at >= 0 else None
