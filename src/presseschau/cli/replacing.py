"""What an output may replace: never an input, and without --force only what presseschau made."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

import typer

from presseschau.errors import OutputError


def check_output(
    path: Path, inputs: Iterable[str | Path | None], *, force: bool, ours: Callable[[BinaryIO], bool] | None = None
) -> None:
    """Checked before anything is paid for: may `path` be written?

    Raises BadParameter if it is one of `inputs` (files, folders that are read, `-`, addresses, or None), and if it
    exists, holds something that is not `ours` (None: a result of any command) and `force` is not said. Raises
    OutputError if it cannot be written.
    """
    _check_writable(path)
    check_no_input(path, inputs)
    if path.exists() and not force and not _may_go(path, ours):
        raise typer.BadParameter(
            f"{path} exists, and presseschau did not make it. Give another file, or --force to replace it."
        )


def check_no_input(path: Path, inputs: Iterable[str | Path | None]) -> None:
    """Raises BadParameter if `path` is one of `inputs`, under whatever name, or read with a folder that is one."""
    from presseschau.ingest.sources import is_input

    if is_input(path, [source for source in inputs if source is not None]):
        raise typer.BadParameter(f"{path} is read by this command, and nothing may take its place. Give another file.")


def _check_writable(path: Path) -> None:
    folder = path.parent
    if path.is_dir():
        raise OutputError(f"{path} cannot be written: it is a folder.")
    if path.exists() and not path.is_file():
        raise OutputError(f"{path} cannot be written: it is not a regular file. For standard output, leave it out.")
    if not folder.is_dir():
        raise OutputError(f"{path} cannot be written: there is no folder {folder}.")
    if not os.access(folder, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise OutputError(f"{path} cannot be written: no permission.")


def _may_go(path: Path, ours: Callable[[BinaryIO], bool] | None) -> bool:
    """Is there nothing in the file, or something of ours?"""
    from presseschau.output.made_here import made_here

    try:
        with path.open("rb") as file:
            return not path.stat().st_size or (ours or made_here)(file)
    except OSError:
        return False
