"""What is known of a watch from its archive alone, whether one is running or not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from presseschau.library.store import Archive
from presseschau.watching.state import WatchedSource, WatchState


@dataclass(frozen=True)
class SourceStatus:
    """A source, and how many of its items are in each state."""

    row: WatchedSource
    states: dict[str, int]


@dataclass(frozen=True)
class WatchStatus:
    """`states` counts items; `days` are the money of the last days: day, model, requests, US dollars, how it ended;
    `failed` are items that failed for good, and why; `matches` by search: told, still to be told, and a fault;
    `notes` are the last ones: day, file; `articles` are all of the archive, `changed` those with earlier versions."""

    sources: tuple[SourceStatus, ...]
    states: dict[str, int]
    days: tuple[tuple[str, str, int, float | None, str], ...]
    failed: tuple[tuple[str, str], ...]
    matches: tuple[tuple[str, int, int, str | None], ...]
    notes: tuple[tuple[str, str | None], ...]
    articles: int
    changed: int


def status(path: Path) -> WatchStatus:
    """Raises InputError for a file that is no archive."""
    with Archive(path, reads=True) as archive:
        state, all_rows = WatchState(archive), archive.database.all
        changed = archive.database.one("SELECT count(DISTINCT source) FROM versions")
        return WatchStatus(
            tuple(SourceStatus(row, state.states(name)) for name, row in sorted(state.sources().items())),
            state.states(),
            tuple(all_rows(
                "SELECT substr(id, -10), model, requests, cost, state FROM runs WHERE id LIKE 'watch %' "
                "ORDER BY substr(id, -10) DESC LIMIT 7"
            )),
            tuple((item.headline or item.source, item.reason) for item in state.items("state = 'failed'", most=20)),
            tuple(all_rows(
                "SELECT search, sum(state = 'told'), sum(state IN ('new', 'begun')), max(fault) FROM watch_matches "
                "WHERE article != '' GROUP BY search ORDER BY search"
            )),
            tuple(all_rows("SELECT day, file FROM watch_notes ORDER BY day DESC LIMIT 7")),
            archive.count(),
            int(changed[0]) if changed else 0,
        )  # fmt: skip
