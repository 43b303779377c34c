"""`compare`: two results of one article side by side; and the same for `article --compare`."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presseschau.cli.options import AsJson, Force, Format, OneArticle, Output

if TYPE_CHECKING:
    from presseschau.archive.prices import Limits
    from presseschau.cli.analysing import Metrics
    from presseschau.cli.destination import Destination
    from presseschau.llm.engine import Choice
    from presseschau.models import Analysis

StoredResult = Annotated[Path, typer.Argument(help="What `article --json` wrote; - for standard input.")]


class SideBySide(StrEnum):
    md = "md"
    json = "json"
    html = "html"


def compare(
    one: StoredResult,
    other: StoredResult,
    output: Output = None,
    force: Force = False,
    format: Annotated[SideBySide | None, typer.Option("--format", "-f", help="Format.", show_default="md")] = None,
    json: AsJson = False,
    article: OneArticle = None,
) -> None:
    """Two stored results of one article side by side: sentences, facts, findings, claims and price that differ."""
    from presseschau.cli.destination import destination, format_named
    from presseschau.errors import InputError
    from presseschau.results import read_results

    if str(one) == str(other) == "-":
        raise typer.BadParameter("standard input holds one of the two results; name a file for the other.")
    wanted = format_named(SideBySide, format, json=json)
    where = destination(output, Format(wanted) if wanted else None, inputs=(one, other), force=force)
    check_side_by_side(where)
    found = [list(read_results(path, article=article)) for path in (one, other)]
    for path, analyses in zip((one, other), found, strict=True):
        if len(analyses) != 1:
            raise InputError(f"{path} holds {len(analyses)} results: name one with --article.")
    write_comparison(found[0][0], found[1][0], where)


def check_side_by_side(where: Destination) -> None:
    """Raises BadParameter if the format holds no comparison."""
    if where.format.value not in set(SideBySide):
        raise typer.BadParameter(f"a comparison has no {where.format.value}; it can be {', '.join(SideBySide)}.")


def write_comparison(a: Analysis, b: Analysis, where: Destination) -> None:
    """Print it, or write it in one step. Raises InputError if these are results of different articles."""
    from presseschau.cli.terminal import emit
    from presseschau.output import rendered_comparison
    from presseschau.results import compare as compared
    from presseschau.storage.files import write_file

    text = rendered_comparison(compared(a, b), where.format.value)
    if where.path is None:
        emit(text, end="")
    else:
        write_file(where.path, text)


def left_of(limits: Limits, taken: Metrics, choice: Choice) -> Limits:
    """What the second model may use after the first has taken so much."""
    from presseschau.archive.prices import price_of

    price = price_of(choice, limits.price)
    spent = price.of(taken.prompt_tokens, taken.completion_tokens) if price else 0.0
    tokens = taken.prompt_tokens + taken.completion_tokens
    return replace(
        limits,
        max_tokens=None if limits.max_tokens is None else max(0, limits.max_tokens - tokens),
        max_cost=None if limits.max_cost is None else max(0.0, limits.max_cost - spent),
    )
