"""The glossary in English that rests on evidence: it may leave a term out, but not say it in other words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presseschau.checks.bitext import Bitext, English, german
from presseschau.checks.claim.denial import TOLD, told_of
from presseschau.checks.naming.glossary import MISSING, Glossary, check_glossary
from presseschau.findings import Found
from presseschau.models import Evidence, Finding, Part, Sentence, Span


def check_terms(
    text: str, evidence: Sequence[Sentence | Evidence], glossary: Glossary, *, part: Part, claim: str | None = None
) -> tuple[Finding, ...]:
    """`glossary.forbidden`, and `glossary.missing` where the text tells what stands around the term; each once, as a
    warning. `de_span` counts in `Article.text`."""
    return tuple(item.stamped(claim=claim, part=part) for item in terms(text, evidence, glossary))


def terms(text: str, evidence: Sequence[Sentence | Evidence], glossary: Glossary) -> Sequence[Found]:
    """The same, not yet stamped."""
    return tuple({item.message: item for one in evidence for item in _of_sentence(text, one, glossary)}.values())


def _of_sentence(text: str, one: Sentence | Evidence, glossary: Glossary) -> Iterator[Found]:
    pair = Bitext(german(one.text), English(text))
    for item in check_glossary(one.text, text, glossary):
        place = item.de_span
        if place is None or (item.code == MISSING and told_of(place, pair) < TOLD):
            continue
        there = Span(start=place.start + one.start, end=place.end + one.start, text=place.text)
        yield item._replace(severity="warning", de_span=there, sentence=one.n)
