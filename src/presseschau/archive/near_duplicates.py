"""Articles that are almost the same: the agency's copy in five papers. Reported, never merged.

One-permutation MinHash over runs of five words, 60 bins of 4 bytes: 240 bytes per article in the journal, and 20
numbers per article in a temporary file when they are compared; in memory nothing grows with the archive. Pairs that
share three bins of a band are compared exactly. Two articles of which half the runs agree are found with a chance of
0.93, at 70 % of 0.9998 (1 - (1 - s^3)^20).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Any

from presseschau.archive.journal import Journal, Row, unpacked
from presseschau.facts.words import alike, runs

ALIKE = 0.5
"""The share of common runs of words from which two articles are reported."""
_BINS = 60
_ROWS = 3
_EMPTY = 0xFFFFFFFF
_MOST_SENTENCES = 20


def sketch(text: str) -> bytes:
    """The MinHash of a text, `_BINS` numbers of 4 bytes; empty for one of fewer than five words."""
    found = runs(text)
    if not found:
        return b""
    bins = [_EMPTY] * _BINS
    for run in found:
        value, place = divmod(run, _BINS)
        bins[place] = min(bins[place], value & _EMPTY)
    filled = [value for value in bins if value != _EMPTY] or [_EMPTY]
    # An empty bin takes the next filled one's value, so that short texts can be compared, too.
    for place in range(_BINS - 1, -1, -1):
        if bins[place] == _EMPTY:
            bins[place] = bins[place + 1] if place + 1 < _BINS else filled[0]
    return struct.pack(f">{_BINS}I", *bins)


def bands(made: bytes) -> Iterator[int]:
    """Numbers of which similar sketches share one or more."""
    size = 4 * _ROWS
    for start in range(0, len(made), size):
        hashed = blake2b(made[start : start + size], digest_size=8, salt=start.to_bytes(2))
        yield int.from_bytes(hashed.digest(), signed=True)


def recorded(row: Row) -> bytes | None:
    """The line of output that the journal keeps for a row."""
    return None if row.record is None else unpacked(row.record)


def near_duplicates(journal: Journal, record: Callable[[Row], bytes | None] = recorded) -> Iterator[dict[str, Any]]:
    """For each article that is much like an earlier one: both, how much, and the sentences only one of them has.
    `record` gives the line of output of a row."""
    reported = -1
    for first, other in journal.alike(bands):
        if other == reported:
            continue
        compared = _compared(journal, record, first, other)
        if compared:
            reported = other
            yield compared


def _compared(journal: Journal, record: Callable[[Row], bytes | None], first: int, other: int) -> dict[str, Any] | None:
    one, two = _sentences(journal, record, first), _sentences(journal, record, other)
    if one is None or two is None:
        return None
    runs_one, runs_two = runs("\n".join(one[1])), runs("\n".join(two[1]))
    share = alike(runs_one, runs_two)
    if share < ALIKE:
        return None
    return {
        "kind": "near",
        "source": two[0].source,
        "id": two[0].article,
        "like": one[0].source,
        "like_id": one[0].article,
        "alike": round(share, 3),
        "only_here": [s for s in two[1] if s not in set(one[1])][:_MOST_SENTENCES],
        "only_there": [s for s in one[1] if s not in set(two[1])][:_MOST_SENTENCES],
    }


def _sentences(journal: Journal, record: Callable[[Row], bytes | None], position: int) -> tuple[Row, list[str]] | None:
    row = next(journal.rows(position, most=1), None)
    if row is None or row.position != position or (line := record(row)) is None:
        return None
    return row, [sentence["text"] for sentence in json.loads(line)["article"]["sentences"]]
