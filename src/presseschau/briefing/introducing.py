"""Sentences that only say who said what stood before them ("Das teilte die Polizei am Montag mit")."""

from __future__ import annotations

import re

from presseschau.notes import SourceClaim

_INTRODUCES = re.compile(
    r"(?:Das|Dies|Darauf|So) (?:sagte|sagten|teilte|teilten|berichtete|berichteten|kündigte|kündigten|erklärte"
    r"|erklärten|räumte|räumten|meldete|meldeten|bestätigte|bestätigten|gab|gaben|geht|ging|berichtet|berichten|meldet|schreibt"
    r"|äußerte|äußerten|betonte|betonten|sagt|sagen|teilt|teilen)\b[^,;:]*\.?"
)
_MOST_WORDS = 18


def introduces(german: str) -> bool:
    """Is the sentence a source for the one before it and nothing else?"""
    return len(german.split()) <= _MOST_WORDS and _INTRODUCES.match(german) is not None


def telling(claim: SourceClaim) -> tuple[str, ...]:
    """The German sentences of the claim's evidence that say more than who said it; none for a claim on such a one."""
    return tuple(e.text for e in claim.claim.evidence if not introduces(e.text))
