"""Articles that `watch` keeps without having them analysed: a note counts them, and does not name each."""

from __future__ import annotations

from briefing_world import analyses
from presseschau.briefing.brief import _nothing_usable
from presseschau.briefing.selection import Selection, usable
from presseschau.models import Analysis
from presseschau.notes import LeftOut
from presseschau.watching.taking import unasked


def test_a_note_counts_what_was_never_asked_about() -> None:
    asked, *others = analyses()[:4]
    kept = [Analysis.model_validate_json(unasked(one.article)) for one in others]
    found = usable([asked, *kept])
    assert [one.article.id for one in found.analyses] == [asked.article.id]
    assert [(one.text, one.reason) for one in found.left_out] == [
        ("3 articles", "Kept in the archive without being analysed.")
    ]


def test_where_nothing_can_be_used_analysed_articles_are_named_however_many_files_were_skipped() -> None:
    analysed = Selection((), (LeftOut(text="Bericht 1", reason="No claim of it can be used."),))
    skipped = [LeftOut(text=f"{at}.txt", reason=f"{at}.txt is empty.") for at in range(4)]
    assert _nothing_usable(analysed, skipped) == (
        "No article can be used, so there is no note. Bericht 1: No claim of it can be used. "
        "0.txt is empty. 1.txt is empty. 2.txt is empty."
    )
