"""Results into the archive's file and out of it: many in one commit, each read back as it went in.

One process writes, others read meanwhile. What is committed stays, whatever ends the process; to store a result again
changes nothing, and a newer one of the same article from the same source takes the place of the earlier one.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import ValidationError

from presseschau.errors import InputError, misfit
from presseschau.library import rows, schema, words
from presseschau.models import Analysis
from presseschau.pipeline.decisions import key

AT_ONCE = 200
"""Results in one commit: 20 ms for the disk are shared by so many."""
_PARTS = (("sentences", rows.SENTENCE), ("claims", rows.CLAIM), ("evidence", rows.EVIDENCE), ("findings", rows.FINDING))

Outcome = Literal["new", "replaced", "known"]


@dataclass(frozen=True)
class Listed:
    """An article of the archive in short. `id` is its number there, `article` the id of its text; `versions` how many
    earlier ones are kept, `marks` what its outlet said of it later (corrected, withdrawn, gone), `stored` when it came
    in (UTC)."""

    id: int
    article: str
    source: str
    headline: str | None
    english: str | None
    outlet: str | None
    published: str | None
    versions: int = 0
    marks: tuple[str, ...] = ()
    stored: str = ""


class Archive:
    """An archive file, open. `reads`: to be read alone, which needs no right to write.

    Raises OutputError, or InputError with `reads`, for a file that is no archive, is damaged or of another version.
    """

    def __init__(self, path: Path, *, reads: bool = False) -> None:
        self.path = path
        self.database = schema.opened_to_read(path) if reads else schema.opened(path)
        self._makers: dict[rows.Values, int] = {}
        self._speakers: dict[str, int] = {}

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def put(self, lines: Iterable[bytes], run: str | None = None) -> Counter[Outcome]:
        """Stores results, each a line of JSON as `Analysis.model_dump_json` writes it; how many were new, replaced an
        earlier one, or known to the byte. Each hundred or so are one commit."""
        done: Counter[Outcome] = Counter()
        lines = iter(lines)
        self._makers.clear()  # what an earlier call inserted may be gone with a transaction around it
        self._speakers.clear()
        while some := list(islice(lines, AT_ONCE)):
            with self.database.transaction():
                done.update(self._put(line, run) for line in some)
        return done

    def read(self, number: int) -> bytes:
        """The line of JSON that was stored, without its end. Raises InputError if there is none, or it is damaged."""
        with self.database.snapshot():  # another process may replace the article between two tables
            row = self.database.one(
                f"SELECT {', '.join(rows.ARTICLE)}, {', '.join(rows.MAKER)}, exact FROM articles "  # noqa: S608
                "JOIN makers ON makers.id = maker WHERE articles.id = ?",
                number,
            )
            if row is None:
                raise InputError(f"The archive {self.path} holds no article with the number {number}.")
            *about, exact = row
            found = [] if exact else [self._rows(table, columns, number) for table, columns in _PARTS]
        cut = len(rows.ARTICLE)
        try:
            if exact is not None:
                return zlib.decompress(exact)
            return rows.joined(rows.Parts(tuple(about[:cut]), tuple(about[cut:]), *found))
        except (LookupError, TypeError, ValueError, zlib.error) as error:
            raise self._damaged(number, f"{type(error).__name__}: {error}") from None

    def analysis(self, number: int) -> Analysis:
        """The result with this number. Raises InputError."""
        return self.result(number)[1]

    def result(self, number: int) -> tuple[bytes, Analysis]:
        """The same, behind its line of JSON. Raises InputError."""
        line = self.read(number)
        try:
            return line, Analysis.model_validate_json(line)
        except ValidationError as error:
            raise self._damaged(number, misfit(error)) from None

    def holds(self, number: int) -> bool:
        """Is there an article with this number? Another process may replace one meanwhile, under a later number."""
        return self.database.one("SELECT 1 FROM articles WHERE id = ?", number) is not None

    def numbers(self, article: str | None = None) -> Iterator[int]:
        """The numbers of all articles, in the order in which they were stored; or of those with this source, or with an
        id that begins so."""
        if article is None:
            last = 0
            while found := self.database.all("SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT 500", last):
                yield from (number for (number,) in found)
                last = found[-1][0]
        else:
            yield from (
                number
                for (number,) in self.database.all(
                    "SELECT id FROM articles WHERE source = ? OR (article >= ? AND article < ?) ORDER BY id",
                    article, article, article + "\x7f",
                )
            )  # fmt: skip

    def of_article(self, article: str) -> list[int]:
        """The numbers of the articles with this id, from whatever source, the last stored at the end."""
        found = self.database.all("SELECT id FROM articles WHERE article = ? ORDER BY id", article)
        return [number for (number,) in found]

    def number(self, article: str, source: str) -> int | None:
        """The number of the article with this id from this source."""
        row = self.database.one("SELECT id FROM articles WHERE article = ? AND source = ?", article, source)
        return row[0] if row else None

    def entries(self, numbers: Sequence[int]) -> list[Listed]:
        """Those articles in short, in this order, with the English headline as people want it."""
        first = "FROM sentences WHERE article = articles.id AND role = 'headline' ORDER BY n LIMIT 1"
        found = self.database.all(
            f"SELECT id, article, source, headline, (SELECT english {first}), outlet, published, "  # noqa: S608
            f"(SELECT german {first}), (SELECT count(*) FROM versions WHERE versions.source = articles.source), "
            "(SELECT group_concat(mark) FROM marks WHERE marks.source = articles.source), stored FROM articles "
            "WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(list(numbers)),
        )
        told = self.as_decided([row[7] or "" for row in found], [row[4] for row in found])
        by_number = {
            row[0]: Listed(
                row[0],
                row[1],
                row[2],
                row[3],
                english,
                row[5],
                row[6],
                row[8],
                tuple(row[9].split(",")) if row[9] else (),
                row[10],
            )
            for row, english in zip(found, told, strict=True)
        }
        return [by_number[number] for number in numbers if number in by_number]

    def count(self) -> int:
        """Articles in the file."""
        row = self.database.one("SELECT count(*) FROM articles")
        return int(row[0]) if row else 0

    def note_run(self, run: str, **columns: Any) -> None:
        """Enters what is known of a run; columns of earlier calls that are not named stay."""
        told = {name: value if _plain(value) else json.dumps(value) for name, value in columns.items()}
        with self.database.transaction():
            if not self.database.one("SELECT 1 FROM runs WHERE id = ?", run):
                new = {"id": run, "started": now(), "state": "running", "model": "", "sources": "[]", "settings": "{}",
                       "counts": "{}", "requests": 0, "prompt_tokens": 0, "completion_tokens": 0} | told  # fmt: skip
                self.database.run(
                    f"INSERT INTO runs ({', '.join(new)}) VALUES ({', '.join('?' * len(new))})",  # noqa: S608
                    *new.values(),
                )
            elif told:
                self.database.run(
                    f"UPDATE runs SET {', '.join(f'{name} = ?' for name in told)} WHERE id = ?",  # noqa: S608
                    *told.values(), run,
                )  # fmt: skip

    def runs(self) -> list[Mapping[str, Any]]:
        """Every run as the table has it, the last one first; JSON columns as values."""
        names = ("id", "started", "ended", "state", "model", "sources", "settings", "counts", "requests",
                 "prompt_tokens", "completion_tokens", "cost")  # fmt: skip
        found = self.database.all(f"SELECT {', '.join(names)} FROM runs ORDER BY started DESC, rowid DESC")  # noqa: S608
        return [
            {n: json.loads(v) if n in ("sources", "settings", "counts") else v for n, v in zip(names, row, strict=True)}
            for row in found
        ]

    def index_again(self, number: int, english: Sequence[str | None]) -> None:
        """The English of an article is other than stored, since a person decided: it is searched as it stands now."""
        german = [row[0] for row in self.database.all("SELECT german FROM sentences WHERE article = ?", number)]
        self._index(number, german, english)

    def holding(self, german: str) -> list[int]:
        """The numbers of the articles in which this sentence stands, but for white space."""
        said = german.replace('"', '""').replace("\0", " ")
        found = self.database.all(
            "SELECT sentences.article, sentences.german FROM articles_fts JOIN articles ON doc = articles_fts.rowid "
            "JOIN sentences ON sentences.article = articles.id WHERE articles_fts MATCH ?",
            f'{{german}} : "{said}"',
        )
        wanted = " ".join(german.split())
        return sorted({number for number, text in found if " ".join(text.split()) == wanted})

    def _damaged(self, number: int, why: str) -> InputError:
        out = f"PRAGMA foreign_keys = ON; DELETE FROM articles WHERE id = {number}"  # noqa: S608 - for a person to run
        return InputError(
            f"The archive {self.path} holds article {number} in a form that cannot be read ({why}). If the file was "
            f'edited, `sqlite3 FILE "{out}"` takes it out; then put its result in again.'
        )

    def _put(self, line: bytes, run: str | None) -> Outcome:
        line = line.rstrip()
        given, digest = json.loads(line), rows.digest(line)
        article = given["article"]
        known = self.database.one(
            "SELECT id, digest FROM articles WHERE article = ? AND source = ?", article["id"], article["source"]
        )
        if known and known[1] == digest:
            return "known"
        if known:
            self.database.run("DELETE FROM articles WHERE id = ?", known[0])
        try:
            parts = rows.parted(given)
        except KeyError:  # fields that an earlier version did not write
            given = json.loads(Analysis.model_validate_json(line).model_dump_json())
            parts = rows.parted(given)
        number = self._insert(
            "articles", (*rows.ARTICLE, "maker", "run", "stored", "digest", "exact"),
            (*parts.article, self._maker(parts.maker), run, now(), digest, rows.exact(parts, line)),
        )  # fmt: skip
        for (table, columns), many in zip(_PARTS, self._numbered(parts), strict=True):
            marks = ", ".join("?" * (len(columns) + 1))
            self.database.run_many(
                f"INSERT INTO {table} (article, {', '.join(columns)}) VALUES ({marks})",  # noqa: S608
                ((number, *one) for one in many),
            )
        german = [row[rows.SENTENCE.index("german")] for row in parts.sentences]
        english = [row[rows.SENTENCE.index("english")] for row in parts.sentences]
        if given["translation"] is None:
            english = [claim[rows.CLAIM.index("text")] for claim in parts.claims]
        else:
            english = list(self.as_decided(german, english))
        self._index(number, german, english)
        return "replaced" if known else "new"

    def as_decided(self, german: Sequence[str], english: Sequence[str | None]) -> Sequence[str | None]:
        """The English of these sentences as people want it."""
        if not self.database.one("SELECT 1 FROM decisions WHERE kind = 'sentence' LIMIT 1"):
            return english
        keys = [key([text]) for text in german]
        told = dict(
            self.database.all(
                "SELECT german, english FROM decisions WHERE kind = 'sentence' AND german IN "
                "(SELECT value FROM json_each(?)) ORDER BY n",
                json.dumps(keys),
            )
        )
        return [told.get(one, text) for one, text in zip(keys, english, strict=True)]

    def _index(self, number: int, german: Sequence[str], english: Sequence[str | None]) -> None:
        """A new row of the full text; to take the old one away SQLite would have to be told what was in it."""
        doc = self._insert(
            "articles_fts", ("german", "english", "words"),
            ("\n".join(german), "\n".join(filter(None, english)), words.indexed(german)),
        )  # fmt: skip
        self.database.run("UPDATE articles SET doc = ? WHERE id = ?", doc, number)

    def _numbered(self, parts: rows.Parts) -> tuple[Sequence[rows.Values], ...]:
        """The rows by table, speakers as numbers."""
        at = rows.CLAIM.index("speaker")
        claims = [(*row[:at], self._speaker(row[at]), *row[at + 1 :]) for row in parts.claims]
        return parts.sentences, claims, parts.evidence, parts.findings

    def _rows(self, table: str, columns: Sequence[str], number: int) -> list[rows.Values]:
        names = ", ".join(columns)
        if table == "claims":
            names = names.replace("speaker", "(SELECT name FROM speakers WHERE id = speaker)")
        order = "claim, place" if table == "evidence" else "n"
        return self.database.all(
            f"SELECT {names} FROM {table} WHERE article = ? ORDER BY {order}",  # noqa: S608
            number,
        )

    def _maker(self, maker: rows.Values) -> int:
        if maker not in self._makers:
            where = " AND ".join(f"{name} = ?" for name in rows.MAKER)
            row = self.database.one(f"SELECT id FROM makers WHERE {where}", *maker)  # noqa: S608
            self._makers[maker] = row[0] if row else self._insert("makers", rows.MAKER, maker)
        return self._makers[maker]

    def _speaker(self, name: str | None) -> int | None:
        if name is None:
            return None
        if name not in self._speakers:
            row = self.database.one("SELECT id FROM speakers WHERE name = ?", name)
            self._speakers[name] = row[0] if row else self._insert("speakers", ("name",), (name,))
        return self._speakers[name]

    def _insert(self, table: str, columns: Sequence[str], values: rows.Values) -> int:
        with self.database.faults():
            marks = ", ".join("?" * len(values))
            cursor = self.database.connection.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608
                values,
            )
            return int(cursor.lastrowid or 0)


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)
