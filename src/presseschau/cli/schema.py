"""`schema`: the JSON Schema of what `--json` prints."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from presseschau.cli.terminal import emit


class Shape(StrEnum):
    analysis = "analysis"
    article = "article"
    note = "note"


def schema(
    shape: Annotated[Shape, typer.Argument(help="What `article`, `read` or `brief` prints.")] = Shape.analysis,
) -> None:
    """Print the JSON Schema of an Analysis (what `article --json` prints), an Article (`read --json`) or a Note."""
    from json import dumps

    from presseschau.models import Analysis, Article, Value
    from presseschau.notes import Note

    models: dict[Shape, type[Value]] = {Shape.analysis: Analysis, Shape.article: Article, Shape.note: Note}
    emit(dumps(models[shape].model_json_schema(mode="serialization"), indent=2))
