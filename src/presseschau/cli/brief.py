"""`brief`: many articles, one note, every line cited."""

from __future__ import annotations

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
Since = Annotated[
    str | None,
    typer.Option(
        help="Only articles published from then on: today, yesterday, '3 days ago', a date, or a date with a time "
        "('2026-11-29 06:00'), in German time.",
        metavar="DAY",
    ),
]
Until = Annotated[
    str | None, typer.Option(help="Only articles published until then, a day without a time included.", metavar="DAY")
]
Outlets = Annotated[list[str] | None, typer.Option("--outlet", help="Only articles of this paper; may be repeated.")]
Exclude = Annotated[
    str | None, typer.Option(help="No articles with all these words; commas divide phrases.", metavar="WORDS")
]
Title = Annotated[str | None, typer.Option(help="The title of the note.")]
Previous = Annotated[
    Path | None,
    typer.Option(
        help="The previous note, .json or .html: shows what is new, changed or withdrawn. Of an archive it is the last "
        "one kept there on the same topic, papers and exclusions, unless another is named."
    ),
]
NoKeep = Annotated[bool, typer.Option("--no-keep", help="Do not keep the note in the archive that it is made from.")]
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
    no_keep: NoKeep = False,
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

    Articles that were not analysed yet are analysed first. Of an archive (a .db file alone) nothing is asked again; the
    note is kept in it, and the next one on the same topic says what is different since then.
    """
    from presseschau.cli.analysing import check_metrics, report
    from presseschau.cli.briefing import make_archive_note, make_note, read_inputs, say_days
    from presseschau.cli.destination import check_no_input, format_named, note_destination, write_note
    from presseschau.cli.exits import complain
    from presseschau.history import NoteRequest
    from presseschau.library.schema import is_archive
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
        pages=int(pages.value),
    )
    say_days(request, (since, until), quiet=quiet)
    before = read_note(previous) if previous else None
    options = english.options(translator=reader.translator(model.models))
    limits = money.limits(reader)
    sends = not stored.cache_only
    choice = model.choice(reader.choice(model, sends=sends), sends=sends)
    if len(results) == 1 and is_archive(Path(results[0])):
        for written in filter(None, (output, metrics)):
            check_no_input(written, results)
        keep = not no_keep
        done = make_archive_note(results[0], request, before, choice, cache, options, limits, keep=keep, quiet=quiet)
    elif no_keep:
        raise typer.BadParameter("--no-keep is for a note from an archive alone: only there it would be kept.")
    else:
        inputs = read_inputs(
            results, reading.read_options(), repair=not reading.no_repair, lang_check=reading.german_only,
            since=request.since, until=request.until,
        )  # fmt: skip
        for written in filter(None, (output, metrics)):
            check_no_input(written, inputs.files)  # of a folder, what was read in it
        done = make_note(inputs, request, before, choice, cache, options, limits, quiet=quiet)
    write_note(done.note, where, template)
    report(done.metrics, metrics, quiet=quiet)
    left = [source for source in done.note.sources if not source.earlier]
    if not left:
        complain(
            "No article is left for the note (see --topic, --since, --until, --outlet, --exclude): it only says what "
            "was left out, and why."
        )
    if not done.complete:
        complain("Some of what was given could not be used: the note lists it under what was left out, and why.")
    raise typer.Exit(NO_MATCH if not left else 0 if done.complete else 3)


NO_MATCH = 7
"""Exit code of a note for which no article was left."""


def _words(text: str | None, option: str) -> str | None:
    if text is not None and not any(letter.isalnum() for letter in text):
        raise typer.BadParameter(f"{option} contains no word.")
    return text


def _day(text: str | None, option: str) -> str | None:
    from presseschau.briefing.days import moment

    if text is None:
        return None
    try:
        return moment(text)
    except ValueError as error:
        raise typer.BadParameter(f"{option} {error}") from None
