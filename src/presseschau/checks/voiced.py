"""Whose words each sentence of an article reports, with offsets in the article."""

from __future__ import annotations

from functools import lru_cache

from presseschau.facts.speech.voices import Voice, voices_of
from presseschau.models import Article, Span


@lru_cache(maxsize=8)
def voices_in(article: Article) -> dict[int, Voice]:
    """Sentence number -> its voice, for the sentences that have one."""
    found = voices_of([s.text for s in article.sentences], [s.paragraph for s in article.sentences])
    return {s.n: voice for s, voice in zip(article.sentences, found, strict=True) if voice}


def mention(voice: Voice, article: Article) -> Span | None:
    """The German words that name the speaker, where they stand in `Article.text`; None if nobody was named."""
    if voice.speaker is None or voice.sentence is None or voice.start is None or voice.end is None:
        return None
    offset = article.sentences[voice.sentence].start
    start, end = voice.start + offset, voice.end + offset
    return Span(start=start, end=end, text=article.text[start:end])
