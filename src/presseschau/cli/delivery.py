"""How an archive's requests are to reach the model: one by one, or by batches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from presseschau.cli.engine import engine_choice
from presseschau.cli.options import ArchiveEngine
from presseschau.errors import ConfigurationError

if TYPE_CHECKING:
    from presseschau.archive.many import Delivery
    from presseschau.llm.engine import Choice


def delivery_choice(
    engine: ArchiveEngine, results: list[Path] | None, *, rest_live: bool, cache_only: bool
) -> Delivery | None:
    """None: one by one. Raises BadParameter for options that do not go together."""
    if engine is ArchiveEngine.live:
        if results or rest_live:
            raise typer.BadParameter("--batch-results and --rest-live go with --engine openai-batch or batch-file.")
        return None
    if results and engine is not ArchiveEngine.batch_file:
        raise typer.BadParameter("--batch-results goes with --engine batch-file.")
    if cache_only:
        raise typer.BadParameter("--cache-only asks for nothing: leave --engine out.")
    from presseschau.archive.many import Delivery

    named: Literal["openai-batch", "batch-file"] = (
        "openai-batch" if engine is ArchiveEngine.openai_batch else "batch-file"
    )
    return Delivery(named, results=tuple(results or ()), rest_live=rest_live)


def archive_choice(
    engine: ArchiveEngine,
    model: str | None,
    base_url: str | None,
    key_file: Path | None,
    models: Path | None,
    *,
    sends: bool,
) -> Choice:
    """The model that the options name. Raises ConfigurationError: an embedded model takes no batches."""
    if engine is not ArchiveEngine.live and (not model or model.startswith("local:")):
        raise ConfigurationError(
            f"--engine {engine.value} needs a model at an endpoint: name it with -m. An embedded model answers one by "
            "one; leave --engine out for it."
        )
    sends = sends and engine is not ArchiveEngine.batch_file  # files are written without a key
    return engine_choice(model, base_url, key_file, models, sends=sends)
