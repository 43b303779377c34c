"""Saved searches: each article that answers one is told once, to a command that is called without a shell.

The command has the match as JSON on its standard input, whole even if this process is killed meanwhile. It is called
again, later and later, until it ends with 0; if this process is killed while it runs, it is called once more, which
`attempt` tells it.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import signal
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import Any

from presseschau.errors import ConfigurationError
from presseschau.library.search import Hit, Question, search
from presseschau.library.store import Listed
from presseschau.watching.sources import SavedSearch
from presseschau.watching.state import WatchState, stamp

_MOST, _AT_ONCE = 200, 4
"""Matches that are told in one round, and commands that run at once."""
_LOOKED_AT = 5_000
"""Numbers of articles that are looked through in one step: others write between two."""
_SECONDS = 60.0
"""For which a command may run."""
_RETRY, _LONGEST_RETRY, _MOST_TRIES = timedelta(minutes=5), timedelta(days=1), 12
_IN_A_ROW = 3
"""Failures after which a search waits for the next round."""
_FIELD = re.compile(r"\{(search|headline|source|outlet|published)\}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def parts_of(command: str | Sequence[str]) -> list[str]:
    """The program and its arguments. Raises ConfigurationError if there is none."""
    try:
        parts = shlex.split(command) if isinstance(command, str) else list(command)
    except ValueError as error:
        raise ConfigurationError(f"The command {command!r} cannot be read: {error}.") from None
    if not parts:
        raise ConfigurationError("The command for matches is empty.")
    return parts


def filled(parts: Sequence[str], match: Mapping[str, Any]) -> list[str]:
    """The arguments with `{headline}` and the like replaced: each stays one argument, and none becomes an option."""
    done = []
    for part in parts:
        value = _FIELD.sub(lambda found: _CONTROL.sub(" ", str(match.get(found[1]) or "")), part)
        done.append(f" {value}" if value.startswith("-") and not part.startswith("-") else value)
    return done


@dataclass
class Telling:
    """`on_match` is the command of searches that have none; `said` is what a person should know."""

    state: WatchState
    searches: Sequence[SavedSearch]
    on_match: str | Sequence[str] | None
    stopped: Callable[[], bool] = lambda: False
    told: int = 0
    said: list[str] = field(default_factory=list)
    _failing: Counter[str] = field(default_factory=Counter)

    def begin(self, now: datetime) -> None:
        """Before anything is stored: what is there already is not told to a search that is new."""
        with self.state.database.transaction():
            self.state.database.run_many(
                "INSERT OR IGNORE INTO watch_matches SELECT ?, '', ?, 'told', coalesce(max(id), 0), NULL, NULL "
                "FROM articles",
                [(one.name, stamp(now)) for one in self.searches],
            )

    def look(self, now: datetime) -> int:
        """Writes down what is new since the last look; how many."""
        row = self.state.database.one("SELECT coalesce(max(id), 0) FROM articles")
        last = int(row[0]) if row else 0
        return sum(self._look(one, last, now) for one in self.searches)

    def _look(self, one: SavedSearch, last: int, now: datetime) -> int:
        """A batch may have stored any number: step by step, and nothing is locked while an answer is looked for."""
        database, found = self.state.database, 0
        known = database.one("SELECT tries FROM watch_matches WHERE search = ? AND article = ''", one.name)
        for after in range(known[0] if known else last, last, _LOOKED_AT):
            upto = min(after + _LOOKED_AT, last)
            answered = search(self.state.archive, _question(one, after, upto), most=_LOOKED_AT, sentences=0)
            names = self._named([hit.article for hit in answered.hits])
            with database.transaction():
                database.run(
                    "UPDATE watch_matches SET found = ?, tries = ? WHERE search = ? AND article = ''",
                    stamp(now), upto, one.name,
                )  # fmt: skip
                found += sum(
                    database.run("INSERT OR IGNORE INTO watch_matches VALUES (?, ?, ?, 'new', 0, NULL, NULL)",
                                 one.name, name, stamp(now))
                    for name in names
                )  # fmt: skip
        return found

    def _named(self, articles: Sequence[Listed]) -> list[str]:
        """By what each is known to have been told: what is watched by its source, since its text changes; what was put
        in otherwise by the id of its text, since all that is pasted at the desk has one source."""
        watched = set(self.state.database.all(
            "SELECT source FROM watch_items WHERE source IN (SELECT value FROM json_each(?))",
            json.dumps([one.source for one in articles]),
        ))  # fmt: skip
        return [one.source if (one.source,) in watched else one.article for one in articles]

    async def tell(self, now: datetime) -> None:
        """Calls the commands that are due, several at once, the searches in turn: one that fails holds up no other."""
        by_name = {one.name: one for one in self.searches}
        due = iter(self.state.database.all(
            "SELECT search, article, tries, found FROM watch_matches WHERE state IN ('new', 'begun') AND "
            "search IN (SELECT value FROM json_each(?)) AND (due IS NULL OR NOT (due > ? AND due <= ?)) "
            "ORDER BY row_number() OVER (PARTITION BY search ORDER BY found, article), found LIMIT ?",
            json.dumps([*by_name]), stamp(now), stamp(now + _LONGEST_RETRY), _MOST,  # later: the clock was set back
        ))  # fmt: skip
        self._failing.clear()

        async def worker() -> None:
            for name, source, tries, found in due:
                if self.stopped():
                    return
                if self._failing[name] < _IN_A_ROW:
                    await self._one(by_name[name], source, tries + 1, found, now)

        await asyncio.gather(*(worker() for _ in range(_AT_ONCE)))

    async def _one(self, one: SavedSearch, source: str, attempt: int, found: str, now: datetime) -> None:
        command = one.command or self.on_match
        if command is None:
            self._write(one, source, "told", attempt, None, None)
            return
        number = self.state.database.one(
            "SELECT max(id) FROM articles WHERE source = ? OR article = ?", source, source
        )  # fmt: skip
        if number is None or number[0] is None:
            self._write(one, source, "told", attempt, None, "It is not in the archive any more.")
            return
        match = self._match(one, number[0], attempt, found)
        self._write(one, source, "begun", attempt, None, None)
        fault = await called(filled(parts_of(command), match), json.dumps(match, ensure_ascii=False).encode())
        if fault is None:
            self._failing[one.name] = 0
            self.told += 1
            self._write(one, source, "told", attempt, None, None)
            return
        self._failing[one.name] += 1
        last = attempt >= _MOST_TRIES
        due = now + min(_RETRY * 2 ** (attempt - 1), _LONGEST_RETRY)
        self._write(one, source, "given up" if last else "begun", attempt, stamp(due), fault)
        then = "it is not called again for this article" if last else "it is called again later"
        self.said.append(f"The command for the search {one.name} failed: {fault}; {then}.")

    def _match(self, one: SavedSearch, number: int, attempt: int, found: str) -> dict[str, Any]:
        answered = search(self.state.archive, _question(one, number - 1, number), most=1)
        hit = answered.hits[0] if answered.hits else Hit(self.state.archive.entries([number])[0], ())
        article = asdict(hit.article)
        return {
            "search": one.name, "query": one.query, "found": found, "attempt": attempt,
            "archive": str(self.state.archive.path),
            **{name: article[name] for name in ("article", "source", "headline", "english", "outlet", "published")},
            "sentences": [{"n": s.n, "german": s.german, "english": s.english} for s in hit.sentences],
            "claims": list(hit.claims),
        }  # fmt: skip

    def _write(self, one: SavedSearch, source: str, state: str, tries: int, due: str | None, fault: str | None) -> None:
        with self.state.database.transaction():
            self.state.database.run(
                "UPDATE watch_matches SET state = ?, tries = ?, due = ?, fault = ? WHERE search = ? AND article = ?",
                state, tries, due, fault, one.name, source,
            )  # fmt: skip


def _question(one: SavedSearch, after: int, upto: int) -> Question:
    return Question(
        one.query, speaker=one.speaker, outlet=one.outlet, stance=one.stance, finding=one.finding, order="newest",
        after=after, upto=upto,
    )  # fmt: skip


async def called(command: Sequence[str], given: bytes, seconds: float = _SECONDS) -> str | None:
    """Runs a command with this on its standard input; None if it ended with 0, else what was wrong."""
    with ExitStack() as kept:
        try:
            whole = kept.enter_context(TemporaryFile())  # a pipe would end early for it if this process were killed
            whole.write(given)
            whole.seek(0)
            process = await asyncio.create_subprocess_exec(
                *command, stdin=whole, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            return f"{command[0]} cannot be started ({getattr(error, 'strerror', None) or error})"
        try:
            async with asyncio.timeout(seconds):
                _, errors = await process.communicate()
        except TimeoutError:
            return f"{command[0]} did not end within {seconds:g} seconds"
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
    if process.returncode == 0:
        return None
    last = _CONTROL.sub(" ", errors[-2000:].decode("utf-8", "replace").strip())[-200:]
    return f"{command[0]} ended with {process.returncode}{f' ({last})' if last else ''}"
