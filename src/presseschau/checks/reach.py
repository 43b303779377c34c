"""How far a summary reaches into the text: no summary may rest on the lead alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presseschau.findings import Found, flag
from presseschau.models import EVIDENCE_ROLES, Article, Summary

SHORT = 6
"""Articles with fewer citable sentences than this have no part that a summary could leave out."""


def reach(made: Summary, article: Article) -> float:
    """The share of the quarters of the citable text that some point cites; 1.0 for a short article."""
    quarters = _quarters(article)
    cited = {n for point in made.points for n in point.sentences}
    return sum(bool(cited & set(quarter)) for quarter in quarters) / len(quarters) if quarters else 1.0


def lead_only(made: Summary, article: Article) -> Iterator[Found]:
    """`coverage.lead` (a warning) if no point cites anything of the second half of a longer article."""
    quarters = _quarters(article)
    cited = {n for point in made.points for n in point.sentences}
    if quarters and cited and not cited & {n for quarter in quarters[2:] for n in quarter}:
        yield flag("coverage.lead", scope="claim")


def _quarters(article: Article) -> list[Sequence[int]]:
    numbers = [s.n for s in article.sentences if s.role in EVIDENCE_ROLES]
    if len(numbers) < SHORT:
        return []
    return [numbers[i * len(numbers) // 4 : (i + 1) * len(numbers) // 4] for i in range(4)]
