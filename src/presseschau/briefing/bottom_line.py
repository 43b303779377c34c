"""The bottom line: asked over the key points of all stories, checked like every sentence, or the weightiest point."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.briefing.sentences import Grounds, Kept, kept
from presseschau.errors import AnswerError
from presseschau.notes import Cited, LeftOut
from presseschau.pipeline import note as task
from presseschau.pipeline.asking import Asker
from presseschau.pipeline.numbered import shown

NOTHING = "Nothing significant."
"""What a note says when none of the articles is worth a line. It rests on no claim."""


async def bottom_line(asker: Asker, points: Sequence[Cited], on: Grounds, most: int) -> Kept:
    """At most `most` sentences over the points, which come the weightiest first; the first point if none holds."""
    if not points:
        return Kept((Cited(text=NOTHING, claims=()),))
    if asker.engine.info.translates_only or len(points) == 1:
        return Kept(tuple(points[:1]))
    lines = [task.Line(n, shown(point.text), point.claims) for n, point in enumerate(points, 1)]
    shown_lines = next(task.line_windows(asker, lines, most))
    try:
        answer = await asker.answered(
            lambda notes: task.bottom_line(
                shown_lines, asker.options.prompts, english=asker.options.english, sentences=most, notes=notes
            )
        )
    except AnswerError as error:
        reason = f"The model's answer could not be used ({error.failure}); the first key point stands instead."
        return Kept(tuple(points[:1]), (LeftOut(text="The bottom line", reason=reason),))
    held = await kept(asker, answer.sentences[:most], shown_lines, on)
    return held if held.sentences else Kept(tuple(points[:1]), held.left_out)
