"""summary: asked over the whole text, checked against the sentences it names, asked again where it failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from presseschau import checks
from presseschau.models import EVIDENCE_ROLES, Article, Finding, Request, Summary
from presseschau.parts.work import Work
from presseschau.tasks import claims
from presseschau.tasks import summary as task
from presseschau.tasks.numbered import Window


async def summary(work: Work, known: Mapping[int, str]) -> tuple[Summary, tuple[Finding, ...]] | None:
    """Points from all windows, evenly; bottom line and headline from the first, which has the lead."""
    citable = [window for window in work.windows() if claims.citable(window)]
    if not citable:
        return None
    chosen = [citable[i * len(citable) // work.options.points] for i in range(work.options.points)]
    parts = [await _summary_of(work, window, known, chosen.count(window)) for window in dict.fromkeys(chosen)]
    whole = parts[0].model_copy(update={"points": tuple(point for part in parts for point in part.points)})
    return whole, check(work.article, whole)


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
        again = task.summary(await work.answered(request, [work.note(findings)]))
        if checks.better(check(work.article, again), findings):
            work.repairs += 1
            return again
    return made


def check(article: Article, made: Summary) -> tuple[Finding, ...]:
    """Findings about every part of a summary; the message names the part."""
    by_number = {s.n: s for s in article.sentences}
    citable = [s.n for s in article.sentences if s.role in EVIDENCE_ROLES]
    parts = [
        ("headline", made.headline, citable),
        ("bottom line", made.bottom_line, made.bottom_line_sentences),
        *((f"point {i}", point.text, point.sentences) for i, point in enumerate(made.points, 1)),
    ]
    return tuple(
        finding.model_copy(update={"part": "summary", "claim": None, "message": f"{name}: {finding.message}"})
        for name, text, numbers in parts
        for finding in checks.check_point(text, [by_number[n] for n in numbers if n in by_number], article)
    )
