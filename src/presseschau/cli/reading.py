"""How the options say that containers are to be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from presseschau.ingest import ReadOptions


def present(sources: list[str]) -> list[str]:
    """The sources. Raises BadParameter if one is neither there, a web address nor `-`: a typing error, not an article
    to be passed over."""
    from presseschau.ingest.sources import is_web_address

    for source in sources:
        if source != "-" and not is_web_address(source) and not Path(source).exists():
            raise typer.BadParameter(f"there is no file or folder {source}. Nothing was started.")
    return sources


def read_options(mapping: str | None) -> ReadOptions:
    """The options for `--map text=body,headline=title`. Raises BadParameter if it is not of that form."""
    from presseschau.ingest import ReadOptions
    from presseschau.ingest.formats.fields import KEYS

    pairs = [pair.partition("=") for pair in (mapping or "").split(",") if pair.strip()]
    if not all(name.strip() and field.strip() for name, _, field in pairs):
        raise typer.BadParameter(f"--map {mapping!r} is not of the form text=body,headline=title.")
    found = {name.strip(): field.strip() for name, _, field in pairs}
    if unknown := [name for name in found if name not in KEYS]:
        raise typer.BadParameter(f"--map {mapping!r}: there is no {', '.join(unknown)}; it can name {', '.join(KEYS)}.")
    return ReadOptions(mapping=found)
