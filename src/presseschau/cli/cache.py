"""`cache`: look after the stored answers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from presseschau.cli.options import AsJson, CacheFile
from presseschau.cli.terminal import emit, tell

if TYPE_CHECKING:
    from presseschau.llm.places import CachePlace
    from presseschau.llm.shared_cache import Cache

app = typer.Typer(help="The answer cache: every answer is paid for once.", no_args_is_help=True)


def _place(named: str | None) -> CachePlace:
    from presseschau.llm.places import cache_place

    return cache_place(named)


def _opened(named: str | None) -> Cache:
    from presseschau.errors import CacheError
    from presseschau.llm.places import cache_exists, open_cache

    place = _place(named)
    if not cache_exists(place):
        raise CacheError(f"There is no cache at {place} yet: the first analysis will create it.")
    return open_cache(place)


@app.command()
def init(cache: CacheFile = None) -> None:
    """Make the tables of a shared cache, or the file if there is none."""
    from presseschau.llm.places import make_cache

    place = _place(cache)
    make_cache(place)
    tell(f"{place} is ready.")


@app.command()
def path(cache: CacheFile = None) -> None:
    """Print where the cache lies."""
    emit(str(_place(cache)))


@app.command()
def stats(cache: CacheFile = None, json: AsJson = False) -> None:
    """Print how many answers are stored, from when, and what they cost in tokens."""
    from dataclasses import asdict
    from json import dumps

    with _opened(cache) as opened:
        found = asdict(opened.stats())
    if json:
        emit(dumps(found, indent=2, default=str))
    else:
        tell("\n".join(f"{key}: {value}" for key, value in found.items()))


@app.command()
def verify(cache: CacheFile = None) -> None:
    """Check every stored answer; exit 6 if any is damaged."""
    from dataclasses import asdict

    with _opened(cache) as opened:
        report = opened.verify()
    tell("\n".join(f"{key}: {value}" for key, value in asdict(report).items()))
    raise typer.Exit(0 if report.sound else 6)


@app.command()
def clear(cache: CacheFile = None) -> None:
    """Delete every stored answer."""
    with _opened(cache) as opened:
        tell(f"{opened.clear()} answers deleted.")


@app.command()
def purge(
    before: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Delete what was stored before this day.")],
    cache: CacheFile = None,
) -> None:
    """Delete the answers stored before a date (UTC)."""
    from datetime import UTC

    with _opened(cache) as opened:
        tell(f"{opened.purge(before.replace(tzinfo=UTC))} answers deleted.")
