"""`brief`: many articles, one note, every line cited."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

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
from presseschau.cli.options import AsJson, Force, MetricsFile, NoteFormat, Output, Quiet, Template


class Pages(StrEnum):
    one = "1"
    two = "2"
    four = "4"


Results = Annotated[
    list[str],
    typer.Argument(help="What `article --json` or `batch` wrote, articles, folders of them, addresses, or -."),
]
Topic = Annotated[
    str | None,
    typer.Option(
        help="Only articles with all these words, in English or German; commas divide topics.", metavar="WORDS"
    ),
]
Since = Annotated[str | None, typer.Option(help="Only articles published on this day or later.", metavar="YYYY-MM-DD")]
Until = Annotated[str | None, typer.Option(help="Only articles published on this day or before.", metavar="YYYY-MM-DD")]
Outlets = Annotated[list[str] | None, typer.Option("--outlet", help="Only articles of this paper; may be repeated.")]
Exclude = Annotated[
    str | None, typer.Option(help="No articles with all these words; commas divide phrases.", metavar="WORDS")
]
Title = Annotated[str | None, typer.Option(help="The title of the note.")]
Previous = Annotated[
    Path | None, typer.Option(help="The previous note, .json or .html: shows what is new, changed or withdrawn.")
]
Length = Annotated[Pages, typer.Option("--pages", help="How long the note may be: short, usual, long.")]
AsNote = Annotated[
    NoteFormat | None,
    typer.Option("--format", "-f", help="Format of the note.", show_default="by the extension, or md"),
]


@grouped
def brief(
    results: Results,
    model: EngineOptions,
    reader: ReaderOptions,
    english: EnglishOptions,
    stored: CacheOptions,
    reading: ReadingOptions,
    money: LimitOptions,
    topic: Topic = None,
    since: Since = None,
    until: Until = None,
    outlet: Outlets = None,
    exclude: Exclude = None,
    title: Title = None,
    previous: Previous = None,
    pages: Length = Pages.two,
    output: Output = None,
    force: Force = False,
    format: AsNote = None,
    template: Template = None,
    json: AsJson = False,
    metrics: MetricsFile = None,
    quiet: Quiet = False,
) -> None:
    """Many articles, one briefing note: every sentence cites claims that it was compared with.

    Articles that were not analysed yet are analysed first.
    """
    from presseschau.cli.analysing import check_metrics, report
    from presseschau.cli.briefing import NoteRequest, make_note, read_inputs
    from presseschau.cli.destination import check_no_input, format_named, note_destination, write_note
    from presseschau.cli.exits import complain
    from presseschau.results import read_note

    cache = stored.choice()
    known = (
        previous, english.glossary, english.prompts, model.api_key_file, reader.reader_api_key_file, cache.file,
        template,
    )  # fmt: skip
    where = note_destination(output, format_named(NoteFormat, format, json=json), inputs=known, force=force)
    check_metrics(metrics, (*known, output), force=force)
    request = NoteRequest(
        topic=_words(topic, "--topic"),
        since=_day(since, "--since"),
        until=_day(until, "--until"),
        outlets=tuple(outlet or ()),
        exclude=_words(exclude, "--exclude"),
        title=" ".join((title or "").split()) or None,
        previous=read_note(previous) if previous else None,
        pages=int(pages.value),
    )
    options = english.options()
    limits = money.limits(reader)
    sends = not stored.cache_only
    choice = model.choice(reader.choice(model, sends=sends), sends=sends)
    inputs = read_inputs(
        results, reading.read_options(), repair=not reading.no_repair, lang_check=reading.german_only,
        since=request.since, until=request.until,
    )  # fmt: skip
    for written in filter(None, (output, metrics)):
        check_no_input(written, inputs.files)  # of a folder, what was read in it
    done = make_note(inputs, request, choice, cache, options, limits, quiet=quiet)
    write_note(done.note, where, template)
    report(done.metrics, metrics, quiet=quiet)
    if not done.note.sources:
        complain(
            "No article is left for the note (see --topic, --since, --until, --outlet, --exclude): it only says what "
            "was left out, and why."
        )
    if not done.complete:
        complain("Some of what was given could not be used: the note lists it under what was left out, and why.")
    raise typer.Exit(NO_MATCH if not done.note.sources else 0 if done.complete else 3)


NO_MATCH = 7
"""Exit code of a note for which no article was left."""


def _words(text: str | None, option: str) -> str | None:
    if text is not None and not any(letter.isalnum() for letter in text):
        raise typer.BadParameter(f"{option} contains no word.")
    return text


def _day(text: str | None, option: str) -> str | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise typer.BadParameter(f"{option} {text!r} is not a day of the form YYYY-MM-DD.") from None
