"""Evidence itself: that there is some, that it exists, and that it may be cited (`evidence.*`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presseschau.findings import Found, flag
from presseschau.models import EVIDENCE_ROLES, Article, Sentence


def evidence(sentences: Sequence[Sentence], cited: Sequence[int], article: Article) -> Iterator[Found]:
    """`evidence.missing`, `.unknown` (a cited number without a sentence), `.role` (headline or crosshead cited)."""
    known = {sentence.n for sentence in article.sentences}
    for n in cited:
        if n not in known:
            yield flag("evidence.unknown", scope="claim", said={"n": n})
    if not sentences:
        yield flag("evidence.missing", scope="claim")
    for sentence in sentences:
        if sentence.role not in EVIDENCE_ROLES:
            yield flag(
                "evidence.role", scope="claim", sentence=sentence.n, said={"n": sentence.n, "role": sentence.role}
            )
