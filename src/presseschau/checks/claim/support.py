"""Does the evidence say what the claim says, or was another sentence meant?

A claim that stands alone has names and words for what its sentence only calls he, it or there. These stand in the
sentences before; what the claim says of them must stand in its evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from presseschau.checks.bitext import Bitext, german
from presseschau.facts.words import words
from presseschau.models import EVIDENCE_ROLES, Article, Sentence, Span

MARGIN = 2
"""By so many words another sentence must account for more of a claim than its evidence, and the claim for more of it
(tests/measure/claims_spoiled.py)."""
NEAR = 3
"""So many sentences before its evidence a claim may take a figure from, to say what is meant."""
BESIDE = 2
"""Words behind a figure of which one says what is counted."""


def of_another(pair: Bitext, evidence: Sequence[Sentence], article: Article) -> bool:
    """Does another sentence of the article account for words of the claim that its evidence does not, and for clearly
    more of them than the claim and its evidence have in common, either way? Names and figures are left out."""
    large = {part.lower() for word in pair.english.words if word.text[0].isupper() for part in word.text.split("-")}
    said = set(pair.english.content) - {re.sub(r"'s$", "", part) for part in large}
    open_words = said & set(pair.leftover)
    kept = len(said) - len(open_words)
    kept += sum(word.covered and word.known for word in pair.coverage)
    if len(open_words) < kept + MARGIN:
        return False
    others = (Bitext(german(s.text), pair.english) for s in article.sentences if s.role in EVIDENCE_ROLES)
    return any(len(open_words.difference(other.leftover)) >= kept + MARGIN for other in others)


def said_before(code: str, place: Span, pair: Bitext, evidence: Sequence[Sentence], article: Article) -> bool:
    """Does a sentence before the evidence, or the headline, say the name, place, figure or date at `place`?

    A figure must stand right before it, or close before it with what it counts.
    """
    first = min(s.n for s in evidence)
    before = [s for s in article.sentences if s.n < first]
    if not code.startswith(("name.", "place.")):
        before = [s for s in before[:-NEAR] if s.role == "headline"] + before[-NEAR:]
    pairs = ((s.n, Bitext(german(s.text), pair.english)) for s in before)
    return any(
        (code, place.start, place.end) not in one.added
        and (code != "number.added" or n == first - 1 or _counted(place, one))
        for n, one in pairs
    )


def _counted(place: Span, one: Bitext) -> bool:
    """Does the German account for one of the words behind the figure, if they are content?"""
    behind = {part for word in words(one.en[place.end :])[:BESIDE] for part in word.lower.split("-")}
    behind &= set(one.english.content)
    return not behind or not behind <= set(one.leftover)
