"""`voice.added`: the English attributes to a body what the German says in its own voice, or to a body of another kind.

"Die Straße ist gesperrt" is no "according to the police"; "nach Angaben der Feuerwehr" is no "the mayor said".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from presseschau.checks.bitext import Bitext
from presseschau.findings import Place, Remark
from presseschau.lang import PAIR, SOURCE, regex, table

_CODE = "voice.added"


class Sort(NamedTuple):
    sort: str
    german: tuple[str, ...]
    english: tuple[str, ...]


def _german_sorts(text: str) -> set[str]:
    """What sorts of speakers a German text may name."""
    spaced = _spaced(text)
    return {row.sort for row in table(PAIR, "speaker_sorts", Sort) if any(piece in spaced for piece in row.german)}


def _english_sorts(who: str) -> set[str]:
    spaced, rows = _spaced(who), table(PAIR, "speaker_sorts", Sort)
    return {row.sort for row in rows if any(f" {word}" in spaced for word in row.english)}


def _spaced(text: str) -> str:
    """In lower case, with one space before, between and behind the words."""
    return re.sub(r"\W+", " ", f" {text.lower()} ")


def other_voice(pair: Bitext) -> Iterator[Remark]:
    """At most one remark, with the English speaker's span if it stands there as it was read."""
    according = "ccording to" in pair.en
    if not according and pair.english.speaker is None:  # asked first: to read the German takes longer
        return
    german = pair.german.facts
    if german.voices:
        yield from _another(pair)
    elif according and not (german.hedges or german.quotes):
        yield from _invented(pair)


def _invented(pair: Bitext) -> Iterator[Remark]:
    for one in pair.english.attributions:
        who = one.names[0]
        if (
            one.kind == "according"
            and _english_sorts(who)
            and not regex(SOURCE, "attribution", "may_name_a_source").search(pair.de)
        ):
            message = f"The English attributes this to “{who}”; the German says it in its own voice."
            yield Remark(_CODE, en=_where(who, pair.en), message=message)
            return


def _another(pair: Bitext) -> Iterator[Remark]:
    named = [pair.de[slice(*one.speaker)] for one in pair.german.attributions if one.speaker]
    theirs = [_german_sorts(mention) for mention in named]
    if not theirs or not all(theirs) or not (who := pair.english.speaker):
        return
    ours = _english_sorts(who)
    if ours and not ours & _german_sorts(pair.de):
        message = f"The English attributes this to “{who}”, the German to “{named[0]}”."
        yield Remark(_CODE, en=_where(who, pair.en), message=message)


def _where(who: str, en: str) -> Place | None:
    at = en.find(who)
    return (at, at + len(who)) if at >= 0 else None
