"""Stored Analyses, checked as strictly as a model's answer."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from presseschau.errors import InputError
from presseschau.models import ANALYSIS_SCHEMA, Analysis


def read_bytes(path: Path) -> bytes:
    """What is in the file, or on stdin for `-`. Raises InputError if it cannot be read."""
    with _opened(path) as file:
        return file.read()


def read_results(path: Path, text: bytes | None = None) -> Iterator[Analysis]:
    """The Analyses in a file, or on stdin for `-`: one, or one a line as `batch` writes them, one in memory at a time.

    `text` is what was read already. Raises InputError for one that is damaged or of another schema, or if there is
    none.
    """
    with _opened(path) if text is None else io.BytesIO(text) as file:
        first, empty = file.readline(), True
        for n, line in enumerate(chain([first], file) if _is_json(first) else [first + file.read()], 1):
            if line.strip():
                yield _result(line, f"{path}, line {n}" if n > 1 else str(path))
                empty = False
    if empty:
        raise InputError(f"{path} is empty: there is no result in it.")


def results_named(path: Path, article: str | None, text: bytes | None = None) -> Iterator[Analysis]:
    """Those of `read_results`; with `article` the one that has this source, or an id that begins so.

    Raises InputError if `article` names none or several.
    """
    if article is None:
        yield from read_results(path, text)
        return
    found = [a for a in read_results(path, text) if a.article.source == article or a.article.id.startswith(article)]
    if not found:
        raise InputError(f"{path} holds no article {article}. Its ids are under article.id, its files under source.")
    if len(found) > 1:
        raise InputError(f"{len(found)} articles of {path} begin with {article!r}. Give more of the id.")
    yield from found


def _opened(path: Path) -> BinaryIO:
    try:
        return sys.stdin.buffer if str(path) == "-" else path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _result(text: bytes, where: str) -> Analysis:
    try:
        analysis = Analysis.model_validate_json(text)
    except ValidationError as error:
        check_schema(text, where, ANALYSIS_SCHEMA)
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the text"
        raise InputError(
            f"{where} is not a result of presseschau ({place}: {first['msg']}). Give what `article --json` or `batch` "
            "wrote."
        ) from None
    if analysis.schema_ != ANALYSIS_SCHEMA:
        raise other_schema(where, analysis.schema_, ANALYSIS_SCHEMA)
    return analysis


def check_schema(text: bytes, where: object, wanted: str) -> None:
    """Raises InputError if the JSON in `text` names another schema of presseschau, which explains whatever misfits."""
    try:
        found = json.loads(text)
    except ValueError:
        return
    schema = found.get("schema") if isinstance(found, dict) else None
    if isinstance(schema, str) and schema != wanted:
        raise other_schema(where, schema, wanted)


def other_schema(where: object, found: str, wanted: str) -> InputError:
    """What to say of a file of another version."""
    return InputError(f"{where} has the schema {found!r}; this version reads {wanted!r}.")
