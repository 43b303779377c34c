"""`render`: a stored result or note in another form, without a model."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from presseschau.cli.options import Format, Output

_Known = TypeVar("_Known", bound=StrEnum)


class Form(StrEnum):
    md = "md"
    json = "json"
    html = "html"
    docx = "docx"
    csv = "csv"
    jsonl = "jsonl"
    jsonld = "jsonld"
    tmx = "tmx"


AsForm = Annotated[
    Form | None,
    typer.Option(
        "--format",
        "-f",
        help="Format; docx is for notes; csv, jsonl and jsonld hold claims and tmx sentence pairs of a result.",
        show_default="md",
    ),
]


def render(
    result: Annotated[
        Path, typer.Argument(help="What `article --json` printed, or a note: .json or .html; - for standard input.")
    ],
    output: Output = None,
    format: AsForm = None,
) -> None:
    """Show a stored result or note again, as Markdown, HTML, JSON or, for a note, a Word file. Asks no model."""
    from presseschau.cli.note_file import NoteFormat, is_note, note_destination, put_note, read_note
    from presseschau.cli.printing import destination, put
    from presseschau.cli.result import read_bytes, read_result
    from presseschau.cli.reviewed import reviewed

    text = read_bytes(result)
    if is_note(text):
        put_note(read_note(result, text), note_destination(output, _one_of(NoteFormat, format, "note")))
    else:
        where = destination(output, _one_of(Format, format, "result"))
        put(reviewed(read_result(result, text), result), where)


def _one_of(known: type[_Known], wanted: Form | None, kind: str) -> _Known | None:
    if wanted is None or wanted.value in set(known):
        return known(wanted.value) if wanted else None
    raise typer.BadParameter(f"a {kind} has no {wanted.value}; it can be {', '.join(known)}.")
