"""An Analysis as one HTML page that needs nothing else: no network, no font, no script to be read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from presseschau.models import Analysis, Claim, Finding, Role, Sentence, Span, Status, TranslatedSentence
from presseschau.output.inert import web_address
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
from presseschau.output.wording import ChainLink, carrier_of, clock, decided_by, in_words, voices

_WEAKEST_FIRST = ("voice", "info", "warning", "error")


class Piece(NamedTuple):
    """A piece of a text and its mark: "", "voice", "info", "warning" or "error"."""

    text: str
    mark: str


def pieces(text: str, marks: Iterable[tuple[Span, str]], *, offset: int = 0) -> tuple[Piece, ...]:
    """`text` cut at the marks; joined again the pieces are `text`. `offset` is where `text` starts in what the
    spans count in. A span that does not hold its own text there is passed over; where two overlap, the graver wins."""
    grades = [""] * len(text)
    for span, mark in sorted(marks, key=lambda item: _WEAKEST_FIRST.index(item[1])):
        start, end = span.start - offset, span.end - offset
        if 0 <= start < end <= len(text) and text[start:end] == span.text:
            grades[start:end] = [mark] * (end - start)
    cuts = [i for i in range(1, len(text)) if grades[i] != grades[i - 1]]
    return tuple(
        Piece(text[start:end], grades[start])
        for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)
        if start < end
    )


def english(findings: Iterable[Finding]) -> list[tuple[Span, str]]:
    """The marks of findings in the English they are about."""
    return [(finding.en_span, finding.severity) for finding in findings if finding.en_span]


def german(findings: Iterable[Finding]) -> list[tuple[Span, str]]:
    """The marks of findings in the German, counted in the article's text."""
    return [(finding.de_span, finding.severity) for finding in findings if finding.de_span]


_PLAIN_ID = re.compile(r"c\d{1,6}")


@dataclass(frozen=True)
class SentenceRow:
    """A sentence in both languages; `en` is empty when it is missing. `cited` are the claims that rest on it."""

    n: int
    paragraph: int
    role: Role
    when: str
    de: tuple[Piece, ...]
    en: tuple[Piece, ...]
    status: Status | None
    person: str
    findings: tuple[Finding, ...]
    cited: tuple[str, ...]


@dataclass(frozen=True)
class Quote:
    """A sentence of evidence, with the mention of the speaker marked."""

    n: int
    de: tuple[Piece, ...]


@dataclass(frozen=True)
class ClaimCard:
    """A claim with all that is shown when it is opened. `anchor` is its id on the page."""

    anchor: str
    claim: Claim
    text: tuple[Piece, ...]
    chain: tuple[ChainLink, ...]
    evidence: tuple[Quote, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class PageContent:
    """Everything the template needs. `headline` is English if there is any, else `headline_de` alone is shown."""

    analysis: Analysis
    headline: str
    headline_de: str
    facts: tuple[str, ...]
    link: str | None
    paragraphs: tuple[tuple[SentenceRow, ...], ...]
    claims: tuple[ClaimCard, ...]
    anchors: dict[str, str]
    placed: Placed
    counts: tuple[str, ...]
    absent: dict[str, str]
    unknown: tuple[SentenceRow, ...]
    doubtful: tuple[tuple[TranslatedSentence, str], ...]
    unusable: str
    unfit: str


def page(analysis: Analysis) -> PageContent:
    """The page of an analysis; the same analysis gives the same page."""
    article = analysis.article
    where = placed(analysis)
    anchors = _anchors(analysis.claims or ())
    cards = tuple(_card(claim, analysis, where, anchors) for claim in analysis.claims or ())
    rows = _rows(analysis, where, cards)
    english_headline = next((row.en for row in rows if row.role == "headline" and row.en), ())
    dates = (in_words(article.published), article.updated and f"updated {in_words(article.updated)}")
    facts = (carrier_of(article), article.author, *dates)
    return PageContent(
        analysis=analysis,
        headline="".join(piece.text for piece in english_headline),
        headline_de=article.headline or next((s.text for s in article.sentences if s.role == "headline"), ""),
        facts=tuple(fact for fact in facts if fact),
        link=web_address(article.metadata.get("url", "")) or web_address(article.source),
        paragraphs=tuple(tuple(group) for _, group in groupby(rows, key=lambda row: row.paragraph)),
        claims=cards,
        anchors=anchors,
        placed=where,
        counts=_counts(analysis, where),
        unknown=tuple(row for row in rows if analysis.summary and row.n in analysis.summary.unknown),
        doubtful=tuple((row, doubt(row.risk)) for row in read_first(analysis)),
        unfit=UNFIT,
        unusable=UNUSABLE if not_for_facts(analysis) else "",
        absent={part: why_absent(analysis, part) for part in ("translation", "summary", "claims")},
    )


def _anchors(claims: tuple[Claim, ...]) -> dict[str, str]:
    """Ids are the model's or a person's: only c1, c2 ... are taken over into the page, others are numbered."""
    return {claim.id: claim.id if _PLAIN_ID.fullmatch(claim.id) else f"claim-{i}" for i, claim in enumerate(claims, 1)}


def _rows(analysis: Analysis, where: Placed, cards: tuple[ClaimCard, ...]) -> list[SentenceRow]:
    translated = {row.n: row for row in analysis.translation or ()}
    rows, shown = [], ""
    for sentence in analysis.article.sentences:
        when = clock(sentence.when)
        cited = tuple(card.claim.id for card in cards if sentence.n in card.claim.sentences)
        rows.append(_row(sentence, translated.get(sentence.n), where, cited, when if when != shown else ""))
        shown = when
    return rows


def _row(
    sentence: Sentence, english_row: TranslatedSentence | None, where: Placed, cited: tuple[str, ...], when: str
) -> SentenceRow:
    findings = where.sentences.get(sentence.n, ())
    return SentenceRow(
        n=sentence.n,
        paragraph=sentence.paragraph,
        role=sentence.role,
        when=when,
        de=pieces(sentence.text, german(findings), offset=sentence.start),
        en=pieces((english_row and english_row.en) or "", english(findings)),
        status=english_row.status if english_row else None,
        person=decided_by(english_row) if english_row else "",
        findings=findings,
        cited=cited,
    )


def _card(claim: Claim, analysis: Analysis, where: Placed, anchors: dict[str, str]) -> ClaimCard:
    findings = where.claims.get(claim.id, ())
    marks = german(findings) + ([(claim.speaker_de, "voice")] if claim.speaker_de else [])
    return ClaimCard(
        anchor=anchors[claim.id],
        claim=claim,
        text=pieces(claim.text, english(findings)),
        chain=voices(claim, analysis.article),
        evidence=tuple(Quote(e.n, pieces(e.text, marks, offset=e.start)) for e in claim.evidence),
        findings=findings,
    )


def _counts(analysis: Analysis, where: Placed) -> tuple[str, ...]:
    sentences = len(analysis.article.sentences)
    counts = [f"{sentences} sentence{'s' * (sentences != 1)}"]
    missing = sum(row.en is None for row in analysis.translation or ())
    if missing:
        counts.append(f"{missing} not translated")
    if analysis.claims is not None:
        counts.append(f"{len(analysis.claims)} claim{'s' * (len(analysis.claims) != 1)}")
        unsupported = sum(not claim.supported for claim in analysis.claims)
        counts += [f"{unsupported} not supported"] if unsupported else []
    return (*counts, tally(where.everything))


def html(analysis: Analysis) -> str:
    """The page: both languages side by side, summary, claims with their evidence, findings, how it was made.

    Everything from the article or the model is escaped and freed of control characters on its way out; the page's
    Content-Security-Policy lets run only the style and the script that it carries, and lets it load nothing.
    """
    from markupsafe import Markup

    from presseschau.output.templates import asset, content_policy, template

    style, script = asset("base.css") + asset("page.css"), asset("page.js")
    return template("page.html.j2").render(
        page=page(analysis),
        policy=content_policy(style, script),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
    )
