"""Running `model check`: each model in turn, a line of progress for each, the report."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from presseschau.cli.analysing import budget_of, run_with_engine
from presseschau.cli.terminal import emit, shown

if TYPE_CHECKING:
    from presseschau.archive.prices import Limits
    from presseschau.cli.options import CacheChoice
    from presseschau.llm.client import Client
    from presseschau.llm.engine import Choice
    from presseschau.measuring.figures import ModelCheck, ModelFigures
    from presseschau.pipeline.prompts import Prompts


def check_models(
    choices: Sequence[Choice],
    cache: CacheChoice,
    prompts: Prompts,
    limits: Limits,
    *,
    rounds: int,
    quick: bool,
    json: bool,
    quiet: bool,
) -> int:
    """Prints the figures of the models; the exit code: 0, or 1 if one gave no English at all.

    Raises ConfigurationError for a model that cannot be asked.
    """
    from importlib.metadata import version

    from presseschau.analysis import Options
    from presseschau.measuring.figures import ModelCheck
    from presseschau.measuring.report import report

    check = ModelCheck(
        presseschau=version("presseschau"),
        prompts=prompts.version,
        quick=quick,
        models=tuple(
            measured(choice, cache, prompts, limits, rounds=rounds, quick=quick, quiet=quiet) for choice in choices
        ),
    )
    if prompts.folder is None and rounds == Options().rounds:
        keep_embedded(check, choices)
    emit(check.model_dump_json(indent=2) if json else shown(report(check)), end="\n" if json else "")
    return int(any(one.translation.missing == one.translation.sentences for one in check.models))


def keep_embedded(check: ModelCheck, choices: Sequence[Choice]) -> None:
    """Notes the figures of embedded models beside their files, for `model list`."""
    from presseschau.measuring.kept import keep

    for choice, one in zip(choices, check.models, strict=True):
        if choice.local is not None:
            keep(check.model_copy(update={"models": (one,)}), choice.local.folder)


def measured(
    choice: Choice, cache: CacheChoice, prompts: Prompts, limits: Limits, *, rounds: int, quick: bool, quiet: bool
) -> ModelFigures:
    """The figures of one model. Raises ConfigurationError."""
    from presseschau.analysis import TASKS, Options
    from presseschau.archive.prices import price_of
    from presseschau.llm.retry import Policy
    from presseschau.measuring.articles import labelled_articles
    from presseschau.measuring.check import measure

    options = Options(tasks=("translate",) if quick else TASKS, rounds=rounds, prompts=prompts)
    articles, price = labelled_articles(quick=quick), price_of(choice, limits.price)
    if not quiet:
        print(f"{shown(choice.endpoint.model)}: {len(articles)} articles", file=sys.stderr)

    async def work(engine: Client) -> ModelFigures:
        return await measure(engine, articles, options, price)

    budget = budget_of(limits, choice)
    return run_with_engine(work, choice, cache, options, quiet=quiet, budget=budget, policy=Policy(attempts=_TRIES))[0]


_TRIES = 3
"""Of a request: who measures an endpoint wants to know that it fails, and does not wait for it."""
