"""`voice.speaker` and `name.added`: who is said to have said it, against the German.

A claim's speaker must stand in its evidence, or be the voice that the evidence carries on from the sentences before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from presseschau.checks.coverage import leftover_words
from presseschau.checks.finding import finding
from presseschau.checks.foreign import own_text
from presseschau.facts.voices import voices_of
from presseschau.facts.words import words
from presseschau.models import Article, Finding, Sentence

CODE = "voice.speaker"
TITLES = frozenset(
    ("the", "a", "an", "of", "for", "and", "mr", "mrs", "ms", "dr", "prof", "president", "minister", "chancellor",
     "spokesman", "spokeswoman", "spokesperson", "speaker")
)  # fmt: skip
"""Words that many speakers share: they do not tell one from another while there are others."""


def speaker_of(speaker: str, evidence: Sequence[Sentence], article: Article) -> Iterator[Finding]:
    """One finding if `speaker` (English) stands neither in the evidence nor is the voice carried into it."""
    if not evidence or not any(word[0].isupper() for word in _own_words(speaker)):
        return  # "a spokesman", "the statement": every German word for it would have to be known
    carried = [voice for sentence in evidence if (voice := _voices(article).get(sentence.n))]
    if any(_names(speaker, text) for text in (*(sentence.text for sentence in evidence), *carried)):
        return
    if not _names(speaker, own_text(article)):
        message = f"“{speaker}” is given as the speaker but stands nowhere in the article."
        yield finding("name.added", message, scope="claim")
    elif carried:
        message = f"The German gives these as the words of “{carried[0]}”; the claim gives them to “{speaker}”."
        yield finding(CODE, message, scope="claim")
    else:
        message = f"The sentences given as evidence do not say that “{speaker}” says this."
        yield finding(CODE, message, scope="claim")


@lru_cache(maxsize=8)
def _voices(article: Article) -> dict[int, str]:
    """Sentence number -> the German words that name its speaker."""
    found = voices_of([sentence.text for sentence in article.sentences])
    return {
        sentence.n: voice.speaker
        for sentence, voice in zip(article.sentences, found, strict=True)
        if voice and voice.speaker
    }


def _own_words(speaker: str) -> list[str]:
    all_of_them = [item.text for item in words(speaker)]
    telling = [word for word in all_of_them if word.lower() not in TITLES]
    return telling or [word for word in all_of_them if word.lower() not in ("the", "a", "an", "of", "for", "and")]


def _names(speaker: str, german: str) -> bool:
    """The last telling word of the speaker, mostly the family name, has a counterpart in the German; or most words."""
    own = _own_words(speaker)
    known = [_stands(word, german) for word in own]
    return known[-1] or sum(known) * 2 > len(known)


def _stands(word: str, german: str) -> bool:
    if word.lower() in {item.lower for item in words(german)}:
        return True
    return len(word) > 3 and not leftover_words(german, word)
