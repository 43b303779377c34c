"""Claims held against their German once more, as `verify` will: stored results may be older than the checks."""

from __future__ import annotations

from collections.abc import Iterator

from presseschau.briefing.sources import sources
from presseschau.briefing.sources_again import article
from presseschau.checks.claim import check_claim
from presseschau.findings import flag
from presseschau.models import Analysis, Article, Claim, Finding, Sentence, Span


def rechecked(analysis: Analysis) -> Analysis:
    """The analysis with only those claims supported that hold today. What a person wrote or accepted stays."""
    if not any(claim.supported for claim in analysis.claims or ()):
        return analysis
    read = article(sources((analysis,))[0])
    claims = tuple(_rechecked(claim, read) for claim in analysis.claims or ())
    return analysis.model_copy(update={"claims": claims})


def _rechecked(claim: Claim, read: Article) -> Claim:
    if not claim.supported or not any(finding.severity == "error" for finding in findings(claim, read)):
        return claim
    return claim.model_copy(update={"supported": False})


def findings(claim: Claim, read: Article, name: str | None = None) -> tuple[Finding, ...]:
    """What is wrong with the claim, against its article as a note keeps it; `name` is set into the findings.

    `evidence.altered`: German that does not stand where it says.
    """
    altered = tuple(_altered(claim, read, name))
    if claim.status == "human":
        return altered
    cited = [s for s in read.sentences if s.n in {piece.n for piece in claim.evidence}]
    return (*altered, *check_claim(claim.text, cited, read, claim.speaker, claim=name, cited=claim.sentences))


def _altered(claim: Claim, read: Article, name: str | None) -> Iterator[Finding]:
    known = {s.n: s for s in read.sentences}
    for piece in claim.evidence:
        there = known.get(piece.n)
        if there is None or (there.start, there.end, there.text) != (piece.start, piece.end, piece.text):
            message = "The German given as evidence does not stand in the source."
            yield flag("evidence.altered", message, scope="note").stamped(claim=name)
    place = claim.speaker_de
    if place and not any(_holds(s, place) for s in read.sentences):
        message = "The German given for the speaker does not stand in the source."
        yield flag("evidence.altered", message, scope="note").stamped(claim=name)


def _holds(sentence: Sentence, place: Span) -> bool:
    at = place.start - sentence.start
    return at >= 0 and sentence.text[at : at + len(place.text)] == place.text
