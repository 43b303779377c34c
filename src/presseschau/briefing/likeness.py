"""Do two claims of different papers say the same? By their German: its nouns and its figures."""

from __future__ import annotations

import re
from functools import lru_cache

from presseschau.briefing.quantities import stem
from presseschau.facts.words import words
from presseschau.notes import SourceClaim

_DAYS = re.compile(
    r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|januar|februar|märz|april|mai|juni|juli"
    r"|august|september|oktober|november|dezember|angaben|sprecher|sprecherin)\w*"
)
_FIGURE = re.compile(r"\d[\d.,]*")
ALIKE = 0.6
"""Share of the shorter one's nouns that the other must have."""
_FEWEST = 2


def alike(one: SourceClaim, other: SourceClaim) -> bool:
    """Most nouns in common, at least two, and no figure that the other does not have or lacks all of."""
    first, second = nouns(german(one)), nouns(german(other))
    common = first & second
    if len(common) < min(_FEWEST, len(first), len(second)) or not common:
        return False
    figures, others = _figures(german(one)), _figures(german(other))
    if not (figures <= others or others <= figures):
        return False
    return len(common) >= ALIKE * min(len(first), len(second))


def german(claim: SourceClaim) -> str:
    """The German that the claim rests on, in text order."""
    return " ".join(e.text for e in claim.claim.evidence)


@lru_cache(maxsize=16384)
def nouns(text: str) -> frozenset[str]:
    """The stems of the nouns and names, without days, months and those who speak for others."""
    return frozenset(
        stem(word.lower)
        for word in words(text)
        if word.text[0].isupper() and len(word.text) > 3 and not _DAYS.fullmatch(word.lower)
    )


@lru_cache(maxsize=16384)
def _figures(text: str) -> frozenset[str]:
    return frozenset(match[0].rstrip(".,") for match in _FIGURE.finditer(text))
