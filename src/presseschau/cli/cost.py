"""`cost`: what was spent, by day and by model."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from presseschau.cli.options import AsJson, CacheFile
from presseschau.cli.terminal import emit, tell

_COLUMNS = ("day", "model", "requests", "tokens read", "written", "USD", "")


def cost(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on.", show_default="everything")
    ] = None,
    cache: CacheFile = None,
    json: AsJson = False,
) -> None:
    """Print what was spent, by day and by model, over all runs that used this cache."""
    from json import dumps

    from presseschau.archive.prices import cost_by_day
    from presseschau.llm.places import cache_place, purchases_exist, purchases_there

    place = cache_place(cache)
    days = []
    if purchases_exist(place):
        with purchases_there(place) as file:
            days = cost_by_day(file, f"{since:%Y-%m-%d}" if since else "")
    if json:
        emit(dumps([day._asdict() for day in days], indent=2, ensure_ascii=False))
        return
    if not days:
        tell(f"Nothing was spent{f' since {since:%Y-%m-%d}' if since else ''}, as far as {place} knows.")
        return
    rows = [
        (
            day.day, f"{day.model} at {day.host}" if day.host else day.model, f"{day.requests:,}",
            f"{day.prompt_tokens:,}", f"{day.completion_tokens:,}",
            "?" if day.cost is None else f"{day.cost:,.4f}",
            _doubts(day.assumed, day.possible if day.host else 0, day.listed),
        )
        for day in days
    ]  # fmt: skip
    known = [day.cost for day in days if day.cost is not None]
    total = ("all", "", f"{sum(day.requests for day in days):,}", f"{sum(day.prompt_tokens for day in days):,}",
             f"{sum(day.completion_tokens for day in days):,}", f"{sum(known):,.4f}",
             "without what has no price" if len(known) < len(days) else "")  # fmt: skip
    table = [_COLUMNS, *rows, total]
    widths = [max(len(row[column]) for row in table) for column in range(len(_COLUMNS))]
    for row in table:
        cells = [
            text.ljust(width) if column in (0, 1, 6) else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        tell("  ".join(cells).rstrip())


def _doubts(assumed: int, possible: int, listed: bool) -> str:
    said = [f"{assumed:,} counted in full: the server does not say"] if assumed else []
    said += [f"{possible:,} possibly billed without an answer"] if possible else []
    said += ["at list price"] if listed else []
    return "; ".join(said)
