"""`schema`: the JSON Schema of what `--json` prints."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from presseschau.cli.emit import emit


class Shape(StrEnum):
    analysis = "analysis"
    article = "article"


def schema(shape: Annotated[Shape, typer.Argument(help="What `article` or `read` prints.")] = Shape.analysis) -> None:
    """Print the JSON Schema of an Analysis (what `article --json` prints) or an Article (`read --json`)."""
    from json import dumps

    from presseschau.models import Analysis, Article

    model = Analysis if shape is Shape.analysis else Article
    emit(dumps(model.model_json_schema(mode="serialization"), indent=2))
