"""Stories in the archive: events that run over days, each with a number that stays, a title, and what it is told by.

An article is of one story at most, under the sha256 of its sentences, so that it stays there when it is analysed again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from presseschau.library.store import Archive

Features = Mapping[str, Sequence[str]]
"""What articles are told by, as stems: `words` (by which a story is looked up), `names`, `places`, `figures`."""
_MOST = 200
"""Features of a kind that are kept: those that came first."""


@dataclass(frozen=True)
class StoredStory:
    """A story of the archive. `first` and `last` are the days of its articles; `called`: what notes called it, the last
    one first."""

    id: int
    title: str
    first: str | None
    last: str | None
    articles: int
    called: tuple[str, ...] = ()


def entries(archive: Archive, numbers: Collection[int] | None = None) -> list[StoredStory]:
    """The stories, or those with these numbers, the last reported first."""
    where = "" if numbers is None else "WHERE id IN (SELECT value FROM json_each(?)) "
    rows = archive.database.all(
        "SELECT id, title, first, last, (SELECT count(*) FROM story_articles WHERE story = stories.id), "  # noqa: S608
        "(SELECT json_group_array(title) FROM (SELECT title FROM note_stories WHERE story = stories.id GROUP BY title "
        f"ORDER BY max(note) DESC)) FROM stories {where}ORDER BY last DESC, id DESC",
        *([] if numbers is None else [json.dumps(list(numbers))]),
    )  # fmt: skip
    return [
        StoredStory(id, title, first, last, articles, tuple(json.loads(called)))
        for id, title, first, last, articles, called in rows
    ]


def of_articles(archive: Archive, articles: Iterable[str]) -> dict[str, int]:
    """Id of an article -> number of its story, of those that have one."""
    return dict(
        archive.database.all(
            "SELECT article, story FROM story_articles WHERE article IN (SELECT value FROM json_each(?))",
            json.dumps(list(articles)),
        )
    )


def like(archive: Archive, words: Collection[str], since: str, most: int = 40) -> list[int]:
    """Numbers of the stories reported since that day that share most of these words, at least one."""
    rows = archive.database.all(
        "SELECT stories.id FROM stories, json_each(features, '$.words') AS word "
        "WHERE (last IS NULL OR last >= ?) AND word.value IN (SELECT value FROM json_each(?)) "
        "GROUP BY stories.id ORDER BY count(*) DESC, stories.id DESC LIMIT ?",
        since, json.dumps(list(words)), most,
    )  # fmt: skip
    return [number for (number,) in rows]


def members(archive: Archive, story: int, most: int) -> list[int]:
    """Numbers of the articles of a story, the newest first: at most so many, and the first of all."""
    rows = archive.database.all(
        "SELECT max(articles.id) FROM story_articles JOIN articles ON articles.article = story_articles.article "
        "WHERE story = ? GROUP BY articles.article ORDER BY max(published) DESC, max(articles.id) DESC",
        story,
    )  # fmt: skip
    numbers = [number for (number,) in rows]
    return numbers[:most] + numbers[most:][-1:]


def add(
    archive: Archive, story: int | None, title: str, articles: Mapping[str, str | None], features: Features, at: str
) -> int:
    """Puts articles (id -> day) into a story, or into a new one with this title; its number. `at` is UTC. An article
    that is in a story stays there."""
    days = sorted(day for day in articles.values() if day)
    with archive.database.transaction():
        if story is None:
            story = archive.database.insert(
                "INSERT INTO stories (title, first, last, features, made) VALUES (?, ?, ?, '{}', ?)",
                title, *([days[0], days[-1]] if days else [None, None]), at,
            )  # fmt: skip
        archive.database.run_many(
            "INSERT OR IGNORE INTO story_articles (article, story, added) VALUES (?, ?, ?)",
            [(article, story, at) for article in articles],
        )
        row = archive.database.one("SELECT features FROM stories WHERE id = ?", story)
        known = json.loads(row[0]) if row else {}
        merged = {
            kind: list(dict.fromkeys([*known.get(kind, ()), *some]))[:_MOST] for kind, some in sorted(features.items())
        }
        archive.database.run(
            "UPDATE stories SET features = ? WHERE id = ?", json.dumps(merged, ensure_ascii=False), story
        )
        for day in days[:1] + days[-1:]:
            archive.database.run(
                "UPDATE stories SET first = min(ifnull(first, ?), ?), last = max(ifnull(last, ?), ?) WHERE id = ?",
                day, day, day, day, story,
            )  # fmt: skip
    return story


def named(archive: Archive, note: int, told: Sequence[tuple[int, str]]) -> None:
    """Enters which stories a note tells (number, title), in its order; one that no note told before has this title from
    now on."""
    with archive.database.transaction():
        for story, title in told:
            if not archive.database.one("SELECT 1 FROM note_stories WHERE story = ? LIMIT 1", story):
                archive.database.run("UPDATE stories SET title = ? WHERE id = ?", title, story)
        archive.database.run("DELETE FROM note_stories WHERE note = ?", note)
        for place, (story, title) in enumerate(told, 1):
            archive.database.run(
                "INSERT INTO note_stories (note, place, story, title) VALUES (?, ?, ?, ?)", note, place, story, title
            )
