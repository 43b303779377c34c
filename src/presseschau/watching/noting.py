"""A note a day: once, however often the process is started again, and also after days on which the machine was off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from presseschau.analysis import Engine, Options
from presseschau.errors import InputError, OutputError, PresseschauError
from presseschau.llm.spending import Price
from presseschau.watching.clock import day_before, day_of, local
from presseschau.watching.sources import DailyNote
from presseschau.watching.state import WatchState, stamp


def notes_due(state: WatchState, notes: Sequence[DailyNote], now: datetime) -> list[DailyNote]:
    """Those whose time of this local day has come, and which were not written yet."""
    here = local(now)
    made = set(state.database.all("SELECT name FROM watch_notes WHERE day >= ?", day_of(now)))
    return [one for one in notes if here.time() >= one.at and (one.name,) not in made]


@dataclass
class Noting:
    """Writes notes of the archive at `now`; `files` are those that were written, `said` is what a person should
    know."""

    state: WatchState
    options: Options
    price: Price | None
    now: datetime
    files: list[Path] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    async def write(
        self, notes: Sequence[DailyNote], engine: Engine, *, last: bool
    ) -> tuple[list[DailyNote], PresseschauError | None]:
        """Those that are still to be written, since there was nothing to write about, and the error that ended it.

        `last`: there will be no more articles today; it is written down that there was nothing. Raises OutputError.
        """
        left: list[DailyNote] = []
        for one in notes:
            try:
                file = await self._one(one, engine)
            except OutputError:
                raise
            except InputError as error:
                if not last:
                    left.append(one)
                    continue
                self.said.append(f"No note today{f' on {one.topic}' if one.topic else ''}: {error}")
                self._noted(one, None)
            except PresseschauError as error:
                return left, error
            else:
                self.files.append(file)
                self._noted(one, file)
        return left, None

    async def _one(self, one: DailyNote, engine: Engine) -> Path:
        """Of the articles since the day before, or since the day of the last note if that was earlier."""
        from presseschau.history import NoteRequest, note_of_day  # loads all that briefs

        row = self.state.database.one("SELECT max(day) FROM watch_notes WHERE name = ?", one.name)
        before = day_before(self.now)
        since = min(str(row[0]), before) if row and row[0] else before
        file = one.file(day_of(self.now))
        try:
            one.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{one.folder} cannot be made: {error.strerror}.") from None
        price = (self.price.prompt, self.price.completion) if self.price else None
        await note_of_day(
            self.state.archive.path, engine,
            NoteRequest(
                topic=one.topic, since=since, outlets=one.outlets, exclude=one.exclude, title=one.title,
                pages=one.pages,
            ),
            now=self.now, options=self.options, price=price, out=file,
        )  # fmt: skip
        return file

    def _noted(self, note: DailyNote, file: Path | None) -> None:
        with self.state.database.transaction():
            self.state.database.run(
                "INSERT OR IGNORE INTO watch_notes VALUES (?, ?, ?, ?)",
                note.name, day_of(self.now), stamp(self.now), str(file) if file else None,
            )  # fmt: skip
