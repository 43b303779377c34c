"""summary: asked over the whole text, checked against the sentences it names, mended part by part.

A small model is not asked (it wrote "kills 14" where 14 were injured): its summary is made of its translation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from presseschau import checks
from presseschau.errors import AnswerError, MalformedAnswer
from presseschau.models import EVIDENCE_ROLES, Article, Finding, Point, Request, Summary
from presseschau.parts.work import Work, without_failures
from presseschau.tasks import claims
from presseschau.tasks import summary as task
from presseschau.tasks.numbered import Window, addressed_to_models


class _Part(NamedTuple):
    """The headline, the bottom line or a point, and what it rests on."""

    name: str
    text: str
    sentences: tuple[int, ...]


async def summary(work: Work, known: Mapping[int, str]) -> tuple[Summary, tuple[Finding, ...]] | None:
    """Points from all windows, evenly; bottom line and headline from the first, which has the lead."""
    citable = [window for window in work.windows() if claims.citable(window)]
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

    Sound: its translation alone, checked as a point that cites this sentence, has no error.
    Raises MalformedAnswer if there is none.
    """
    article, barred = work.article, addressed_to_models(work.article)
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
    titles = (known[s.n] for s in article.sentences if s.role == "headline" and s.n in known)
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
    return _supported(work.article, made, known)


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


def _supported(article: Article, made: Summary, known: Mapping[int, str]) -> Summary:
    """What the German does not support gives way to the translation of a sentence it cites; a point without one falls.

    Headline and bottom line stay if there is no such translation, with their findings.
    """
    headlines = tuple(s.n for s in article.sentences if s.role == "headline")
    parts: list[_Part] = []
    barred = addressed_to_models(article)
    for part in _parts(made):
        if barred & set(part.sentences) and part.name.startswith("point"):
            continue
        if not checks.badness(_findings(article, part))[0]:
            parts.append(part)
            continue
        numbers = headlines if part.name == "headline" else part.sentences
        instead = (
            _Part(part.name, known[n], part.sentences if part.name == "headline" else (n,))
            for n in numbers
            if n in known
        )
        sound = next((other for other in instead if not checks.badness(_findings(article, other))[0]), None)
        if sound or not part.name.startswith("point"):
            parts.append(sound or part)
    return _joined(parts) if len(parts) > 2 else made


def check(article: Article, made: Summary) -> tuple[Finding, ...]:
    """Findings about every part of a summary; the message names the part."""
    found = [
        finding.model_copy(update={"message": f"{part.name}: {finding.message}"})
        for part in _parts(made)
        for finding in _findings(article, part)
    ]
    return tuple(
        f.model_copy(update={"part": "summary", "claim": None}) for f in (*found, *checks.lead_only(made, article))
    )


def _findings(article: Article, part: _Part) -> tuple[Finding, ...]:
    """A headline may rest on any lead or body sentence; a text without a cited sentence rests on nothing."""
    barred = addressed_to_models(article)
    citable = [s for s in article.sentences if s.role in EVIDENCE_ROLES and s.n not in barred]
    if part.name == "headline":
        return checks.check_point(part.text, citable, article)
    cited = [s for s in article.sentences if s.n in part.sentences]
    return checks.check_point(part.text, cited, article, cited=part.sentences)


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
