"""An archive file as the output of a run: a result is in it before its row is in the journal, which then does without.

A kill between the two costs nothing: the item is done again from the cache, and its result is known to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from presseschau.archive.journal import Row, State, unpacked
from presseschau.archive.progress import Spent
from presseschau.library.store import Archive, now


@dataclass
class Filing:
    """`run` is the id of the run in the archive; `spent` says what it has cost so far."""

    archive: Archive
    run: str
    spent: Callable[[], Spent]

    def begin(self, model: str, sources: Sequence[str], settings: Mapping[str, Any]) -> None:
        """The run is in the archive, under way. Raises OutputError, as all here."""
        self.archive.note_run(
            self.run, state="running", ended=None, model=model, sources=list(sources), settings=dict(settings)
        )

    def keep(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Puts the records of the rows into the archive, and what was spent; returns the rows without them."""
        records = (unpacked(row.record) for row in rows if row.record is not None)
        with self.archive.database.transaction():
            self.archive.put(records, self.run)
            self._note()
        return [replace(row, record=None) for row in rows]

    def record(self, row: Row) -> bytes | None:
        """The line of output of a row; None if it has none."""
        number = self.archive.number(row.article, row.source) if row.article and row.state != "duplicate" else None
        return None if number is None else self.archive.read(number)

    def end(self, state: str, counts: Mapping[State, int]) -> None:
        """The run has ended, and how."""
        self._note(state=state, counts=dict(counts), ended=now())

    def _note(self, **more: Any) -> None:
        spent = self.spent()
        self.archive.note_run(
            self.run, requests=spent.requests, prompt_tokens=spent.prompt_tokens,
            completion_tokens=spent.completion_tokens, cost=spent.cost, **more,
        )  # fmt: skip
