"""The parts of a story that code derives from its claims alone, so that they hold with any model."""

from __future__ import annotations

from collections.abc import Sequence

from presseschau.briefing.comparisons import comparisons
from presseschau.briefing.corrections import corrections, taken_back
from presseschau.briefing.disputes import disputes
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
    is cut to `limits`. What a paper has taken back is no event, position or single source.
    """
    wrong = taken_back(claims, sources)
    held = [claim for claim in claims if claim.id not in wrong]
    return story.model_copy(
        update={
            "positions": positions(held, sources)[: limits.positions],
            "timeline": timeline(held, sources, limits.timeline),
            "comparisons": comparisons(claims, sources)[: limits.comparisons],
            "corrections": corrections(claims, sources),
            "single_source": single_source(held, sources)[: limits.single_source],
            "questions": (*disputes(claims, sources), *questions(analyses, claims))[: limits.questions],
        }
    )
