"""`cache`: look after the stored answers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presseschau.cli.options import AsJson, CacheFile
from presseschau.cli.terminal import emit, tell

if TYPE_CHECKING:
    from presseschau.llm.cache import AnswerCache

app = typer.Typer(help="The answer cache: every answer is paid for once.", no_args_is_help=True)


def _path(file: Path | None) -> Path:
    from presseschau.llm.engine import default_cache

    return file or default_cache()


def _opened(file: Path | None) -> AnswerCache:
    from presseschau.errors import CacheError
    from presseschau.llm.cache import AnswerCache

    path = _path(file)
    if not path.exists():
        raise CacheError(f"There is no cache at {path} yet: the first analysis will create it.")
    return AnswerCache(path)


@app.command()
def path(cache: CacheFile = None) -> None:
    """Print where the cache lies."""
    emit(_path(cache))


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
