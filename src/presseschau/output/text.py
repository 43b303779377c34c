"""An Analysis as plain text: to paste into a mail or a system that knows nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from presseschau.models import Analysis, Risk
from presseschau.output.doubtful import UNFIT, UNUSABLE, doubt, not_for_facts
from presseschau.output.inert import one_line
from presseschau.output.placing import placed, why_absent
from presseschau.output.wording import carrier_of, decided_by, in_a_line, in_words, told_when, voices


def text(analysis: Analysis) -> str:
    """Headline, where it is from, notice, summary, the English in its paragraphs, claims, what must be checked."""
    blocks = (*_head(analysis), *_summary(analysis), *_translation(analysis), *_claims(analysis), *_checks(analysis))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _head(analysis: Analysis) -> Iterator[str]:
    article, rows = analysis.article, analysis.translation or ()
    english = next((row.en for row in rows if row.role == "headline" and row.en), None)
    title = english or (analysis.summary.headline if analysis.summary else None) or article.headline or "German article"
    yield one_line(title).upper()
    said = (article.headline, carrier_of(article), article.author, in_words(article.published), article.source)
    yield "\n".join(one_line(part) for part in (*said, article.metadata.get("url")) if one_line(part))
    yield one_line(analysis.provenance.notice)
    if not_for_facts(analysis):
        yield UNUSABLE.upper()


def _summary(analysis: Analysis) -> Iterator[str]:
    if analysis.summary is not None:
        yield "SUMMARY"
        yield one_line(analysis.summary.bottom_line or UNFIT) + _doubt(analysis.summary.risk)
        yield "\n".join(f"- {one_line(point.text)}{_doubt(point.risk)}" for point in analysis.summary.points)


def _doubt(risk: Risk | None) -> str:
    return f" ({one_line(said)})" if (said := doubt(risk)) else ""


def _translation(analysis: Analysis) -> Iterator[str]:
    yield "TRANSLATION"
    if analysis.translation is None:
        yield one_line(why_absent(analysis, "translation"))
    paragraphs = {sentence.n: sentence.paragraph for sentence in analysis.article.sentences}
    for _, rows in groupby(analysis.translation or (), key=lambda row: paragraphs.get(row.n)):
        told = (one_line(row.en) or f"[not translated: {one_line(row.de)}]" for row in rows if row.role != "headline")
        yield " ".join(told)


def _claims(analysis: Analysis) -> Iterator[str]:
    if analysis.claims:
        yield "CLAIMS"
    for claim in analysis.claims or ():
        when = told_when(claim.when) if claim.when else ""
        told = (in_a_line(voices(claim, analysis.article)), claim.stance, when, decided_by(claim))
        said = "; ".join(part for part in told if part)
        verdict = "" if claim.supported else "NOT SUPPORTED BY THE GERMAN: "
        yield f"- {verdict}{one_line(claim.text)}" + (f" ({one_line(said)})" if said else "") + _doubt(claim.risk)


def _checks(analysis: Analysis) -> Iterator[str]:
    found = [one for one in placed(analysis).everything if one.severity != "info"]
    if found:
        yield "TO BE CHECKED"
        yield "\n".join(
            f"- {f'sentence {one.sentence}: ' if one.sentence else ''}{one_line(one.message)}" for one in found
        )
