"""Where a note goes, and in which format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

import typer

from presseschau.cli.replacing import check_output
from presseschau.cli.terminal import emit
from presseschau.errors import ConfigurationError
from presseschau.notes import Note
from presseschau.results import render
from presseschau.storage.files import write_file


class NoteFormat(StrEnum):
    md = "md"
    html = "html"
    docx = "docx"
    json = "json"


@dataclass(frozen=True)
class NoteDestination:
    """A format and a file; `path` None is stdout."""

    format: NoteFormat
    path: Path | None


def note_destination(
    output: Path | None, wanted: NoteFormat | None, *, inputs: Iterable[str | Path | None], force: bool
) -> NoteDestination:
    """Checked before anything is paid for. Raises what `check_output` raises, and ConfigurationError if what makes the
    file is not installed."""
    if wanted is None:
        known = {**{form.value: form for form in NoteFormat}, "htm": NoteFormat.html, "markdown": NoteFormat.md}
        suffix = output.suffix.lstrip(".").lower() if output else "md"
        if suffix not in known:
            raise typer.BadParameter(f"The ending of {output} is none of .{', .'.join(NoteFormat)}; say --format.")
        wanted = known[suffix]
    if wanted is NoteFormat.docx:
        if output is None:
            raise typer.BadParameter("a Word file cannot be written to the terminal: use -o FILE.docx.")
        if find_spec("docx") is None:
            raise ConfigurationError("Word files need python-docx: pip install 'presseschau[docx]'.")
    if output:
        check_output(output, inputs, force=force)
    return NoteDestination(wanted, output)


def put_note(note: Note, where: NoteDestination) -> None:
    """Print the note, or write it in one step."""
    content = render(note, where.format.value)
    if where.path is not None:
        write_file(where.path, content)
    elif isinstance(content, str):
        emit(content, end="")
