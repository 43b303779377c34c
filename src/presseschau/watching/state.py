"""What is known of watched sources and of what was found there: rows of the archive's file, so that what is in the
archive and what is known of it are on the disk together, or neither is; and what they tell of a watch (`status`),
whether one is running or not.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from presseschau.library.store import Archive
from presseschau.models import Article

ItemState = Literal["page", "waiting", "done", "kept", "same", "passed", "refused", "failed"]
_BANDS_OF = 2_000
"""Items that share a band and are looked at, at the most."""


def stamp(moment: datetime) -> str:
    """As the archive has it: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_stamp(text: str) -> datetime:
    return datetime.fromisoformat(text)


@dataclass(frozen=True)
class WatchedSource:
    """A row of `watched`; moments are UTC, ISO 8601."""

    source: str
    kind: str = ""
    address: str = ""
    etag: str | None = None
    modified: str | None = None
    looked: str | None = None
    read: str | None = None
    due: str | None = None
    failures: int = 0
    fault: str | None = None
    ended: str | None = None


@dataclass(frozen=True)
class HeldItem:
    """What is still to be done with an item: the metadata that its source gave, what is wanted with it, and its text
    once that is known. `from_feed`: its page knows better."""

    metadata: dict[str, str] = field(default_factory=dict)
    wanted: str = "analyse"
    from_feed: bool = False
    article: Article | None = None

    def packed(self) -> bytes:
        said = {
            "metadata": self.metadata, "wanted": self.wanted, "from_feed": self.from_feed,
            "article": self.article.model_dump(mode="json") if self.article else None,
        }  # fmt: skip
        return zlib.compress(json.dumps(said, ensure_ascii=False).encode(errors="replace"))

    @staticmethod
    def read(packed: bytes | None) -> HeldItem:
        if packed is None:
            return HeldItem()
        said = json.loads(zlib.decompress(packed))
        article = Article.model_validate_json(json.dumps(said["article"])) if said["article"] else None
        return HeldItem(said["metadata"], said["wanted"], said["from_feed"], article)


@dataclass(frozen=True)
class WatchedItem:
    """A row of `watch_items`; moments are UTC, ISO 8601. `id` 0: not stored yet."""

    id: int
    watched: str
    source: str
    state: ItemState
    told: bytes
    first: str
    changed: str
    reason: str = ""
    address: str | None = None
    headline: str | None = None
    article: str | None = None
    due: str | None = None
    tries: int = 0
    etag: str | None = None
    modified: str | None = None
    held: bytes | None = None

    @property
    def is_known(self) -> bool:
        """Is there a text of it that was read?"""
        return self.article is not None


_ITEM = tuple(field.name for field in fields(WatchedItem))[1:]
_SOURCE = tuple(field.name for field in fields(WatchedSource))


class WatchState:
    """The rows; everything raises OutputError where the file cannot be used."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.database = archive.database

    def sources(self) -> dict[str, WatchedSource]:
        rows = self.database.all(f"SELECT {', '.join(_SOURCE)} FROM watched")  # noqa: S608
        return {row[0]: WatchedSource(*row) for row in rows}

    def put_source(self, row: WatchedSource) -> None:
        marks = ", ".join("?" * len(_SOURCE))
        values = [getattr(row, name) for name in _SOURCE]
        self.database.run(f"INSERT OR REPLACE INTO watched ({', '.join(_SOURCE)}) VALUES ({marks})", *values)  # noqa: S608

    def put(self, item: WatchedItem, keys: Iterable[str] = ()) -> WatchedItem:
        """Stores it, and that it is known by these keys, as far as no other one is."""
        values = [getattr(item, name) for name in _ITEM]
        if item.id:
            columns = ", ".join(f"{name} = ?" for name in _ITEM)
            self.database.run(f"UPDATE watch_items SET {columns} WHERE id = ?", *values, item.id)  # noqa: S608
        else:
            marks = ", ".join("?" * len(_ITEM))
            put_in = f"INSERT INTO watch_items ({', '.join(_ITEM)}) VALUES ({marks})"  # noqa: S608
            item = replace(item, id=self.database.insert(put_in, *values))
        self.database.run_many("INSERT OR IGNORE INTO watch_keys VALUES (?, ?)", ((key, item.id) for key in keys))
        return item

    def by_keys(self, keys: Sequence[str]) -> dict[str, WatchedItem]:
        """The items that are known by any of the keys, by key."""
        rows = self.database.all(
            f"SELECT key, id, {', '.join(_ITEM)} FROM watch_keys JOIN watch_items ON id = item "  # noqa: S608
            "WHERE key IN (SELECT value FROM json_each(?))",
            json.dumps(list(keys)),
        )
        return {row[0]: WatchedItem(*row[1:3], *row[3:]) for row in rows}

    def items(self, where: str, *values: Any, most: int = -1) -> list[WatchedItem]:
        """Those of which that is true, the first ones first."""
        rows = self.database.all(
            f"SELECT id, {', '.join(_ITEM)} FROM watch_items WHERE {where} ORDER BY first, id LIMIT ?",  # noqa: S608
            *values, most,
        )  # fmt: skip
        return [WatchedItem(*row) for row in rows]

    def count(self, where: str, *values: Any) -> int:
        row = self.database.one(f"SELECT count(*) FROM watch_items WHERE {where}", *values)  # noqa: S608
        return int(row[0]) if row else 0

    def states(self, watched: str | None = None) -> dict[str, int]:
        """How many items are in each state, of one source or of all."""
        rows = self.database.all(
            "SELECT state, count(*) FROM watch_items WHERE ? IS NULL OR watched = ? GROUP BY state", watched, watched
        )
        return dict(rows)

    def like(self, bands: Iterable[int], apart: int) -> list[WatchedItem]:
        """Items with a text, other than the one `apart`, that share a band."""
        return self.items(
            "id IN (SELECT item FROM watch_bands WHERE band IN (SELECT value FROM json_each(?)) LIMIT ?) AND id != ? "
            "AND article IS NOT NULL",
            json.dumps(list(bands)), _BANDS_OF, apart,
        )  # fmt: skip

    def put_bands(self, item: int, bands: Iterable[int]) -> None:
        self.database.run("DELETE FROM watch_bands WHERE item = ?", item)
        self.database.run_many("INSERT OR IGNORE INTO watch_bands VALUES (?, ?)", ((band, item) for band in bands))


def is_due(due: str | None, now: datetime, longest: timedelta) -> bool:
    """Is it time? Also if that is further away than it can be: then the clock was set back."""
    return due is None or not now < read_stamp(due) <= now + longest


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
