"""Checks of a whole numbered translation: every sentence by itself, and each against its neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from presseschau.checks.glossary import Glossary
from presseschau.checks.pair import pair_findings
from presseschau.checks.shifted import shifted
from presseschau.facts.speech.voices import voices_of
from presseschau.findings import Found
from presseschau.models import Finding, Sentence

STANDS_ALONE = ("coverage.missing", "language.untranslated", "content.meta", "repetition.loop", "content.url")
"""What is still worth saying of English that belongs to another sentence; its facts are those of the other one."""


def check_translation(
    pairs: Sequence[tuple[Sentence, str | None]], glossary: Glossary | None = None
) -> dict[int, tuple[Finding, ...]]:
    """Findings by sentence number; a sentence without findings is in it with `()`.

    `pairs` are neighbours in the article's order. `de_span` counts in `Article.text`, `en_span` in the sentence's
    English. None or empty English is `coverage.missing`; English that belongs to a neighbour `coverage.shifted`.
    """
    strange = shifted(pairs)
    speakers = _speakers(pairs)
    found: dict[int, tuple[Finding, ...]] = {}
    for sentence, en in pairs:
        own = pair_findings(sentence.text, en or "", glossary)
        all_of_it = _joined(strange.get(sentence.n), (_named(item, speakers.get(sentence.n)) for item in own))
        found[sentence.n] = tuple(
            item.stamped(sentence=sentence.n, part="translation", offset=sentence.start) for item in all_of_it
        )
    return found


def _joined(strange: Found | None, own: Iterable[Found]) -> Iterator[Found]:
    if strange:
        yield strange
    for item in own:
        if not strange or item.code in STANDS_ALONE:
            yield item


def _speakers(pairs: Sequence[tuple[Sentence, str | None]]) -> dict[int, str]:
    """Who speaks in each sentence, carried over from the sentences before."""
    voices = voices_of([sentence.text for sentence, _ in pairs], [sentence.paragraph for sentence, _ in pairs])
    return {
        sentence.n: voice.speaker for (sentence, _), voice in zip(pairs, voices, strict=True) if voice and voice.speaker
    }


def _named(item: Found, speaker: str | None) -> Found:
    """A lost voice with the speaker's name, so that the repair can name him."""
    if item.code != "voice.lost" or speaker is None or item.de_span is None or speaker in item.message:
        return item
    message = f"The German reports what {speaker} says (“{item.de_span.text}”); the English states it as a fact."
    return replace(item, message=message)
