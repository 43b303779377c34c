"""`article`, `translate`, `summarize`, `claims`: one article, all tasks or one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from presseschau.cli.options import (
    AllowPrivate,
    AsFormat,
    AsJson,
    BaseUrl,
    CacheFile,
    CacheOnly,
    DryRun,
    EnglishStyle,
    EnglishVariant,
    FieldMap,
    Follow,
    Force,
    Format,
    GlossaryFile,
    KeyFile,
    LangCheck,
    Length,
    MaxCost,
    MaxTokens,
    MetricsFile,
    Model,
    ModelsFolder,
    NoCache,
    NoRepair,
    OneOfFile,
    Output,
    PriceGiven,
    PromptsFolder,
    Quiet,
    Refresh,
    Rounds,
    SameModel,
    Semantic,
    Source,
    SummaryLength,
    Switch,
    cache_choice,
    encoder_of,
    engine_choice,
    limits_of,
    read_options,
)

if TYPE_CHECKING:
    from presseschau.analysis import Task


def _command(tasks: tuple[Task, ...], help: str) -> Callable[..., None]:
    def run(
        source: Source,
        output: Output = None,
        force: Force = False,
        format: AsFormat = None,
        json: AsJson = False,
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
        article: OneOfFile = None,
        glossary: GlossaryFile = None,
        metrics: MetricsFile = None,
        dry_run: DryRun = False,
        max_cost: MaxCost = None,
        max_tokens: MaxTokens = None,
        price: PriceGiven = None,
        quiet: Quiet = False,
    ) -> None:
        from presseschau.analysis import Options, failed
        from presseschau.cli.analysing import check_metrics, report, run_analysis
        from presseschau.cli.archiving import run_one_forecast, tell_forecast
        from presseschau.cli.destination import (
            check_held,
            destination,
            exit_code,
            format_named,
            say_failures,
            write_result,
        )
        from presseschau.errors import ConfigurationError
        from presseschau.ingest import read
        from presseschau.pipeline.prompts import Prompts
        from presseschau.results import apply_decisions, read_decisions, read_glossary

        stored = cache_choice(cache, no_cache=no_cache, refresh=refresh, cache_only=cache_only)
        inputs = (source, glossary, prompts, api_key_file, stored.path)
        put_where = destination(output, format_named(Format, format, json=json), inputs=inputs, force=force)
        check_held(put_where.format, tasks)
        check_metrics(metrics, (*inputs, output), force=force)
        options = Options(
            tasks=tasks,
            english="American English" if english is EnglishVariant.american else "British English",
            rounds=repair_rounds,
            points=length.points,
            prompts=Prompts(prompts),
            glossary=read_glossary(glossary, english=english.value),
            encoder=encoder_of(semantic),
        )
        limits = limits_of(max_tokens, max_cost, price)
        engine = engine_choice(model, base_url, api_key_file, models, same_model, sends=not (cache_only or dry_run))
        german = lang_check is Switch.on
        text = read(
            source,
            options=read_options(map, follow=follow, allow_private=allow_private),
            repair=not no_repair,
            lang_check=german,
            article=article,
        )
        if dry_run:
            tell_forecast(run_one_forecast(text, engine, stored, options, limits))
            raise typer.Exit
        try:
            analysis, taken = run_analysis(text, engine, stored, options, limits, quiet=quiet)
        except ConfigurationError as error:
            if put_where.format is Format.json:  # who reads JSON gets an Analysis for every article that was read
                write_result(failed(text, error, engine.endpoint.model), put_where)
            raise
        if put_where.path is not None:
            analysis = apply_decisions(analysis, read_decisions(put_where.path))
        write_result(analysis, put_where)
        report(taken, metrics, quiet=quiet)
        say_failures(analysis)
        raise typer.Exit(exit_code(analysis, tasks))

    run.__doc__ = help
    return run


article = _command(
    ("translate", "summary", "claims"), "Translation, summary and claims of one article, each traceable to its German."
)
translate = _command(("translate",), "The English translation of one article, sentence by sentence, checked.")
summarize = _command(("summary",), "Bottom line and key points of one article, each with the sentences it rests on.")
claims = _command(("claims",), "Who says what in one article, and in which German sentence it stands.")
