"""claims: who says what, and where it stands; asked by window, grounded in the German, checked, asked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import BaseModel, ConfigDict

from presseschau import checks
from presseschau.errors import MalformedAnswer, TruncatedAnswer
from presseschau.models import EVIDENCE_ROLES, Article, Claim, Evidence, Message, Request, Sentence, Stance
from presseschau.pipeline.answer_schema import STRING, array, fixed, record, row
from presseschau.pipeline.asking import Work, echo, without_failures
from presseschau.pipeline.numbered import Window, addressed_to_models, messages, number_list, shown
from presseschau.pipeline.prompts import Prompts
from presseschau.pipeline.translation import in_view

MOST_CLAIMS = 15
_STANCES: tuple[Stance, ...] = ("asserted", "reported", "alleged", "planned", "predicted", "opinion")
_TOKENS_PER_CLAIM = 130
_NAME_OR_NULL = {"anyOf": [STRING, {"type": "null"}]}
MOST_AGAIN = 4
"""Requests per window and round for sentences that must be cited and are not."""


class ClaimDraft(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    sentences: list[int]
    speaker: str | None
    via: list[str]
    stance: Stance
    text: str


class ClaimsAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    claims: list[ClaimDraft]


def citable(window: Window) -> tuple[int, ...]:
    """The numbers of the window that may be evidence; a passage that addresses a model may not."""
    barred = addressed_to_models(window.article)
    return tuple(s.n for s in window.own if s.role in EVIDENCE_ROLES and s.n not in barred)


def request(
    window: Window,
    numbers: Sequence[int],
    prompts: Prompts,
    *,
    english: str,
    speakers: Mapping[int, str],
    notes: Sequence[str] = (),
    before: Sequence[Message] = (),
) -> Request[ClaimsAnswer]:
    """What to ask for the claims made in these sentences of a window.

    `speakers` says per sentence whose words the German reports: told to the model; the tight schema allows no others.
    `before` is a conversation that has shown the article already (`translation.in_view`). A server that takes the
    tight schema is asked for one claim for each of `numbers`: a small model left free names only the last ones.
    """
    told = [prompts.render("claims/voice", n=n, speaker=shown(speakers[n])) for n in numbers if n in speakers]
    task = prompts.render(
        "claims/task",
        numbers=number_list(numbers),
        english=english,
        voices="\n".join(told),
        notes="\n".join(notes),
    )
    stance = {"type": "string", "enum": list(_STANCES)}
    rows = [
        record(
            sentences=row([fixed(n)]),
            speaker=_speaker(n, speakers),
            via=array(STRING, 0, 3),
            stance=stance,
            text=STRING,
        )
        for n in numbers
    ]
    return Request(
        task="claims",
        messages=messages(prompts, window, task, before),
        answer=ClaimsAnswer,
        tight=record(claims=row(rows)),
        max_tokens=200 + _TOKENS_PER_CLAIM * len(numbers),
    )


def _speaker(n: int, known: Mapping[int, str]) -> dict[str, Any]:
    """One of the voices of the window, its own first, or null; any name where the German names nobody."""
    if not known:
        return _NAME_OR_NULL
    return {"enum": [*dict.fromkeys([*([known[n]] if n in known else []), *known.values()]), None]}


def _claims_of(answers: Sequence[tuple[Window, ClaimsAnswer]]) -> tuple[Claim, ...]:
    """The claims of all windows with their German evidence looked up, numbered c1, c2, ...; exact repeats once.

    A number that does not exist is kept in `sentences` (the checks object) but has no evidence.
    """
    found: dict[tuple[str, tuple[int, ...]], Claim] = {}
    for window, answer in answers:
        by_number = {s.n: s for s in window.article.sentences}
        for draft in answer.claims:
            text = " ".join(draft.text.split())
            numbers = tuple(sorted(set(draft.sentences)))
            if not text or (text, numbers) in found:
                continue
            found[text, numbers] = Claim(
                id=f"c{len(found) + 1}",
                text=text,
                sentences=numbers,
                evidence=tuple(Evidence.of(by_number[n]) for n in numbers if n in by_number),
                speaker=_name(draft.speaker),
                via=tuple(name for via in draft.via if (name := _name(via))),
                stance=draft.stance,
            )
    return tuple(found.values())


def _name(text: str | None) -> str | None:
    """None for the ways in which models write "nobody"."""
    name = " ".join((text or "").split())
    return None if name.casefold() in {"", "null", "none", "n/a", "unknown", "the article", "article"} else name


async def claims(work: Work, known: Mapping[int, str]) -> tuple[Claim, ...]:
    """The claims of all windows in the order of the text, without repeats; c1, c2, ..."""
    first = {w: checks.telling(_citable(w), MOST_CLAIMS) for w in work.windows}
    found = await _claimed(work, known, first, {})
    for _ in range(work.options.rounds):
        found = _as_translated(work, known, found)
        found = await _mended(work, known, found)
        found = await _completed(work, known, found)
    found = _as_translated(work, known, found)
    barred = addressed_to_models(work.article)
    whole = checks.without_repeats(claim for claim in found if not barred & set(claim.sentences))
    lost = work.echoed["claims"] - {n for claim in whole for n in claim.sentences}
    work.failures += [echo("claims", n) for n in sorted(lost)]
    return tuple(renamed(claim, f"c{i}") for i, claim in enumerate(whole, 1))


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
    numbers = set(citable(window))
    return [s for s in window.own if s.n in numbers]


async def _mended(work: Work, known: Mapping[int, str], found: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """The claims that fail asked for again, with what was wrong; a better answer takes the place of the old one."""
    failing = {claim.sentences: claim for claim in found if _fails(claim)}
    if not failing:
        return found
    notes = {c.sentences[0]: work.note(c.findings, english=c.text) for c in failing.values() if c.sentences}
    numbers = {n for sentences in failing for n in sentences}
    wanted = {w: [n for n in citable(w) if n in numbers][:MOST_CLAIMS] for w in work.windows}
    again = {claim.sentences: claim for claim in await _claimed(work, known, wanted, notes)}
    kept = {
        s: again[s].model_copy(update={"status": "repaired"})
        for s, old in failing.items()
        if s in again and checks.better(again[s].findings, old.findings)
    }
    work.repairs += len(kept)
    return tuple(kept.pop(claim.sentences, claim) for claim in found)


async def _completed(work: Work, known: Mapping[int, str], found: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """`found` and claims for sentences that none of them cites and that have a figure, a quotation or reported speech,
    or were answered with words of the instructions."""
    missing = checks.must_cite(work.article) | work.echoed["claims"]
    missing -= {n for claim in found for n in claim.sentences}
    asked = []
    for turn in range(MOST_AGAIN):
        pieces = slice(turn * MOST_CLAIMS, (turn + 1) * MOST_CLAIMS)
        wanted = {w: [n for n in citable(w) if n in missing][pieces] for w in work.windows}
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

        def worded(
            told: Sequence[str], window: Window = window, numbers: Sequence[int] = numbers
        ) -> Request[ClaimsAnswer]:
            return request(
                window,
                numbers,
                work.options.prompts,
                english=work.options.english,
                speakers={n: speakers[n] for n in window.numbers if n in speakers},
                notes=told,
                before=in_view(work, window, known),
            )

        told = [notes[n] for n in numbers if n in notes]
        asked.append((window, partial(work.answered, worded, told)))
    came = without_failures(await work.every([ask for _, ask in asked]))
    answers = [(window, answer) for (window, _), answer in zip(asked, came, strict=True)]
    every = (checked(work.article, own) for claim in _claims_of(answers) if (own := _without_echoes(work, claim)))
    return tuple(_in_terms(work, claim) for claim in every)


def _in_terms(work: Work, claim: Claim) -> Claim:
    """The claim with what the glossary finds in it."""
    terms = checks.check_terms(claim.text, claim.evidence, work.options.glossary, part="claims", claim=claim.id)
    return claim.model_copy(update={"findings": (*claim.findings, *terms)}) if terms else claim


def _fails(claim: Claim) -> bool:
    """Is it unsupported, or said in other words than the glossary's?"""
    return not claim.supported or any(finding.code.startswith("glossary.") for finding in claim.findings)


def _without_echoes(work: Work, claim: Claim) -> Claim | None:
    """The claim without names that are words of the instructions; None if its text is."""
    german = "\n".join(piece.text for piece in claim.evidence)
    if work.options.echoed(claim.text, german):
        work.echoed["claims"] |= {piece.n for piece in claim.evidence}
        return None
    speaker, *via = (None if work.options.echoed(name or "", german) else name for name in (claim.speaker, *claim.via))
    return claim.model_copy(update={"speaker": speaker, "via": tuple(filter(None, via))})


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
