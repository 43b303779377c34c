"""`article`, `translate`, `summarize`, `claims`: one article, all tasks or one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

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
from presseschau.cli.options import (
    AsFormat,
    AsJson,
    CompareModel,
    DryRun,
    Force,
    Format,
    Length,
    MetricsFile,
    OneOfFile,
    Output,
    Quiet,
    Source,
    SummaryLength,
)

if TYPE_CHECKING:
    from presseschau.analysis import Task


def _command(tasks: tuple[Task, ...], help: str) -> Callable[..., None]:
    def run(
        source: Source,
        model: EngineOptions,
        reader: ReaderOptions,
        english: EnglishOptions,
        cache: CacheOptions,
        reading: ReadingOptions,
        money: LimitOptions,
        output: Output = None,
        force: Force = False,
        format: AsFormat = None,
        json: AsJson = False,
        length: SummaryLength = Length.medium,
        article: OneOfFile = None,
        metrics: MetricsFile = None,
        compare: CompareModel = None,
        dry_run: DryRun = False,
        quiet: Quiet = False,
    ) -> None:
        from presseschau.analysis import failed
        from presseschau.cli.analysing import check_metrics, report, run_analysis
        from presseschau.cli.destination import (
            check_held,
            destination,
            exit_code,
            format_named,
            replaces,
            say_failures,
            write_result,
        )
        from presseschau.cli.exits import complain
        from presseschau.cli.terminal import tell
        from presseschau.errors import ConfigurationError
        from presseschau.ingest import read
        from presseschau.output.placing import UNUSABLE, not_for_facts
        from presseschau.results import apply_decisions, read_decisions

        stored = cache.choice()
        inputs = (
            source, english.glossary, english.prompts, model.api_key_file, reader.reader_api_key_file, stored.file,
        )  # fmt: skip
        put_where = destination(output, format_named(Format, format, json=json), inputs=inputs, force=force)
        check_held(put_where.format, tasks)
        check_metrics(metrics, (*inputs, output), force=force)
        options = english.options(tasks=tasks, points=length.points, translator=reader.translator(model.models))
        limits = money.limits(reader)
        sends = not (cache.cache_only or dry_run)
        engine = model.choice(reader.choice(model, sends=sends), sends=sends)
        second = None
        if compare is not None:
            from presseschau.cli.compare import check_side_by_side, left_of, write_comparison

            check_side_by_side(put_where)
            second = model.naming(compare).choice(sends=sends)
        text = read(
            source,
            options=reading.read_options(),
            repair=not reading.no_repair,
            lang_check=reading.german_only,
            article=article,
        )
        if dry_run:
            from presseschau.cli.archiving import run_one_forecast, tell_forecast

            for one in filter(None, (engine, second)):
                if second is not None:
                    tell(f"model      {one.endpoint.model}")
                tell_forecast(run_one_forecast(text, one, stored, options, limits))
            raise typer.Exit
        try:
            analysis, taken = run_analysis(text, engine, stored, options, limits, quiet=quiet)
        except ConfigurationError as error:
            if put_where.format is Format.json:  # who reads JSON gets an Analysis for every article that was read
                nothing = failed(text, error, engine.endpoint.model)
                if replaces(nothing, put_where):
                    write_result(nothing, put_where)
            raise
        if second is not None:
            rest = left_of(limits, taken, engine)
            other, taken_too = run_analysis(text, second, stored, options, rest, quiet=quiet)
            write_comparison(analysis, other, put_where)
            report(taken + taken_too, metrics, quiet=quiet)
            for made in (analysis, other):
                say_failures(made)
            raise typer.Exit(max(exit_code(made, tasks) for made in (analysis, other)))
        if put_where.path is not None:
            analysis = apply_decisions(analysis, read_decisions(put_where.path))
        if replaces(analysis, put_where):
            write_result(analysis, put_where)
        report(taken, metrics, quiet=quiet)
        if put_where.path is not None and not quiet and not_for_facts(analysis):
            complain(f"{put_where.path}: {UNUSABLE}")
        say_failures(analysis)
        raise typer.Exit(exit_code(analysis, tasks))

    run.__doc__ = help
    return grouped(run)


article = _command(
    ("translate", "summary", "claims"), "Translation, summary and claims of one article, each traceable to its German."
)
translate = _command(("translate",), "The English translation of one article, sentence by sentence, checked.")
summarize = _command(("summary",), "Bottom line and key points of one article, each with the sentences it rests on.")
claims = _command(("claims",), "Who says what in one article, and in which German sentence it stands.")
