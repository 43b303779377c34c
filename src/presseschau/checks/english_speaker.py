"""The speaker in English as the translation of the sentence has it: the subject of its verb of saying."""

from __future__ import annotations

import re

from presseschau.facts.kept_words import is_german
from presseschau.facts.words import words

_SAYS = (
    r"(?:said|says|told|stressed|warned|claimed|claims|argued|argues|insisted|announced|explained|reported|added"
    r"|emphasi[sz]ed|complained|criticised|confirmed|stated|declared|admitted|noted|replied|wrote|writes)"
)
_PHRASE = (
    r"(?P<who>(?:the|a|an|one|two|several|its|his|her)\s(?:[\w’'-]+\s){0,3}?[\w’'-]+"
    r"(?:\s(?:of|for|from|at|in)\s(?:the\s)?(?:[\w’'-]+\s){0,2}?[\w’'-]+)?)"
)
_PATTERNS = (
    re.compile(rf"(?:^|[,.;:”\"]\s){_PHRASE}\s(?:\w+ly\s)?{_SAYS}\b", re.IGNORECASE),
    re.compile(rf"[,”\"]\s{_SAYS}\s{_PHRASE}(?=[.,;]|$|\son\s)", re.IGNORECASE),
    re.compile(rf"\baccording to {_PHRASE}(?=[,.;]|$)", re.IGNORECASE),
)


def in_german(speaker: str, english: str) -> bool:
    """Is the speaker given in German words ("Sprecher der Feuerwehr")? A name stands in the English as it is."""
    found = [word for word in words(speaker) if len(word.text) > 3 or word.text[0].isupper()]
    here = {word.lower for word in words(english)}
    return bool(found) and all(is_german(word.lower) and word.lower not in here for word in found)


def english_speaker(english: str) -> str | None:
    """Who says it in the English of one sentence, if it names exactly one in words: a "fire brigade spokesman"."""
    found = {match["who"] for pattern in _PATTERNS for match in pattern.finditer(english)}
    if len(found) != 1:
        return None
    return re.sub(r"^(?:the|a|an)\s", "", found.pop(), flags=re.IGNORECASE)
