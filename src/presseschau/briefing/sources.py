"""The articles and claims of a note under their numbers, which are independent, and both read back from a note."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from presseschau.checks.claim.grounding import named
from presseschau.facts.speech.german import introduces
from presseschau.facts.words import alike, runs
from presseschau.models import (
    EVIDENCE_ROLES,
    Analysis,
    Article,
    Claim,
    Kept,
    Provenance,
    Sentence,
    TranslatedSentence,
    Usage,
)
from presseschau.notes import Note, Source, SourceClaim, SourceSentence

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


def telling(claim: SourceClaim) -> tuple[str, ...]:
    """The German sentences of the claim's evidence that say more than who said it; none for a claim on such a one."""
    return tuple(e.text for e in claim.claim.evidence if not introduces(e.text))


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
        link=next(filter(_LINK.match, (article.metadata.get("url", ""), article.source)), None),
        copy_of=copy_of,
        kept=tuple(kept.text for kept in article.kept),
        metadata=article.metadata,
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


def article(source: Source) -> Article:
    """The article that a source was made from: its sentences at their offsets, what was kept, and its head.

    Between the sentences stand line breaks instead of the text that the note does not keep.
    """
    sentences = tuple(
        Sentence.model_validate(
            {"n": s.n, "role": s.role, "text": s.de, "start": s.start, "end": s.end, "paragraph": s.paragraph}
        )
        for s in source.sentences
    )
    text = _text(sentences)
    return Article(
        id=source.id,
        source=source.link or f"source {source.n}",
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        headline=source.headline_de,
        published=source.published,
        agency=source.agency,
        outlet=source.outlet,
        author=source.author,
        sentences=sentences,
        kept=tuple(Kept(role="kept", text=kept, start=0, end=0) for kept in source.kept),
    )


def analyses(note: Note) -> tuple[Analysis, ...]:
    """One Analysis a source, with its claims under the ids that they have in the article."""
    own: dict[int, list[Claim]] = {}
    for one in note.claims:
        own.setdefault(one.source, []).append(one.claim)
    return tuple(_analysis(source, tuple(own.get(source.n, ()))) for source in note.sources)


def _analysis(source: Source, claims: tuple[Claim, ...]) -> Analysis:
    rows = tuple(
        TranslatedSentence.model_validate(
            {"n": s.n, "role": s.role, "de": s.de, "en": s.en, "start": s.start, "end": s.end,
             "status": "ok" if s.en else "missing"}
        )
        for s in source.sentences
    )  # fmt: skip
    return Analysis(
        article=article(source),
        translation=rows,
        claims=claims,
        provenance=Provenance(model="", engine="", prompts="", usage=Usage(), repairs=0, versions={}, notice=""),
    )


def _text(sentences: tuple[Sentence, ...]) -> str:
    """Every sentence at its offset; nothing sensible for offsets that overlap, which the check of the German finds."""
    text = ""
    for sentence in sorted(sentences, key=lambda one: one.start):
        text = text[: sentence.start].ljust(min(sentence.start, _FARTHEST), "\n") + sentence.text
    return text


_FARTHEST = 10_000_000
"""Code points beyond which an offset is nonsense."""
