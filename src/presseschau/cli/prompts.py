"""`prompts`: every word said to a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from presseschau.cli.options import PromptsFolder
from presseschau.cli.terminal import emit

app = typer.Typer(help="Every word said to a model.", no_args_is_help=True)


@app.command("list")
def list_(prompts: PromptsFolder = None) -> None:
    """Print the names of the prompts."""
    from presseschau.pipeline.prompts import Prompts

    emit("\n".join(Prompts(prompts).names()))


@app.command()
def show(name: Annotated[str, typer.Argument(help="As in `prompts list`.")], prompts: PromptsFolder = None) -> None:
    """Print one prompt."""
    from presseschau.pipeline.prompts import Prompts

    emit(Prompts(prompts).text(name), end="")


@app.command()
def path() -> None:
    """Print the folder of the shipped prompts."""
    from presseschau.pipeline.prompts import SHIPPED

    emit(SHIPPED.resolve())


@app.command()
def copy(folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")]) -> None:
    """Copy the prompts to a folder, to change them there and use them with --prompts."""
    import shutil

    from presseschau.errors import OutputError
    from presseschau.pipeline.prompts import SHIPPED

    try:
        shutil.copytree(SHIPPED, folder)
    except OSError as error:  # shutil.Error is one, and lists every file
        why = error.strerror or f"{len(error.args[0])} files could not be written"
        raise OutputError(f"The prompts cannot be copied to {folder}: {why}.") from None
    emit(folder)
