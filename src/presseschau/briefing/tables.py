"""The parts of a story that code derives from its claims alone, so that they hold with any model."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.briefing.comparisons import comparisons
from presseschau.briefing.corrections import corrections
from presseschau.briefing.pages import Room
from presseschau.briefing.positions import positions
from presseschau.briefing.questions import questions
from presseschau.briefing.single import single_source
from presseschau.briefing.timeline import timeline
from presseschau.models import Analysis
from presseschau.notes import Source, SourceClaim, Story


def tables(
    story: Story,
    claims: Sequence[SourceClaim],
    sources: Sequence[Source],
    analyses: Sequence[Analysis],
    limits: Room,
) -> Story:
    """The story with who says what, timeline, figures side by side, corrections, single sources and open questions.

    `claims` and `sources` are those of the story, `analyses` all of the note in the order of its sources. Each table
    is cut to `limits`.
    """
    return story.model_copy(
        update={
            "positions": positions(claims, sources)[: limits.positions],
            "timeline": timeline(claims, sources, limits.timeline),
            "comparisons": comparisons(claims, sources)[: limits.comparisons],
            "corrections": corrections(claims, sources),
            "single_source": single_source(claims, sources)[: limits.single_source],
            "questions": questions(analyses, claims)[: limits.questions],
        }
    )
