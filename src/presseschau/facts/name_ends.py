"""Where a person's name ends: before a noun that only follows it ("nach Auskunft von Kämmerin Solveig Prinz Schäden bis
zu"), and before the body that the person is of ("Georg Thamm von der Universität Potsdam")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presseschau.facts.kept_words import is_german, is_listed_noun
from presseschau.facts.name_words import first_names
from presseschau.facts.noun_phrases import ADJECTIVE, DETERMINER

_RUN = re.compile(r"[A-ZÄÖÜ][\w'’-]+(?:\s[A-ZÄÖÜ][\w'’-]+){2,}$")
_PLURAL = re.compile(r"(?:en|nisse|[äöü]\w+er|[äöü]\w+e)$|^(?:Kosten|Daten|Geld|Hilfe|Strom|Wasser)$")
_OFFICE = re.compile(r"(?:in|er|chef|rat|wirt|mann|frau|ent|ant|ist|oge|anwalt|vorsitzende[rn]?)$")
_BODY = re.compile(
    r"(?:schaft|agentur|partei|verband|verein|bund|gesellschaft|zeitung|bank|amt|polizei|feuerwehr|universität|hochschule"
    r"|institut|ministerium|gericht|klinik|werk)$",
    re.IGNORECASE,
)


def without_noun(mention: str, sentences: Sequence[str]) -> str:
    """The beginning of `mention` that is the name, if its last word is a noun that only follows it.

    Office, first name, surname and a noun in the plural; or the article has the surname without that noun elsewhere.
    """
    run = _RUN.search(re.sub(rf"^{DETERMINER}\s", "", mention))
    if run is None:
        return mention
    *names, last = run.group().split()
    if not _is_noun(last) or _BODY.search(names[-2]):
        return mention
    office = len(names) > 2 and bool(_OFFICE.search(names[0]) and _PLURAL.search(last))
    if (office or _alone(names[-1], sentences)) and not _speaks(last, sentences):
        return mention[: -len(last)].rstrip()
    return mention


_OF_A_BODY = re.compile(
    rf"(?P<who>(?:{DETERMINER}\s)?(?:[a-zäöüß][\w-]*\s)*(?P<words>(?:[A-ZÄÖÜ][\w.'’-]*\s)*?[A-ZÄÖÜ][\w.'’-]*))\s"
    rf"(?:von|vom|bei|beim|an|am|aus|der|des)\s(?:{DETERMINER}\s)?(?:{ADJECTIVE}\s)*(?P<head>[„»\"]?[\w'’-]+).*"
)
_SHORTEST_BODY = 6
"""Letters from which a German noun behind "von der" is a body rather than a surname (Heide, Wiese, Berg)."""


def without_body(mention: str) -> str:
    """The beginning of `mention` that names a person, if the rest says only where the person belongs.

    "Ursula von der Leyen" and "die Sprecherin der Polizei" stay whole: a surname may follow a first name, and an office
    is no name.
    """
    found = _OF_A_BODY.fullmatch(mention)
    if found is None:
        return mention
    words = [word for word in found["words"].split() if not word.endswith(".")]
    while words and is_german(words[0].lower()) and words[0] not in first_names():  # an office
        words = words[1:]
    if not words or _BODY.search(words[-1]) or (len(words) == 1 and words[0] in first_names()):
        return mention
    surname_follows = len(words) == 1 or words[-1] in first_names()
    return mention if surname_follows and not _is_body(found["head"]) else found["who"]


def _is_body(head: str) -> bool:
    """Is it the noun or the initials of a body, and no surname?"""
    known = len(head) >= _SHORTEST_BODY and is_german(head.lower())
    return known or not head[:1].isalpha() or bool(_BODY.search(head) or re.search(r"[A-ZÄÖÜ].*[A-ZÄÖÜ]", head))


def _is_noun(word: str) -> bool:
    return is_listed_noun(word.lower()) or word.endswith("ungen")


def _alone(name: str, sentences: Sequence[str]) -> bool:
    """Does the surname stand somewhere without the noun?"""
    short = re.compile(rf"(?<![A-ZÄÖÜ]\w\s)\b{re.escape(name)}\b(?!\s+[A-ZÄÖÜ])")
    return any(short.search(one) for one in sentences)


def _speaks(noun: str, sentences: Sequence[str]) -> bool:
    """Is the noun someone's name after all (..., sagte Rosen)?"""
    said = re.compile(rf"[,“”\"«»]\s\w+t(?:e|en)?\s{re.escape(noun)}\b|^{re.escape(noun)}\s\w*(?:sagt|erklärt|meint)")
    return any(said.search(one) for one in sentences)
