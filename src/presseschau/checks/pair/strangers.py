"""`coverage.shifted` by meaning: English that speaks of something else than its German, for rows that words leave open.

A row of which half the content words have a counterpart is right, or it is the business of other checks. Of the rest an
encoder says how like the German and the English are, and whether another sentence of the article is liker.
`tests/measure/strangers.py` prints what that finds and what it costs, with and without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from presseschau.checks.bitext import Bitext
from presseschau.findings import Found, flag

if TYPE_CHECKING:
    from presseschau.facts.encoder import Encoder

COVERED = 0.5
"""Share of German content words with a counterpart from which a row is not open."""
LEAST, LEAST_WORDS = 25, 3
"""German characters and content words below which likeness is chance."""
UNLIKE, DOUBTFUL = 0.34, 0.4
"""Likeness below which the English is another sentence's: an error, or a warning."""
SHORT, SHORT_UNLIKE, SHORT_DOUBTFUL = 60, 0.12, 0.22
"""The same for German of fewer characters: an idiom and its English come down to 0.25 (Nun ist guter Rat teuer)."""
OPEN, LEAD = 0.6, 0.1
"""Below the first likeness another sentence is looked for, which must be more alike by the second."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """English that is not its German's: surely or perhaps, and the row that it belongs to, if it is one of these."""

    sure: bool
    of: int | None = None

    def found(self, message: str) -> Found:
        return flag("coverage.shifted", message, grade="error" if self.sure else "warning")


def strangers(rows: Sequence[Bitext], encoder: Encoder, *, neighbours: bool = False) -> dict[int, Stranger]:
    """Those among the rows, by index. `neighbours`: the rows are an article, and every sentence of it is looked at."""
    asked = [i for i, row in enumerate(rows) if _is_open(row)]
    if not asked:
        return {}
    vectors = encoder.vectors([text for i in asked for text in (rows[i].de, rows[i].en)])
    german, english = vectors[0::2], vectors[1::2]
    own = [float(de @ en) for de, en in zip(german, english, strict=True)]
    found: dict[int, Stranger] = {}
    for i, likeness in zip(asked, own, strict=True):
        unlike, doubtful = (UNLIKE, DOUBTFUL) if len(rows[i].de) >= SHORT else (SHORT_UNLIKE, SHORT_DOUBTFUL)
        if likeness < doubtful:
            found[i] = Stranger(likeness < unlike)
    unsure = [k for k, like in enumerate(own) if like < OPEN]
    if neighbours and unsure:
        every = english[unsure] @ encoder.vectors([row.de for row in rows]).T
        for k, others in zip(unsure, every, strict=True):
            best = int(others.argmax())
            if others[best] > own[k] + LEAD and rows[best].de != rows[asked[k]].de:
                found[asked[k]] = Stranger(True, best)
    return found


def _is_open(row: Bitext) -> bool:
    if len(row.de) < LEAST or not row.english.words or len(row.german.content) < LEAST_WORDS:
        return False
    return sum(item.covered for item in row.coverage) < COVERED * len(row.coverage)
