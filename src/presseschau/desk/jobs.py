"""The jobs of the desk as the archive's file keeps them: what was given, what became of each article, why it waits.

    reading ──▶ offered ──▶ queued ──▶ done          cancelled and failed may be begun again: back to queued
       what was given is   somebody   every item
       read, and priced    says yes   has ended

What was given (`job_inputs`) is gone once it was read; an article (`job_items`) is kept until it is done. So whatever
ends the process, the next one goes on with what was waiting, and nothing is fetched or bought twice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from presseschau.errors import InputError
from presseschau.library.store import Archive, now
from presseschau.models import Article

Kind = Literal["articles", "note"]
State = Literal["reading", "offered", "queued", "done", "cancelled", "failed"]
ItemState = Literal["waiting", "done", "partly", "failed", "skipped", "cancelled"]
GivenAs = Literal["text", "file", "address"]

OPEN = ("reading", "offered", "queued")
_SHOWN = 50
"""Jobs in a list, and articles of one."""


@dataclass(frozen=True)
class InboxInput:
    """What somebody put into the inbox: a text that was pasted, a file, or a web address (in `name`)."""

    how: GivenAs
    name: str
    data: bytes = b""
    about: dict[str, str] = field(default_factory=dict)
    """What is known of it besides: outlet, published."""


@dataclass(frozen=True)
class JobItem:
    """One article of a job. `stored` is its number in the archive, `findings` how many there are to be read."""

    job: int
    n: int
    source: str
    headline: str
    state: ItemState
    said: str
    stored: int | None
    findings: int


@dataclass(frozen=True)
class DeskJob:
    """`wanted` is what a note shall be about; `price` what it was said to cost; `said` why it failed. `counts` are its
    items by state. `result` is the number of the note that was made, of a single article its number in the archive."""

    id: int
    made: str
    kind: Kind
    title: str
    wanted: dict[str, Any]
    state: State
    said: str
    price: dict[str, Any]
    requests: int
    tokens: int
    cost: float | None
    ended: str | None
    result: int | None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def count(self, *states: ItemState) -> int:
        return sum(self.counts.get(state, 0) for state in states)


_JOB = "id, made, kind, title, wanted, state, said, price, requests, tokens, cost, ended, result"
_ITEM = "job, n, source, headline, state, said, stored, findings"


class Jobs:
    """The jobs in an archive that is open to be written. Everything raises OutputError; a job that is not there,
    InputError."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._database = archive.database

    def add(self, title: str, inputs: Sequence[InboxInput]) -> int:
        """A job of articles that are still to be read; its number."""
        with self._database.transaction():
            job = self._add("articles", title, {})
            self._database.run_many(
                "INSERT INTO job_inputs (job, n, how, name, about, data) VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (job, n, one.how, one.name, json.dumps(one.about), one.data)
                    for n, one in enumerate(inputs, 1)
                ],
            )  # fmt: skip
        return job

    def add_note(self, title: str, wanted: dict[str, Any]) -> int:
        """A job of one note; its number."""
        with self._database.transaction():
            job = self._add("note", title, wanted)
            self._database.run(
                "INSERT INTO job_items (job, n, source, headline, state) VALUES (?, 1, 'note', ?, 'waiting')",
                job,
                title,
            )
        return job

    def _add(self, kind: Kind, title: str, wanted: dict[str, Any]) -> int:
        return self._database.insert(
            "INSERT INTO jobs (made, kind, title, wanted, state) VALUES (?, ?, ?, ?, 'reading')",
            now(), kind, title, json.dumps(wanted),
        )  # fmt: skip

    def get(self, job: int) -> DeskJob:
        found = self._select("WHERE id = ?", job)
        if not found:
            raise InputError("There is no such job any more. The list of jobs is in the inbox.")
        return found[0]

    def all(self, kind: Kind | None = None) -> list[DeskJob]:
        """The last ones, the newest first."""
        return self._select("WHERE ?1 IS NULL OR kind = ?1 ORDER BY id DESC LIMIT ?2", kind, _SHOWN)

    def in_state(self, state: State) -> list[int]:
        """Their numbers, in the order in which they are done."""
        return [job for (job,) in self._database.all("SELECT id FROM jobs WHERE state = ? ORDER BY id", state)]

    def _select(self, where: str, *values: Any) -> list[DeskJob]:
        rows = self._database.all(f"SELECT {_JOB} FROM jobs {where}", *values)  # noqa: S608
        counted: dict[int, dict[str, int]] = {}
        articles: dict[int, int | None] = {}
        for job, state, count, stored in self._database.all(
            "SELECT job, state, count(*), max(stored) FROM job_items WHERE job IN (SELECT value FROM json_each(?)) "
            "GROUP BY 1, 2",
            json.dumps([row[0] for row in rows]),
        ):
            articles[job] = stored if count == 1 and job not in counted else None
            counted.setdefault(job, {})[state] = count
        names = _JOB.split(", ")
        return [_job(dict(zip(names, row, strict=True)), counted.get(row[0], {}), articles.get(row[0])) for row in rows]

    def items(self, job: int, most: int = _SHOWN) -> list[JobItem]:
        """Those of a job; of more than `most` what went wrong first, and what is done last."""
        row = self._database.one("SELECT count(*) FROM job_items WHERE job = ?", job) or (0,)
        many = "(state IN ('failed', 'partly', 'skipped')) DESC, state = 'waiting' DESC, " if row[0] > most else ""
        return self._items(f"WHERE job = ? ORDER BY {many}n LIMIT ?", job, most)

    def waiting(self, most: int) -> list[JobItem]:
        """The next items to be done, in order."""
        found: list[JobItem] = []
        for job in self.in_state("queued"):
            found += self._items("WHERE job = ? AND state = 'waiting' ORDER BY n LIMIT ?", job, most - len(found))
            if len(found) == most:
                break
        return found

    def _items(self, where: str, *values: Any) -> list[JobItem]:
        names = ", ".join(f"job_items.{name}" for name in _ITEM.split(", "))
        rows = self._database.all(f"SELECT {names} FROM job_items {where}", *values)  # noqa: S608
        found = [dict(zip(_ITEM.split(", "), row, strict=True)) for row in rows]
        return [JobItem(**{**one, "said": one["said"] or ""}) for one in found]

    def inputs(self, job: int) -> list[InboxInput]:
        rows = self._database.all("SELECT how, name, data, about FROM job_inputs WHERE job = ? ORDER BY n", job)
        return [InboxInput(how, name, data, json.loads(about)) for how, name, data, about in rows]

    def article(self, job: int, n: int) -> Article:
        """The article of an item that is not done."""
        row = self._database.one("SELECT article FROM job_items WHERE job = ? AND n = ?", job, n)
        if row is None or row[0] is None:
            raise InputError("The text of this article is not kept any more. Put it into the inbox again.")
        return Article.model_validate_json(row[0])

    def articles(self, job: int) -> list[Article]:
        rows = self._database.all("SELECT article FROM job_items WHERE job = ? AND article IS NOT NULL ORDER BY n", job)
        return [Article.model_validate_json(article) for (article,) in rows]

    def read_anew(self, job: int) -> None:
        """What was read of it before the process ended is forgotten."""
        self._database.run("DELETE FROM job_items WHERE job = ? AND source != 'note'", job)

    def took(self, job: int, requests: int, tokens: int, cost: float | None) -> None:
        """Adds what something of a job took; `cost` in US dollars, None without a price."""
        self._database.run(
            "UPDATE jobs SET requests = requests + ?, tokens = tokens + ?, cost = cost + ? WHERE id = ?",
            requests, tokens, cost, job,
        )  # fmt: skip

    def came(self, job: int, n: int, article: Article | None, source: str, said: str = "") -> None:
        """An article was read as the n-th item, or it cannot be, and why."""
        headline = (article.headline if article else None) or ""
        line = article.model_dump_json() if article else None
        self._database.run(
            "INSERT INTO job_items (job, n, source, headline, article, state, said) VALUES (?, ?, ?, ?, ?, ?, ?)",
            job, n, source, headline, line, "waiting" if article else "skipped", said,
        )  # fmt: skip

    def offer(self, job: int, price: dict[str, Any]) -> None:
        """All was read, and this is what it would cost; or `said` in it, why that is not known."""
        with self._database.transaction():
            self._database.run("DELETE FROM job_inputs WHERE job = ?", job)
            self._database.run(  # one article is called by its headline
                "UPDATE jobs SET title = (SELECT headline FROM job_items WHERE job = ?1) WHERE id = ?1 AND kind = "
                "'articles' AND 1 = (SELECT count(*) FROM job_items WHERE job = ?1 AND headline != '') AND 1 = "
                "(SELECT count(*) FROM job_items WHERE job = ?1)",
                job,
            )
            usable = self._database.one("SELECT 1 FROM job_items WHERE job = ? AND state = 'waiting' LIMIT 1", job)
            self._database.run(
                "UPDATE jobs SET price = ?, state = ? WHERE id = ? AND state = 'reading'",
                json.dumps(price), "offered" if usable else "failed", job,
            )  # fmt: skip

    def price_anew(self, job: int) -> None:
        """Its price, that of what is left of it, is worked out by the settings of now, and somebody says yes again."""
        self._database.run(
            "UPDATE jobs SET state = 'reading', price = NULL WHERE id = ? AND state IN ('offered', 'queued')", job
        )

    def begin(self, job: int) -> None:
        self._database.run("UPDATE jobs SET state = 'queued' WHERE id = ? AND state = 'offered'", job)

    def cancel(self, job: int) -> None:
        """Nothing more is asked for it; what is done stays."""
        with self._database.transaction():
            self._database.run(
                "UPDATE job_items SET state = 'cancelled' WHERE state = 'waiting' AND job = "
                "(SELECT id FROM jobs WHERE id = ? AND state IN ('reading', 'offered', 'queued'))",
                job,
            )
            self._database.run(
                "UPDATE jobs SET state = 'cancelled', ended = ? WHERE id = ? AND state IN ('reading', 'offered', "
                "'queued')",
                now(), job,
            )  # fmt: skip
            self._database.run("DELETE FROM job_inputs WHERE job = ?", job)

    def again(self, job: int) -> None:
        """What failed, or was cancelled, waits once more."""
        with self._database.transaction():
            back = self._database.run(
                "UPDATE job_items SET state = 'waiting', said = NULL WHERE job = ? AND state IN ('failed', 'partly', "
                "'cancelled') AND (article IS NOT NULL OR source = 'note')",
                job,
            )
            if back:
                self._database.run(
                    "UPDATE jobs SET state = 'queued', said = NULL, ended = NULL WHERE id = ? AND state IN ('done', "
                    "'cancelled', 'failed')",
                    job,
                )

    def remove(self, job: int) -> None:
        """Off the list; what is in the archive stays there."""
        self._database.run("DELETE FROM jobs WHERE id = ? AND state IN ('done', 'cancelled', 'failed')", job)

    def ended(
        self, item: JobItem, state: ItemState, said: str = "", *, stored: int | None = None, findings: int = 0
    ) -> None:
        """An item has ended; so has its job, once no item waits."""
        with self._database.transaction():
            self._database.run(
                "UPDATE job_items SET state = ?, said = ?, stored = ?, findings = ?, "
                "article = CASE WHEN ?1 = 'done' THEN NULL ELSE article END WHERE job = ? AND n = ?",
                state, said, stored, findings, item.job, item.n,
            )  # fmt: skip
            left = self._database.one("SELECT 1 FROM job_items WHERE job = ? AND state = 'waiting' LIMIT 1", item.job)
            if not left:
                good = self._database.one(
                    "SELECT 1 FROM job_items WHERE job = ? AND state IN ('done', 'partly') LIMIT 1", item.job
                )
                self._database.run(
                    "UPDATE jobs SET state = ?, ended = ? WHERE id = ? AND state = 'queued'",
                    "done" if good else "failed", now(), item.job,
                )  # fmt: skip

    def made_note(self, job: int, number: int) -> None:
        self._database.run("UPDATE jobs SET result = ? WHERE id = ?", number, job)

    def failed(self, job: int, said: str) -> None:
        """Nothing of it can be done."""
        self._database.run(
            "UPDATE jobs SET state = 'failed', said = ?, ended = ? WHERE id = ? AND state IN ('reading', 'queued')",
            said, now(), job,
        )  # fmt: skip


def _job(row: dict[str, Any], counts: dict[str, int], article: int | None) -> DeskJob:
    wanted, price = json.loads(row["wanted"]), json.loads(row["price"] or "{}")
    result = row["result"] if row["kind"] == "note" else article
    more = {"wanted": wanted, "price": price, "said": row["said"] or "", "counts": counts, "result": result}
    return DeskJob(**{**row, **more})
