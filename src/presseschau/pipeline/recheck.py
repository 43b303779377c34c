"""verify: everything a stored Analysis says, held against its German again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from presseschau.checks import Glossary, article_strangers, check_translation
from presseschau.findings import flag
from presseschau.models import Analysis, Finding, Span
from presseschau.pipeline import claims, summary, translation
from presseschau.pipeline.asking import counted
from presseschau.pipeline.decisions import judged, of_a_person, settled

if TYPE_CHECKING:
    from presseschau.facts.encoder import Encoder


def recheck(analysis: Analysis, glossary: Glossary, encoder: Encoder | None = None) -> tuple[Finding, ...]:
    """All findings about the stored result, made anew, whatever findings are stored in it.

    Besides the English, the result itself is checked: German that is not the article's, or evidence that does not
    stand where it says, is `evidence.altered`; a part of which less is there than was made, `coverage.missing`. What a
    person accepted, wrote or rejected is checked too, but its findings are notes: they were seen.
    """
    found = [*_altered(analysis), *_taken_out(analysis)]
    if analysis.translation is not None:
        english = {row.n: row.en for row in analysis.translation if row.en}
        people = {row.n for row in analysis.translation if of_a_person(row)}
        pairs = translation.rows(analysis.article, english)
        strange = article_strangers(pairs, encoder) if encoder else None
        for n, findings in check_translation(pairs, glossary, strange).items():
            found += settled(findings) if n in people else findings
    if analysis.summary is not None:
        found += summary.check(analysis.article, analysis.summary)
    for claim in analysis.claims or ():
        findings = claims.checked(analysis.article, claim).findings
        found += judged(claim, findings) if claim.status == "human" else findings
    return tuple(found)


def _taken_out(analysis: Analysis) -> Iterator[Finding]:
    there = counted(analysis.translation, analysis.summary, analysis.claims)
    for part, count in (analysis.provenance.made or {}).items():
        if (left := there.get(part, 0)) < count:
            what = {"translation": "sentences", "summary": "summaries", "claims": "claims"}[part]
            message = f"{left} of {count} {what} that were made are in this result."
            yield flag("coverage.missing", message).stamped(part=part)


def _altered(analysis: Analysis) -> list[Finding]:
    article = analysis.article
    places: list[tuple[str | None, int | None, Span]] = [
        (None, s.n, Span(start=s.start, end=s.end, text=s.text)) for s in article.sentences
    ]
    places += [(None, r.n, Span(start=r.start, end=r.end, text=r.de)) for r in analysis.translation or ()]
    for claim in analysis.claims or ():
        places += [(claim.id, e.n, Span(start=e.start, end=e.end, text=e.text)) for e in claim.evidence]
        places += [(claim.id, None, claim.speaker_de)] if claim.speaker_de else []
    return [
        flag("evidence.altered", de=span).stamped(sentence=n, claim=claim_id)
        for claim_id, n, span in places
        if article.text[span.start : span.end] != span.text
    ]
