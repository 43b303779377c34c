"""`watch`: feeds, pages and folders that are looked at again and again, into an archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presseschau.cli.groups import (
    CacheOptions,
    EngineOptions,
    EnglishOptions,
    LimitOptions,
    ReaderOptions,
    ReadingOptions,
    grouped,
)
from presseschau.cli.options import AsJson, Length, NoteFormat, Quiet, SummaryLength

if TYPE_CHECKING:
    from datetime import time, timedelta

    from presseschau.watching.sources import DailyNote, SavedSearch, Watchlist

Watched = Annotated[
    list[str] | None,
    typer.Argument(
        help="Addresses of feeds or pages, folders, or files that name them (.toml, .opml).", show_default=False
    ),
]
Into = Annotated[Path, typer.Option("--output", "-o", help="The archive: a file that ends in .db, made if needed.")]
Every = Annotated[
    str | None, typer.Option(help="How often sources are looked at: 30m, 2h, 1d.", show_default="30m", metavar="TIME")
]
Once = Annotated[bool, typer.Option("--once", help="One round, then end: for cron. Exit code 8: nothing was new.")]
Status = Annotated[bool, typer.Option("--status", help="Say what was read when, what waits and failed, and the cost.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="One round that asks no model: what is new waits; its price.")]
TaskNames = Annotated[
    str | None,
    typer.Option("--tasks", help="Any of translate, summary, claims.", metavar="TASK,...", show_default="all"),
]
CallCost = Annotated[
    float | None, typer.Option("--max-cost-run", min=0, help="The same for this call, however many days it runs.")
]
NoteFolder = Annotated[
    Path | None, typer.Option("--note", help="Write a note a day into this folder.", metavar="FOLDER")
]
NoteTopic = Annotated[
    str | None, typer.Option("--topic", help="What the note is about; commas divide topics.", metavar="WORDS")
]
NoteAt = Annotated[
    str, typer.Option("--note-at", help="When it is written: the first round after that.", metavar="HH:MM")
]
NoteForm = Annotated[NoteFormat, typer.Option("--note-format", help="Format of the note.")]
Search = Annotated[
    list[str] | None,
    typer.Option("--search", help="A saved search, told with --on-match; may be repeated.", metavar="NAME=WORDS"),
]
OnMatch = Annotated[
    str | None,
    typer.Option(
        "--on-match", help="Called once for each article that answers a search, with it as JSON on stdin.",
        metavar="COMMAND",
    ),
]  # fmt: skip


@grouped
def watch(
    model: EngineOptions,
    reader: ReaderOptions,
    english: EnglishOptions,
    cache: CacheOptions,
    reading: ReadingOptions,
    money: LimitOptions,
    output: Into,
    sources: Watched = None,
    every: Every = None,
    once: Once = False,
    status: Status = False,
    dry_run: Dry = False,
    tasks: TaskNames = None,
    length: SummaryLength = Length.medium,
    max_cost_run: CallCost = None,
    note: NoteFolder = None,
    topic: NoteTopic = None,
    note_at: NoteAt = "07:00",
    note_format: NoteForm = NoteFormat.md,
    search: Search = None,
    on_match: OnMatch = None,
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Look at feeds, pages and folders again and again; analyse what is new into an archive, within a budget.

    --max-cost and --max-tokens hold for a day: what does not fit waits, and is done first the next day. Stop it in any
    way and start it again: it goes on.
    """
    from dataclasses import replace

    from presseschau.archive.prices import Limits
    from presseschau.cli.batch import tasks_of
    from presseschau.cli.library import check_archive
    from presseschau.cli.watching import WatchJob, run_watch, tell_status
    from presseschau.watching.buying import Allowance
    from presseschau.watching.sources import EVERY, watchlist

    check_archive(output)
    if status:
        tell_status(output, json=json)
        return
    if json:
        raise typer.BadParameter("--json goes with --status.")
    if not sources:
        raise typer.BadParameter("name what is to be watched: an address, a folder, or a file of sources.")
    if topic and note is None:
        raise typer.BadParameter("--topic goes with --note FOLDER.")
    found = watchlist(sources)
    if not found.sources:
        raise typer.BadParameter(f"{', '.join(sources)} names no source.")
    notes = (*found.notes, *([_note(note, topic, note_at, note_format)] if note else []))
    watched = replace(
        found, searches=(*found.searches, *map(_search, search or ())), notes=notes,
        tasks=tasks_of(tasks) if tasks else found.tasks, on_match=on_match or found.on_match,
    )  # fmt: skip
    _check_searches(watched)
    _check_folders(output, watched)
    sends = not (cache.cache_only or dry_run)
    job = WatchJob(
        archive=output,
        watch=watched,
        choice=model.choice(reader.choice(model, sends=sends), sends=sends),
        options=english.options(points=length.points),
        purse=Allowance(money.limits(reader), Limits(max_cost=max_cost_run)),
        cache=cache.choice(),
        read=reading.read_options(),
        german_only=reading.german_only,
        every=_every(every) or found.every or EVERY,
        once=once or dry_run,
        asks=not dry_run,
    )
    raise typer.Exit(run_watch(job, quiet=quiet))


def _note(folder: Path, topic: str | None, at: str, format: NoteFormat) -> DailyNote:
    from presseschau.watching.sources import DailyNote

    return DailyNote(folder=folder, topic=topic, at=_at(at), format=format.value)


def _at(text: str) -> time:
    from presseschau.watching.sources import at_time

    try:
        return at_time(text)
    except ValueError as error:
        raise typer.BadParameter(f"--note-at: {error}.") from None


def _every(text: str | None) -> timedelta | None:
    from presseschau.watching.sources import SOONEST, duration

    if text is None:
        return None
    try:
        every = duration(text)
    except ValueError as error:
        raise typer.BadParameter(f"--every: {error}.") from None
    if every < SOONEST:
        raise typer.BadParameter("--every: nobody is asked more often than once a minute.")
    return every


def _search(text: str) -> SavedSearch:
    from presseschau.watching.sources import SavedSearch

    name, is_there, query = text.partition("=")
    if not is_there or not name.strip() or not query.strip():
        raise typer.BadParameter(f'--search {text!r} is not of the form NAME=WORDS, as in "Haushalt=Haushalt Streit".')
    return SavedSearch(name=name.strip(), query=query.strip())


def _check_folders(archive: Path, watched: Watchlist) -> None:
    """Raises BadParameter if what is written lies in a folder that is watched: it would be read."""
    for folder in filter(None, (source.folder for source in watched.sources)):
        for written in (archive, *(one.folder for one in watched.notes)):
            if written.resolve().is_relative_to(folder.resolve()):
                raise typer.BadParameter(f"{written} lies in {folder}, which is watched: put it elsewhere.")


def _check_searches(watched: Watchlist) -> None:
    """Raises BadParameter for two searches of one name or one without a word, ConfigurationError for a command that
    cannot be read."""
    from presseschau.library.search import terms
    from presseschau.watching.telling import parts_of

    names = [one.name for one in watched.searches]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise typer.BadParameter(f"there are two searches with the name {twice}.")
    for one in watched.searches:
        if one.query.strip() and all(term.without for term in terms(one.query)):
            raise typer.BadParameter(f"the search {one.name} holds no word to look for: {one.query!r}.")
    for command in filter(None, (watched.on_match, *(one.command for one in watched.searches))):
        parts_of(command)
    if watched.on_match and not watched.searches:
        raise typer.BadParameter("--on-match needs a search: give --search NAME=WORDS.")
