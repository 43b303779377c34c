"""A sentence of the note against exactly the claims that it cites: it may say less, never more, and never surer.

The claims' English is compared one way (`facts.compare`), with the names of their speakers and papers and their
resolved dates beside it; denials are held against the German too. `citation.unrelated`: it cites the wrong claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from presseschau.checks.agreement import CALLED
from presseschau.checks.bitext import bitext
from presseschau.checks.claim.check import terms
from presseschau.checks.claim.denial import denials
from presseschau.checks.meta import meta
from presseschau.checks.naming.glossary import Glossary
from presseschau.checks.note.overlap import content, covered
from presseschau.checks.note.reservations import denied, lost_reservations
from presseschau.checks.note.spoken import spoken
from presseschau.checks.pair.another_language import in_another_language
from presseschau.checks.pair.leaks import links, repetition
from presseschau.facts import Difference, compare, facts
from presseschau.facts.names.name_words import is_ordinary
from presseschau.facts.speech.english import attributions
from presseschau.findings import Found, flag, span, told
from presseschau.models import Finding, Severity, Span
from presseschau.notes import Source, SourceClaim, day

_CALLED = CALLED | {"number": "figure", "negation": "denial"}


def said(difference: Difference) -> str:
    """One sentence."""
    source = f"“{difference.source.text}”" if difference.source else ""
    target = f"“{difference.target.text}”" if difference.target else ""
    if source and target:
        return f"The cited claims say {source}, the sentence says {target}."
    kind = difference.code.partition(".")[0]
    kind = f"the {_CALLED.get(kind, kind)}"
    if difference.code == "negation.added":
        return f"The sentence denies something ({target}); the cited claims do not."
    if target:
        return f"The sentence has {kind} {target}, which the cited claims do not have."
    return f"The cited claims say {source}, the sentence does not."


RELATED = 0.5
"""Share of the content words up to which the cited claims are wrong ones (tests/measure/briefing_citations.py)."""
_FEWEST = 3
"""Content words below which a sentence is too short to be called unrelated unless nothing at all is shared."""
_OWN = ("negation.lost", "hedge.lost", "voice.lost")
"""Differences that are looked at claim by claim instead."""


@dataclass(frozen=True)
class Basis:
    """The claims that a sentence cites, and their sources; `glossary` is checked if given."""

    claims: tuple[SourceClaim, ...]
    sources: tuple[Source, ...]
    glossary: Glossary | None = None

    @cached_property
    def english(self) -> str:
        """All that the cited claims say in English: their text, who says it, in which paper, and when."""
        return "\n".join(said_by_claim(one, source) for one, source in self.pairs)

    @cached_property
    def german(self) -> str:
        """The German sentences that they rest on, each once."""
        return "\n".join(dict.fromkeys(e.text for one in self.claims for e in one.claim.evidence))

    @cached_property
    def years(self) -> frozenset[str]:
        """The years of the papers and of what the claims tell; a sentence may name them, and nothing like them."""
        dates = (
            date for one, source in self.pairs for date in (source.published, one.claim.when and one.claim.when.date)
        )
        return frozenset(date[:4] for date in dates if date)

    @cached_property
    def pairs(self) -> tuple[tuple[SourceClaim, Source], ...]:
        known = {source.n: source for source in self.sources}
        return tuple((one, known[one.source]) for one in self.claims if one.source in known)


def said_by_claim(one: SourceClaim, source: Source) -> str:
    """The English of a claim with what a sentence that cites it may take from beside it: names and the day."""
    claim = one.claim
    beside = [claim.speaker, *claim.via, claim.relies_on, source.outlet, source.agency, source.author]
    names = ". ".join(name for name in beside if name)
    when = re.sub(r" ?\d{4}$", "", day(claim.when.date)) if claim.when else ""
    return f"{claim.text}\n{names}.\n{when}"


def check(text: str, basis: Basis, cited: Sequence[str] = ()) -> tuple[Finding, ...]:
    """All findings about `text` as a sentence that rests on `basis`; spans count in `text`.

    `cited` are the ids as they were given, so that one without a claim is found (`citation.unknown`).
    """
    return tuple(item.stamped() for item in _findings(text, basis, cited))


def check_title(text: str, basis: Basis) -> tuple[Finding, ...]:
    """The same for a title, which may leave out who says so and how surely: what it adds, and denials."""
    if not any(letter.isalnum() for letter in text):
        return (flag("coverage.missing", "There is no text.", scope="note").stamped(),)
    found = _no_english(text, basis)
    found = found or (*_leaks(text, basis), *_added(text, basis))
    return tuple(item.stamped() for item in found)


def _findings(text: str, basis: Basis, cited: Sequence[str]) -> Iterator[Found]:
    known = {one.id for one in basis.claims}
    for name in cited:
        if name not in known:
            yield flag("citation.unknown", scope="note", said={"name": name})
    if not any(letter.isalnum() for letter in text):
        yield flag("coverage.missing", "There is no text.", scope="note")
        return
    if not basis.claims:
        yield flag("citation.unknown", "No claim is cited.", scope="note")
        return
    talk = _no_english(text, basis)
    yield from talk
    if talk:
        return
    yield from _leaks(text, basis)
    if related(text, basis) <= RELATED:
        yield flag("citation.unrelated", scope="note")
    added = list(_added(text, basis))
    added += denied(text, basis.claims)
    yield from added
    yield from (item for item in denials(bitext(basis.german, text)) if item.code not in {one.code for one in added})
    yield from lost_reservations(text, basis.pairs)
    yield from spoken(text, basis.pairs)
    yield from _terms(text, basis)


def _no_english(text: str, basis: Basis) -> tuple[Found, ...]:
    """What makes `text` no sentence about anything: talk about the task, or German."""
    pair = bitext(basis.german, text)
    wrong = meta(pair) or tuple(item for item in in_another_language(pair) if item.en is None)
    return tuple(told(wrong, pair.de, text))


def _leaks(text: str, basis: Basis) -> Iterator[Found]:
    """Addresses, and the same words again and again."""
    pair = bitext(basis.english, text)
    return told((*links("", text), *repetition(pair)), pair.de, text, "note")


def related(text: str, basis: Basis) -> float:
    """The share of what the sentence tells, names apart, that its claims have; 1 if it is hardly any words.

    Names do not count: all claims of a story share them, and an added one is found by itself.
    """
    speakers = {word for one in attributions(text) for name in one.names for word in content(name)}
    own = [word for word in content(text) if word not in speakers and not (word[0].isupper() and word in text[1:])]
    part = len(covered(text, (basis.english,)).intersection(own)) / len(own) if own else 1.0
    return part if len(own) >= _FEWEST or part == 0 else 1.0


def _added(text: str, basis: Basis) -> Iterator[Found]:
    """What the sentence adds to its claims, or changes."""
    seen = set()
    source = facts(basis.english, "en")
    figures = {fact.value for fact in source.numbers}
    for difference in compare(source, facts(text, "en"), "within"):
        place = difference.target
        key = (difference.code, place.start if place else None)
        if difference.code in _OWN or key in seen or (place and (place.value in figures or place.text in basis.years)):
            continue
        seen.add(key)
        yield flag(
            difference.code, said(difference), scope="note",
            en=span(text, place.start, place.end) if place else None,
            de=_said(difference), grade=_grade(difference, text),
        )  # fmt: skip


def _terms(text: str, basis: Basis) -> Iterator[Found]:
    """What the glossary finds, each once; without a place in the German, which is of several articles."""
    evidence = [one for claim in basis.claims for one in claim.claim.evidence]
    for item in terms(text, evidence, basis.glossary) if basis.glossary else ():
        yield item._replace(sentence=None, de_span=None)


def _grade(difference: Difference, text: str) -> Severity | None:
    """A word inside a sentence that only a name explains is an invented name, however sure the reader of names is."""
    place = difference.target
    inside = place is not None and not re.search(r"(?:^|[.!?:;“\"]\s*)$", text[: place.start])
    if difference.code == "name.added" and place and inside and not is_ordinary(place.text.lower()):
        return "error"
    return "info" if difference.weak else None


def _said(difference: Difference) -> Span | None:
    """What the claims say instead; without offsets, since it stands in one of several texts."""
    fact = difference.source
    return Span(start=0, end=len(fact.text), text=fact.text) if fact else None
