"""Search in an archive by meaning, across languages: one small vector an article, the sentences of the best read again.

An article's vector is the mean of those of its German sentences, a signed byte a dimension. The encoder knows what a
text is about; it does not know a negation or a wrong number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from presseschau.errors import InputError
from presseschau.facts.encoder import Encoder
from presseschau.library.search import Answered, Hit, Question, Shown, filters
from presseschau.library.store import Archive

if TYPE_CHECKING:
    from presseschau.facts.encoder import Vectors

_OF_ARTICLE = 40
"""First sentences whose mean an article's vector is. The head alone is made five times as fast, but is found worse: by
the English of its sentences the mean reciprocal rank among 17 own articles is 0.60, not 0.86."""
_AT_ONCE = 16
"""Articles that are encoded together, and are one commit."""
_BLOCK = 8192
"""Vectors in memory at a time."""
_BEST = 200
"""Articles that are kept by their vectors."""
_READ = 400
"""Sentences of the best of them that are compared with the question one by one (half a second)."""


def index(archive: Archive, encoder: Encoder, on_progress: Callable[[int, int], None] | None = None) -> int:
    """Makes the vectors that are missing, or were made by another encoder; how many. Each lot is kept, so that who is
    stopped goes on where it was. `on_progress` hears how many are made of how many. Raises OutputError."""
    missing = "articles WHERE id NOT IN (SELECT article FROM vectors WHERE encoder = ?)"
    row = archive.database.one(f"SELECT count(*) FROM {missing}", encoder.name)  # noqa: S608
    done, wanted, last = 0, row[0] if row else 0, 0
    while numbers := [
        number
        for (number,) in archive.database.all(
            f"SELECT id FROM {missing} AND id > ? ORDER BY id LIMIT {_AT_ONCE}",  # noqa: S608
            encoder.name, last,
        )
    ]:  # fmt: skip
        packed = list(_means(archive, numbers, encoder))  # before the transaction, which others wait for
        with archive.database.transaction():
            archive.database.run_many(
                "INSERT OR REPLACE INTO vectors (article, encoder, vector) SELECT id, ?, ? FROM articles WHERE id = ?",
                ((encoder.name, vector, number) for number, vector in packed),
            )
        done, last = done + len(numbers), numbers[-1]
        if on_progress is not None:
            on_progress(done, wanted)
    return done


def search_meaning(
    archive: Archive, question: Question, encoder: Encoder, *, most: int = 20, skip: int = 0, sentences: int = 3
) -> Answered:
    """The articles that speak of what is asked, in German or English, the most alike first: at most 200, of which
    `most` after the first `skip`, each with its sentences most alike. `Question.order` is not looked at.

    Raises InputError for a question without words, and for an archive without vectors of this encoder.
    """
    if not question.text.strip():
        raise InputError("Say what the articles are to be about.")
    wanted = encoder.vectors([question.text])[0]
    best = _nearest(archive, question, encoder, wanted)
    told = _read(archive, [number for number, _ in best], encoder, wanted)
    scores = {
        number: likeness + max((one.likeness for one in told.get(number, ())), default=-2) for number, likeness in best
    }
    page = sorted(scores, key=lambda number: -scores[number])[skip : skip + most]
    hits = []
    for article in archive.entries(page):
        own = sorted(told.get(article.id, ()), key=lambda one: -one.likeness)[:sentences]
        hits.append(Hit(article, tuple(one.shown for one in own), score=round(scores[article.id], 3)))
    return Answered(len(best), tuple(hits))


@dataclass(frozen=True)
class _Read:
    shown: Shown
    likeness: float


def _read(archive: Archive, numbers: list[int], encoder: Encoder, wanted: Vectors) -> dict[int, list[_Read]]:
    """The sentences of the first of these articles, and how like the question each is."""
    found: list[tuple[int, int, str, str | None]] = []
    for number in numbers:
        if len(found) >= _READ:
            break
        found += archive.database.all(
            "SELECT article, n, german, english FROM sentences WHERE article = ? ORDER BY n LIMIT ?",
            number,
            _OF_ARTICLE,
        )
    alike = encoder.vectors([german for _, _, german, _ in found]) @ wanted if found else ()
    read: dict[int, list[_Read]] = {}
    told = archive.as_decided([row[2] for row in found], [row[3] for row in found])
    for (number, n, german, _), english, likeness in zip(found, told, alike, strict=True):
        read.setdefault(number, []).append(_Read(Shown(n, german, english), float(likeness)))
    return read


def _nearest(archive: Archive, question: Question, encoder: Encoder, wanted: Vectors) -> list[tuple[int, float]]:
    """The best articles among those that the filters leave, and how like they are."""
    import numpy as np

    where, values = filters(archive, replace(question, text=""))
    conditions = "".join(f" AND {one}" for one in where)
    best: list[tuple[int, float]] = []
    empty = True
    with archive.database.faults():
        cursor = archive.database.connection.execute(
            "SELECT vectors.article, vector FROM vectors JOIN articles ON articles.id = vectors.article "  # noqa: S608
            f"WHERE encoder = ?{conditions}",
            (encoder.name, *values),
        )
        while rows := cursor.fetchmany(_BLOCK):
            empty = False
            block = np.frombuffer(b"".join(vector for _, vector in rows), np.int8).reshape(len(rows), -1)
            block = block.astype(np.float32)
            alike = block @ wanted / np.maximum(np.linalg.norm(block, axis=1), 1)
            best += [(number, float(likeness)) for (number, _), likeness in zip(rows, alike, strict=True)]
            best = sorted(best, key=lambda one: -one[1])[:_BEST]
    if empty and not archive.database.one("SELECT 1 FROM vectors WHERE encoder = ?", encoder.name):
        raise InputError(f"{archive.path} has no vectors yet: run `presseschau index {archive.path}` first.")
    return best


def _means(archive: Archive, numbers: list[int], encoder: Encoder) -> Iterator[tuple[int, bytes]]:
    """Each article's vector as signed bytes; its length does not matter."""
    import numpy as np

    rows = archive.database.all(
        "SELECT article, german FROM sentences WHERE article IN (SELECT value FROM json_each(?)) AND n <= ? "
        "ORDER BY article, n",
        json.dumps(numbers), _OF_ARTICLE,
    )  # fmt: skip
    vectors = encoder.vectors([german for _, german in rows])
    places: dict[int, list[int]] = {number: [] for number in numbers}
    for at, (number, _) in enumerate(rows):
        places[number].append(at)
    for number, held in places.items():
        mean = vectors[held].mean(axis=0) if held else np.zeros(vectors.shape[1])
        largest = float(np.abs(mean).max()) or 1.0
        yield number, np.round(mean * (127 / largest)).astype(np.int8).tobytes()
