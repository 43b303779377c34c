"""Open questions: what the articles themselves say is not known."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.briefing.likeness import Passages, own_words
from presseschau.briefing.sources import usable
from presseschau.checks import not_known
from presseschau.models import Analysis
from presseschau.notes import Cited, SourceClaim


def questions(analyses: Sequence[Analysis], claims: Sequence[SourceClaim]) -> tuple[Cited, ...]:
    """The claims that say so, the latest article's first; those that say the same are one.

    `analyses` are all, in the order of the sources; the claims may be those of one story. What is not known is what
    the German says so of (`checks.not_known`), so that a weak model's list of it is not needed.
    """
    open_in = {n: set(not_known(analyses[n - 1].article)) for n in {c.source for c in claims}}
    told = [c for c in usable(claims) if c.claim.evidence and c.claim.evidence[-1].n in open_in[c.source]]
    told.sort(key=lambda c: analyses[c.source - 1].article.published or "", reverse=True)
    passages = Passages([own_words(c) for c in told])
    found: list[Cited] = []
    cited: set[int] = set()
    for i, claim in enumerate(told):
        if i not in cited:
            same = {i, *passages.like(own_words(claim))} - cited
            cited |= same
            found.append(Cited(text=claim.claim.text, claims=tuple(told[j].id for j in sorted(same))))
    return tuple(found)
