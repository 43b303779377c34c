"""Articles that were changed after they were read: the earlier versions, what each next one has otherwise, and what the
outlet said of it (corrected, withdrawn). The newest version is the article; the earlier ones are found by its source.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Literal

from presseschau.errors import InputError
from presseschau.facts import compare, facts
from presseschau.facts.words import ratio
from presseschau.lang import SOURCE
from presseschau.library.store import Archive, now
from presseschau.models import Article

Mark = Literal["corrected", "withdrawn", "gone"]
_PAIRED = 55.0
"""How much alike (0 to 100) two sentences must be for one to be the other, changed."""
_MOST_SENTENCES = 200


@dataclass(frozen=True)
class ChangedSentence:
    """A sentence before and now, and its figures that are others: (before, now), None for one that was not there."""

    before: str
    now: str
    figures: tuple[tuple[str | None, str | None], ...] = ()


@dataclass(frozen=True)
class TextChanges:
    """What a version has otherwise than the one before, in German. `headline`: before and now."""

    headline: tuple[str, str] | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[ChangedSentence, ...] = ()

    def __str__(self) -> str:
        counts = (
            ("headline changed", self.headline is not None), (f"{len(self.changed)} changed", self.changed),
            (f"{len(self.added)} added", self.added), (f"{len(self.removed)} removed", self.removed),
        )  # fmt: skip
        figures = [f"{before or '-'} → {now or '-'}" for one in self.changed for before, now in one.figures]
        said = [text for text, there in counts if there]
        said += [f"figures {', '.join(figures[:5])}"] if figures else []
        return ", ".join(said) or "nothing"


@dataclass(frozen=True)
class ArticleVersion:
    """An earlier version of an article: the `n`th, first read at `seen`, replaced at `replaced` (UTC); `changes` is
    what the next one has otherwise."""

    n: int
    article: str
    seen: str
    replaced: str
    changes: TextChanges


def text_changes(before: Article, now: Article) -> TextChanges:
    """Sentences are told apart by their words alone, white space evened out."""
    old, new = _sentences(before), _sentences(now)
    added: list[str] = []
    removed: list[str] = []
    changed: list[ChangedSentence] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        gone, come = old[a:b], new[c:d]
        for text in list(gone):
            best = max(come, key=lambda other: ratio(text, other), default=None)
            if best is not None and ratio(text, best) >= _PAIRED:
                changed.append(ChangedSentence(text, best, _figures(text, best)))
                gone.remove(text)
                come.remove(best)
        removed += gone
        added += come
    heads = before.headline or "", now.headline or ""
    return TextChanges(heads if heads[0] != heads[1] else None, tuple(added), tuple(removed), tuple(changed))


def _sentences(article: Article) -> list[str]:
    body = (" ".join(s.text.split()) for s in article.sentences if s.role != "headline")
    return list(body)[:_MOST_SENTENCES]


def _figures(before: str, now: str) -> tuple[tuple[str | None, str | None], ...]:
    found = compare(facts(before, SOURCE), facts(now, SOURCE), kinds=("numbers",))
    pairs = [(one.source.text, one.target.text) for one in found if one.source and one.target]
    gone = [one.source.text for one in found if one.source and not one.target]
    come = [one.target.text for one in found if one.target and not one.source]
    both = min(len(gone), len(come))
    return (
        *pairs,
        *zip(gone[:both], come[:both], strict=True),
        *((text, None) for text in gone[both:]),
        *((None, text) for text in come[both:]),
    )


def keep_version(archive: Archive, source: str, line: bytes, seen: str, replaced: str, changes: TextChanges) -> int:
    """Puts a result (a line of JSON) with the earlier versions of its article; which number it has. The same text as
    the last one is kept once. Raises OutputError."""
    article = json.loads(line)["article"]["id"]
    with archive.database.transaction():
        last = archive.database.one(
            "SELECT n, article FROM versions WHERE source = ? ORDER BY n DESC LIMIT 1", source
        )  # fmt: skip
        if last and last[1] == article:
            return int(last[0])
        n = int(last[0]) + 1 if last else 1
        archive.database.run(
            "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?)",
            source, n, article, seen, replaced, json.dumps(asdict(changes), ensure_ascii=False), zlib.compress(line),
        )  # fmt: skip
    return n


def replace_earlier(archive: Archive, source: str, article: Article) -> None:
    """Takes what is stored of this source with another text out of the articles. What is not with the earlier versions
    yet, since a batch read it, comes there. Raises OutputError."""
    with archive.database.transaction():
        for number, id, stored in archive.database.all(
            "SELECT id, article, stored FROM articles WHERE source = ? AND article != ? ORDER BY id", source, article.id
        ):
            if not archive.database.one("SELECT 1 FROM versions WHERE source = ? AND article = ?", source, id):
                line, before = archive.result(number)
                keep_version(archive, source, line, stored, now(), text_changes(before.article, article))
            archive.database.run("DELETE FROM articles WHERE id = ?", number)


def versions(archive: Archive, source: str) -> list[ArticleVersion]:
    """The earlier versions of the article from this source, the earliest first; none if it never changed."""
    rows = archive.database.all(
        "SELECT n, article, seen, replaced, changes FROM versions WHERE source = ? ORDER BY n", source
    )  # fmt: skip
    return [ArticleVersion(n, article, seen, replaced, _read(changes)) for n, article, seen, replaced, changes in rows]


def version(archive: Archive, source: str, n: int) -> bytes:
    """The line of JSON of an earlier version. Raises InputError if there is none."""
    known = [one.n for one in versions(archive, source)]
    row = n in known and archive.database.one("SELECT result FROM versions WHERE source = ? AND n = ?", source, n)
    if not row:
        have = f"its earlier versions are {', '.join(map(str, known))}" if known else "it has no earlier version"
        raise InputError(f"{archive.path} holds no version {n} of {source}: {have}.")
    return zlib.decompress(row[0])


def english_before(archive: Archive, source: str) -> Iterator[tuple[str, str]]:
    """The sentences of the earlier versions of an article with their English, the earliest first."""
    for (packed,) in archive.database.all("SELECT result FROM versions WHERE source = ? ORDER BY n", source):
        for row in json.loads(zlib.decompress(packed))["translation"] or ():
            if row["en"]:
                yield row["de"], row["en"]


def set_mark(archive: Archive, source: str, mark: Mark, said: str, at: str) -> bool:
    """Notes what an outlet said of an article; whether that is new. Raises OutputError."""
    with archive.database.transaction():
        return bool(archive.database.run("INSERT OR IGNORE INTO marks VALUES (?, ?, ?, ?)", source, mark, said, at))


def take_mark_back(archive: Archive, sources: Sequence[str], mark: Mark) -> None:
    """What was noted of these articles is so no more. Raises OutputError."""
    archive.database.run(
        "DELETE FROM marks WHERE mark = ? AND source IN (SELECT value FROM json_each(?))", mark, json.dumps(sources)
    )


def marks(archive: Archive, sources: Sequence[str]) -> Mapping[str, dict[str, str]]:
    """By source, what was said of the article: mark and words."""
    found: dict[str, dict[str, str]] = {}
    for source, mark, said in archive.database.all(
        "SELECT source, mark, said FROM marks WHERE source IN (SELECT value FROM json_each(?)) ORDER BY at",
        json.dumps(list(sources)),
    ):
        found.setdefault(source, {})[mark] = said
    return found


def _read(text: str) -> TextChanges:
    given = json.loads(text)
    return TextChanges(
        tuple(given["headline"]) if given["headline"] else None,
        tuple(given["added"]),
        tuple(given["removed"]),
        tuple(
            ChangedSentence(one["before"], one["now"], tuple((a, b) for a, b in one["figures"]))
            for one in given["changed"]
        ),
    )
