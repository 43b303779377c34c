"""Whose words are these, if nobody is named: the last speaker's, the last subject's, or those of who is interviewed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from presseschau.facts.name_words import german_names
from presseschau.facts.speech.mentions import is_thing
from presseschau.facts.speech.noun_phrases import FRONT, NOUN_PHRASE, SUBJECT
from presseschau.facts.speech.pronouns import is_indefinite

CARRIED_AT_MOST = 5
"""A speaker is not carried further than this many sentences."""
SUBJECT_AT_MOST = 3
"""A subject that did not speak may be meant by er or sie in the next so many sentences."""


class Place(NamedTuple):
    """A German mention of a speaker: its offsets in sentence `sentence` (an index)."""

    sentence: int
    start: int
    end: int


# A subject that takes a stand may speak in the next sentence, though no verb of saying is there.
_STAND = (
    r"(?:widersprach|widerspr(?:icht|echen|achen)|(?:verteidig|kritisier|rechtfertig|lob|begrüß|bedauer|beklag|schilder|"
    r"äußer|reagier|hader|argumentier|protestier|appellier|verurteil|bezeichne|warn|zeig|mahn|bekräftig|reich)"
    r"(?:e?t|e?te|e?n|e?ten)|sprach|sprechen|nannte|zeichnete|wies|wiesen|weist|sieht|sehen|sah|hält|halten|hielt|"
    r"will|wollen)"
)
_IMPERSONAL = r"(?:Im|In der|Beim|Bei der|Aus dem|Aus der|Aus)"


@lru_cache(maxsize=1)
def _subjects() -> tuple[re.Pattern[str], ...]:
    return (
        re.compile(rf"^(?P<speaker>{SUBJECT})(?:,[^;:„“]{{1,120}},)?\s+(?P<verb>[a-zäöüß]+)\b"),
        re.compile(rf"^{_IMPERSONAL}\s+(?P<speaker>{NOUN_PHRASE})\s+(?P<verb>[a-zäöüß]+)\s+(?:man|es)\b"),
        re.compile(
            rf"^(?:{FRONT}|{NOUN_PHRASE})[^,;:.]{{0,40}}?\s(?P<verb>{_STAND})\s+(?:(?:ihm|ihr|ihnen|dem|sich)\s+)?(?P<speaker>{SUBJECT})"
        ),
    )


def subject(sentence: str) -> tuple[int, int] | None:
    """The subject of a German main clause that may go on to speak: a person, or who takes a stand; else None."""
    for pattern in _subjects():
        found = pattern.match(sentence)
        if found is None:
            continue
        name = found["speaker"]
        if is_thing(name):
            continue
        if re.fullmatch(_STAND, found["verb"]) and name not in ("Es", "Das", "Dies", "Niemand"):
            return found.span("speaker")
        if _person(name):
            return found.span("speaker")
    return None


def _person(mention: str) -> bool:
    """Is a person named: a public figure, or a first name with a surname behind it (Wirtin Rosi Bahlke)?"""
    found = german_names(mention)
    side_by_side = any(a.kind == "name" and b.start == a.end + 1 for a, b in pairwise(found))
    return side_by_side or any(one.kind == "known" or " " in one.text for one in found)


_OPENING = re.compile(
    r"(?P<pronoun>[A-Z][a-z]+)\s(?!(?:w[äü]r|h[äa]|k[öo]nn|soll|m[üu]ss|d[üu]rf|werde|wolle|sei|im|in|an|am|auf|aus|von|vom|mit|bei|der|die"
    r"|das|des|dem|den|hier|dort|andere)\w*)[a-zäöüß]+\s?[^,]*,"
)
_TURN = re.compile(r"^(?P<speaker>[A-ZÄÖÜ][\w.-]+(?:\s[A-ZÄÖÜ][\w-]+){0,2}):\s")


def turns(sentences: Sequence[str], paragraphs: Sequence[int]) -> dict[int, Place]:
    """Sentence index -> who is answering, in an interview whose turns begin "Name:"; a turn ends with its paragraph.

    A name must begin two turns, so that "Berlin: ..." or "Fazit: ..." alone is none.
    """
    opened = {i: match for i, sentence in enumerate(sentences) if (match := _TURN.match(sentence))}
    names = [match["speaker"] for match in opened.values()]
    found: dict[int, Place] = {}
    for i, match in opened.items():
        if names.count(match["speaker"]) < 2:
            continue
        for j in range(i, len(sentences)):
            if paragraphs[j] != paragraphs[i] or (j > i and j in opened):
                break
            found[j] = Place(i, *match.span("speaker"))
    return found


def in_a_later_clause(sentence: str, mood: int) -> bool:
    """Does the Konjunktiv I at offset `mood` stand behind a main clause of its own ("Gegen das Buch wurde eingewandt,
    es verletze ...", "Jemand rief, es brenne")? Then the words are not simply those of the last speaker."""
    before = sentence[:mood]
    clause = re.search(r"[,:]\s[^,:]*$", before)
    return bool(clause) and bool(
        re.search(r"\b(?:wurde|wird|ist|war|kam|liegt|lag|gibt|gab|erschien|berufen)\b", before)
        or ((opening := _OPENING.match(before)) and is_indefinite(opening["pronoun"]))
    )


_PRINTED = r"(?:Bericht|Artikel|Beitrag|Meldung|Ausgabe|Berichterstattung|Überschrift|Bildunterschrift|Grafik|Text)"
_REPORTED = r"(?:berichtet|geschrieben|gemeldet|behauptet|angegeben|veröffentlicht|bezeichnet|genannt|gedruckt)"
_WRONG = r"(?:unrichtig|falsch|fehlerhaft|unzutreffend|nicht korrekt|nicht richtig|irreführend)"
_QUOTED = re.compile(r"[„»«\"“][^„“”»«\"]*[“”«»\"]")


@lru_cache(maxsize=1)
def _forms() -> re.Pattern[str]:
    forms = (
        rf"\b[Uu]nser(?:e[rsmn]?)?\s(?:\w+e[rsmn]?\s)?{_PRINTED}s?\b",
        rf"\b(?:haben|hatten)\swir\b[^.;:]*\b{_REPORTED}\b|\bwir\s(?:haben|hatten)\b[^.;:]*\b{_REPORTED}\b",
        rf"\b(?:[Ii]m|[Ii]n\s\w+)\s(?:\w+\s)?{_PRINTED}\b[^.;:,]*\b(?:schrieben|berichteten|meldeten|nannten|behaupteten)\swir\b",
        r"(?<!\()\b(?:schrieben|berichteten|meldeten)\swir\b|(?<!\()\b[Ww]ir\s(?:schrieben|berichteten|meldeten)\b(?!\))",
        r"\b[Ii]n\s(?:einer|der)\s(?:früheren|ersten|vorherigen|älteren|ursprünglichen)\s(?:Version|Fassung)\b",
        r"\b[Ww]ir\s(?:bitten|bedauern)\b[^.]*\b(?:Fehler|Irrtum|Versehen|Entschuldigung|Verwechslung)\b",
        r"\bDie Redaktion\s(?:bedauert|bittet|entschuldigt)\b|^\(?Anm(?:\.|erkung)\s(?:d\.|der)\s(?:Red\b|Redaktion)",
        r"^\W{0,3}(?:Korrektur|Berichtigung|Richtigstellung|Korrigendum|Klarstellung|Gegendarstellung)\b[^:„]{0,30}:\s",
        rf"^(?:Der|Die|Ein|Eine)\s{_PRINTED}\b.*\b(?:war|ist)\s(?:\w+\s)?{_WRONG}[.!]?$",
    )
    return re.compile("|".join(forms))


def own_report(sentence: str) -> bool:
    """Does the paper itself speak ("In unserer Ausgabe vom 10. März hatten wir berichtet, ...")? Quotations, in which
    wir is someone else, are left out."""
    return bool(_forms().search(_QUOTED.sub(" ", sentence)))
