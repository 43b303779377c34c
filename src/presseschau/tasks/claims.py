"""claims: who says what, and in which sentences it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from presseschau.models import EVIDENCE_ROLES, Claim, Evidence, Message, Request, Stance
from presseschau.tasks.numbered import Window, addressed_to_models, messages, number_list, shown
from presseschau.tasks.prompt import Prompts
from presseschau.tasks.schema import STRING, array, fixed, record, row

MOST_CLAIMS = 15
_STANCES: tuple[Stance, ...] = ("asserted", "reported", "alleged", "planned", "predicted", "opinion")
_TOKENS_PER_CLAIM = 130
_NAME_OR_NULL = {"anyOf": [STRING, {"type": "null"}]}


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
    `before` is a conversation that has shown the article already (`translate.in_view`). A server that takes the
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


def claims(answers: Sequence[tuple[Window, ClaimsAnswer]]) -> tuple[Claim, ...]:
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
