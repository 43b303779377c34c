"""Running a briefing from the command line: what it is given, articles analysed first, then the note asked for."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from presseschau import archives
from presseschau.analysis import UNREVIEWED
from presseschau.archive.outputs import is_index
from presseschau.briefing.days import ZONE, of_days
from presseschau.cli.analysing import run_with_engine
from presseschau.cli.exits import complain
from presseschau.errors import BudgetReachedError, InputError, ProviderDownError
from presseschau.library.schema import is_archive
from presseschau.library.search import Question
from presseschau.models import Analysis, Article
from presseschau.notes import NOTE_SCHEMA, LeftOut
from presseschau.results import read_results
from presseschau.stored import files_below, is_note, schema_of

if TYPE_CHECKING:
    from presseschau.analysis import Options
    from presseschau.archive.prices import Limits
    from presseschau.cli.analysing import Metrics
    from presseschau.cli.groups import CacheChoice
    from presseschau.history import DayNote, NoteRequest
    from presseschau.ingest import ReadOptions
    from presseschau.llm.client import Client
    from presseschau.llm.engine import Choice
    from presseschau.notes import Note

_PIPED = re.compile(rb'\s*\{\s*"schema"\s*:\s*"(presseschau/[^"]*)"')
_PAGES = (".html", ".htm", ".md")
_HEAD = 4096


@dataclass(frozen=True)
class NoteInputs:
    """Results and articles in the order in which they were named, what cannot be read, with the reason, and the files
    they were in."""

    items: tuple[Analysis | Article, ...]
    left_out: tuple[LeftOut, ...]
    files: tuple[str, ...]


def read_inputs(
    paths: Sequence[str], options: ReadOptions, *, repair: bool, lang_check: bool, since: str | None = None,
    until: str | None = None,
) -> NoteInputs:  # fmt: skip
    """Everything in `paths`: JSON of `article`, JSONL of `batch`, archives (of these only what was published from
    `since` to `until`), and whatever else `read` takes; folders of all.

    Raises InputError for a stored result that is damaged, or a note given as a result.
    """
    from presseschau.ingest import Skipped, iter_articles

    items: list[Analysis | Article] = []
    left_out: list[LeftOut] = []
    files = list(_files(paths))
    for path, schema in files:
        if is_archive(Path(path)):
            items += of_days(partial(_between, path), since, until)
            continue
        if schema is not None:
            items += read_results(path)
            continue
        for read in iter_articles([path], options=options, repair=repair, lang_check=lang_check):
            if isinstance(read, Skipped):
                left_out.append(LeftOut(text=read.source, reason=read.detail))
            else:
                items.append(read)
    return NoteInputs(tuple(items), tuple(left_out), tuple(path for path, _ in files))


def _between(archive: str, since: str | None, until: str | None) -> Iterator[Analysis]:
    return archives.read(archive, Question(since=since, until=until))


def _files(paths: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    """Each file with the schema of ours that it names; folders as the files below them, without notes and pages of
    ours. Raises InputError for a note or a page of ours that is named itself."""
    for path in paths:
        if not Path(path).is_dir():
            schema = _piped() if path == "-" else schema_of(Path(path))
            if schema == NOTE_SCHEMA or _own_page(Path(path)):
                raise InputError(
                    f"{path} was made by presseschau and holds no results: give the .json or .jsonl they are in. "
                    "The previous note goes after --previous."
                )
            yield path, schema
            continue
        for file in files_below(Path(path)):
            schema = schema_of(file)
            if schema.startswith("presseschau/analysis/") if schema else not _own_page(file):
                yield str(file), schema


def _piped() -> str | None:
    """The schema of ours that standard input names at once."""
    found = _PIPED.match(sys.stdin.buffer.peek(_HEAD))  # type: ignore[union-attr]
    return found[1].decode() if found else None


def _own_page(file: Path) -> bool:
    """Does this page show results or a note, or list such pages? As an article it would be cited by the next note."""
    if file.suffix.lower() not in _PAGES or not file.is_file():
        return False
    text = file.read_bytes()
    return is_note(text) or UNREVIEWED[:-1].encode() in text or is_index(text)


_AT_ONCE = 8
"""Articles analysed at once at an endpoint; each asks several things."""
_TO_BE_RUN_AGAIN = {"provider-down": ProviderDownError, "budget": BudgetReachedError}


@dataclass(frozen=True)
class MadeNote:
    """The note, whether everything that was given could be used, and what it took."""

    note: Note
    complete: bool
    metrics: Metrics


def make_note(
    inputs: NoteInputs,
    request: NoteRequest,
    previous: Note | None,
    choice: Choice,
    cache: CacheChoice,
    options: Options,
    limits: Limits,
    *,
    quiet: bool,
) -> MadeNote:
    """The note. Raises InputError if no article can be used, and what ends a run: run the same command again."""
    from presseschau.briefing.brief import brief

    budget = limits.budget(choice)
    price = budget.price

    async def work(engine: Client) -> tuple[Note, bool]:
        analyses = await _analysed(inputs, engine, options, 1 if choice.local else _AT_ONCE)
        note = await brief(
            analyses, engine, topic=request.topic, since=request.since, until=request.until, outlets=request.outlets,
            exclude=request.exclude, title=request.title, previous=previous, pages=request.pages,
            options=options, price=(price.prompt, price.completion) if price else None, left_out=inputs.left_out,
        )  # fmt: skip
        return note, not inputs.left_out and not any(map(_failed, analyses))

    (note, complete), metrics = run_with_engine(work, choice, cache, options, quiet=quiet, budget=budget)
    return MadeNote(note, complete, metrics)


def make_archive_note(
    archive: str,
    request: NoteRequest,
    previous: Note | None,
    choice: Choice,
    cache: CacheChoice,
    options: Options,
    limits: Limits,
    *,
    keep: bool,
    quiet: bool,
) -> MadeNote:
    """The same from an archive, in which it is kept. Raises what `note_of_day` raises."""
    from presseschau.history import note_of_day

    budget = limits.budget(choice)
    price = budget.price

    async def work(engine: Client) -> DayNote:
        return await note_of_day(
            archive, engine, request, previous=previous, keep=keep, options=options,
            price=(price.prompt, price.completion) if price else None,
        )  # fmt: skip

    done, metrics = run_with_engine(work, choice, cache, options, quiet=quiet, budget=budget)
    if done.number is not None and not quiet:
        complain(f"The note is kept in {archive} as number {done.number}.")
    elif keep and not quiet:
        complain(f"The note is not kept in {archive}.")
    return MadeNote(done.note, done.complete, metrics)


def say_days(request: NoteRequest, said: Sequence[str | None], *, quiet: bool) -> None:
    """Says on stderr which days are meant, and by whose clock, where they were not named as dates."""
    named = [("from", said[0], request.since), ("until", said[1], request.until)]
    meant = [f"{word} {day}" for word, text, day in named if text and day and text.strip() != day]
    if meant and not quiet:
        complain(f"Articles {' '.join(meant)}, {ZONE}.")


async def _analysed(inputs: NoteInputs, engine: Client, options: Options, at_once: int) -> list[Analysis]:
    """Everything that was given as an Analysis, in its order."""
    from presseschau.analysis import analyze
    from presseschau.archive.analysing import said

    free = asyncio.Semaphore(at_once)

    async def one(item: Analysis | Article) -> Analysis:
        if isinstance(item, Analysis):
            return item
        async with free:
            analysis = await analyze(item, engine, options)
        for finding in analysis.findings:
            if finding.code == "task.failed" and finding.failure in _TO_BE_RUN_AGAIN:
                raise _TO_BE_RUN_AGAIN[finding.failure](said(finding))
        return analysis

    try:
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(one(item)) for item in inputs.items]
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None
    return [task.result() for task in running]


def _failed(analysis: Analysis) -> bool:
    return analysis.claims is None
