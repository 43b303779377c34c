"""claims: asked window by window, grounded in the German, checked, asked again where they failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from presseschau import checks
from presseschau.models import Article, Claim, Request
from presseschau.parts.work import Work
from presseschau.tasks import claims as task
from presseschau.tasks.numbered import Window


async def claims(work: Work, known: Mapping[int, str]) -> tuple[Claim, ...]:
    found = await _claimed(work, known, {w: checks.telling(w.own, task.MOST_CLAIMS) for w in work.windows()}, {})
    for _ in range(work.options.rounds):
        failing = {claim.sentences: claim for claim in found if not claim.supported}
        if not failing:
            break
        numbers = {n for sentences in failing for n in sentences}
        notes = {c.sentences[0]: work.note(c.findings, english=c.text) for c in failing.values() if c.sentences}
        wanted = {w: [n for n in task.citable(w) if n in numbers] for w in work.windows()}
        again = {claim.sentences: claim for claim in await _claimed(work, known, wanted, notes)}
        kept = {
            s: again[s] for s, old in failing.items() if s in again and checks.better(again[s].findings, old.findings)
        }
        if not kept:
            break
        work.repairs += len(kept)
        found = tuple(_renamed(kept.pop(c.sentences), c.id) if c.sentences in kept else c for c in found)
    return found


async def _claimed(
    work: Work, known: Mapping[int, str], wanted: Mapping[Window, Sequence[int]], notes: Mapping[int, str]
) -> tuple[Claim, ...]:
    """The claims made in the wanted sentences of each window, with their evidence and findings."""
    answers = []
    for window, numbers in wanted.items():
        if not numbers:
            continue

        def request(
            told: Sequence[str], window: Window = window, numbers: Sequence[int] = numbers
        ) -> Request[task.ClaimsAnswer]:
            return task.request(
                window,
                numbers,
                work.options.prompts,
                english=work.options.english,
                notes=told,
                before=work.before(window, known),
            )

        answers.append((window, await work.answered(request, [notes[n] for n in numbers if n in notes])))
    return tuple(checked(work.article, claim) for claim in task.claims(answers))


def checked(article: Article, claim: Claim) -> Claim:
    """The claim with its findings; it is supported if none of them is an error."""
    by_number = {s.n: s for s in article.sentences}
    evidence = [by_number[e.n] for e in claim.evidence]
    found = checks.check_claim(claim.text, evidence, article, claim.speaker, claim=claim.id)
    findings = tuple(f.model_copy(update={"part": "claims"}) for f in found)
    return claim.model_copy(update={"findings": findings, "supported": not checks.badness(findings)[0]})


def _renamed(claim: Claim, name: str) -> Claim:
    findings = tuple(finding.model_copy(update={"claim": name}) for finding in claim.findings)
    return claim.model_copy(update={"id": name, "findings": findings})
