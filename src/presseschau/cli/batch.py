"""`batch`: an archive, from its inputs to its output; however it is stopped, the same command continues it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presseschau.cli.options import (
    AllowPrivate,
    ArchiveEngine,
    ArchiveFormat,
    BaseUrl,
    CacheFile,
    CacheOnly,
    DryRun,
    EnglishStyle,
    EnglishVariant,
    FieldMap,
    Follow,
    GlossaryFile,
    KeyFile,
    LangCheck,
    Length,
    MaxCost,
    MaxTokens,
    Model,
    ModelsFolder,
    NoCache,
    NoRepair,
    PriceGiven,
    PromptsFolder,
    Quiet,
    Refresh,
    Rounds,
    SameModel,
    Semantic,
    SummaryLength,
    Switch,
    archive_choice,
    cache_choice,
    check_sources,
    delivery_choice,
    encoder_of,
    limits_of,
    read_options,
)

if TYPE_CHECKING:
    from presseschau.analysis import Task

Sources = Annotated[
    list[str], typer.Argument(help="Files, folders, archives (JSONL, CSV, WARC, zip, tar ...), addresses, or -.")
]
Out = Annotated[Path | None, typer.Option("--output", "-o", help="The output; its journal and reports lie in OUT.d.")]
Tasks = Annotated[str, typer.Option(help="Any of translate, summary, claims.", metavar="TASK,...")]
OutFormat = Annotated[
    ArchiveFormat | None,
    typer.Option("--format", "-f", help="Format of the output.", show_default="by the extension, or jsonl"),
]
Concurrency = Annotated[
    int | None,
    typer.Option(min=1, max=1000, help="Requests at once, at most.", show_default="8, growing to 64"),
]
Processes = Annotated[
    int,
    typer.Option(min=1, max=64, help="Processes that check what the model says; as many as there are cores at most."),
]
Engine = Annotated[
    ArchiveEngine,
    typer.Option(help="One by one, by OpenAI's Batch at half the price, or by files for vLLM run-batch and others."),
]
BatchResults = Annotated[
    list[Path] | None, typer.Option(help="Results for batch-file that are not beside their requests.")
]
RestLive = Annotated[bool, typer.Option("--rest-live", help="Ask one by one for what a batch's first wave left open.")]
RetryFailed = Annotated[bool, typer.Option("--retry-failed", help="Also retry what failed for good.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Redo the output; stored answers are still used.")]


def batch(
    sources: Sources,
    output: Out = None,
    tasks: Tasks = "translate,summary,claims",
    format: OutFormat = None,
    engine: Engine = ArchiveEngine.live,
    batch_results: BatchResults = None,
    rest_live: RestLive = False,
    dry_run: DryRun = False,
    max_cost: MaxCost = None,
    max_tokens: MaxTokens = None,
    price: PriceGiven = None,
    concurrency: Concurrency = None,
    processes: Processes = 1,
    retry_failed: RetryFailed = False,
    overwrite: Overwrite = False,
    model: Model = None,
    base_url: BaseUrl = None,
    same_model: SameModel = None,
    api_key_file: KeyFile = None,
    english: EnglishStyle = EnglishVariant.british,
    length: SummaryLength = Length.medium,
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
    quiet: Quiet = False,
) -> None:
    """Translate, summarise and list the claims of a whole archive, in input order, each article once.

    Stop it in any way and run the same command again: it continues.
    """
    from presseschau.analysis import Options
    from presseschau.archive.many import Input
    from presseschau.archive.report import RunFiles
    from presseschau.cli.archiving import Job, run_archive, run_forecast
    from presseschau.cli.destination import check_held, check_no_input
    from presseschau.pipeline.prompts import Prompts
    from presseschau.results import read_decisions, read_glossary, review_path

    form, asked = _form(output, format), _tasks(tasks)
    if form is not ArchiveFormat.jsonl:  # there, whole results
        check_held(form, asked)
    stored = cache_choice(cache, no_cache=no_cache, refresh=refresh, cache_only=cache_only)
    if output:
        known = (glossary, prompts, api_key_file, stored.path, review_path(output), *(batch_results or ()))
        for written in (output, *RunFiles(output).files):
            check_no_input(written, known)
    delivery = delivery_choice(engine, batch_results, rest_live=rest_live, cache_only=cache_only)
    job = Job(
        sources=check_sources(sources),
        out=output,
        choice=archive_choice(
            engine, model, base_url, api_key_file, models, same_model, sends=not (dry_run or cache_only)
        ),
        options=Options(
            tasks=asked,
            english="American English" if english is EnglishVariant.american else "British English",
            rounds=repair_rounds,
            points=length.points,
            decisions=read_decisions(output) if output else None,
            prompts=Prompts(prompts),
            glossary=read_glossary(glossary, english=english.value),
            encoder=encoder_of(semantic),
        ),
        read=Input(
            read_options(map, follow=follow, allow_private=allow_private),
            repair=not no_repair,
            lang_check=lang_check is Switch.on,
        ),
        format=form.value,
        cache=stored.path,
        cache_mode=stored.mode,
        limits=limits_of(max_tokens, max_cost, price),
        delivery=delivery,
        processes=processes,
    )
    if dry_run:
        raise typer.Exit(run_forecast(job, quiet=quiet))
    raise typer.Exit(
        run_archive(job, concurrency=concurrency, retry_failed=retry_failed, overwrite=overwrite, quiet=quiet)
    )


def _tasks(text: str) -> tuple[Task, ...]:
    from presseschau.analysis import TASKS

    named = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in named if name not in TASKS]
    if unknown or not named:
        raise typer.BadParameter(f"--tasks {text!r}: name one or more of {', '.join(TASKS)}.")
    return tuple(task for task in TASKS if task in named)


def _form(out: Path | None, wanted: ArchiveFormat | None) -> ArchiveFormat:
    """The format that is named, or told by the ending. Raises BadParameter if the ending tells another one or none."""
    from presseschau.archive.outputs import FOLDERS
    from presseschau.archive.report import RunFiles

    ending = out.suffix.lstrip(".").lower() if out else ""
    if out and not RunFiles(out).journal.exists():
        if (wanted or ending) in FOLDERS and ending in {*ArchiveFormat}:
            raise typer.BadParameter(
                f"-o {out}: {wanted or ending} is a folder with a file for each article. Use -o {out.with_suffix('')} "
                f"-f {wanted or ending}; one file of all is .jsonl, .tmx or .csv."
            )
        if wanted is None and ending and ending not in {*ArchiveFormat}:
            raise typer.BadParameter(f"The extension of {out} is not one of .jsonl, .tmx, .csv; use --format.")
    return wanted or (ArchiveFormat(ending) if ending in {*ArchiveFormat} else ArchiveFormat.jsonl)
