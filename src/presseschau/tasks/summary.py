"""summary: bottom line, key points and a headline, each with its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from presseschau.models import Message, Point, Request, Summary
from presseschau.tasks.claims import citable
from presseschau.tasks.numbered import Window, messages
from presseschau.tasks.prompt import Prompts
from presseschau.tasks.schema import STRING, array, one_of, record, row

_TOKENS_PER_POINT = 120


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


def summary(answer: SummaryAnswer) -> Summary:
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
