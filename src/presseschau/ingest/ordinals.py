"""Is a number before a full stop an ordinal, a date or the number of a list, or does a sentence end with it?

In running text an ordinal stands where an adjective would: behind an article, a possessive or a preposition that holds
one ("am 3. Tag", "ihr neuer 17. Bezirk"). Behind any other word ("es seien 268. Pichler ...") the number is a count.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from presseschau.lang import vocabulary

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
_JOINS: Final = frozenset({"und", "oder", "bis", "sowie", "bzw.", "–", "-", "/"})
_SPELT_OUT: Final = 12
"""Counts up to this are written as words in German news, so that a figure and a full stop is rather an ordinal."""


def starts_sentence(word: str) -> bool:
    """Does the word begin a sentence rather than go on behind an abbreviation or an ordinal?"""
    return word in vocabulary("de", "sentence_words", "start")


@cache
def _counted_endings() -> tuple[str, ...]:
    nouns = vocabulary("de", "sentence_words", "ordinal")
    return tuple(noun.lower() for noun in nouns if len(noun) > 3 and noun.isalpha())


def number_ends(last: str, before: list[str], word: str, opening: str) -> bool:
    """Does a sentence end at the full stop behind the word `last`, which ends in a digit?

    `before` holds the words before `last`; `word` is the one behind the full stop, "" if none follows; `opening` the
    sentence up to the full stop, or as much of a longer one as shows that it is no mere number of a list.
    """
    prior = before[-1] if before else ""
    if _DAY_MONTH.fullmatch(last) or _COUNTED_OFF.fullmatch(last):
        return starts_sentence(word)
    if not last.isdigit() or len(last) > 3:
        if word in vocabulary("de", "months"):
            return not last[0].isdigit()
        return starts_sentence(word) or not (_LARGE.fullmatch(last) and _determined(before))
    if word in vocabulary("de", "months") or word in vocabulary("de", "sentence_words", "ordinal") or _lists(opening):
        return False
    if starts_sentence(word) and not prior.endswith(":"):
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
    if prior[0].isupper() and not starts_sentence(prior):
        return False
    if word.lower().endswith(_counted_endings()):
        return True
    return int(last) <= _SPELT_OUT and prior[0].isalpha() and prior not in vocabulary("de", "sentence_words", "count")


def _determined(before: list[str]) -> bool:
    """Do the words close with an article or its like, perhaps with one adjective or adverb behind it?"""
    words = [word.lstrip("„\"“»«‚‘'›‹(").lower() for word in before[-2:]]
    if words and _DETERMINER.fullmatch(words[-1]):
        return True
    if len(words) < 2 or not _DETERMINER.fullmatch(words[0]):
        return False
    return before[-1] in vocabulary("de", "sentence_words", "adverb") or _INFLECTED.fullmatch(before[-1]) is not None


def _lists(opening: str) -> bool:
    """Is all of the sentence so far the number of a list ("1. Dies ist ...", "• 3. Seien Sie ...")?"""
    head = opening.rstrip().rstrip(".")
    return len(head) < 8 and _BULLET.fullmatch(head) is not None
