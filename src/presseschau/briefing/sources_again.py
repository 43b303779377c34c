"""The articles of a note as far as it keeps them: enough to check its claims and to derive its tables again."""

from __future__ import annotations

import hashlib

from presseschau.models import Analysis, Article, Claim, Kept, Provenance, Sentence, TranslatedSentence, Usage
from presseschau.notes import Note, Source


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
