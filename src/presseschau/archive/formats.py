"""The forms that an archive's output can take.

JSONL and the folders of Markdown and HTML grow while the run goes on; TMX and CSV are files with a frame around them
and are made from the journal when it ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, get_args

from presseschau.archive.folder import Folder, write_index
from presseschau.archive.framed import write_framed
from presseschau.archive.journal import Journal
from presseschau.archive.report import RunFiles, left_by_a_run
from presseschau.archive.row import unpacked
from presseschau.archive.sink import GO_ON, JsonLines, Nowhere, Sink
from presseschau.errors import OutputError
from presseschau.ingest.sources import is_input
from presseschau.models import Analysis

Format = Literal["jsonl", "md", "html", "tmx", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)
FOLDERS: tuple[Format, ...] = ("md", "html")
FRAMED: tuple[Format, ...] = ("tmx", "csv")


def check_out(out: Path, format: Format, sources: Sequence[str], *, fresh: bool, overwrite: bool) -> None:
    """Raises OutputError if `out` cannot be written, is or holds one of `sources`, or if it or what would lie beside it
    holds something else (`fresh`: no run of ours began it)."""
    if not out.parent.is_dir():
        raise OutputError(f"{out} cannot be written: there is no folder {out.parent}.")
    if out.exists() and out.is_dir() != (format in FOLDERS):
        what = "is a folder" if out.is_dir() else "is a file"
        raise OutputError(f"{out} {what}; the format {format} needs {'a folder' if format in FOLDERS else 'a file'}.")
    for file in (out, *RunFiles(out).files):
        if is_input(file, sources):
            raise OutputError(f"{file} would be read and written at once. Give another output with -o.")
    if out.is_dir() and any(is_input(Path(source), [out]) for source in sources):
        raise OutputError(f"What is read lies in {out}, which would be written. Give another output with -o.")
    held = [out] if out.exists() and (any(out.iterdir()) if out.is_dir() else out.stat().st_size > 0) else []
    held += [file for file in RunFiles(out).files if file.is_file() and not left_by_a_run(file)]
    if fresh and held and not overwrite:
        raise OutputError(
            f"{held[0]} exists and no run of presseschau began it (there is no journal beside it). Give another output "
            "with -o, or --overwrite to replace it."
        )


def open_sink(out: Path, format: Format) -> Sink:
    """Raises OutputError if it cannot be written."""
    if format in FRAMED:
        return Nowhere()
    return Folder(out, format) if format in FOLDERS else JsonLines(out)


def finish(journal: Journal, out: Path, format: Format) -> None:
    """What can only be written at the end. Raises OutputError."""
    if format in FOLDERS:
        write_index(journal, out, format)
    elif format in FRAMED:
        write_framed(_analyses(journal), out, format, advice=GO_ON)


def _analyses(journal: Journal) -> Iterator[Analysis]:
    for row in journal.rows():
        if row.record is not None:
            yield Analysis.model_validate_json(unpacked(row.record))
