"""Running `model check` and `model pull --best`: models in turn, what each is fit for, which is used from then on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from presseschau.cli.analysing import run_with_engine
from presseschau.cli.exits import complain
from presseschau.cli.terminal import emit, shown

if TYPE_CHECKING:
    from presseschau.analysis import Options
    from presseschau.archive.prices import Limits
    from presseschau.cli.groups import CacheChoice
    from presseschau.llm.client import Client
    from presseschau.llm.engine import Choice
    from presseschau.llm.local.catalog import CatalogModel
    from presseschau.measuring.check import Measurement
    from presseschau.measuring.figures import ModelCheck, ModelFigures


def check_models(
    choices: Sequence[Choice],
    cache: CacheChoice,
    options: Options,
    limits: Limits,
    *,
    quick: bool,
    json: bool,
    quiet: bool,
) -> int:
    """Prints the figures of the models; the exit code: 0; that of its error if one could not be asked, which is said
    and takes nothing from the others; 5 or 75 if one could not be asked for all (limit, server down); 1 if one gave no
    English at all.
    """
    from importlib.metadata import version

    from presseschau.analysis import Options
    from presseschau.errors import BudgetReachedError, ConfigurationError, ProviderDownError
    from presseschau.facts.chrf import chrf_difference
    from presseschau.measuring.figures import NOT_JUDGED, ModelCheck, ModelDifference
    from presseschau.measuring.report import report

    made, asked, refused = [], [], 0
    for choice in choices:
        try:
            made.append(measured(choice, cache, options, limits, quick=quick, quiet=quiet))
            asked.append(choice)
        except ConfigurationError as error:
            complain(f"{choice.endpoint.model}: {error}" if len(choices) > 1 else str(error))
            refused = error.exit_code
    if not made:
        return refused
    first, first_sentences = made[0]
    check = ModelCheck(
        presseschau=version("presseschau"),
        prompts=options.prompts.version,
        quick=quick,
        repair_rounds=options.rounds,
        samples=options.samples,
        models=tuple(figures for figures, _ in made),
        differences=tuple(
            ModelDifference(model=figures.model, than=first.model, chrf=chrf_difference(first_sentences, sentences))
            for figures, sentences in made[1:]
            if not {first.verdict, figures.verdict} & {*NOT_JUDGED}
        ),
    )
    usual = Options()
    if options.prompts.folder is None and (options.rounds, options.samples) == (usual.rounds, usual.samples):
        keep_embedded(check, asked)
    emit(check.model_dump_json(indent=2) if json else shown(report(check)), end="\n" if json else "")
    verdicts = {one.verdict for one in check.models}
    if refused:
        return refused
    if "limit" in verdicts:
        return BudgetReachedError.exit_code
    if "down" in verdicts:
        return ProviderDownError.exit_code
    return int(any(one.translation.missing == one.translation.sentences for one in check.models))


def keep_embedded(check: ModelCheck, choices: Sequence[Choice]) -> None:
    """Notes the figures of embedded models beside their files, for `model list`."""
    from presseschau.measuring.figures import NOT_JUDGED
    from presseschau.measuring.report import keep

    for choice, one in zip(choices, check.models, strict=True):
        if choice.local is not None and one.verdict not in NOT_JUDGED:
            keep(check.model_copy(update={"models": (one,), "differences": ()}), choice.local.folder)


def measured(
    choice: Choice, cache: CacheChoice, options: Options, limits: Limits, *, quick: bool, quiet: bool
) -> Measurement:
    """What one model does. Raises ConfigurationError."""
    from presseschau.archive.prices import price_of
    from presseschau.llm.retry import Policy
    from presseschau.measuring.articles import labelled_articles
    from presseschau.measuring.check import measure

    articles, price = labelled_articles(quick=quick), price_of(choice, limits.price)
    if not quiet:
        print(f"{shown(choice.endpoint.model)}: {len(articles)} articles", file=sys.stderr)

    async def work(engine: Client) -> Measurement:
        return await measure(engine, articles, options, price)

    budget = limits.budget(choice)
    return run_with_engine(work, choice, cache, options, quiet=quiet, budget=budget, policy=Policy(attempts=_TRIES))[0]


def quick_check(model: CatalogModel, models: Path | None, cache: str | None, *, quiet: bool) -> ModelFigures:
    """The figures of an embedded model after a quick look. Raises ConfigurationError."""
    from presseschau.analysis import TASKS, Options
    from presseschau.archive.prices import Limits
    from presseschau.cli.groups import CacheChoice
    from presseschau.llm.engine import LOCAL, choose
    from presseschau.llm.places import cache_place

    choice = choose(LOCAL + model.name, models=models)
    stored = CacheChoice(cache_place(cache), "normal")
    return measured(choice, stored, Options(tasks=TASKS[:1]), Limits(), quick=True, quiet=quiet).figures


def pull_best(
    max_size: float | None,
    fetch: Callable[[CatalogModel], object],
    check: Callable[[CatalogModel], ModelFigures],
    models: Sequence[CatalogModel] | None = None,
) -> CatalogModel:
    """The first of the models (those of the catalog, by rank) that can be fetched and is fit for more than a
    demonstration; else the one with the best chrF. Says on stderr why not each of those before it, and why this one.

    `max_size` in GB. Raises ConfigurationError if all are too large, ProviderDownError if no other can be had.
    """
    from presseschau.errors import ConfigurationError, PresseschauError, ProviderDownError
    from presseschau.llm.local.catalog import catalog
    from presseschau.measuring.figures import WORDS

    tried: list[tuple[float, CatalogModel]] = []
    all_too_large = True
    for model in sorted(catalog() if models is None else models, key=lambda one: one.rank):
        if why := _too_large(model, max_size):
            complain(f"{model.name}: not tried, {why}")
            continue
        all_too_large = False
        try:
            fetch(model)
            figures = check(model)
        except PresseschauError as error:
            complain(f"{model.name}: not taken. {error}")
            continue
        score = figures.translation.chrf
        complain(f"{model.name}: chrF {score}, {WORDS[figures.verdict]}.")
        if figures.verdict in ("facts", "first look"):
            complain(f"{model.name} is taken: the first that passes.")
            return model
        tried.append((score.value, model))
    if all_too_large:
        raise ConfigurationError("Every model is too large; the lines above say for what.")
    if not tried:
        raise ProviderDownError("No model could be fetched and measured; the lines above say why.")
    _, best = max(tried, key=lambda one: one[0])
    complain(f"{best.name} is taken: none passes, and it is the best of those that could be measured.")
    return best


def _too_large(model: CatalogModel, max_size: float | None) -> str:
    """Why the file or what it takes in memory is too much; "" if it is not."""
    from presseschau.llm.local.server import needed_memory, usable_memory

    if max_size is not None and round(model.size / 1e9, 1) > max_size:  # as `model list` and the line below say it
        return f"its file has {model.size / 1e9:.1f} GB."
    needed, there = needed_memory(model.size), usable_memory()
    return f"it takes {needed / 1e9:.1f} GB of memory, and there are {there / 1e9:.1f}." if needed > there else ""


def ask_default(model: CatalogModel, folder: Path, *, use: bool | None) -> None:
    """Whether the model is used from now on where none is named: as `use` says, else as the user answers, once; where
    nobody can be asked, it is said how to decide."""
    from presseschau.llm.local.store import choose_default, default_model

    used = default_model(folder)
    if use is None and not used.since and used.name != model.name:
        if not (sys.stdin and sys.stdin.isatty()):
            complain(f"Without -m, {used.name} is still used; --use changes that.")
            return
        use = typer.confirm(f"Use {model.name} from now on where no -m is given (now: {used.name})?", err=True)
        if not use:
            choose_default(used.name, folder)  # so that it is not asked again
    if use:
        choose_default(model.name, folder)
    complain(f"Without -m, {default_model(folder).name} is used.")


_TRIES = 3
"""Of a request: who measures an endpoint wants to know that it fails, and does not wait for it."""
