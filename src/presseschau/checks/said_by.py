"""Whom an English text names as the one who says it: "According to Berg, ...", "Berg said ...", "..., Berg said."."""

from __future__ import annotations

import re

from presseschau.facts.speech.pronouns import is_pronoun

_NAME = r"(?P<name>[A-ZÄÖÜ][\w'’-]+(?:\s(?:von|van|de|al|of the|of)?\s?[A-ZÄÖÜ][\w'’-]+){0,3})"
_SAYS = (
    r"(?:said|says|stressed|warned|claimed|claims|argued|argues|insisted|announced|emphasi[sz]ed|complained|criticised)"
)
_PATTERNS = (
    re.compile(rf"\b[Aa]ccording to\s+(?:[a-z][\w-]*\s+){{0,6}}?{_NAME}(?=[,.;]|$)"),
    re.compile(rf"{_NAME}(?:,[^,.]{{3,80}},)?\s{_SAYS}\b"),
)
_NO_NAME = frozenset(
    (
        "The",
        "A",
        "An",
        "He",
        "She",
        "It",
        "They",
        "I",
        "We",
        "In",
        "On",
        "At",
        "This",
        "That",
        "One",
        "But",
        "And",
        "As",
    )
)


def said_by(text: str) -> tuple[str, ...]:
    """The names, in order, without those that are only a pronoun or an article."""
    found = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            words = [word for word in match["name"].split() if word not in _NO_NAME]
            if words and not is_pronoun(" ".join(words)):
                found.append(" ".join(words))
    return tuple(dict.fromkeys(found))
