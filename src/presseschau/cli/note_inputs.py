"""What `brief` is given: stored results, whole archives of them, and articles that were not analysed yet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from presseschau.errors import InputError
from presseschau.models import ANALYSIS_SCHEMA, Analysis, Article
from presseschau.notes import LeftOut

if TYPE_CHECKING:
    from presseschau.ingest import ReadOptions

_BESIDE = (".journal", ".failed.jsonl", ".duplicates.jsonl", ".manifest.json")
"""What `batch` writes beside its output."""
_OWN = "presseschau/"
_HEAD = 4096


@dataclass(frozen=True)
class NoteInputs:
    """Results and articles in the order in which they were named, and what cannot be read, with the reason."""

    items: tuple[Analysis | Article, ...]
    left_out: tuple[LeftOut, ...]


def read_inputs(
    paths: Sequence[str], options: ReadOptions, *, repair: bool, lang_check: Literal["on", "off"]
) -> NoteInputs:
    """Everything in `paths`: JSON of `article`, JSONL of `batch`, and whatever else `read` takes; folders of all.

    Raises InputError for a stored result that is damaged, or a note given as a result.
    """
    from presseschau.ingest import Skipped, iter_articles

    items: list[Analysis | Article] = []
    left_out: list[LeftOut] = []
    for path in _files(paths):
        if _own_schema(path) is not None:
            items += _stored(Path(path))
            continue
        for read in iter_articles([path], options=options, repair=repair, lang_check=lang_check):
            if isinstance(read, Skipped):
                left_out.append(LeftOut(text=read.source, reason=read.detail))
            else:
                items.append(read)
    return NoteInputs(tuple(items), tuple(left_out))


def _files(paths: Iterable[str]) -> Iterator[str]:
    """Folders as the files below them, by name; what `batch` leaves beside its output, notes and dot files are not
    read there."""
    for path in paths:
        if not Path(path).is_dir():
            yield path
            continue
        for file in sorted(Path(path).rglob("*")):
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            if file.is_file() and not hidden and not file.name.endswith(_BESIDE):
                schema = _own_schema(str(file))
                if schema is None or schema.startswith(f"{_OWN}analysis/"):
                    yield str(file)


def _own_schema(path: str) -> str | None:
    """The schema that a file of ours names on its first line, or as a whole; None for any other file."""
    file = Path(path)
    if file.suffix.lower() not in (".json", ".jsonl") or not file.is_file():
        return None
    with file.open("rb") as opened:
        if b'"schema"' not in opened.read(_HEAD):
            return None
        opened.seek(0)
        first = _loaded(opened.readline())
        if first is None:
            opened.seek(0)
            first = _loaded(opened.read())
    schema = first.get("schema") if isinstance(first, dict) else None
    return schema if isinstance(schema, str) and schema.startswith(_OWN) else None


def _loaded(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _stored(path: Path) -> Iterator[Analysis]:
    """The results in a JSON or JSONL file."""
    with path.open("rb") as opened:
        lines = opened.readlines()
    whole = len(lines) > 1 and _loaded(lines[0]) is None
    for n, text in enumerate([b"".join(lines)] if whole else lines, 1):
        if text.strip():
            yield _analysis(text, str(path) if whole or len(lines) == 1 else f"{path}, line {n}")


def _analysis(text: bytes, where: str) -> Analysis:
    try:
        analysis = Analysis.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the text"
        raise InputError(
            f"{where} is not a result of presseschau ({place}: {first['msg']}). Give what `article --json` or `batch` "
            "wrote; a note of last time goes after --previous."
        ) from None
    if analysis.schema_ != ANALYSIS_SCHEMA:
        raise InputError(f"{where} has the schema {analysis.schema_!r}; this version reads {ANALYSIS_SCHEMA!r}.")
    return analysis
