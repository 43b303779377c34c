"""`verify`: results and sentence pairs checked again, without a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def verify(
    results: Annotated[list[Path] | None, typer.Argument(help="What `article --json` printed.")] = None,
    pairs: Annotated[Path | None, typer.Option(help='Sentence pairs: JSONL {"id","de","en"}, TSV or TMX.')] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
) -> None:
    """Check English against its German without a model; exit 6 if there are errors."""
    raise NotImplementedError
