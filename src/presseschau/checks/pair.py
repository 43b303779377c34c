"""Everything that can be said about one German sentence and its English without a model."""

from __future__ import annotations

from collections.abc import Iterator

from presseschau.checks.agreement import agreement
from presseschau.checks.cut_short import cut_short
from presseschau.checks.glossary import Glossary, check_glossary
from presseschau.checks.links import links
from presseschau.checks.meta import meta
from presseschau.checks.omission import omission
from presseschau.checks.other_voice import other_voice
from presseschau.checks.repetition import repetition
from presseschau.checks.unrelated import exchanged, unrelated
from presseschau.checks.untranslated import untranslated
from presseschau.findings import Found, flag
from presseschau.models import Finding


def check_pair(de: str, en: str, *, n: int | None = None, glossary: Glossary | None = None) -> tuple[Finding, ...]:
    """All findings about `en` as the translation of `de`; `de_span` counts in `de`, `en_span` in `en`.

    `n` is the sentence number set into the findings; `glossary` is checked if given. An empty `en` is
    `coverage.missing`. Text that is no translation at all (left in German, talk about the task, another sentence's) is
    said once, without the facts that it lacks.
    """
    return tuple(item.stamped(sentence=n) for item in pair_findings(de, en, glossary))


def pair_findings(de: str, en: str, glossary: Glossary | None) -> Iterator[Found]:
    """The same, not yet stamped."""
    if not any(letter.isalnum() for letter in en):
        if any(letter.isalnum() for letter in de):
            yield flag("coverage.missing")
        return
    left, talk = untranslated(de, en), meta(de, en)
    yield from talk
    yield from left
    if talk or any(item.en_span is None for item in left):  # the whole sentence
        return
    if foreign := unrelated(de, en):
        yield from foreign
        return
    facts = agreement(de, en)
    yield from exchanged(facts)
    yield from cut_short(de, en) or omission(de, en, facts)
    yield from repetition(de, en)
    yield from links(de, en)
    yield from facts
    yield from other_voice(de, en)
    if glossary:
        yield from check_glossary(de, en, glossary)
