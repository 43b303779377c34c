"""note: key points of a story, the bottom line, and sentences written again; each with the lines it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from presseschau.models import Message, Request, Stance
from presseschau.notes import Source, SourceClaim, day
from presseschau.pipeline.answer_schema import STRING, array, one_of, record
from presseschau.pipeline.asking import USUAL_CONTEXT, Asker
from presseschau.pipeline.numbered import number_list, shown
from presseschau.pipeline.prompts import Prompts

MOST_LINES = 4
"""Lines that one sentence may cite: more, and it says a little of everything."""
TOKENS_PER_SENTENCE = 110
_FIXED_TOKENS = 900  # system and task text, and an answer's frame
_TOKENS_PER_LINE = 8  # its number and the line break, with room to spare
_VERBS: dict[Stance, str] = {
    "alleged": "alleges", "planned": "plans", "predicted": "expects", "opinion": "thinks",
}  # fmt: skip


class CitedDraft(BaseModel):
    """A sentence as a model gives it: first what it comes from, then the text."""

    model_config = ConfigDict(extra="forbid", strict=True)

    numbers: list[int]
    text: str


class StoryAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    points: list[CitedDraft]
    title: CitedDraft


class SentencesAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    sentences: list[CitedDraft]


@dataclass(frozen=True)
class Line:
    """What a model may cite under the number `n`: one claim, or one key point with the claims it rests on."""

    n: int
    text: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Failed:
    """A sentence that failed its check, the numbers it gave, and why in the words of prompts/repair/note."""

    text: str
    numbers: tuple[int, ...]
    reason: str


def claim_line(n: int, one: SourceClaim, source: Source) -> Line:
    """The claim with its paper, its date and who says it, as a model reads it."""
    claim = one.claim
    head = [source.outlet or source.agency or f"source {source.n}", day(source.published)]
    who = claim.speaker or ""
    if who:
        who += f" (through {', '.join(claim.via)})" if claim.via else ""
        who += f" {_VERBS.get(claim.stance, 'says')}"
    when = f" [{claim.when.text}: {day(claim.when.date)}]" if claim.when and claim.when.date else ""
    about = ", ".join(filter(None, head))
    return Line(n, shown(f"({'; '.join(filter(None, [about, who]))}) {claim.text}{when}"), (one.id,))


def line_windows(asker: Asker, lines: Sequence[Line], sentences: int) -> Iterator[tuple[Line, ...]]:
    """The lines in stretches that fit the engine's context beside an answer of so many sentences.

    Half of the answer's size again is left free for sentences that have to be written again.
    """
    context = asker.engine.info.context_tokens or USUAL_CONTEXT
    room = max(300, context - _FIXED_TOKENS - round(1.5 * TOKENS_PER_SENTENCE * (sentences + 1)))
    window: list[Line] = []
    size = 0
    for line in lines:
        tokens = asker.engine.count_tokens(line.text) + _TOKENS_PER_LINE
        if window and size + tokens > room:
            yield tuple(window)
            window, size = [], 0
        window.append(line)
        size += tokens
    if window:
        yield tuple(window)


def story(
    lines: Sequence[Line], prompts: Prompts, *, english: str, points: int, notes: Sequence[str] = ()
) -> Request[StoryAnswer]:
    """What to ask for the key points and the title of a story, or of one window of its claims."""
    numbers = [line.n for line in lines]
    task = prompts.render("note/story", lines=_listed(lines), points=points, english=english, notes="\n".join(notes))
    return Request(
        task="note",
        messages=_messages(prompts, task),
        answer=StoryAnswer,
        tight=record(points=array(_cited(numbers), 1, points), title=_cited(numbers)),
        max_tokens=200 + TOKENS_PER_SENTENCE * (points + 1),
    )


def bottom_line(
    lines: Sequence[Line], prompts: Prompts, *, english: str, sentences: int, notes: Sequence[str] = ()
) -> Request[SentencesAnswer]:
    """What to ask for the bottom line over the key points of all stories."""
    most = "one sentence" if sentences == 1 else f"{sentences} sentences"
    task = prompts.render(
        "note/bottom_line", lines=_listed(lines), sentences=most, english=english, notes="\n".join(notes)
    )
    return _sentences(lines, prompts, task, 1, sentences)


def again(
    lines: Sequence[Line], failed: Sequence[Failed], prompts: Prompts, *, english: str, notes: Sequence[str] = ()
) -> Request[SentencesAnswer]:
    """What to ask for sentences that failed their check: each once more, in order."""
    listed = [
        prompts.render("note/failed", text=shown(one.text), numbers=number_list(one.numbers), reason=one.reason)
        for one in failed
    ]
    task = prompts.render(
        "note/again", lines=_listed(lines), failed="\n".join(listed), english=english, notes="\n".join(notes)
    )
    return _sentences(lines, prompts, task, len(failed), len(failed))


def _sentences(lines: Sequence[Line], prompts: Prompts, task: str, least: int, most: int) -> Request[SentencesAnswer]:
    return Request(
        task="note",
        messages=_messages(prompts, task),
        answer=SentencesAnswer,
        tight=record(sentences=array(_cited([line.n for line in lines]), least, most)),
        max_tokens=200 + TOKENS_PER_SENTENCE * most,
    )


def _messages(prompts: Prompts, task: str) -> tuple[Message, ...]:
    return (
        Message(role="system", content=prompts.render("note/system")),
        Message(role="user", content=task),
    )


def _listed(lines: Sequence[Line]) -> str:
    return "\n".join(f"[{line.n}] {line.text}" for line in lines)


def _cited(numbers: Sequence[int]) -> dict[str, Any]:
    return record(numbers=array(one_of(numbers), 1, min(MOST_LINES, len(numbers))), text=STRING)
