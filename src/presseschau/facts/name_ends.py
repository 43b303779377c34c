"""Where a person's name ends, when a noun follows it: "nach Auskunft von Kämmerin Solveig Prinz Schäden bis zu"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presseschau.facts.kept_words import is_listed_noun
from presseschau.facts.noun_phrases import DETERMINER

_RUN = re.compile(r"[A-ZÄÖÜ][\w'’-]+(?:\s[A-ZÄÖÜ][\w'’-]+){2,}$")
_PLURAL = re.compile(r"(?:en|nisse|[äöü]\w+er|[äöü]\w+e)$|^(?:Kosten|Daten|Geld|Hilfe|Strom|Wasser)$")
_OFFICE = re.compile(r"(?:in|er|chef|rat|wirt|mann|frau|ent|ant|ist|oge|anwalt|vorsitzende[rn]?)$")
_BODY = re.compile(r"(?:schaft|agentur|partei|verband|verein|bund|gesellschaft|zeitung|bank|amt)$", re.IGNORECASE)


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
