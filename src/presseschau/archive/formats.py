"""The forms that an archive's output can take.

JSONL and the folders of Markdown and HTML grow while the run goes on; TMX and CSV are files with a frame around them
and are made from the journal when it ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

from presseschau.archive.folder import Folder, write_index
from presseschau.archive.journal import Journal
from presseschau.archive.row import unpacked
from presseschau.archive.sink import JsonLines, Sink
from presseschau.errors import OutputError
from presseschau.models import Analysis

Format = Literal["jsonl", "md", "html"]
FORMATS: tuple[Format, ...] = get_args(Format)
FOLDERS: tuple[Format, ...] = ("md", "html")


def check_out(out: Path, format: Format, *, fresh: bool, overwrite: bool) -> None:
    """Raises OutputError if `out` cannot be written, or (`fresh`: no run of ours began it) holds something else."""
    if not out.parent.is_dir():
        raise OutputError(f"{out} cannot be written: there is no folder {out.parent}.")
    if out.exists() and out.is_dir() != (format in FOLDERS):
        what = "is a folder" if out.is_dir() else "is a file"
        raise OutputError(f"{out} {what}; the format {format} needs {'a folder' if format in FOLDERS else 'a file'}.")
    held = out.exists() and (any(out.iterdir()) if out.is_dir() else out.stat().st_size > 0)
    if fresh and held and not overwrite:
        raise OutputError(
            f"{out} exists and no run of presseschau began it (there is no journal beside it). Give another output "
            "with -o, or --overwrite to replace it."
        )


def open_sink(out: Path, format: Format) -> Sink:
    """Raises OutputError if it cannot be written."""
    return Folder(out, format) if format in FOLDERS else JsonLines(out)


def finish(journal: Journal, out: Path, format: Format) -> None:
    """What can only be written at the end. Raises OutputError."""
    if format in FOLDERS:
        write_index(journal, out, format)


def analyses(journal: Journal) -> Iterator[tuple[int, Analysis]]:
    """Position and Analysis of every record, in order, one in memory at a time."""
    for row in journal.rows():
        if row.record is not None:
            yield row.position, Analysis.model_validate_json(unpacked(row.record))
