"""claims: who says what, and in which sentences it stands."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from presseschau.models import EVIDENCE_ROLES, Claim, Evidence, Message, Request, Stance
from presseschau.tasks.numbered import Window, messages, number_list
from presseschau.tasks.prompt import Prompts
from presseschau.tasks.schema import STRING, array, fixed, record, row

MOST_CLAIMS = 15
_STANCES: tuple[Stance, ...] = ("asserted", "reported", "alleged", "planned", "predicted", "opinion")
_TOKENS_PER_CLAIM = 130
NAME_OR_NULL = {"anyOf": [STRING, {"type": "null"}]}


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
    """The numbers of the window that may be evidence."""
    return tuple(s.n for s in window.own if s.role in EVIDENCE_ROLES)


def request(
    window: Window,
    numbers: Sequence[int],
    prompts: Prompts,
    *,
    english: str,
    notes: Sequence[str] = (),
    before: Sequence[Message] = (),
) -> Request[ClaimsAnswer]:
    """What to ask for the claims made in these sentences of a window.

    `before` is a conversation that has shown the article already (`translate.in_view`). A server that takes the
    tight schema is asked for one claim for each of `numbers`: a small model left free names only the last ones.
    """
    task = prompts.render("claims/task", numbers=number_list(numbers), english=english, notes="\n".join(notes))
    stance = {"type": "string", "enum": list(_STANCES)}
    rows = [
        record(sentences=row([fixed(n)]), speaker=NAME_OR_NULL, via=array(STRING, 0, 3), stance=stance, text=STRING)
        for n in numbers
    ]
    return Request(
        task="claims",
        messages=(*before, Message(role="user", content=task)) if before else messages(prompts, window, task),
        answer=ClaimsAnswer,
        tight=record(claims=row(rows)),
        max_tokens=200 + _TOKENS_PER_CLAIM * len(numbers),
    )


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
                evidence=tuple(
                    Evidence(n=n, start=by_number[n].start, end=by_number[n].end, text=by_number[n].text)
                    for n in numbers
                    if n in by_number
                ),
                speaker=_name(draft.speaker),
                via=tuple(name for via in draft.via if (name := _name(via))),
                stance=draft.stance,
            )
    return tuple(found.values())


def _name(text: str | None) -> str | None:
    """None for the ways in which models write "nobody"."""
    name = " ".join((text or "").split())
    return None if name.casefold() in {"", "null", "none", "n/a", "unknown", "the article", "article"} else name
