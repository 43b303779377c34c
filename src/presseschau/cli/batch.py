"""`batch`: an archive, from its inputs to its output; however it is stopped, the same command continues it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

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
from presseschau.cli.options import DryRun, Length, Quiet, SummaryLength
from presseschau.errors import ConfigurationError

if TYPE_CHECKING:
    from presseschau.analysis import Task
    from presseschau.archive.many import Delivery
    from presseschau.llm.engine import Choice


class ArchiveFormat(StrEnum):
    db = "db"
    jsonl = "jsonl"
    md = "md"
    html = "html"
    tmx = "tmx"
    xliff = "xliff"
    csv = "csv"
    parquet = "parquet"


class ArchiveEngine(StrEnum):
    live = "live"
    openai_batch = "openai-batch"
    batch_file = "batch-file"


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


@grouped
def batch(
    sources: Sources,
    model: EngineOptions,
    reader: ReaderOptions,
    english: EnglishOptions,
    cache: CacheOptions,
    reading: ReadingOptions,
    money: LimitOptions,
    output: Out = None,
    tasks: Tasks = "translate,summary,claims",
    format: OutFormat = None,
    length: SummaryLength = Length.medium,
    engine: Engine = ArchiveEngine.live,
    batch_results: BatchResults = None,
    rest_live: RestLive = False,
    dry_run: DryRun = False,
    concurrency: Concurrency = None,
    processes: Processes = 1,
    retry_failed: RetryFailed = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Translate, summarise and list the claims of a whole archive, in input order, each article once.

    Stop it in any way and run the same command again: it continues.
    """
    from presseschau.archive.many import Input
    from presseschau.archive.report import RunFiles
    from presseschau.cli.archiving import Job, run_archive, run_forecast
    from presseschau.cli.destination import check_held, check_no_input
    from presseschau.results import read_decisions, review_path

    form, asked = form_of(output, format), tasks_of(tasks)
    if form not in (ArchiveFormat.jsonl, ArchiveFormat.db):  # there, whole results
        check_held(form, asked)
    stored = cache.choice()
    if output:
        known = (
            english.glossary, english.prompts, model.api_key_file, reader.reader_api_key_file, stored.file,
            None if form is ArchiveFormat.db else review_path(output),  # an archive holds its own
            *(batch_results or ()),
        )  # fmt: skip
        for written in (output, *RunFiles.of(output, sources).files):
            check_no_input(written, known)
    delivery = delivery_choice(engine, batch_results, rest_live=rest_live, cache_only=cache.cache_only)
    job = Job(
        sources=check_sources(sources),
        out=output,
        choice=archive_choice(engine, model, reader, sends=not (dry_run or cache.cache_only)),
        options=english.options(
            tasks=asked,
            translator=reader.translator(model.models),
            points=length.points,  # an archive applies its decisions when it is read
            decisions=read_decisions(output) if output and form is not ArchiveFormat.db else None,
        ),
        read=Input(reading.read_options(), repair=not reading.no_repair, lang_check=reading.german_only),
        format=form.value,
        cache=stored.path,
        cache_mode=stored.mode,
        limits=money.limits(reader),
        delivery=delivery,
        processes=processes,
    )
    if dry_run:
        raise typer.Exit(run_forecast(job, quiet=quiet))
    raise typer.Exit(
        run_archive(job, concurrency=concurrency, retry_failed=retry_failed, overwrite=overwrite, quiet=quiet)
    )


def tasks_of(text: str) -> tuple[Task, ...]:
    """The tasks that are named, in their order. Raises BadParameter."""
    from presseschau.analysis import TASKS

    named = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in named if name not in TASKS]
    if unknown or not named:
        raise typer.BadParameter(f"--tasks {text!r}: name one or more of {', '.join(TASKS)}.")
    return tuple(task for task in TASKS if task in named)


def form_of(out: Path | None, wanted: ArchiveFormat | None) -> ArchiveFormat:
    """The format that is named, or told by the ending. Raises BadParameter if the ending tells another one or none."""
    from presseschau.archive.outputs import FOLDERS
    from presseschau.archive.report import RunFiles
    from presseschau.library.schema import is_archive
    from presseschau.output import ending

    named = ending(out) if out else ""
    if out and wanted is None and is_archive(out):
        return ArchiveFormat.db
    if out and not RunFiles(out).journal.exists():
        if (wanted or named) in FOLDERS and named in {*ArchiveFormat}:
            raise typer.BadParameter(
                f"-o {out}: {wanted or named} is a folder with a file for each article. Use -o {out.with_suffix('')} "
                f"-f {wanted or named}; one file of all is .db, .jsonl, .tmx or .csv."
            )
        if wanted is None and named and named not in {*ArchiveFormat}:
            raise typer.BadParameter(f"The extension of {out} is not one of .db, .jsonl, .tmx, .csv; use --format.")
    return wanted or (ArchiveFormat(named) if named in {*ArchiveFormat} else ArchiveFormat.jsonl)


def check_sources(sources: list[str]) -> list[str]:
    """The sources. Raises BadParameter if one is neither there, a web address nor `-`: a typing error, not an article
    to be passed over."""
    from presseschau.ingest.sources import is_web_address

    for source in sources:
        if source != "-" and not is_web_address(source) and not Path(source).exists():
            raise typer.BadParameter(f"there is no file or folder {source}. Nothing was started.")
    return sources


def delivery_choice(
    engine: ArchiveEngine, results: list[Path] | None, *, rest_live: bool, cache_only: bool
) -> Delivery | None:
    """None: one by one. Raises BadParameter for options that do not go together."""
    if engine is ArchiveEngine.live:
        if results or rest_live:
            raise typer.BadParameter("--batch-results and --rest-live need --engine openai-batch or batch-file.")
        return None
    if results and engine is not ArchiveEngine.batch_file:
        raise typer.BadParameter("--batch-results needs --engine batch-file.")
    if cache_only:
        raise typer.BadParameter("--cache-only asks for nothing: leave --engine out.")
    from presseschau.archive.many import Delivery

    named: Literal["openai-batch", "batch-file"] = (
        "openai-batch" if engine is ArchiveEngine.openai_batch else "batch-file"
    )
    return Delivery(named, results=tuple(results or ()), rest_live=rest_live)


def archive_choice(engine: ArchiveEngine, asked: EngineOptions, reader: ReaderOptions, *, sends: bool) -> Choice:
    """The model that the options name. Raises ConfigurationError: an embedded model takes no batches."""
    if engine is not ArchiveEngine.live and (not asked.model or asked.model.startswith("local:")):
        raise ConfigurationError(
            f"--engine {engine.value} needs a model at an endpoint: name it with -m. An embedded model answers one by "
            "one; leave --engine out for it."
        )
    own = sends and engine is not ArchiveEngine.batch_file  # files are written without a key
    return asked.choice(reader.choice(asked, sends=sends), sends=own)
