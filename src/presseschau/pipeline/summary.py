"""summary: bottom line, key points and a headline, asked over the whole text, checked against the sentences that each
names, mended part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from presseschau import checks
from presseschau.errors import AnswerError, MalformedAnswer
from presseschau.models import EVIDENCE_ROLES, Article, Finding, Message, Point, Request, Summary
from presseschau.pipeline.answer_schema import STRING, array, one_of, record, row
from presseschau.pipeline.asking import Work, without_failures
from presseschau.pipeline.claims import citable
from presseschau.pipeline.numbered import Window, addressed_to_models, messages
from presseschau.pipeline.prompts import Prompts
from presseschau.pipeline.translation import flawed, in_view

_TOKENS_PER_POINT = 120
_OF_THE_WHOLE = ("coverage.lead", "summary.repeated", "summary.leaning", "glossary.forbidden", "glossary.missing")
"""Warnings for which a summary is asked for once more."""
NEAR = 2
"""So many sentences before and after those cited may be what a part rests on instead."""


class CitedText(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    sentences: list[int]
    text: str


class SummaryAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    points: list[CitedText]
    bottom_line: CitedText
    headline: str


def request(
    window: Window,
    prompts: Prompts,
    *,
    english: str,
    points: int,
    notes: Sequence[str] = (),
    before: Sequence[Message] = (),
) -> Request[SummaryAnswer]:
    """What to ask for the summary of a window: `points` key points, fewer for a short text.

    A server that takes the tight schema must take each point from its own stretch of the text, so that no summary
    stops at the lead; the bottom line rests on the first sentences.
    """
    numbers = citable(window)
    points = max(1, min(points, len(numbers)))
    task = prompts.render("summary/task", points=points, english=english, notes="\n".join(notes))
    stretches = [numbers[i * len(numbers) // points : (i + 1) * len(numbers) // points] for i in range(points)]
    return Request(
        task="summary",
        messages=messages(prompts, window, task, before),
        answer=SummaryAnswer,
        tight=record(
            points=row([_cited(stretch) for stretch in stretches]), bottom_line=_cited(numbers[:3]), headline=STRING
        ),
        max_tokens=200 + _TOKENS_PER_POINT * (points + 1),
    )


def _cited(numbers: Sequence[int]) -> dict[str, Any]:
    return record(sentences=array(one_of(numbers), 1, min(2, len(numbers))), text=STRING)


def _summary_in(answer: SummaryAnswer) -> Summary:
    """The summary as a value; points without text are left out."""
    return Summary(
        headline=" ".join(answer.headline.split()),
        bottom_line=" ".join(answer.bottom_line.text.split()),
        bottom_line_sentences=tuple(sorted(set(answer.bottom_line.sentences))),
        points=tuple(
            Point(text=" ".join(p.text.split()), sentences=tuple(sorted(set(p.sentences))))
            for p in answer.points
            if p.text.strip()
        ),
    )


class SummaryPart(NamedTuple):
    """The headline, the bottom line or a point, and what it rests on."""

    name: str
    text: str
    sentences: tuple[int, ...]


async def summary(work: Work, known: Mapping[int, str]) -> tuple[Summary, tuple[Finding, ...]] | None:
    """Points from all windows, evenly; bottom line and headline from the first, which has the lead."""
    open_windows = [window for window in work.windows if citable(window)]
    if not open_windows:
        return None
    chosen = [open_windows[i * len(open_windows) // work.options.points] for i in range(work.options.points)]
    asked = [partial(_summary_of, work, window, known, chosen.count(window)) for window in dict.fromkeys(chosen)]
    made = without_failures(await work.every(asked))
    points = tuple(point for part in made for point in part.points)
    first = made[0]
    if not first.bottom_line:
        raise MalformedAnswer("there is nothing in the answer that could stand in a summary.")
    headline = first.headline or first.bottom_line
    whole = first.model_copy(update={"headline": headline, "points": points, "unknown": checks.not_known(work.article)})
    return whole, (*check(work.article, whole), *_terms(work, whole))


def _terms(work: Work, made: Summary) -> Iterator[Finding]:
    """What the glossary finds in its bottom line and points."""
    for part in _parts(made):
        cited = [s for s in work.article.sentences if s.n in part.sentences]
        yield from checks.check_terms(part.text, cited, work.options.glossary, part="summary")


async def _summary_of(work: Work, window: Window, known: Mapping[int, str], points: int) -> Summary:
    def worded(notes: Sequence[str]) -> Request[SummaryAnswer]:
        return request(
            window,
            work.options.prompts,
            english=work.options.english,
            points=points,
            notes=notes,
            before=in_view(work, window, known),
        )

    made = _without_echoes(work, _summary_in(await work.answered(worded)))
    findings = (*check(work.article, made), *_terms(work, made))
    if work.options.rounds and _lacking(findings):
        parts, whole = ([f for f in findings if _of_the_whole(f) == one] for one in (False, True))
        notes = [note for note in (work.note(parts), work.note(whole)) if note]
        try:
            again = _without_echoes(work, _summary_in(await work.answered(worded, notes)))
        except AnswerError:
            again = made  # what was good before stays
        other = whole and again.bottom_line and again.points
        made = (
            again
            if other and not _lacking((*check(work.article, again), *_terms(work, again)))
            else _mended(work, made, again)
        )
    return _supported(work.article, made, known, frozenset(flawed(work, known)))


def _lacking(findings: Sequence[Finding]) -> bool:
    """Must a summary with these findings be asked for again?"""
    return bool(checks.badness(findings)[0]) or any(map(_of_the_whole, findings))


def _of_the_whole(finding: Finding) -> bool:
    return finding.code in _OF_THE_WHOLE


def _without_echoes(work: Work, made: Summary) -> Summary:
    """The summary with no text where the answer has words of its instructions."""

    def own(part: SummaryPart) -> SummaryPart:
        cited = (s.text for s in work.article.sentences if part.name == "headline" or s.n in part.sentences)
        return part._replace(text="") if work.options.echoed(part.text, "\n".join(cited)) else part

    return _joined([own(part) for part in _parts(made)])


def _mended(work: Work, made: Summary, again: Summary) -> Summary:
    """Part by part the better of two answers."""
    new = dict(enumerate(_parts(again)))
    parts = []
    for i, old in enumerate(_parts(made)):
        other = new.get(i)
        better = (
            other is not None
            and other.text
            and checks.better(part_findings(work.article, other), part_findings(work.article, old))
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
    kept: list[SummaryPart] = []
    for point in points:
        taken = {n for other in (*kept, *points) if other is not point for n in other.sentences}
        if sound := _sound(article, point, known, wrong, taken):
            kept.append(sound)
    first = _sound(article, bottom_line, known, wrong, set()) or next(iter(kept), bottom_line)
    return _joined([_titled(article, headline, known, wrong), first, *kept])


def _titled(article: Article, part: SummaryPart, known: Mapping[int, str], wrong: frozenset[int]) -> SummaryPart:
    """The headline, or the translated one if only that is supported."""
    own = (part._replace(text=known[s.n]) for s in article.sentences if s.role == "headline" and s.n in known)
    choices = (part, *(one for one in own if not any(s.n in wrong for s in article.sentences if s.role == "headline")))
    return next((one for one in choices if not checks.badness(part_findings(article, one))[0]), part)


def _sound(
    article: Article, part: SummaryPart, known: Mapping[int, str], wrong: frozenset[int], taken: set[int]
) -> SummaryPart | None:
    """The part as it may stand, on exactly the sentences that support it; None if there is none."""
    barred = addressed_to_models(article) | wrong
    citable = [s.n for s in article.sentences if s.role in EVIDENCE_ROLES and s.n not in barred]
    near = [n for n in citable if any(abs(n - own) <= NEAR for own in part.sentences)]
    choices: list[SummaryPart] = []
    if not barred & set(part.sentences):
        moved = [(n,) for n in near] + list(pairwise(near)) + [tuple(sorted({*part.sentences, n})) for n in near]
        choices = [part, *(part._replace(sentences=numbers) for numbers in moved)]
    order = sorted(near, key=lambda n: (n not in part.sentences, n in taken, n))
    choices += [
        SummaryPart(part.name, known[n], (n,)) for n in order if n in known and (n in part.sentences or n not in taken)
    ]
    return next((one for one in choices if not checks.badness(part_findings(article, one))[0]), None)


def check(article: Article, made: Summary) -> tuple[Finding, ...]:
    """Findings about every part of a summary; the message names the part."""
    parts = _parts(made) if made.bottom_line is not None else []  # there is nothing to be said of what is not there
    found = [finding for part in parts for finding in part_findings(article, part)]
    whole = (*checks.lead_only(made, article), *checks.repeated(made), *checks.leaning(made))
    return (*found, *(item.stamped(part="summary") for item in whole))


def part_findings(article: Article, part: SummaryPart) -> tuple[Finding, ...]:
    """A headline may rest on any lead or body sentence; a text without a cited sentence rests on nothing."""
    barred = addressed_to_models(article)
    citable = [s for s in article.sentences if s.role in EVIDENCE_ROLES and s.n not in barred]
    if part.name == "headline":
        return checks.check_point(part.text, citable, article, name=part.name)
    cited = [s for s in article.sentences if s.n in part.sentences]
    return checks.check_point(part.text, cited, article, name=part.name, cited=part.sentences)


def _parts(made: Summary) -> list[SummaryPart]:
    return [
        SummaryPart("headline", made.headline, ()),
        SummaryPart("bottom line", made.bottom_line or "", made.bottom_line_sentences),
        *(SummaryPart(f"point {i}", point.text, point.sentences) for i, point in enumerate(made.points, 1)),
    ]


def _joined(parts: Sequence[SummaryPart]) -> Summary:
    headline, bottom_line, *points = parts
    return Summary(
        headline=headline.text,
        bottom_line=bottom_line.text,
        bottom_line_sentences=bottom_line.sentences,
        points=tuple(Point(text=point.text, sentences=point.sentences) for point in points),
    )
