"""claims: asked window by window, grounded in the German, checked, asked again where they failed or where none is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from presseschau import checks
from presseschau.errors import MalformedAnswer, TruncatedAnswer
from presseschau.models import Article, Claim, Evidence, Finding, Request, Sentence
from presseschau.parts.translation import flawed
from presseschau.parts.work import Work, without_failures
from presseschau.tasks import claims as task
from presseschau.tasks.numbered import Window, addressed_to_models

MOST_AGAIN = 4
"""Requests per window and round for sentences that must be cited and are not."""


async def claims(work: Work, known: Mapping[int, str]) -> tuple[Claim, ...]:
    """The claims of all windows in the order of the text, without repeats; c1, c2, ..."""
    if work.engine.small:
        return _translated(work, known)
    first = {w: checks.telling(_citable(w), task.MOST_CLAIMS) for w in work.windows}
    found = await _claimed(work, known, first, {})
    for _ in range(work.options.rounds):
        found = _as_translated(work, known, found)
        found = await _mended(work, known, found)
        found = await _completed(work, known, found)
    found = _as_translated(work, known, found)
    barred = addressed_to_models(work.article)
    whole = checks.without_repeats(claim for claim in found if not barred & set(claim.sentences))
    return tuple(renamed(claim, f"c{i}") for i, claim in enumerate(whole, 1))


def _translated(work: Work, known: Mapping[int, str]) -> tuple[Claim, ...]:
    """The telling sentences in English as claims; speaker, chain and stance are read from the German by code.

    One whose translation says what the German does not is not supported.
    """
    article = work.article
    errors = flawed(work, known)
    told = {*checks.telling(article.sentences, task.MOST_CLAIMS), *checks.must_cite(article)}
    told -= addressed_to_models(article)
    sentences = [s for s in article.sentences if s.n in told and s.n in known]
    return tuple(
        _marked(checked(article, _plain(s, known[s.n], i)), errors.get(s.n, ())) for i, s in enumerate(sentences, 1)
    )


def _plain(s: Sentence, english: str, i: int) -> Claim:
    return Claim(id=f"c{i}", text=english, sentences=(s.n,), evidence=(Evidence.of(s),))


def _marked(claim: Claim, errors: Sequence[Finding]) -> Claim:
    """The claim with the errors of the translation that it repeats, where its own check has not found them."""
    new = [f.model_copy(update={"claim": claim.id, "part": "claims"}) for f in errors]
    new = [f for f in new if f.code not in {own.code for own in claim.findings}]
    if not errors:
        return claim
    return claim.model_copy(update={"findings": (*claim.findings, *new), "supported": False, "status": "flagged"})


def _as_translated(work: Work, known: Mapping[int, str], found: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """A claim on one sentence that fails, or that repeats another's words, says what the sentence's translation says.

    Only where the translation was made first: a small model sometimes writes one claim again and again. What it was
    asked for then stands there already, checked against the same German.
    """
    said: set[str] = set()
    better = []
    for claim in found:
        repeated = claim.text in said
        said.add(claim.text)
        (n,) = claim.sentences if len(claim.sentences) == 1 else (0,)
        if n in known and known[n] != claim.text and (repeated or not claim.supported):
            plain = claim.model_copy(update={"text": known[n], "status": "repaired"})
            plain = checked(work.article, plain)
            if repeated or checks.better(plain.findings, claim.findings):
                work.repairs += 1
                claim = plain
        better.append(claim)
    return tuple(better)


def _citable(window: Window) -> list[Sentence]:
    numbers = set(task.citable(window))
    return [s for s in window.own if s.n in numbers]


async def _mended(work: Work, known: Mapping[int, str], found: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """The unsupported claims asked for again, with what was wrong; a better answer takes the place of the old one."""
    failing = {claim.sentences: claim for claim in found if not claim.supported}
    if not failing:
        return found
    notes = {c.sentences[0]: work.note(c.findings, english=c.text) for c in failing.values() if c.sentences}
    numbers = {n for sentences in failing for n in sentences}
    wanted = {w: [n for n in task.citable(w) if n in numbers][: task.MOST_CLAIMS] for w in work.windows}
    again = {claim.sentences: claim for claim in await _claimed(work, known, wanted, notes)}
    kept = {
        s: again[s].model_copy(update={"status": "repaired"})
        for s, old in failing.items()
        if s in again and checks.better(again[s].findings, old.findings)
    }
    work.repairs += len(kept)
    return tuple(kept.pop(claim.sentences, claim) for claim in found)


async def _completed(work: Work, known: Mapping[int, str], found: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """`found` and claims for sentences with a figure, a quotation or reported speech that none of them cites."""
    missing = checks.must_cite(work.article) - {n for claim in found for n in claim.sentences}
    asked = []
    for turn in range(MOST_AGAIN):
        pieces = slice(turn * task.MOST_CLAIMS, (turn + 1) * task.MOST_CLAIMS)
        wanted = {w: [n for n in task.citable(w) if n in missing][pieces] for w in work.windows}
        asked.append(partial(_claimed, work, known, wanted, {}))
    came = await work.every(asked)
    whole = without_failures(c for c in came if not isinstance(c, MalformedAnswer | TruncatedAnswer))
    return found + tuple(claim for claims in whole for claim in claims)


async def _claimed(
    work: Work, known: Mapping[int, str], wanted: Mapping[Window, Sequence[int]], notes: Mapping[int, str]
) -> tuple[Claim, ...]:
    """The claims made in the wanted sentences of each window, with their evidence and findings."""
    speakers = checks.speakers(work.article)
    asked = []
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
                speakers={n: speakers[n] for n in window.numbers if n in speakers},
                notes=told,
                before=work.before(window, known),
            )

        told = [notes[n] for n in numbers if n in notes]
        asked.append((window, partial(work.answered, request, told)))
    came = without_failures(await work.every([ask for _, ask in asked]))
    answers = [(window, answer) for (window, _), answer in zip(asked, came, strict=True)]
    said = " ".join(notes.values())
    return tuple(checked(work.article, claim) for claim in task.claims(answers) if not checks.echoes(claim.text, said))


def checked(article: Article, claim: Claim) -> Claim:
    """The claim, grounded in the German, with its findings; it is supported if none of them is an error.

    What a person wrote or accepted stays as it is; its findings are told all the same.
    """
    if claim.status != "human":
        claim = checks.grounded(claim, article)
    by_number = {s.n: s for s in article.sentences}
    evidence = [by_number[e.n] for e in claim.evidence if e.n in by_number]
    findings = checks.check_claim(
        claim.text, evidence, article, claim.speaker, claim=claim.id, cited=claim.sentences, part="claims"
    )
    supported = not checks.badness(findings)[0]
    if claim.status == "human":
        return claim.model_copy(update={"findings": findings})
    status = claim.status if supported else "flagged"
    return claim.model_copy(update={"findings": findings, "supported": supported, "status": status})


def renamed(claim: Claim, name: str) -> Claim:
    """The claim under another id, and its findings with it."""
    findings = tuple(finding.model_copy(update={"claim": name}) for finding in claim.findings)
    return claim.model_copy(update={"id": name, "findings": findings})
