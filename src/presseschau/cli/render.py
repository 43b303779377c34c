"""`render`: a stored result as Markdown or a page, without a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from presseschau.cli.options import AsFormat, Output


def render(
    result: Annotated[Path, typer.Argument(help="What `article --json` printed; - for standard input.")],
    output: Output = None,
    format: AsFormat = None,
) -> None:
    """Show a stored result again, as Markdown, HTML or JSON. Asks no model."""
    from presseschau.cli.printing import destination, put
    from presseschau.cli.result import read_result
    from presseschau.cli.reviewed import reviewed

    where = destination(output, format)
    put(reviewed(read_result(result), result), where)
