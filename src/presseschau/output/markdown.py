"""An Analysis as Markdown: to read in a terminal, an editor or a wiki."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from presseschau.models import Analysis, Claim, Finding, Summary, TranslatedSentence
from presseschau.output.plain import plain

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~!])")


def markdown(analysis: Analysis) -> str:
    """Headline, summary, claims, translation, findings and how it was made; parts that are missing say so."""
    article = analysis.article
    title = analysis.summary.headline if analysis.summary else _english_headline(analysis)
    source = ", ".join(part for part in (article.outlet, article.agency, article.published, article.source) if part)
    blocks = [f"# {_safe(title or article.headline or 'German article')}", _safe(source)]
    blocks += _summary(analysis.summary) if analysis.summary else []
    blocks += _claims(analysis.claims) if analysis.claims is not None else []
    blocks += _translation(analysis.translation) if analysis.translation else []
    blocks += _findings(analysis.findings)
    made = analysis.provenance
    blocks += [f"*{_safe(made.notice)} Model: {_safe(made.model)}; prompts {made.prompts}; {_tokens(analysis)}.*"]
    return "\n\n".join(blocks) + "\n"


def _english_headline(analysis: Analysis) -> str | None:
    rows = analysis.translation or ()
    return next((row.en for row in rows if row.role == "headline"), None)


def _summary(summary: Summary) -> list[str]:
    bottom = f"**{_safe(summary.bottom_line)}** {_numbers(summary.bottom_line_sentences)}"
    points = "\n".join(f"- {_safe(point.text)} {_numbers(point.sentences)}" for point in summary.points)
    return ["## Summary", bottom, points]


def _claims(claims: Sequence[Claim]) -> list[str]:
    return ["## Claims", *(_claim(claim) for claim in claims)] if claims else ["## Claims", "None found."]


def _claim(claim: Claim) -> str:
    said = [claim.stance]
    if claim.speaker:
        said.append(f"speaker: {_safe(claim.speaker)}")
    if claim.via:
        said.append(f"via {_safe(', '.join(claim.via))}")
    if not claim.supported:
        said.append("**not supported by the German**")
    lines = [f"- **{claim.id}** {_safe(claim.text)} ({'; '.join(said)})"]
    lines += [f"  > [{evidence.n}] {_safe(evidence.text)}" for evidence in claim.evidence]
    return "\n".join(lines)


def _translation(rows: Iterable[TranslatedSentence]) -> list[str]:
    blocks = ["## Translation"]
    for row in rows:
        text = _safe(row.en) if row.en else f"*missing:* {_safe(row.de)}"
        mark = " ⚠" if row.status in ("flagged", "missing") else ""
        blocks.append(f"**[{row.n}]** {'**' + text + '**' if row.role in ('headline', 'crosshead') else text}{mark}")
    return blocks


def _findings(findings: Sequence[Finding]) -> list[str]:
    if not findings:
        return ["## Findings", "None. The checks find what they know; they do not prove that the English is right."]
    order = {"error": 0, "warning": 1, "info": 2}
    lines = [
        f"- {f.severity} `{f.code}`{_where(f)}: {_safe(f.message)}"
        for f in sorted(findings, key=lambda f: order[f.severity])
    ]
    return ["## Findings", "\n".join(lines)]


def _where(finding: Finding) -> str:
    if finding.claim:
        return f" in {finding.claim}"
    return f" in [{finding.sentence}]" if finding.sentence else f" in {finding.part}" if finding.part else ""


def _numbers(numbers: Iterable[int]) -> str:
    return "".join(f"[{n}]" for n in numbers)


def _tokens(analysis: Analysis) -> str:
    usage = analysis.provenance.usage
    return f"{usage.requests} requests, {usage.prompt_tokens} tokens read, {usage.completion_tokens} written"


def _safe(text: str | None) -> str:
    """Foreign text on one line in which Markdown finds nothing to do."""
    return _SPECIAL.sub(r"\\\1", plain(" ".join((text or "").split())))
