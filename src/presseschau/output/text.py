"""Plain text: an Analysis, to paste into what knows nothing else; an Article, to read in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from presseschau.models import Analysis, Article, Risk
from presseschau.output.inert import one_line, plain
from presseschau.output.placing import UNFIT, UNUSABLE, doubt, not_for_facts, placed, why_absent
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


def article_text(article: Article) -> str:
    """What is article, numbered; what was set aside, with the reason; what was repaired."""
    lines = [
        f"{name}: {plain(value)}"
        for name, value in (
            ("source", article.source),
            ("topic", article.topic),
            ("published", article.published),
            ("updated", article.updated),
            ("outlet", article.outlet),
            ("agency", article.agency),
            ("author", article.author),
            *((plain(name), value) for name, value in article.metadata.items()),
        )
        if value
    ]
    paragraph = None
    for sentence in article.sentences:
        if sentence.paragraph != paragraph:
            lines.append("")
            paragraph = sentence.paragraph
        role = "" if sentence.role == "body" else f" {sentence.role}"
        when = f" ({sentence.when})" if sentence.when else ""
        lines.append(f"[{sentence.n}]{role}{when} {plain(sentence.text)}")
    if article.kept:
        lines += ["", "Kept, not numbered:"]
        lines += [f"  {kept.role}: {_short(kept.text)}" for kept in article.kept]
    if article.dropped:
        lines += ["", "Set aside, not part of this article:"]
        lines += [f"  {dropped.reason}: {_short(dropped.text)}" for dropped in article.dropped]
    if article.repairs:
        lines += ["", "Repaired:"]
        for repair in article.repairs:
            codec = f" ({repair.codec})" if repair.codec else ""
            lines.append(f"  {repair.count} x {repair.kind}{codec}: {plain(', '.join(repair.examples[:3]))}")
    if article.findings:
        lines += ["", "Findings:"]
        lines += [f"  {finding.severity} {finding.code}: {plain(finding.message)}" for finding in article.findings]
    return "\n".join(lines)


def _short(text: str) -> str:
    line = plain(" ".join(text.split()))
    return line if len(line) <= 100 else line[:99] + "…"
