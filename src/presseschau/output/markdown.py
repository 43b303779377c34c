"""An Analysis as Markdown: to read in a terminal, an editor or a wiki."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from presseschau.models import Analysis, Article, Claim, Finding, Risk, Summary, TranslatedSentence
from presseschau.output.inert import one_line, quiet, web_address
from presseschau.output.placing import (
    UNFIT,
    UNUSABLE,
    Placed,
    doubt,
    not_for_facts,
    placed,
    read_first,
    tally,
    why_absent,
)
from presseschau.output.wording import beside, carrier_of, decided_by, in_a_line, in_words, told_when, voices


def markdown(analysis: Analysis) -> str:
    """Headline, notice, summary, claims, translation, what the checks found and how it was made.

    Each finding stands once, at its place; a part that is missing says why. The German stands with claims and with
    sentences that a finding questions: the rest of it is in the article.
    """
    where = placed(analysis)
    blocks = [
        *_head(analysis),
        *_read_first(analysis),
        *_summary(analysis, where),
        *_claims(analysis, where),
        *_translation(analysis, where),
        *_checks(where),
        _made(analysis),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _head(analysis: Analysis) -> list[str]:
    article = analysis.article
    english = next((row.en for row in analysis.translation or () if row.role == "headline" and row.en), None)
    title = english or (analysis.summary.headline if analysis.summary else None)
    german = article.headline if title else None
    link = web_address(article.metadata.get("url", ""))
    source = None if link == article.source else article.source
    said = (carrier_of(article), article.author, in_words(article.published), _updated(article), source)
    facts = [quiet(fact) for fact in (*said, *beside(article.metadata)) if one_line(fact)]
    return [
        f"# {quiet(title or article.headline or 'German article')}",
        f"*{quiet(german)}*" if one_line(german) else "",
        " · ".join([*facts, *([f"<{link}>"] if link else [])]),
        f"> **{quiet(analysis.provenance.notice)}**" if one_line(analysis.provenance.notice) else "",
    ]


def _read_first(analysis: Analysis) -> list[str]:
    first = read_first(analysis)
    unusable = [f"> **{UNUSABLE}**"] if not_for_facts(analysis) else []
    if not first:
        return unusable
    rows = [f"- **[{row.n}]** {quiet(row.en or '')} *{quiet(doubt(row.risk))}*" for row in first]
    return [*unusable, "## Read these first", "\n".join(rows)]


def _updated(article: Article) -> str | None:
    return f"updated {in_words(article.updated)}" if article.updated else None


def _summary(analysis: Analysis, where: Placed) -> list[str]:
    summary = analysis.summary
    if summary is None:
        return ["## Summary", f"*None.* {quiet(why_absent(analysis, 'summary'))}"]
    bottom = f"*{UNFIT}*"
    if summary.bottom_line is not None:
        bottom = f"{quiet(summary.bottom_line)} {_numbers(summary.bottom_line_sentences)}{_doubt(summary.risk)}"
    points = [f"- {quiet(p.text)} {_numbers(p.sentences)}{_doubt(p.risk)}" for p in summary.points]
    return [
        "## Summary",
        f"**{quiet(summary.headline)}**" if one_line(summary.headline) else "",
        bottom,
        "\n".join(points),
        _unknown(summary),
        "\n".join(map(_finding, where.summary)),
    ]


def _doubt(risk: Risk | None) -> str:
    return f" *{quiet(said)}*" if (said := doubt(risk)) else ""


def _unknown(summary: Summary) -> str:
    return f"Not known, says the article: {_numbers(summary.unknown)}" if summary.unknown else ""


def _claims(analysis: Analysis, where: Placed) -> list[str]:
    if analysis.claims is None:
        return ["## Claims", f"*None.* {quiet(why_absent(analysis, 'claims'))}"]
    if not analysis.claims:
        return ["## Claims", "No claim was found in this article."]
    return ["## Claims", *(_claim(claim, analysis.article, where) for claim in analysis.claims)]


def _claim(claim: Claim, article: Article, where: Placed) -> str:
    verdict = "" if claim.supported else "**not supported by the German:** "
    said = [claim.stance, in_a_line(voices(claim, article)), claim.verb and f"verb: {claim.verb}"]
    said += [claim.quotation and f"{claim.quotation} quotation", _when(claim)]
    said += [decided_by(claim)]
    rests = f"{_numbers(claim.sentences)}{_doubt(claim.risk)}"
    lines = [f"- **{quiet(claim.id)}** {verdict}{quiet(claim.text)} {rests}  "]
    lines += [f"  *{quiet('; '.join(part for part in said if part))}*"]
    lines += [line for e in claim.evidence for line in ("", f"  > [{e.n}] {quiet(e.text)}")]
    found = where.claims.get(claim.id, ())
    return "\n".join(lines + ([""] if found else []) + [f"  {_finding(finding)}" for finding in found])


def _when(claim: Claim) -> str | None:
    return f"when: {told_when(claim.when)}" if claim.when else None


def _translation(analysis: Analysis, where: Placed) -> list[str]:
    if analysis.translation is None:
        return ["## Translation", f"*None.* {quiet(why_absent(analysis, 'translation'))}"]
    paragraphs = {sentence.n: sentence.paragraph for sentence in analysis.article.sentences}
    times = {sentence.n: sentence.when for sentence in analysis.article.sentences}
    blocks = ["## Translation"]
    for _, group in groupby(analysis.translation, key=lambda row: paragraphs.get(row.n)):
        rows = list(group)
        time = times.get(rows[0].n)
        blocks.append((f"*{quiet(in_words(time))}* " if time else "") + " ".join(map(_sentence, rows)))
        blocks.append("\n".join(line for row in rows for line in _questions(row, where.sentences.get(row.n, ()))))
    return blocks


def _sentence(row: TranslatedSentence) -> str:
    number = f"**[{row.n}]**"
    if not row.en:
        return f"{number} *not translated:* {quiet(row.de)}"
    person = f" *({quiet(said)})*" if (said := decided_by(row)) else ""
    text = quiet(row.en)
    return f"{number} {f'**{text}**' if text and row.role in ('headline', 'crosshead') else text}{person}"


def _questions(row: TranslatedSentence, found: Sequence[Finding]) -> list[str]:
    german = [f"- [{row.n}] German: {quiet(row.de)}"] if found and row.en else []
    return [*german, *(_finding(finding, f"[{row.n}] ") for finding in found)]


def _checks(where: Placed) -> list[str]:
    if not where.everything:
        return ["## Checks", "Nothing was found. The checks find what they know; they do not prove the English right."]
    return ["## Checks", f"In all: {tally(where.everything)}.", "\n".join(map(_finding, where.rest))]


def _finding(finding: Finding, place: str = "") -> str:
    severity = "note" if finding.severity == "info" else finding.severity
    return f"- {place}⚠ **{severity}** {quiet(finding.message)} ({quiet(finding.code)})"


def _made(analysis: Analysis) -> str:
    made, usage = analysis.provenance, analysis.provenance.usage
    return (
        f"*Model {quiet(made.model)}; prompts {quiet(made.prompts)}; {usage.requests} requests, "
        f"{usage.prompt_tokens} tokens read, {usage.completion_tokens} written.*"
    )


def _numbers(numbers: Iterable[int]) -> str:
    return "".join(f"[{n}]" for n in numbers)
