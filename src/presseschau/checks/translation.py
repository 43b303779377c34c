"""Checks of a whole numbered translation: every sentence by itself, and each against its neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.checks.finding import moved
from presseschau.checks.pair import check_pair
from presseschau.checks.shifted import shifted
from presseschau.models import Finding, Sentence


def check_translation(pairs: Sequence[tuple[Sentence, str | None]]) -> dict[int, tuple[Finding, ...]]:
    """Findings by sentence number; a sentence without findings is in it with `()`.

    `pairs` are neighbours in the article's order. `de_span` counts in `Article.text`, `en_span` in the sentence's
    English. None or empty English is `coverage.missing`; English that belongs to a neighbour `coverage.shifted`.
    """
    moved_on = shifted(pairs)
    found: dict[int, tuple[Finding, ...]] = {}
    for sentence, en in pairs:
        own = check_pair(sentence.text, en or "", n=sentence.n)
        found[sentence.n] = tuple(moved(item, sentence.start) for item in (*moved_on.get(sentence.n, ()), *own))
    return found
