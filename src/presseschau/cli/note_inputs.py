"""What `brief` is given: stored results, whole archives of them, and articles that were not analysed yet."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from presseschau.analysis import UNREVIEWED
from presseschau.errors import InputError
from presseschau.models import Analysis, Article
from presseschau.notes import NOTE_SCHEMA, LeftOut
from presseschau.results import files_below, is_note, read_results, schema_of

if TYPE_CHECKING:
    from presseschau.ingest import ReadOptions

_PIPED = re.compile(rb'\s*\{\s*"schema"\s*:\s*"(presseschau/[^"]*)"')
_PAGES = (".html", ".htm", ".md")
_HEAD = 4096


@dataclass(frozen=True)
class NoteInputs:
    """Results and articles in the order in which they were named, what cannot be read, with the reason, and the files
    they were in."""

    items: tuple[Analysis | Article, ...]
    left_out: tuple[LeftOut, ...]
    files: tuple[str, ...]


def read_inputs(paths: Sequence[str], options: ReadOptions, *, repair: bool, lang_check: bool) -> NoteInputs:
    """Everything in `paths`: JSON of `article`, JSONL of `batch`, and whatever else `read` takes; folders of all.

    Raises InputError for a stored result that is damaged, or a note given as a result.
    """
    from presseschau.ingest import Skipped, iter_articles

    items: list[Analysis | Article] = []
    left_out: list[LeftOut] = []
    files = list(_files(paths))
    for path, schema in files:
        if schema is not None:
            items += read_results(path)
            continue
        for read in iter_articles([path], options=options, repair=repair, lang_check=lang_check):
            if isinstance(read, Skipped):
                left_out.append(LeftOut(text=read.source, reason=read.detail))
            else:
                items.append(read)
    return NoteInputs(tuple(items), tuple(left_out), tuple(path for path, _ in files))


def _files(paths: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    """Each file with the schema of ours that it names; folders as the files below them, without notes and pages of
    ours. Raises InputError for a note or a page of ours that is named itself."""
    for path in paths:
        if not Path(path).is_dir():
            schema = _piped() if path == "-" else schema_of(Path(path))
            if schema == NOTE_SCHEMA or _own_page(Path(path)):
                raise InputError(
                    f"{path} was made by presseschau and holds no results: give the .json or .jsonl they are in. "
                    "The previous note goes after --previous."
                )
            yield path, schema
            continue
        for file in files_below(Path(path)):
            schema = schema_of(file)
            if schema.startswith("presseschau/analysis/") if schema else not _own_page(file):
                yield str(file), schema


def _piped() -> str | None:
    """The schema of ours that standard input names at once."""
    found = _PIPED.match(sys.stdin.buffer.peek(_HEAD))  # type: ignore[union-attr]
    return found[1].decode() if found else None


def _own_page(file: Path) -> bool:
    """Is this a page that shows results or a note? Read as an article it would be cited by the next note."""
    if file.suffix.lower() not in _PAGES or not file.is_file():
        return False
    text = file.read_bytes()
    return is_note(text) or UNREVIEWED[:-1].encode() in text
