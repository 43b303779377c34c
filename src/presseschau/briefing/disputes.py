"""Disputes without figures: what one person says and another, in the next sentence, denies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from presseschau.briefing.sources import usable
from presseschau.notes import Cited, Source, SourceClaim

_THIS = r"(?:das|dies|es|(?:die|diese|alle) (?:Vorwürfe|Anschuldigungen|Darstellung|Behauptung)|(?:den|diesen) Vorwurf)"
_VERB = r"(?:bestritt(?:en)?|bestreite[tn]|dementier(?:t|te|ten|en)|w(?:ei|ie)s(?:t|en)?)"
_DENIES = re.compile(
    rf"\b{_VERB}(?: \w+)?? {_THIS}\b|\b(?:Das|Dies|Die Vorwürfe|Den Vorwurf) {_VERB}\b"
    r"|\bdementier\w*:|\bwiderspr(?:ach|icht|achen|echen) (?:dem\b(?! [A-ZÄÖÜ])|dieser Darstellung)|\bDem widerspr"
)
_FORWARD = re.compile(
    r"\b(?:Vorwürfe|Vorwurf|Anschuldigungen|Behauptung|Darstellung|es),? (?:dass|von|der|des|auf|wegen|zu)\b"
)
"""What is denied stands behind the verb, not before the sentence."""
_BACK = re.compile(r"\bw(?:ei|ie)s(?:t|en)?\b")


def disputes(claims: Sequence[SourceClaim], sources: Sequence[Source]) -> tuple[Cited, ...]:
    """One sentence of what is said and one of its denial, in the order of the sources; copies repeat none.

    Only a denial that takes up what stands right before it (Die Bank weist das zurück) and is another one's.
    """
    by_source = [[c for c in usable(claims) if c.source == s.n] for s in sources if s.copy_of is None]
    return tuple(found for own in by_source for found in _of_article(own))


def _of_article(claims: Sequence[SourceClaim]) -> Iterator[Cited]:
    told = {max(c.claim.sentences): c for c in reversed(claims) if c.claim.sentences}
    seen: set[int] = set()
    for denial in claims:
        at = _denies(denial)
        said = told.get(at - 1) if at is not None and at not in seen else None
        if at is None or said is None or said.claim.speaker == denial.claim.speaker or _denies(said):
            continue
        seen.add(at)
        yield Cited(text=f"Disputed: {said.claim.text} {denial.claim.text}", claims=(said.id, denial.id))


def _denies(claim: SourceClaim) -> int | None:
    """The number of the sentence in which the claim's speaker denies what stands before it."""
    if not claim.claim.speaker:
        return None
    return next((e.n for e in claim.claim.evidence if denies(e.text)), None)


def denies(german: str) -> bool:
    """Does the sentence deny what stands before it: bestritt das, weist die Vorwürfe zurück, dementiert: ...?"""
    match = _DENIES.search(german)
    if match is None or _FORWARD.search(german):
        return False
    return not _BACK.search(match[0]) or re.search(r"\bzurück\b", german) is not None
