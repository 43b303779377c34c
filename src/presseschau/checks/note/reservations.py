"""`negation.lost`, `hedge.lost`, `voice.lost`: what a cited claim denies or only reports must not be told as a fact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from presseschau.checks.note.overlap import content, covered
from presseschau.checks.note.spoken import named
from presseschau.facts import Fact, facts
from presseschau.facts.speech.english import voiced
from presseschau.facts.words import words
from presseschau.findings import Found, flag
from presseschau.lang import alternation, vocabulary
from presseschau.models import Claim, Span, Stance
from presseschau.notes import Source, SourceClaim
from presseschau.patterns import compiled

DENIAL_TOLD = 0.6
"""Share of the content words around a denial that a sentence has if it tells what is denied."""
NEAR = 4
"""So many content words of the clause, the nearest to the denial, say what is denied."""


@cache
def _edge() -> re.Pattern[str]:
    """What stands between clauses."""
    return compiled(rf"[,;:.!?–—()“”\"]+|\s{alternation('en', 'denial', 'edge')}\s")


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
    edges = [0, *(at for m in _edge().finditer(claim) for at in m.span()), len(claim)]
    start = max(edge for edge in edges if edge <= denial.start)
    end = min(edge for edge in edges if edge >= denial.end)
    clause = claim[start:end]
    at = denial.start - start
    around = sorted((w for w in content(clause) if w != denial.text), key=lambda w: abs(clause.find(w) - at))[:NEAR]
    return bool(around) and len(covered(" ".join(around), (text,))) >= DENIAL_TOLD * len(around)


TOLD = 0.5
"""Share of the content words of a claim that a sentence has if it tells that claim."""
_PLAIN: frozenset[Stance] = frozenset({"asserted", "planned", "predicted"})


def lost_reservations(text: str, cited: Sequence[tuple[SourceClaim, Source]]) -> Iterator[Found]:
    """One finding of each code if `text` tells a claim without the doubt, or the voice, that the claim has.

    None where another cited claim says as much without it.
    """
    bare = [one for one, _ in cited if not _doubt(one.claim)]
    for one, _ in cited:
        doubt = _doubt(one.claim)
        if doubt and not _doubtful(text) and _tells(text, one, bare):
            message = f"The cited claim is guarded (“{doubt}”); the sentence states it as a fact."
            yield flag("hedge.lost", message, scope="note", de=_only(doubt))
            break
    if voiced(text):
        return
    intended = not vocabulary("en", "guarded", "intent").keys().isdisjoint(text.lower().split())
    own = [one for one, _ in cited if one.claim.speaker is None and one.claim.stance in _PLAIN]
    for one, _ in cited:
        claim = one.claim
        if claim.stance in ("planned", "predicted") and intended:
            continue
        who = claim.speaker or ("someone" if claim.stance in ("alleged", "reported", "opinion") else None)
        if who and not named(who, text) and _tells(text, one, own):
            message = f"The cited claim gives what {who} says; the sentence states it as a fact."
            yield flag("voice.lost", message, scope="note", de=_only(who))
            break


def _doubt(claim: Claim) -> str | None:
    """The word of doubt in the claim, if there is one."""
    known = vocabulary("en", "guarded", "doubt")
    word = next((w.text for w in words(claim.text) if w.lower in known and w.text != "May"), None)
    return word or ("allegedly" if claim.stance == "alleged" else None)


def _doubtful(text: str) -> bool:
    return any(fact.value not in ("voiced", "planned") for fact in facts(text, "en").hedges)


def _tells(text: str, one: SourceClaim, others: Sequence[SourceClaim]) -> bool:
    """Does `text` tell this claim, and something in it that the others do not say?"""
    own = content(one.claim.text)
    if not own or len(covered(one.claim.text, (text,))) < TOLD * len(own):
        there = covered(text, (one.claim.text,))
        if len(there) < TOLD * len(content(text)):
            return False
    mine = covered(text, (one.claim.text,))
    elsewhere = covered(text, [other.claim.text for other in others if other.id != one.id])
    return bool(mine - elsewhere)


def _only(text: str) -> Span:
    return Span(start=0, end=len(text), text=text)
