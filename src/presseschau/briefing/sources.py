"""The articles and claims of a note under their numbers, and which of the articles are independent of each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from presseschau.briefing.copies import copies
from presseschau.checks.grounding import named
from presseschau.models import Analysis, Article
from presseschau.notes import Source, SourceClaim, SourceSentence

_LINK = re.compile(r"https?://\S+\Z")


def sources(analyses: Sequence[Analysis]) -> tuple[Source, ...]:
    """One Source an analysis, in the same order; `n` counts from 1."""
    repeated = copies(analyses)
    return tuple(
        _source(analysis, i + 1, repeated[i] + 1 if i in repeated else None) for i, analysis in enumerate(analyses)
    )


def claims(analyses: Sequence[Analysis]) -> tuple[SourceClaim, ...]:
    """The claims without an error, under their ids in the note ("3.c2"), in the order of `sources`.

    A stored claim that has a pronoun for its speaker has none here.
    """
    return tuple(
        SourceClaim(id=f"{n}.{claim.id}", source=n, claim=named(claim))
        for n, analysis in enumerate(analyses, 1)
        for claim in analysis.claims or ()
        if claim.supported
    )


def origins(found: Sequence[Source]) -> dict[int, str]:
    """Number of each source -> whose report it is: sources with the same one are not independent of each other.

    The agency, else the outlet, else the article alone; a copy has the origin of its original.
    """
    own = {s.n: (s.agency or s.outlet or f"source {s.n}").casefold() for s in found}
    return {s.n: own.get(s.copy_of or s.n, own[s.n]) for s in found}


def by_number(found: Iterable[Source]) -> Mapping[int, Source]:
    """Number -> source."""
    return {source.n: source for source in found}


def usable(found: Iterable[SourceClaim]) -> tuple[SourceClaim, ...]:
    """The claims that a table may rest on: those without an error."""
    return tuple(c for c in found if c.claim.supported)


def _source(analysis: Analysis, n: int, copy_of: int | None) -> Source:
    article = analysis.article
    english = {row.n: row.en for row in analysis.translation or ()}
    return Source(
        n=n,
        id=article.id,
        outlet=article.outlet,
        agency=article.agency,
        author=article.author,
        headline_de=article.headline,
        headline=_headline(analysis, english),
        published=article.published,
        link=article.source if _LINK.match(article.source) else None,
        copy_of=copy_of,
        kept=tuple(kept.text for kept in article.kept),
        sentences=tuple(
            SourceSentence(
                n=s.n, role=s.role, de=s.text, en=english.get(s.n), start=s.start, end=s.end, paragraph=s.paragraph
            )
            for s in article.sentences
        ),
    )


def _headline(analysis: Analysis, english: Mapping[int, str | None]) -> str | None:
    """The translated headline; without one the summary's."""
    return _translated_headline(analysis.article, english) or (analysis.summary.headline if analysis.summary else None)


def _translated_headline(article: Article, english: Mapping[int, str | None]) -> str | None:
    return next((english.get(s.n) for s in article.sentences if s.role == "headline" and english.get(s.n)), None)
