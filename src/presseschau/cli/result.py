"""A stored Analysis, checked as strictly as a model's answer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from presseschau.errors import InputError
from presseschau.models import ANALYSIS_SCHEMA, Analysis


def read_bytes(path: Path) -> bytes:
    """What is in the file, or on stdin for `-`. Raises InputError if it cannot be read."""
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None


def read_results(path: Path, text: bytes | None = None) -> Iterator[Analysis]:
    """The Analyses in a file: one, or one a line in the JSONL that `batch` writes. Raises InputError."""
    text = read_bytes(path) if text is None else text
    if path.suffix != ".jsonl":
        yield read_result(path, text)
        return
    for line in text.splitlines():
        if line.strip():
            yield read_result(path, line)


def read_result(path: Path, text: bytes | None = None) -> Analysis:
    """The Analysis in a JSON file, or from stdin for `-`; `text` if it was read already. Raises InputError if there is
    none."""
    text = read_bytes(path) if text is None else text
    try:
        analysis = Analysis.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InputError(
            f"{path} is not a result of presseschau ({where}: {first['msg']}). Give what `article --json` printed."
        ) from None
    if analysis.schema_ != ANALYSIS_SCHEMA:
        raise InputError(f"{path} has the schema {analysis.schema_!r}; this version reads {ANALYSIS_SCHEMA!r}.")
    return analysis
