"""`brief`: many articles, one note, every line cited."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from presseschau.cli.options import (
    AllowPrivate,
    AsJson,
    BaseUrl,
    CacheFile,
    CacheOnly,
    EnglishStyle,
    EnglishVariant,
    FieldMap,
    Follow,
    Force,
    GlossaryFile,
    KeyFile,
    LangCheck,
    MaxCost,
    MaxTokens,
    MetricsFile,
    Model,
    ModelsFolder,
    NoCache,
    NoRepair,
    NoteFormat,
    Output,
    PriceGiven,
    PromptsFolder,
    Quiet,
    Refresh,
    Rounds,
    SameModel,
    Semantic,
    Switch,
    cache_choice,
    encoder_of,
    engine_choice,
    limits_of,
    read_options,
)


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


def brief(
    results: Results,
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
    json: AsJson = False,
    model: Model = None,
    base_url: BaseUrl = None,
    same_model: SameModel = None,
    api_key_file: KeyFile = None,
    max_cost: MaxCost = None,
    max_tokens: MaxTokens = None,
    price: PriceGiven = None,
    english: EnglishStyle = EnglishVariant.british,
    repair_rounds: Rounds = 1,
    semantic: Semantic = False,
    prompts: PromptsFolder = None,
    cache: CacheFile = None,
    no_cache: NoCache = False,
    refresh: Refresh = False,
    cache_only: CacheOnly = False,
    models: ModelsFolder = None,
    map: FieldMap = None,
    follow: Follow = False,
    allow_private: AllowPrivate = False,
    no_repair: NoRepair = False,
    lang_check: LangCheck = Switch.on,
    glossary: GlossaryFile = None,
    metrics: MetricsFile = None,
    quiet: Quiet = False,
) -> None:
    """Many articles, one briefing note: every sentence cites claims that it was compared with.

    Articles that were not analysed yet are analysed first.
    """
    from presseschau.analysis import Options
    from presseschau.cli.analysing import check_metrics, report
    from presseschau.cli.briefing import NoteRequest, make_note, read_inputs
    from presseschau.cli.destination import check_no_input, format_named, note_destination, write_note
    from presseschau.cli.exits import complain
    from presseschau.pipeline.prompts import Prompts
    from presseschau.results import read_glossary, read_note

    stored = cache_choice(cache, no_cache=no_cache, refresh=refresh, cache_only=cache_only)
    known = (previous, glossary, prompts, api_key_file, stored.path)
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
    options = Options(
        english="American English" if english is EnglishVariant.american else "British English",
        rounds=repair_rounds,
        prompts=Prompts(prompts),
        glossary=read_glossary(glossary, english=english.value),
        encoder=encoder_of(semantic),
    )
    limits = limits_of(max_tokens, max_cost, price)
    choice = engine_choice(model, base_url, api_key_file, models, same_model, sends=not cache_only)
    inputs = read_inputs(
        results,
        read_options(map, follow=follow, allow_private=allow_private),
        repair=not no_repair,
        lang_check=lang_check is Switch.on,
    )
    for written in filter(None, (output, metrics)):
        check_no_input(written, inputs.files)  # of a folder, what was read in it
    done = make_note(inputs, request, choice, stored, options, limits, quiet=quiet)
    write_note(done.note, where)
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
