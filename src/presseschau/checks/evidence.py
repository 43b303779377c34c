"""Evidence itself: that there is some, that it exists, and that it may be cited (`evidence.*`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presseschau.checks.finding import finding
from presseschau.models import EVIDENCE_ROLES, Article, Finding, Sentence


def evidence(sentences: Sequence[Sentence], cited: Sequence[int], article: Article) -> Iterator[Finding]:
    """`evidence.missing`, `.unknown` (a cited number without a sentence), `.role` (headline or crosshead cited)."""
    known = {sentence.n for sentence in article.sentences}
    for n in cited:
        if n not in known:
            yield finding("evidence.unknown", f"There is no sentence {n} in the article.", scope="claim")
    if not sentences:
        yield finding("evidence.missing", "No sentence of the article is given as evidence.", scope="claim")
    for sentence in sentences:
        if sentence.role not in EVIDENCE_ROLES:
            message = f"Sentence {sentence.n} is a {sentence.role}; only lead and body sentences are evidence."
            yield finding("evidence.role", message, scope="claim", n=sentence.n)
