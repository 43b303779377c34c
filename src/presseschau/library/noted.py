"""Briefing notes in the archive: kept to the byte, and found again by what they are about.

Notes with the same topic, papers and exclusions are a series; each follows the last one of an earlier day.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from presseschau.errors import InputError
from presseschau.library.store import Archive


@dataclass(frozen=True)
class StoredNote:
    """A note of the archive in short. `id` is its number there, `made` UTC; `since`, `until` as the note has them."""

    id: int
    made: str
    title: str
    topic: str | None
    since: str | None
    until: str | None


_SHORT = "id, made, title, topic, since, until"


def series(topic: str | None, outlets: Collection[str], exclude: str | None, *, chosen: bool = False) -> str:
    """What notes that follow each other have in common; case, white space and order do not matter. A note of `chosen`
    articles is none of those of all articles: it would have the next one miss most of what was told."""
    told = [_even(topic), sorted({_even(one) for one in outlets} - {""}), _even(exclude), *(["chosen"] * chosen)]
    return json.dumps(told, ensure_ascii=False)


def keep(archive: Archive, line: bytes, *, made: str, series: str, day: str) -> int:
    """Stores a note, a line of JSON as `brief -f json` prints it; its number. One of the same series and first day that
    was made since `day` began (UTC, as `made`) is replaced."""
    told = json.loads(line)
    values = made, told["title"], told["topic"], told["since"], told["until"], series, line.rstrip().decode()
    columns = ("made", "title", "topic", "since", "until", "series", "note")
    with archive.database.transaction():
        known = archive.database.one(
            "SELECT id FROM notes WHERE series = ? AND made >= ? AND made <= ? AND since IS ? ORDER BY id DESC",
            series, day, made, told["since"],
        )  # fmt: skip
        if known:
            archive.database.run(
                f"UPDATE notes SET {', '.join(f'{name} = ?' for name in columns)} WHERE id = ?",  # noqa: S608
                *values, known[0],
            )  # fmt: skip
            return int(known[0])
        marks = ", ".join("?" * len(columns))
        return archive.database.insert(f"INSERT INTO notes ({', '.join(columns)}) VALUES ({marks})", *values)  # noqa: S608


def last_of(archive: Archive, series: str, before: str) -> int | None:
    """The number of the last note of a series that was made before this time (UTC): of those that tell a story, since
    older versions kept a note without an article on the topic, too; if there is none, of any."""
    row = archive.database.one(
        "SELECT id FROM notes WHERE series = ? AND made < ? ORDER BY "
        "EXISTS (SELECT 1 FROM note_stories WHERE note = notes.id) DESC, made DESC, id DESC LIMIT 1",
        series, before,
    )  # fmt: skip
    return int(row[0]) if row else None


def telling_of(archive: Archive, stories: Collection[int], series: str, before: str) -> list[int]:
    """Numbers of the notes of a series that were the last ones before this time (UTC) to tell one of these stories, the
    newest first."""
    rows = archive.database.all(
        "SELECT DISTINCT id FROM (SELECT id, made, max(made) OVER (PARTITION BY story) AS newest FROM notes JOIN "
        "note_stories ON note_stories.note = id WHERE series = ? AND made < ? AND story IN "
        "(SELECT value FROM json_each(?))) WHERE made = newest ORDER BY made DESC",
        series, before, json.dumps(list(stories)),
    )  # fmt: skip
    return [number for (number,) in rows]


def entries(archive: Archive, topic: str | None = None) -> Iterator[StoredNote]:
    """The notes, or those on a topic, the last one first."""
    for row in archive.database.all(f"SELECT {_SHORT} FROM notes ORDER BY made DESC, id DESC"):  # noqa: S608
        if topic is None or _even(topic) == _even(row[3]):
            yield StoredNote(*row)


def line(archive: Archive, number: int) -> bytes:
    """The JSON of a note as it was kept, without the end of the line. Raises InputError if there is none."""
    row = archive.database.one("SELECT note FROM notes WHERE id = ?", number)
    if row is None:
        raise InputError(f"The archive {archive.path} holds no note with the number {number}.")
    return str(row[0]).encode()


def drop(archive: Archive, number: int) -> bool:
    """Takes a note out of the archive; was it there?"""
    return archive.database.run("DELETE FROM notes WHERE id = ?", number) > 0


def _even(text: str | None) -> str:
    return " ".join((text or "").casefold().split())
