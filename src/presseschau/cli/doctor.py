"""`doctor`: what is installed, reachable and supported."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from presseschau.cli.groups import EngineOptions, grouped
from presseschau.cli.options import CacheFile
from presseschau.cli.terminal import tell


@grouped
def doctor(
    model: EngineOptions,
    cache: CacheFile = None,
    every: Annotated[bool, typer.Option("--all", help="Also the variables that are not set.")] = False,
) -> None:
    """Say what is installed, which model would be used, and whether it can be. Sends one tiny question to it."""
    from presseschau.diagnosis import model_found, packages, version_of
    from presseschau.errors import PresseschauError

    tell(f"presseschau {version_of('presseschau')}, Python {sys.version.split()[0]}")
    for name, version in packages():
        tell(f"  {name} {version}")
    _environment(every=every)
    sound = _cache(cache)
    try:
        choice = model.choice()
        tell(f"model: {choice.endpoint.model}{'' if model.model else _why(model.models)}")
        for name, said in model_found(choice):
            tell(f"{name}: {said}")
    except PresseschauError as error:
        tell(f"model: NOT USABLE: {error}")
        raise typer.Exit(error.exit_code) from None
    raise typer.Exit(0 if sound else 4)


def _environment(*, every: bool) -> None:
    """Each variable that is set, with its value unless it is a secret; how many others there are, or each of them."""
    from presseschau.cli.environment import variables

    known = variables()
    given = [variable for variable in known if variable.set_as]
    for variable in given:
        tell(f"environment: {variable.set_as} {variable.shown() if variable.secret else '= ' + variable.shown()}")
    others = [variable for variable in known if not variable.set_as]
    if not every:
        tell(f"environment: {len(others)} other variables may be set (--all lists them)")
        return
    for variable in others:
        tell(f"environment: {variable.names[0]} is not set. {variable.option}: {variable.says}")


def _why(models: Path | None) -> str:
    """Why this model is used although none was named."""
    from presseschau.llm.local.store import default_model

    since = default_model(models).since
    return f" (chosen on {since}; -m names another)" if since else " (the default; -m names another)"


def _cache(file: str | None) -> bool:
    from presseschau.diagnosis import cache_found
    from presseschau.errors import CacheError
    from presseschau.llm.places import cache_place

    try:
        tell(f"cache: {cache_found(cache_place(file))}")
    except CacheError as error:
        tell(f"cache: NOT USABLE: {error}")
        return False
    return True
