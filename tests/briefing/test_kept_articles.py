"""Articles that `watch` keeps without having them analysed: a note counts them, and does not name each."""

from __future__ import annotations

from briefing_world import analyses
from presseschau.briefing.selection import usable
from presseschau.models import Analysis
from presseschau.watching.taking import unasked


def test_a_note_counts_what_was_never_asked_about() -> None:
    asked, *others = analyses()[:4]
    kept = [Analysis.model_validate_json(unasked(one.article)) for one in others]
    found = usable([asked, *kept])
    assert [one.article.id for one in found.analyses] == [asked.article.id]
    assert [(one.text, one.reason) for one in found.left_out] == [
        ("3 articles", "Kept in the archive without being analysed.")
    ]
