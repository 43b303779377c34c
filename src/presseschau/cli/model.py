"""`model`: the embedded models."""

from __future__ import annotations

import typer

app = typer.Typer(help="The embedded models: list, fetch, find, remove.", no_args_is_help=True)
