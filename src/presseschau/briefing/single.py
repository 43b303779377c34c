"""Single-source warnings: what only one independent source has."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.briefing.comparisons import figures
from presseschau.briefing.introducing import telling
from presseschau.briefing.likeness import Passages, own_words
from presseschau.briefing.sources import origins, usable
from presseschau.notes import Cited, Source, SourceClaim


def single_source(claims: Sequence[SourceClaim], sources: Sequence[Source]) -> tuple[Cited, ...]:
    """The claims of a story that rest on one independent source alone, in the order of the claims.

    A copy or a further paper of the same agency is no second source; its claim is cited beside the first one. A figure
    that two independent sources give is no single-source claim, however differently they put it.
    """
    whose = origins(sources)
    told = [c for c in usable(claims) if telling(c)]
    sentences = Passages([s.de for source in sources for s in source.sentences])
    owner = [whose[source.n] for source in sources for _ in source.sentences]
    passages = Passages([own_words(c) for c in told])
    shared = {
        claim
        for comparison in figures(claims, sources)
        for figure in comparison.figures
        if len({whose[n] for n in figure.sources}) > 1
        for claim in figure.claims
    }
    found: list[Cited] = []
    cited: set[str] = set()
    for claim in told:
        if claim.id in cited or claim.id in shared:
            continue
        having = [{owner[i] for i in sentences.like(german)} for german in telling(claim)]
        if set.intersection(*having) - {whose[claim.source]}:
            continue
        same = [claim.id, *(told[i].id for i in passages.like(own_words(claim)) if told[i].source != claim.source)]
        cited.update(same)
        found.append(Cited(text=claim.claim.text, claims=tuple(dict.fromkeys(same))))
    return tuple(found)
