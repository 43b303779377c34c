"""A stored note: read as strictly as a model's answer, from JSON or from its page; written in any of its forms."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import typer
from pydantic import ValidationError

from presseschau.cli.emit import emit
from presseschau.cli.printing import check_writable
from presseschau.cli.result import check_schema, other_schema
from presseschau.errors import ConfigurationError, InputError
from presseschau.notes import NOTE_SCHEMA, Note
from presseschau.storage.files import write_file

_HEAD = 4096
_MAKERS = {"json": "note_json", "md": "note_markdown", "html": "note_page", "docx": "note_docx"}


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


def note_destination(output: Path | None, wanted: NoteFormat | None) -> NoteDestination:
    """Checked before anything is paid for. Raises OutputError if the file cannot be written, ConfigurationError if what
    makes it is not installed."""
    if wanted is None:
        known = {**{form.value: form for form in NoteFormat}, "htm": NoteFormat.html, "markdown": NoteFormat.md}
        suffix = output.suffix.lstrip(".").lower() if output else "md"
        if suffix not in known:
            raise typer.BadParameter(f"The ending of {output} is none of .{', .'.join(NoteFormat)}; say --format.")
        wanted = known[suffix]
    if wanted is NoteFormat.docx:
        if output is None:
            raise typer.BadParameter("a Word file does not go to the terminal: say -o FILE.docx.")
        if find_spec("docx") is None:
            raise ConfigurationError("Word files need python-docx: pip install 'presseschau[docx]'.")
    if output:
        check_writable(output)
    return NoteDestination(wanted, output)


def put_note(note: Note, where: NoteDestination) -> None:
    """Print the note, or write it in one step."""
    content = written(note, where.format)
    if where.path is not None:
        write_file(where.path, content)
    elif isinstance(content, str):
        emit(content, end="")


def written(note: Note, form: NoteFormat) -> str | bytes:
    """The note in one of its forms, every line ended."""
    name = _MAKERS[form.value]
    made: str | bytes = getattr(import_module(f"presseschau.output.{name}"), name)(note)
    return made


def is_note(text: bytes) -> bool:
    """Is this the JSON of a note, or a page with a note in it?"""
    return b'"presseschau/note/' in text[:_HEAD] or _is_page(text)


def read_note(path: Path, text: bytes) -> Note:
    """The note in `text`, JSON or its page. Raises InputError if there is none."""
    from presseschau.output.note_page import note_in_page

    try:
        note = note_in_page(text.decode()) if _is_page(text) else Note.model_validate_json(text)
    except ValidationError as error:
        check_schema(text, path, NOTE_SCHEMA)
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InputError(
            f"{path} is not a note of presseschau ({where}: {first['msg']}). Give what `brief` wrote as .json or .html."
        ) from None
    except ValueError as error:
        raise InputError(f"{path} is not a note of presseschau: {error}. Give what `brief` wrote.") from None
    if note.schema_ != NOTE_SCHEMA:
        raise other_schema(path, note.schema_, NOTE_SCHEMA)
    return note


def stored_note(path: Path) -> Note:
    """The note in a file. Raises InputError if there is none."""
    try:
        return read_note(path, path.read_bytes())
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None


def page_differs(note: Note, text: bytes) -> bool:
    """Is `text` the page of a note, and not the one that this note gives?"""
    from presseschau.output.note_page import note_page

    return _is_page(text) and note_page(note).encode() != text


def _is_page(text: bytes) -> bool:
    return text.lstrip()[:1] == b"<" and b'id="note"' in text
