"""summary: asked over the whole text, checked against the sentences it names, mended part by part.

A small model is not asked (it wrote "kills 14" where 14 were injured): its summary is made of its translation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from presseschau import checks
from presseschau.errors import AnswerError, MalformedAnswer
from presseschau.models import EVIDENCE_ROLES, Article, Finding, Point, Request, Summary
from presseschau.parts.translation import flawed
from presseschau.parts.work import Work, without_failures
from presseschau.tasks import claims
from presseschau.tasks import summary as task
from presseschau.tasks.numbered import Window, addressed_to_models

NEAR = 2
"""So many sentences before and after those cited may be what a part rests on instead."""


class _Part(NamedTuple):
    """The headline, the bottom line or a point, and what it rests on."""

    name: str
    text: str
    sentences: tuple[int, ...]


async def summary(work: Work, known: Mapping[int, str]) -> tuple[Summary, tuple[Finding, ...]] | None:
    """Points from all windows, evenly; bottom line and headline from the first, which has the lead."""
    citable = [window for window in work.windows if claims.citable(window)]
    if not citable:
        return None
    if work.engine.small:
        selected = _selected(work, known)
        return selected, check(work.article, selected)
    chosen = [citable[i * len(citable) // work.options.points] for i in range(work.options.points)]
    asked = [partial(_summary_of, work, window, known, chosen.count(window)) for window in dict.fromkeys(chosen)]
    made = without_failures(await work.every(asked))
    points = tuple(point for part in made for point in part.points)
    whole = made[0].model_copy(update={"points": points, "unknown": checks.not_known(work.article)})
    return whole, check(work.article, whole)


def _selected(work: Work, known: Mapping[int, str]) -> Summary:
    """The first sound translated sentence as bottom line, and the most telling one of each stretch of the rest.

    Sound: its translation has no error, neither as one nor as a point that cites this sentence.
    Raises MalformedAnswer if there is none.
    """
    article, wrong = work.article, frozenset(flawed(work, known))
    barred = addressed_to_models(article) | wrong
    sound = [
        s
        for s in article.sentences
        if s.role in EVIDENCE_ROLES
        and s.n in known
        and s.n not in barred
        and not checks.badness(_findings(article, _Part("point", known[s.n], (s.n,))))[0]
    ]
    if not sound:
        raise MalformedAnswer("no sentence is translated well enough to stand in a summary.")
    first, *rest = sound
    count = min(work.options.points, len(rest))
    stretches = [rest[i * len(rest) // count : (i + 1) * len(rest) // count] for i in range(count)]
    chosen = [n for stretch in stretches for n in checks.telling(stretch, 1)]
    titles = (known[s.n] for s in article.sentences if s.role == "headline" and s.n in known and s.n not in wrong)
    fitting = (t for t in titles if not checks.badness(_findings(article, _Part("headline", t, ())))[0])
    return Summary(
        headline=next(fitting, known[first.n]),
        bottom_line=known[first.n],
        bottom_line_sentences=(first.n,),
        points=tuple(Point(text=known[n], sentences=(n,)) for n in chosen),
        unknown=checks.not_known(article),
    )


async def _summary_of(work: Work, window: Window, known: Mapping[int, str], points: int) -> Summary:
    def request(notes: Sequence[str]) -> Request[task.SummaryAnswer]:
        return task.request(
            window,
            work.options.prompts,
            english=work.options.english,
            points=points,
            notes=notes,
            before=work.before(window, known),
        )

    made = task.summary(await work.answered(request))
    findings = check(work.article, made)
    if work.options.rounds and checks.badness(findings)[0]:
        note = work.note(findings)
        try:
            again = task.summary(await work.answered(request, [note]))
        except AnswerError:
            again = made  # what was good before stays
        made = _mended(work, made, again, note)
    return _supported(work.article, made, known, frozenset(flawed(work, known)))


def _mended(work: Work, made: Summary, again: Summary, note: str) -> Summary:
    """Part by part the better of two answers; a part that repeats the note is not taken."""
    new = dict(enumerate(_parts(again)))
    parts = []
    for i, old in enumerate(_parts(made)):
        other = new.get(i)
        better = (
            other is not None
            and not checks.echoes(other.text, note)
            and checks.better(_findings(work.article, other), _findings(work.article, old))
        )
        parts.append(other if better and other else old)
    work.repairs += sum(part is not old for part, old in zip(parts, _parts(made), strict=True)) and 1
    return _joined(parts)


def _supported(article: Article, made: Summary, known: Mapping[int, str], wrong: frozenset[int]) -> Summary:
    """What its own sentences do not support is moved to those that do, else gives way to the translation of one of
    them, else of one nearby; a point without any of these falls. The bottom line may then be a point that stands.

    `wrong`: sentences whose translation says what the German does not; what a model wrote with them in view is not
    used. A headline stays with its findings, and so does a bottom line if there is no point.
    """
    headline, bottom_line, *points = _parts(made)
    kept: list[_Part] = []
    for point in points:
        taken = {n for other in (*kept, *points) if other is not point for n in other.sentences}
        if sound := _sound(article, point, known, wrong, taken):
            kept.append(sound)
    first = _sound(article, bottom_line, known, wrong, set()) or next(iter(kept), bottom_line)
    return _joined([_titled(article, headline, known, wrong), first, *kept])


def _titled(article: Article, part: _Part, known: Mapping[int, str], wrong: frozenset[int]) -> _Part:
    """The headline, or the translated one if only that is supported."""
    own = (part._replace(text=known[s.n]) for s in article.sentences if s.role == "headline" and s.n in known)
    choices = (part, *(one for one in own if not any(s.n in wrong for s in article.sentences if s.role == "headline")))
    return next((one for one in choices if not checks.badness(_findings(article, one))[0]), part)


def _sound(
    article: Article, part: _Part, known: Mapping[int, str], wrong: frozenset[int], taken: set[int]
) -> _Part | None:
    """The part as it may stand, on exactly the sentences that support it; None if there is none."""
    barred = addressed_to_models(article) | wrong
    citable = [s.n for s in article.sentences if s.role in EVIDENCE_ROLES and s.n not in barred]
    near = [n for n in citable if any(abs(n - own) <= NEAR for own in part.sentences)]
    choices: list[_Part] = []
    if not barred & set(part.sentences):
        moved = [(n,) for n in near] + list(pairwise(near)) + [tuple(sorted({*part.sentences, n})) for n in near]
        choices = [part, *(part._replace(sentences=numbers) for numbers in moved)]
    order = sorted(near, key=lambda n: (n not in part.sentences, n in taken, n))
    choices += [
        _Part(part.name, known[n], (n,)) for n in order if n in known and (n in part.sentences or n not in taken)
    ]
    return next((one for one in choices if not checks.badness(_findings(article, one))[0]), None)


def check(article: Article, made: Summary) -> tuple[Finding, ...]:
    """Findings about every part of a summary; the message names the part."""
    found = [finding for part in _parts(made) for finding in _findings(article, part)]
    return (*found, *(item.stamped(part="summary") for item in checks.lead_only(made, article)))


def _findings(article: Article, part: _Part) -> tuple[Finding, ...]:
    """A headline may rest on any lead or body sentence; a text without a cited sentence rests on nothing."""
    barred = addressed_to_models(article)
    citable = [s for s in article.sentences if s.role in EVIDENCE_ROLES and s.n not in barred]
    if part.name == "headline":
        return checks.check_point(part.text, citable, article, name=part.name)
    cited = [s for s in article.sentences if s.n in part.sentences]
    return checks.check_point(part.text, cited, article, name=part.name, cited=part.sentences)


def _parts(made: Summary) -> list[_Part]:
    return [
        _Part("headline", made.headline, ()),
        _Part("bottom line", made.bottom_line, made.bottom_line_sentences),
        *(_Part(f"point {i}", point.text, point.sentences) for i, point in enumerate(made.points, 1)),
    ]


def _joined(parts: Sequence[_Part]) -> Summary:
    headline, bottom_line, *points = parts
    return Summary(
        headline=headline.text,
        bottom_line=bottom_line.text,
        bottom_line_sentences=bottom_line.sentences,
        points=tuple(Point(text=point.text, sentences=point.sentences) for point in points),
    )
