"""Articles that repeat another one's text: an agency's copy in several papers is one source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from presseschau.facts.shingles import alike, runs
from presseschau.models import EVIDENCE_ROLES, Analysis, Article

COPY = 0.4
"""Share of common runs of five words from which an article is a copy; one changed word in twelve leaves 0.4."""
_WITHIN = 0.7
"""Share of the shorter text's runs that stand in the longer one: the copy was cut or written on to."""
_FEWEST_RUNS = 12
"""Runs that a text must have: two short notices may agree by chance."""


def copies(analyses: Sequence[Analysis]) -> dict[int, int]:
    """Index of each article that repeats another -> index of the first published one of that text.

    Headlines are not compared: papers write their own. An inverted index of the runs keeps this linear in the words.
    """
    order = sorted(range(len(analyses)), key=lambda i: (analyses[i].article.published or "9999", i))
    texts = {i: _runs(analyses[i].article) for i in order}
    where: dict[int, list[int]] = {}
    found: dict[int, int] = {}
    for i in order:
        common = Counter(first for run in texts[i] for first in where.get(run, ()))
        original = next((first for first, _ in common.most_common() if _copied(texts[first], texts[i])), None)
        if original is not None:
            found[i] = original
            continue
        if len(texts[i]) >= _FEWEST_RUNS:
            for run in texts[i]:
                where.setdefault(run, []).append(i)
    return found


def _copied(first: set[int], other: set[int]) -> bool:
    if min(len(first), len(other)) < _FEWEST_RUNS:
        return False
    return alike(first, other) >= COPY or len(first & other) / min(len(first), len(other)) >= _WITHIN


def _runs(article: Article) -> set[int]:
    return runs("\n".join(s.text for s in article.sentences if s.role in EVIDENCE_ROLES))
