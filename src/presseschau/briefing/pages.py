"""How much goes into a note of so many pages.

More than its name says: about three events it prints on 2 to 3, 4 and 6 pages (tests/measure/note_pages.py). What was
cut to fit lost disputed figures, which a reader misses more than brevity.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Room:
    """The most of each kind; `points` to `questions` count within a story."""

    bottom_line: int
    key_points: int
    stories: int
    others: int
    points: int
    positions: int
    timeline: int
    comparisons: int
    single_source: int
    questions: int
    changes: int


_ROOMS = {
    1: Room(1, 3, 3, 3, 1, 2, 4, 3, 1, 1, 3),
    2: Room(2, 6, 6, 8, 4, 8, 8, 6, 4, 3, 10),
    4: Room(2, 10, 12, 24, 6, 16, 16, 12, 8, 6, 20),
}
WHOLE = Room(**dict.fromkeys((one.name for one in fields(Room)), sys.maxsize))
PAGES = tuple(_ROOMS)


def room(pages: int) -> Room:
    """The room of 1, 2 or 4 pages. Raises ValueError for another number."""
    if pages not in _ROOMS:
        raise ValueError(f"A note has {', '.join(map(str, PAGES[:-1]))} or {PAGES[-1]} pages, not {pages}.")
    return _ROOMS[pages]
