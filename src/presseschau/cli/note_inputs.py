"""What `brief` is given: stored results, whole archives of them, and articles that were not analysed yet."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presseschau.analysis import UNREVIEWED
from presseschau.cli.note_file import is_note
from presseschau.cli.result import read_results
from presseschau.errors import InputError
from presseschau.models import Analysis, Article
from presseschau.notes import NOTE_SCHEMA, LeftOut

if TYPE_CHECKING:
    from presseschau.ingest import ReadOptions

_OWN = "presseschau/"
_PIPED = re.compile(rb'\s*\{\s*"schema"\s*:\s*"(presseschau/[^"]*)"')
_PAGES = (".html", ".htm", ".md")
_HEAD = 4096


@dataclass(frozen=True)
class NoteInputs:
    """Results and articles in the order in which they were named, and what cannot be read, with the reason."""

    items: tuple[Analysis | Article, ...]
    left_out: tuple[LeftOut, ...]


def read_inputs(paths: Sequence[str], options: ReadOptions, *, repair: bool, lang_check: bool) -> NoteInputs:
    """Everything in `paths`: JSON of `article`, JSONL of `batch`, and whatever else `read` takes; folders of all.

    Raises InputError for a stored result that is damaged, or a note given as a result.
    """
    from presseschau.ingest import Skipped, iter_articles

    items: list[Analysis | Article] = []
    left_out: list[LeftOut] = []
    for path, schema in _files(paths):
        if schema is not None:
            items += read_results(Path(path))
            continue
        for read in iter_articles([path], options=options, repair=repair, lang_check=lang_check):
            if isinstance(read, Skipped):
                left_out.append(LeftOut(text=read.source, reason=read.detail))
            else:
                items.append(read)
    return NoteInputs(tuple(items), tuple(left_out))


def _files(paths: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    """Each file with the schema of ours that it names. Folders as the files below them, by name; what `batch` leaves
    beside its output, notes, pages of ours and dot files are not read there. Raises InputError for a note or a page of
    ours that is named itself."""
    from presseschau.ingest.sources import BESIDE_OUTPUT

    for path in paths:
        if not Path(path).is_dir():
            schema = _own_schema(path)
            if schema == NOTE_SCHEMA or _own_page(path):
                raise InputError(
                    f"{path} was made by presseschau and holds no results: give the .json or .jsonl they are in. A "
                    "note of last time goes after --previous."
                )
            yield path, schema
            continue
        for file in sorted(Path(path).rglob("*")):
            parts = file.relative_to(path).parts
            if file.is_file() and not any(part.startswith(".") or part.endswith(BESIDE_OUTPUT) for part in parts):
                schema = _own_schema(str(file))
                if schema.startswith(f"{_OWN}analysis/") if schema else not _own_page(str(file)):
                    yield str(file), schema


def _own_schema(path: str) -> str | None:
    """The schema that a file of ours names on its first line, or as a whole (on stdin: at once); None for others."""
    if path == "-":
        piped = _PIPED.match(sys.stdin.buffer.peek(_HEAD))  # type: ignore[union-attr]
        return piped[1].decode() if piped else None
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


def _own_page(path: str) -> bool:
    """Is this a page that shows results or a note? Read as an article it would be cited by the next note."""
    file = Path(path)
    if file.suffix.lower() not in _PAGES or not file.is_file():
        return False
    text = file.read_bytes()
    return is_note(text) or UNREVIEWED[:-1].encode() in text


def _loaded(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
