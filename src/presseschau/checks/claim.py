"""Checks of English that must rest on evidence: claims, key points, bottom line, headline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presseschau.checks.agreement import agreement
from presseschau.checks.finding import finding
from presseschau.checks.links import links
from presseschau.checks.meta import meta
from presseschau.checks.untranslated import untranslated
from presseschau.models import EVIDENCE_ROLES, Article, Finding, Sentence


def check_claim(
    text: str, evidence: Sequence[Sentence], article: Article, speaker: str | None = None, *, claim: str | None = None
) -> tuple[Finding, ...]:
    """All findings about the claim `text`, said by `speaker` (None: by the article), that rests on `evidence`."""
    return tuple(item.model_copy(update={"claim": claim}) for item in _findings(text, evidence, article, speaker))


def check_point(
    text: str, evidence: Sequence[Sentence], article: Article, *, point: str | None = None
) -> tuple[Finding, ...]:
    """The same for a key point, the bottom line or the headline, which need not name a speaker."""
    return check_claim(text, evidence, article, claim=point)


def _findings(text: str, evidence: Sequence[Sentence], article: Article, speaker: str | None) -> Iterator[Finding]:
    source = "\n".join(sentence.text for sentence in evidence)
    if not any(letter.isalnum() for letter in text):
        yield finding("coverage.missing", "There is no text.", scope="claim")
        return
    if not evidence:
        yield finding("evidence.missing", "No sentence of the article is given as evidence.", scope="claim")
    for sentence in evidence:
        if sentence.role not in EVIDENCE_ROLES:
            yield finding("evidence.role", f"Sentence {sentence.n} is a {sentence.role}; only lead and body are evidence.", scope="claim")
    yield from meta(source, text)
    yield from untranslated(source, text)
    yield from links(article.text, text, "claim")
    yield from agreement(source, text, "within", "claim")
