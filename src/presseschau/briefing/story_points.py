"""The key points and the title of a story: asked window by window, checked, or chosen by code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presseschau.briefing.chosen import chosen, outdated, replaced, telling
from presseschau.briefing.overlap import content, covered
from presseschau.briefing.sentences import Grounds, kept, sound, why
from presseschau.briefing.sources import origins
from presseschau.briefing.statements import check_title
from presseschau.errors import AnswerError
from presseschau.models import Request, Value
from presseschau.notes import Cited, LeftOut
from presseschau.pipeline import note as task
from presseschau.pipeline.asking import Asker

_REPEATED = 0.75
"""Share of content words that a point has in common with an earlier one if it says it again."""


class Written(Value):
    """What was written for a story, and what is not in the note."""

    points: tuple[Cited, ...]
    title: str
    left_out: tuple[LeftOut, ...] = ()


async def written(asker: Asker, on: Grounds, most: int) -> Written:
    """At most `most` points and the title. A small model is not asked; what an unusable answer leaves is chosen."""
    if asker.engine.info.translates_only:
        return by_code(on, most)
    try:
        return await _asked(asker, on, most)
    except AnswerError as error:
        plain = by_code(on, most)
        reason = f"The model's answer could not be used ({error.failure}); the best supported claims stand instead."
        return plain.model_copy(update={"left_out": (LeftOut(text=f"Key points: {plain.title}", reason=reason),)})


def by_code(on: Grounds, most: int) -> Written:
    """The points that code chooses, under the headline of the earliest source that its story's claims support."""
    points = chosen(on, most)
    return Written(points=points, title=_title(on, points))


async def _asked(asker: Asker, on: Grounds, most: int) -> Written:
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


def _lines(on: Grounds) -> list[task.Line]:
    """The claims in the order of their papers' dates; those of copies, and what is no longer so, are not told."""
    wrong = replaced(on)
    sources = {source.n: source for source in on.sources}
    original = {source.n for source in on.sources if source.copy_of is None}
    told = [one for one in on.claims.values() if one.source in original and one.id not in wrong]
    told.sort(key=lambda one: (sources[one.source].published or "9999", one.source))
    return [task.claim_line(n, one, sources[one.source]) for n, one in enumerate(told, 1)]


def _checked_title(
    asker: Asker, draft: task.CitedDraft, window: Sequence[task.Line], on: Grounds
) -> tuple[str | None, list[LeftOut]]:
    """The title if the claims of the story bear it, else what is wrong with it."""
    text = " ".join(draft.text.split()).rstrip(".")
    if not text or asker.options.echoed(text, on.basis(on.claims).german):
        return None, []
    by_number = {line.n: line.claims for line in window}
    ids = tuple(name for n in draft.numbers for name in by_number.get(n, ()))
    findings = check_title(text, on.basis(on.claims))
    return (text, []) if sound(findings) else (None, [why(Cited(text=text, claims=ids, findings=findings))])


def _title(on: Grounds, points: Sequence[Cited]) -> str:
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


def _best(points: Sequence[Cited], on: Grounds, most: int) -> tuple[Cited, ...]:
    """Of more points than wanted those with most independent sources, then those that tell most; in their order."""
    if len(points) <= most:
        return tuple(points)
    from_whom = origins(on.sources)

    def weight(point: Cited) -> tuple[int, int]:
        cited = on.basis(point.claims).claims
        return len({from_whom[one.source] for one in cited}), max(map(telling, cited), default=0)

    best = {id(point) for point in sorted(points, key=weight, reverse=True)[:most]}
    return tuple(point for point in points if id(point) in best)
