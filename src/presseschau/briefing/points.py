"""Key points, title and bottom line: asked and checked, or chosen by code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presseschau.briefing.comparisons import figures
from presseschau.briefing.corrections import taken_back
from presseschau.briefing.sentences import CitableClaims, KeptSentences, kept, sound, why
from presseschau.briefing.sources import origins
from presseschau.checks.note.check import check, check_title
from presseschau.checks.note.overlap import content, covered
from presseschau.errors import AnswerError
from presseschau.facts import facts
from presseschau.models import EVIDENCE_ROLES, Request, Value
from presseschau.notes import Cited, Comparison, LeftOut, Source, SourceClaim
from presseschau.pipeline import note as task
from presseschau.pipeline.asking import Asker
from presseschau.pipeline.numbered import shown

SAME = 0.6
"""Share of content words in common, both ways, from which two claims say the same."""
_MOST_COMPARED = 300
"""Claims of a story that are weighed against each other; the first ones of each article go before the others."""
_BEGINNING = 3
"""What it counts that an article begins with a claim; another independent source counts 2, a kind of fact 1."""
_FEWEST_WORDS = 3
_MOST_CITED = 3


def chosen(on: CitableClaims, most: int) -> tuple[Cited, ...]:
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


def outdated(on: CitableClaims) -> set[str]:
    """The claims with a figure that a later report has replaced, that is disputed and given otherwise by the latest
    papers on it, or that their paper has corrected; not those that have the later figure too."""
    published = {source.n: source.published or "" for source in on.sources}
    old: set[str] = set()
    new: set[str] = set()
    compared = figures(tuple(on.claims.values()), on.sources)
    for one in compared:
        if one.kind == "disputed":
            last = [max((published.get(n, "") for n in figure.sources), default="") for figure in one.figures]
            for figure, day in zip(one.figures, last, strict=True):
                (new if day == max(last) else old).update(figure.claims)
    return (old - new) | _replaced(on, compared)


def replaced(on: CitableClaims) -> set[str]:
    """The claims with a figure that a later report has replaced, step by step, or that their paper has corrected; not
    those that have the last figure too."""
    return _replaced(on, figures(tuple(on.claims.values()), on.sources))


def _replaced(on: CitableClaims, compared: Sequence[Comparison]) -> set[str]:
    changed = [one for one in compared if one.kind == "changed"]
    steps = {one.figures[0].claims for one in changed}
    old = {claim for claims in steps for claim in claims}
    last = {claim for one in changed if one.figures[-1].claims not in steps for claim in one.figures[-1].claims}
    return (old - last) | taken_back(tuple(on.claims.values()), on.sources).keys()


def _pool(on: CitableClaims) -> list[SourceClaim]:
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


def _sentence(one: SourceClaim, alike: Sequence[SourceClaim], on: CitableClaims) -> Cited | None:
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


_REPEATED = 0.75
"""Share of content words that a point has in common with an earlier one if it says it again."""


class Written(Value):
    """What was written for a story, and what is not in the note."""

    points: tuple[Cited, ...]
    title: str
    left_out: tuple[LeftOut, ...] = ()


async def written(asker: Asker, on: CitableClaims, most: int) -> Written:
    """At most `most` points and the title. A small model is not asked; what an unusable answer leaves is chosen."""
    if asker.engine.info.translates_only:
        return by_code(on, most)
    try:
        return await _asked(asker, on, most)
    except AnswerError as error:
        plain = by_code(on, most)
        reason = f"The model's answer could not be used ({error.failure}); the best supported claims stand instead."
        return plain.model_copy(update={"left_out": (LeftOut(text=f"Key points: {plain.title}", reason=reason),)})


def by_code(on: CitableClaims, most: int) -> Written:
    """The points that code chooses, under the headline of the earliest source that its story's claims support."""
    points = chosen(on, most)
    return Written(points=points, title=_title(on, points))


async def _asked(asker: Asker, on: CitableClaims, most: int) -> Written:
    found: list[Cited] = []
    left_out: list[LeftOut] = []
    title: str | None = None
    windows = list(task.line_windows(asker, _lines(on), most))
    wanted = max(2, -(-most // max(1, len(windows)))) if len(windows) > 1 else most
    for window in windows:
        points = min(wanted, len(window))

        def request(
            notes: Sequence[str], window: tuple[task.Line, ...] = window, points: int = points
        ) -> Request[task.StoryAnswer]:
            return task.story(window, asker.options.prompts, english=asker.options.english, points=points, notes=notes)

        answer = await asker.answered(request)
        held = await kept(asker, answer.points, window, on)
        found += held.sentences
        left_out += held.left_out
        if title is None:
            title, failed = _checked_title(asker, answer.title, window, on)
            left_out += failed
    points_kept = _best(_without_repeats(found), on, most) or by_code(on, most).points
    return Written(points=points_kept, title=title or _title(on, points_kept), left_out=tuple(left_out))


def _lines(on: CitableClaims) -> list[task.Line]:
    """The claims in the order of their papers' dates; those of copies, and what is no longer so, are not told."""
    wrong = replaced(on)
    sources = {source.n: source for source in on.sources}
    original = {source.n for source in on.sources if source.copy_of is None}
    told = [one for one in on.claims.values() if one.source in original and one.id not in wrong]
    told.sort(key=lambda one: (sources[one.source].published or "9999", one.source))
    return [task.claim_line(n, one, sources[one.source]) for n, one in enumerate(told, 1)]


def _checked_title(
    asker: Asker, draft: task.CitedDraft, window: Sequence[task.Line], on: CitableClaims
) -> tuple[str | None, list[LeftOut]]:
    """The title if the claims of the story bear it, else what is wrong with it."""
    text = " ".join(draft.text.split()).rstrip(".")
    if not text or asker.options.echoed(text, on.basis(on.claims).german):
        return None, []
    by_number = {line.n: line.claims for line in window}
    ids = tuple(name for n in draft.numbers for name in by_number.get(n, ()))
    findings = check_title(text, on.basis(on.claims))
    return (text, []) if sound(findings) else (None, [why(Cited(text=text, claims=ids, findings=findings))])


def _title(on: CitableClaims, points: Sequence[Cited]) -> str:
    """The English headline of the earliest source that the story's claims bear, outdated ones left out and questions
    and cries last; else the first point."""
    passed = outdated(on)
    basis = on.basis([name for name in on.claims if name not in passed])
    for source in sorted(on.sources, key=lambda one: (_loud(one.headline), one.published or "9999", one.n)):
        headline = (source.headline or "").strip().rstrip(".")
        if headline and sound(check_title(headline, basis)):
            return headline
    return points[0].text.rstrip(".") if points else "Untitled"


def _loud(headline: str | None) -> bool:
    """A question, a cry, or words in capitals: no title for a note."""
    return bool(re.search(r"[?!]|\+\+|\b[A-Z]{5,}\b", headline or ""))


def _without_repeats(points: Sequence[Cited]) -> list[Cited]:
    different: list[Cited] = []
    for point in points:
        own = content(point.text)
        if not any(
            len(covered(point.text, (other.text,))) >= _REPEATED * len(own)
            and {w for w in own if w[0].isdigit()} <= set(content(other.text))
            for other in different
        ):
            different.append(point)
    return different


def _best(points: Sequence[Cited], on: CitableClaims, most: int) -> tuple[Cited, ...]:
    """Of more points than wanted those with most independent sources, then those that tell most; in their order."""
    if len(points) <= most:
        return tuple(points)
    from_whom = origins(on.sources)

    def weight(point: Cited) -> tuple[int, int]:
        cited = on.basis(point.claims).claims
        return len({from_whom[one.source] for one in cited}), max(map(telling, cited), default=0)

    best = {id(point) for point in sorted(points, key=weight, reverse=True)[:most]}
    return tuple(point for point in points if id(point) in best)


NOTHING = "Nothing significant."
"""What a note says when none of the articles is worth a line. It rests on no claim."""


async def bottom_line(asker: Asker, points: Sequence[Cited], on: CitableClaims, most: int) -> KeptSentences:
    """At most `most` sentences over the points, which come the weightiest first; the first point if none holds."""
    if not points:
        return KeptSentences((Cited(text=NOTHING, claims=()),))
    if asker.engine.info.translates_only or len(points) == 1:
        return KeptSentences(tuple(points[:1]))
    lines = [task.Line(n, shown(point.text), point.claims) for n, point in enumerate(points, 1)]
    shown_lines = next(task.line_windows(asker, lines, most))
    try:
        answer = await asker.answered(
            lambda notes: task.bottom_line(
                shown_lines, asker.options.prompts, english=asker.options.english, sentences=most, notes=notes
            )
        )
    except AnswerError as error:
        reason = f"The model's answer could not be used ({error.failure}); the first key point stands instead."
        return KeptSentences(tuple(points[:1]), (LeftOut(text="The bottom line", reason=reason),))
    held = await kept(asker, answer.sentences[:most], shown_lines, on)
    return held if held.sentences else KeptSentences(tuple(points[:1]), held.left_out)
