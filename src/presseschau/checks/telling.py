"""Which sentences a reader of claims must not miss."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.checks.speaker import voices_in
from presseschau.facts import facts
from presseschau.models import EVIDENCE_ROLES, Article, Sentence


def telling(sentences: Sequence[Sentence], most: int) -> tuple[int, ...]:
    """At most `most` numbers of lead and body sentences, in order: first those with speech, figures and names.

    Lead sentences come before body sentences that tell as much; among equals the earlier one.
    """
    citable = [s for s in sentences if s.role in EVIDENCE_ROLES]
    if len(citable) > most:
        citable = sorted(citable, key=lambda s: (-_weight(s), s.n))[:most]
    return tuple(sorted(s.n for s in citable))


def must_cite(article: Article) -> frozenset[int]:
    """The numbers of the body sentences with a figure, a quotation or reported speech: some claim should cite each."""
    voices = voices_in(article)
    return frozenset(s.n for s in article.sentences if s.role == "body" and (s.n in voices or _has_figure_or_quote(s)))


def _has_figure_or_quote(sentence: Sentence) -> bool:
    read = facts(sentence.text, "de")
    return bool(read.numbers or read.quotes)


def _weight(sentence: Sentence) -> int:
    read = facts(sentence.text, "de")
    kinds = (read.voices, read.quotes, read.numbers, read.dates, read.persons, read.places)
    return sum(bool(kind) for kind in kinds) + bool(read.voices or read.quotes) + 2 * (sentence.role == "lead")
