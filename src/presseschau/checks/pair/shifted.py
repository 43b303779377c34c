"""`coverage.shifted`: the English of a sentence belongs to its neighbour, repeats it, or says two sentences at once.

A model that merges two sentences and pads the tail returns the right count, each with a wrong number. What gives it
away are the content words: names, figures and known words of sentence i that stand in the English of i-1 or i+1. A pair
by itself: hardly a word of the German has a counterpart, or its facts are all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from presseschau.checks.bitext import Bitext
from presseschau.facts.words import Word
from presseschau.findings import Found, Remark, flag
from presseschau.models import Sentence

Row = tuple[Sentence, Bitext]

CODE = "coverage.shifted"
KNOWN, SHARE = 5, 0.1
"""German words whose English the word list or a figure gives, and the share of the content words that may stand in the
English of another sentence."""
LIKELY_KNOWN, LIKELY_SHARE, STRANGE, STRANGE_SHARE = 6, 0.2, 4, 0.8
"""The same for a warning, if so many English words, and such a share of them, are of no German word. Both together find
64 % of the English of a neighbour in NTREX, the first alone 52 %; good pairs have no alarm (0 of 1,997)."""
EXCHANGED = 2
"""So many names, places, figures or dates lost, and as many brought in, are those of another sentence."""


def unrelated(pair: Bitext) -> tuple[Remark, ...]:
    """One remark if hardly a German content word has a counterpart, although enough of them are known: an error, or a
    warning where a few have one and hardly an English word has a source."""
    known = sum(item.known for item in pair.coverage)
    if known >= KNOWN and pair.lost >= 1 - SHARE:
        return (Remark(CODE, message="The English does not seem to be a translation of this German sentence."),)
    likely = known >= LIKELY_KNOWN and pair.lost >= 1 - LIKELY_SHARE
    if likely and len(pair.leftover) >= STRANGE and pair.unsourced >= STRANGE_SHARE:
        return (Remark(CODE, message="The English may not be a translation of this German sentence.", grade="warning"),)
    return ()


def exchanged(facts: Iterable[Remark]) -> tuple[Remark, ...]:
    """One remark if the English has lost `EXCHANGED` facts of the German and has as many that the German has not."""
    sure = [fact for fact in facts if fact.severity != "info"]
    lost = sum(fact.code.endswith(".missing") for fact in sure)
    brought = sum(fact.code.endswith(".added") for fact in sure)
    if min(lost, brought) < EXCHANGED:
        return ()
    return (Remark(CODE, message="The English speaks of other people, places or figures than this German sentence."),)


REACH = 2
"""Sentences before and after that are compared."""
OWN, OTHER = 0.34, 0.4
"""Share of own content words below which, and of the neighbour's above which, the English belongs to the neighbour."""
LEAD = 2
"""Content words that the neighbour must have more."""


class Fit(NamedTuple):
    """How well a German sentence fits an English one: content words covered, and all of them."""

    covered: int
    total: int

    @property
    def share(self) -> float:
        return self.covered / self.total if self.total else 0.0


def shifted(rows: Sequence[Row]) -> dict[int, Found]:
    """Findings by sentence number, only for sentences that have one. `rows` are neighbours in the article's order."""
    offsets = _spread(rows, {i: offset for i in range(len(rows)) if (offset := _offset(rows, i))})
    merged = {i for i in range(len(rows) - 1) if i not in offsets and _holds_next(rows, i, offsets)}
    repeats = {i: j for i in range(len(rows)) if (j := _repeats(rows, i)) is not None}
    found: dict[int, Found] = {}
    for i, (sentence, _) in enumerate(rows):
        if message := _message(rows, i, offsets, merged, repeats):
            found[sentence.n] = flag(CODE, message)
    return found


def _message(
    rows: Sequence[Row],
    i: int,
    offsets: dict[int, int],
    merged: set[int],
    repeats: dict[int, int],
) -> str | None:
    n = rows[i][0].n
    if i in repeats:
        return f"The English of sentence {n} repeats that of sentence {rows[repeats[i]][0].n}."
    if i in offsets:
        j = i + offsets[i]
        if 0 <= j < len(rows):
            return f"The English of sentence {n} belongs to sentence {rows[j][0].n}."
        return f"The English of sentence {n} belongs to no sentence of the article."
    if i in merged:
        return f"The English of sentence {n} also covers sentence {rows[i + 1][0].n}."
    return None


def _fit(rows: Sequence[Row], de: int, en: int) -> Fit:
    content = Bitext(rows[de][1].german, rows[en][1].english).coverage
    return Fit(sum(item.covered for item in content), len(content))


def _offset(rows: Sequence[Row], i: int) -> int:
    """Distance to the sentence that the English of `i` belongs to; 0 if it is its own or nothing speaks clearly."""
    if not rows[i][1].en:
        return 0
    own = _fit(rows, i, i)
    best, distance = own, 0
    for j in range(max(0, i - REACH), min(len(rows), i + REACH + 1)):
        other = _fit(rows, j, i)
        if (other.share, other.covered) > (best.share, best.covered):
            best, distance = other, j - i
    clear = own.share <= OWN and best.share >= OTHER and best.share >= 2 * own.share
    return distance if clear and best.covered >= own.covered + LEAD else 0


def _spread(rows: Sequence[Row], offsets: dict[int, int]) -> dict[int, int]:
    """A shift goes on until something stops it: neighbours of a shifted sentence that fit the same way belong to it."""
    found = dict(offsets)
    for step in (1, -1):
        order = range(len(rows)) if step == 1 else range(len(rows) - 1, -1, -1)
        for i in order:
            offset = found.get(i - step)
            if offset is None or i in found or not rows[i][1].en:
                continue
            own, j = _fit(rows, i, i), i + offset
            if not 0 <= j < len(rows):  # the padded tail
                if own.share <= OWN / 2:
                    found[i] = offset
            elif (other := _fit(rows, j, i)).share > own.share and own.share <= OWN and other.covered:
                found[i] = offset
    return found


def _holds_next(rows: Sequence[Row], i: int, offsets: dict[int, int]) -> bool:
    """The English of `i` is long and says the next sentence too, whose own English does not."""
    (_, own), (_, following) = rows[i], rows[i + 1]
    if not own.en or len(own.en) < 1.3 * len(own.de):
        return False
    taken = _fit(rows, i + 1, i)
    kept = _fit(rows, i + 1, i + 1) if following.en else Fit(0, 1)
    return taken.covered >= LEAD and taken.share >= OTHER and (i + 1 in offsets or kept.share < taken.share)


def _repeats(rows: Sequence[Row], i: int) -> int | None:
    """The sentence before, up to `REACH` back, whose English is the same though its German is not."""
    own = _low(rows[i][1].english.words)
    if len(own) < 3:
        return None
    for j in range(i - 1, max(-1, i - 1 - REACH), -1):
        same = own == _low(rows[j][1].english.words)
        if same and _low(rows[j][1].german.words) != _low(rows[i][1].german.words):
            return j
    return None


def _low(words: Sequence[Word]) -> list[str]:
    return [item.lower for item in words]
