"""The engine and the cache that the options ask for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from presseschau.errors import ConfigurationError

if TYPE_CHECKING:
    from presseschau.llm.cache import CacheMode
    from presseschau.llm.engine import Choice


_NO_KEY = "none"


@dataclass(frozen=True)
class CacheChoice:
    """Which file and how; `path` None is without a cache."""

    path: Path | None
    mode: CacheMode


def cache_choice(file: Path | None, *, no_cache: bool, refresh: bool, cache_only: bool) -> CacheChoice:
    """What the options say about the cache. Raises BadParameter if they contradict each other."""
    from presseschau.llm.engine import default_cache

    if no_cache + refresh + cache_only > 1:
        raise typer.BadParameter("--no-cache, --refresh and --cache-only exclude each other.")
    return CacheChoice(
        None if no_cache else file or default_cache(), "refresh" if refresh else "only" if cache_only else "normal"
    )


def engine_choice(
    model: str | None, base_url: str | None, key_file: Path | None, models: Path | None, *, sends: bool = True
) -> Choice:
    """The engine that the options name; `sends`: whether it will be asked for anything, which may need a key.

    Raises ConfigurationError if they name none.
    """
    from presseschau.llm.engine import choose

    key = _key(key_file)
    key = _NO_KEY if not key and not sends else key
    return choose(model or None, base_url=base_url or None, api_key=key, models=models)


def _key(file: Path | None) -> str | None:
    if file is None:
        return os.environ.get("OPENAI_API_KEY")
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"The key file {file} cannot be read.") from None
