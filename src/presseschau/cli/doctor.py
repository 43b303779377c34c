"""`doctor`: what is installed, reachable and supported."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from presseschau.cli.groups import EngineOptions, grouped
from presseschau.cli.options import CacheFile
from presseschau.cli.terminal import tell

if TYPE_CHECKING:
    from presseschau.llm.engine import Choice

_PACKAGES = (
    "openai", "xllamacpp", "pydantic", "tenacity", "trafilatura", "ftfy", "zstandard", "brotli", "python-docx",
)  # fmt: skip


@grouped
def doctor(model: EngineOptions, cache: CacheFile = None) -> None:
    """Say what is installed, which model would be used, and whether it can be. Sends one tiny question to it."""
    from presseschau.errors import PresseschauError

    tell(f"presseschau {_version('presseschau')}, Python {sys.version.split()[0]}")
    for name in _PACKAGES:
        tell(f"  {name} {_version(name)}")
    _environment()
    sound = _cache(cache)
    try:
        choice = model.choice()
        tell(f"model: {choice.endpoint.model}{'' if model.model else _why(model.models)}")
        tell(f"endpoint: {choice.endpoint.base_url or 'embedded, on this machine'}")
        if choice.local:
            tell(f"worth: {_worth(choice.endpoint.identity, choice.local.folder)}")
            tell(f"file: {choice.local.verified_path()} (hash checked)")
        tell(f"answers: {_question(choice)}")
    except PresseschauError as error:
        tell(f"model: NOT USABLE: {error}")
        raise typer.Exit(error.exit_code) from None
    raise typer.Exit(0 if sound else 4)


def _environment() -> None:
    """Each variable that is set, with its value unless it is a secret; then the names of the others."""
    from presseschau.cli.environment import variables

    known = variables()
    given = [variable for variable in known if variable.set_as]
    for variable in given:
        tell(f"environment: {variable.set_as} {variable.shown() if variable.secret else '= ' + variable.shown()}")
    tell(f"environment: not set: {', '.join(variable.names[0] for variable in known if not variable.set_as)}")


def _worth(identity: str, folder: Path) -> str:
    """What was measured of an embedded model."""
    from presseschau.measuring.kept import known_figures
    from presseschau.measuring.report import in_short

    known = known_figures(folder).get(identity)
    return in_short(*known) if known else "never measured (presseschau model check says it)"


def _why(models: Path | None) -> str:
    """Why this model is used although none was named."""
    from presseschau.llm.local.store import default_model

    since = default_model(models).since
    return f" (chosen on {since}; -m names another)" if since else " (the default; -m names another)"


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _cache(file: str | None) -> bool:
    from presseschau.errors import CacheError
    from presseschau.llm.places import cache_place, open_cache

    path = cache_place(file)
    try:
        with open_cache(path) as cache:
            cache.check_writable()
            tell(f"cache: {path}, {cache.stats().answers} answers")
            return True
    except CacheError as error:
        tell(f"cache: NOT USABLE: {error}")
        return False


def _question(choice: Choice) -> str:
    """Ask for the translation of two words; the answer says more than any probe of the address."""
    import asyncio

    from presseschau.ingest import read_article
    from presseschau.llm.engine import open_engine
    from presseschau.pipeline import translation
    from presseschau.pipeline.asking import Options
    from presseschau.pipeline.numbered import windows

    (window,) = windows(read_article("Guten Morgen.", source="doctor", lang_check=False), 1000)
    request = translation.request(window, window.numbers, Options(), {})

    async def ask() -> str:
        async with open_engine(choice) as engine:
            answer = await engine.ask(request)
            return f"Guten Morgen. -> {translation.english_of(answer.value, window.numbers).get(1)!r}"

    return asyncio.run(ask())
