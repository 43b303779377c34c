"""Key points without a model: the best supported claims of a story, in their own words."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.briefing.comparisons import comparisons
from presseschau.briefing.corrections import taken_back
from presseschau.briefing.overlap import content, covered
from presseschau.briefing.sentences import Grounds, sound
from presseschau.briefing.sources import origins
from presseschau.briefing.statements import check
from presseschau.facts import facts
from presseschau.models import EVIDENCE_ROLES
from presseschau.notes import Cited, Comparison, Source, SourceClaim

SAME = 0.6
"""Share of content words in common, both ways, from which two claims say the same."""
_MOST_COMPARED = 300
"""Claims of a story that are weighed against each other; the first ones of each article go before the others."""
_BEGINNING = 3
"""What it counts that an article begins with a claim; another independent source counts 2, a kind of fact 1."""
_FEWEST_WORDS = 3
_MOST_CITED = 3


def chosen(on: Grounds, most: int) -> tuple[Cited, ...]:
    """At most `most` claims as sentences, each followed by who says so; claims of other papers on the same go with it.

    What counts: independent sources that have it, kinds of facts that it tells, that an article begins with it. A claim
    whose figure later reports have replaced or contradict is not chosen.
    """
    pool = _pool(on)
    from_whom = origins(on.sources)
    alike = {one.id: [other for other in pool if other.id != one.id and same(one, other)] for one in pool}

    passed = outdated(on)
    first = {source.n: _first_citable(source) for source in on.sources}

    def weight(one: SourceClaim) -> tuple[int, int]:
        independent = {from_whom[other.source] for other in alike[one.id]} | {from_whom[one.source]}
        begins = min(one.claim.sentences, default=0) == first.get(one.source)
        return 2 * len(independent) + telling(one) + _BEGINNING * begins, -min(one.claim.sentences, default=0)

    found: list[Cited] = []
    taken: set[str] = set()
    for one in sorted((one for one in pool if one.id not in passed), key=weight, reverse=True):
        if len(found) == most:
            break
        if one.id in taken:
            continue
        sentence = _sentence(one, alike[one.id], on)
        if sentence:
            found.append(sentence)
            taken |= {one.id, *(other.id for other in alike[one.id])}
    return tuple(found)


def same(one: SourceClaim, other: SourceClaim) -> bool:
    """Do two claims say the same: most content words in common, no figure of one missing in the other?"""
    if _figures(one) != _figures(other):
        return False
    return all(
        len(covered(a.claim.text, (b.claim.text,))) >= SAME * len(content(a.claim.text))
        for a, b in ((one, other), (other, one))
    )


def telling(one: SourceClaim) -> int:
    """How much a claim tells: kinds of facts in it, 0 to 5."""
    read = facts(one.claim.text, "en")
    return sum(bool(kind) for kind in (read.numbers, read.dates, read.persons, read.places, one.claim.speaker))


def outdated(on: Grounds) -> set[str]:
    """The claims with a figure that a later report has replaced, that is disputed and given otherwise by the latest
    papers on it, or that their paper has corrected; not those that have the later figure too."""
    published = {source.n: source.published or "" for source in on.sources}
    old: set[str] = set()
    new: set[str] = set()
    compared = comparisons(tuple(on.claims.values()), on.sources)
    for one in compared:
        if one.kind == "disputed":
            last = [max((published.get(n, "") for n in figure.sources), default="") for figure in one.figures]
            for figure, day in zip(one.figures, last, strict=True):
                (new if day == max(last) else old).update(figure.claims)
    return (old - new) | _replaced(on, compared)


def replaced(on: Grounds) -> set[str]:
    """The claims with a figure that a later report has replaced, step by step, or that their paper has corrected; not
    those that have the last figure too."""
    return _replaced(on, comparisons(tuple(on.claims.values()), on.sources))


def _replaced(on: Grounds, compared: Sequence[Comparison]) -> set[str]:
    changed = [one for one in compared if one.kind == "changed"]
    steps = {one.figures[0].claims for one in changed}
    old = {claim for claims in steps for claim in claims}
    last = {claim for one in changed if one.figures[-1].claims not in steps for claim in one.figures[-1].claims}
    return (old - last) | taken_back(tuple(on.claims.values()), on.sources)


def _pool(on: Grounds) -> list[SourceClaim]:
    """Claims long enough to be understood, not those of copies."""
    copies = {source.n for source in on.sources if source.copy_of is not None}
    whole = [
        one for one in on.claims.values() if one.source not in copies and len(content(one.claim.text)) >= _FEWEST_WORDS
    ]
    if len(whole) > _MOST_COMPARED:
        whole.sort(key=lambda one: min(one.claim.sentences, default=0))
    return whole[:_MOST_COMPARED]


def _first_citable(source: Source) -> int | None:
    return next((s.n for s in source.sentences if s.role in EVIDENCE_ROLES), None)


def _figures(one: SourceClaim) -> frozenset[object]:
    return frozenset(fact.value for fact in facts(one.claim.text, "en").numbers)


def _sentence(one: SourceClaim, alike: Sequence[SourceClaim], on: Grounds) -> Cited | None:
    """The claim as a sentence of the note, with its speaker if it does not name one; None if it does not hold."""
    ids = (one.id, *(other.id for other in alike[: _MOST_CITED - 1]))
    text = one.claim.text.strip()
    said = f"{text.rstrip('.')}, according to {one.claim.speaker}." if one.claim.speaker else text
    for words in (text, said):
        for cited in (ids, ids[:1]):
            findings = check(words, on.basis(cited), cited)
            if sound(findings):
                return Cited(text=words, claims=cited, findings=findings)
    return None
