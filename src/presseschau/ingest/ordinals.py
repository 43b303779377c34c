"""Is a number before a full stop an ordinal, a date or the number of a list, or does a sentence end with it?

In running text an ordinal stands where an adjective would: behind an article, a possessive or a preposition that holds
one ("am 3. Tag", "ihr neuer 17. Bezirk"). Behind any other word ("es seien 268. Pichler ...") the number is a count.
"""

from __future__ import annotations

import re
from typing import Final

from presseschau.ingest.abbreviations import MONTHS, ORDINAL_NOUNS, SENTENCE_STARTS

_DAY_MONTH: Final = re.compile(r"\d{1,2}\.\d{1,2}")
_COUNTED_OFF: Final = re.compile(r"[A-ZÄÖÜ][a-zäöüß]+-\d{1,3}")  # "der Weltranglisten-19. Thiem"
_LARGE: Final = re.compile(r"\d{4,}|\d{1,3}(?:\.\d{3})+")
_BULLET: Final = re.compile(r"[•▪◦●■►*–—-]?\s*\d{0,3}")
_DETERMINER: Final = re.compile(
    r"de[rmns]|die|das|(?:ein|kein|mein|dein|sein|ihr|unser|unsr|euer|eur)(?:e[rmns]?)?"
    r"|(?:dies|jed|jen|welch)e[rmns]?|am|im|vom|zum|zur|beim|ans|ins|aufs|fürs|übers|ums"
)
_BARE: Final = frozenset({"in", "ab", "seit", "aus", "pro"})
"""Prepositions with which an ordinal does without an article ("ab 36. Arbeitsstunde"); years follow them as well."""
_INFLECTED: Final = re.compile(r"(?!w[aäue]r|sei|ha[bt]|hät)[a-zäöüß-]{3,}e[rmns]?")
"""An adjective, not an auxiliary verb ("das seien 17.")."""
_ADVERBS: Final = frozenset({
    "erst", "bereits", "schon", "insgesamt", "nun", "nunmehr", "jetzt", "mittlerweile", "inzwischen", "zugleich",
})  # fmt: skip
"""May stand between an article and its ordinal: "der bereits 31. Streiktag"."""
_JOINS: Final = frozenset({"und", "oder", "bis", "sowie", "bzw.", "–", "-", "/"})
_SPELT_OUT: Final = 12
"""Counts up to this are written as words in German news, so that a figure and a full stop is rather an ordinal."""
_CARDINAL_BEFORE: Final = frozenset({
    "auf", "um", "mit", "über", "rund", "etwa", "als", "von", "gegen", "unter", "zu", "knapp",
    "fast", "gut", "mehr", "weniger", "sind", "waren", "nur", "je", "plus", "minus", "gleich",
    "mindestens", "höchstens", "bis", "nach", "wegen", "bei", "seien",
})  # fmt: skip
"""After these even a small number is a count ("stieg auf 12. Experten"), unless its noun is counted off."""
_COUNTED_ENDINGS: Final = tuple(noun.lower() for noun in ORDINAL_NOUNS if len(noun) > 3 and noun.isalpha())


def number_ends(last: str, before: list[str], word: str, opening: str) -> bool:
    """Does a sentence end at the full stop behind the word `last`, which ends in a digit?

    `before` holds the words before `last`; `word` is the one behind the full stop, "" if none follows; `opening` the
    sentence up to the full stop, or as much of a longer one as shows that it is no mere number of a list.
    """
    prior = before[-1] if before else ""
    if _DAY_MONTH.fullmatch(last) or _COUNTED_OFF.fullmatch(last):
        return word in SENTENCE_STARTS
    if not last.isdigit() or len(last) > 3:
        if word in MONTHS:
            return not last[0].isdigit()
        return word in SENTENCE_STARTS or not (_LARGE.fullmatch(last) and _determined(before))
    if word in MONTHS or word in ORDINAL_NOUNS or _lists(opening):
        return False
    if word in SENTENCE_STARTS and not prior.endswith(":"):
        return True
    if prior.endswith(":"):
        return False
    if word[:1].isdigit():
        count = prior.isalpha() and len(word) == len("2024") and not _determined(before)
        return len(last) > 2 or prior[:1].isupper() or count
    return not _is_ordinal(last, before, word)


def _is_ordinal(last: str, before: list[str], word: str) -> bool:
    """Is the number an ordinal before a noun that need not be counted off?"""
    prior = before[-1] if before else ""
    if not prior or prior.endswith((".", ",")) or prior in _BARE or _determined(before):
        return True
    if prior in _JOINS and len(before) > 1 and before[-2].endswith("."):
        return True
    if prior[0].isupper() and prior not in SENTENCE_STARTS:
        return False
    if word.lower().endswith(_COUNTED_ENDINGS):
        return True
    return int(last) <= _SPELT_OUT and prior[0].isalpha() and prior not in _CARDINAL_BEFORE


def _determined(before: list[str]) -> bool:
    """Do the words close with an article or its like, perhaps with one adjective or adverb behind it?"""
    words = [word.lstrip("„\"“»«‚‘'›‹(").lower() for word in before[-2:]]
    if words and _DETERMINER.fullmatch(words[-1]):
        return True
    if len(words) < 2 or not _DETERMINER.fullmatch(words[0]):
        return False
    return before[-1] in _ADVERBS or _INFLECTED.fullmatch(before[-1]) is not None


def _lists(opening: str) -> bool:
    """Is all of the sentence so far the number of a list ("1. Dies ist ...", "• 3. Seien Sie ...")?"""
    head = opening.rstrip().rstrip(".")
    return len(head) < 8 and _BULLET.fullmatch(head) is not None
