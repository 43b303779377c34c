"""How an answer can be narrowed down: its outlets, months, speakers, stances, findings and risks, and how many articles
have each. Counted over the first articles of the answer, so that it takes as long in a large archive as in a small one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from presseschau.library.search import INDEXED, Question, of_claims
from presseschau.library.store import Archive

COUNTED = 2000
"""Articles that are counted; one with more than that has the facets of its best or newest."""
_RISKS = (0.8, 0.5, 0.2)

FacetCounts = Sequence[tuple[str, int]]
"""(value, articles), the most frequent first; months the latest first."""


@dataclass(frozen=True)
class Facets:
    """What the first `articles` of the answer have. `findings` are codes, `months` as 2026-05, `risks` as 0.5: a
    sentence has this risk or more. A value is to be asked for as it stands, an outlet or speaker in quotation marks."""

    articles: int
    outlets: FacetCounts
    months: FacetCounts
    speakers: FacetCounts
    stances: FacetCounts
    findings: FacetCounts
    risks: FacetCounts


@dataclass(frozen=True)
class Judged:
    """Of one article: its errors and warnings, and the highest risk of a sentence (None: none is known)."""

    errors: int = 0
    warnings: int = 0
    risk: float | None = None


def facets(archive: Archive, question: Question, numbers: Sequence[int], most: int = 8) -> Facets:
    """The facets of these articles, which are the first that answer the question: `most` values each."""
    chosen = "article IN (SELECT value FROM json_each(?))"
    listed = json.dumps(list(numbers))

    def claims(other: Question) -> tuple[str, list[Any]]:
        """What of a claim is asked besides the facet that is counted."""
        wanted, values = of_claims(archive, other)
        return f"claims WHERE {' AND '.join((chosen, *wanted))}", [listed, *values]

    where, values = claims(Question(stance=question.stance))
    speaking = _counted(archive, "speaker", f"{where} AND speaker > 0", *values, most)
    where, values = claims(Question(speaker=question.speaker))
    stances = _counted(archive, "stance", where, *values, most)
    names = dict(
        archive.database.all(
            "SELECT id, name FROM speakers WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps([one for one, _ in speaking]),
        )
    )
    return Facets(
        articles=len(numbers),
        outlets=_of_articles(archive, "outlet", "many DESC, 1", listed, most),
        months=_of_articles(archive, "substr(published, 1, 7)", "1 DESC", listed, 12),
        speakers=tuple((names[one], many) for one, many in speaking),
        stances=stances,
        findings=_counted(archive, "code", f"findings WHERE {chosen}", listed, most),
        risks=_risks(archive, listed),
    )


def _counted(archive: Archive, what: str, where: str, *values: Any) -> list[tuple[Any, int]]:
    return archive.database.all(
        f"SELECT {what}, count(DISTINCT article) AS many FROM {where} GROUP BY 1 ORDER BY many DESC, 1 LIMIT ?",  # noqa: S608
        *values,
    )


def _of_articles(archive: Archive, what: str, order: str, listed: str, most: int) -> FacetCounts:
    return (
        archive.database.all(
            f"SELECT {what}, count(*) AS many FROM articles WHERE id IN (SELECT value FROM json_each(?)) "  # noqa: S608
            f"AND {what} <> '' GROUP BY 1 ORDER BY {order} LIMIT ?",
            listed, most,
        )
    )  # fmt: skip


def _risks(archive: Archive, listed: str) -> FacetCounts:
    """Those from 0.1 on are in an index by article."""
    highest = archive.database.all(
        f"SELECT max(risk) FROM sentences WHERE risk >= {INDEXED} AND "  # noqa: S608
        "article IN (SELECT value FROM json_each(?)) GROUP BY article",
        listed,
    )
    counts = ((f"{least}", sum(risk >= least for (risk,) in highest)) for least in _RISKS)
    return tuple((least, many) for least, many in counts if many)


def judged(archive: Archive, numbers: Sequence[int]) -> Mapping[int, Judged]:
    """What stands against each of these articles."""
    listed, chosen = json.dumps(list(numbers)), "article IN (SELECT value FROM json_each(?))"
    counts = {
        (article, severity): many
        for article, severity, many in archive.database.all(
            f"SELECT article, severity, count(*) FROM findings WHERE {chosen} GROUP BY 1, 2",  # noqa: S608
            listed,
        )
    }
    risks = dict(
        archive.database.all(f"SELECT article, max(risk) FROM sentences WHERE {chosen} GROUP BY 1", listed)  # noqa: S608
    )
    return {
        one: Judged(counts.get((one, "error"), 0), counts.get((one, "warning"), 0), risks.get(one)) for one in numbers
    }
