"""`negation.lost` for a sentence of the note: what a cited claim denies must not be told as a fact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from presseschau.briefing.likeness import content, covered
from presseschau.facts import Fact, facts
from presseschau.findings import Found, flag
from presseschau.models import Span
from presseschau.notes import SourceClaim

TOLD = 0.6
"""Share of the content words around a denial that a sentence has if it tells what is denied."""
NEAR = 4
"""So many content words of the clause, the nearest to the denial, say what is denied."""
_EDGE = re.compile(r"[,;:.!?–—()“”\"]+|\s(?:and|but|while|whereas|although)\s")


def denied(text: str, cited: Sequence[SourceClaim]) -> Iterator[Found]:
    """At most one finding: `text` tells a clause that its claim denies, and denies nothing."""
    if any(fact.value in ("strong", "weak") for fact in facts(text, "en").negations):
        return
    for one in cited:
        for denial in facts(one.claim.text, "en").negations:
            if denial.value == "strong" and _told(denial, one.claim.text, text):
                message = f"The cited claim denies this (“{denial.text}”); the sentence does not."
                said = Span(start=0, end=len(denial.text), text=denial.text)
                yield flag("negation.lost", message, scope="note", de=said)
                return


def _told(denial: Fact, claim: str, text: str) -> bool:
    edges = [0, *(at for m in _EDGE.finditer(claim) for at in m.span()), len(claim)]
    start = max(edge for edge in edges if edge <= denial.start)
    end = min(edge for edge in edges if edge >= denial.end)
    clause = claim[start:end]
    at = denial.start - start
    around = sorted((w for w in content(clause) if w != denial.text), key=lambda w: abs(clause.find(w) - at))[:NEAR]
    return bool(around) and len(covered(" ".join(around), (text,))) >= TOLD * len(around)
