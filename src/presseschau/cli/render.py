"""`render`: a stored result, an archive of them, or a note in another form, without a model."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from presseschau.cli.options import Force, Format, NoteFormat, OneArticle, Output, Template

if TYPE_CHECKING:
    from presseschau.models import Analysis

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
    xliff = "xliff"
    txt = "txt"
    docx_english = "docx-english"


AsForm = Annotated[
    Form | None,
    typer.Option(
        "--format",
        "-f",
        help="Format; of a result docx is a table of both languages, docx-english has footnotes; csv, jsonl and jsonld "
        "hold claims, tmx and xliff sentence pairs.",
        show_default="md",
    ),
]


def render(
    result: Annotated[
        Path,
        typer.Argument(help="What `article --json` or `batch` wrote, or a note: .json or .html; - for standard input."),
    ],
    output: Output = None,
    force: Force = False,
    format: AsForm = None,
    article: OneArticle = None,
    template: Template = None,
    version: Annotated[
        int | None,
        typer.Option("--version", min=1, help="An earlier version of the --article of an archive that `watch` fills."),
    ] = None,
) -> None:
    """Show a stored result or note again, as Markdown, HTML, plain text, JSON or a Word file. Asks no model.

    All articles of an archive: -o FOLDER -f html (or md, txt, docx, json) for a file each; -o FILE for csv, jsonl or
    tmx.
    """
    from presseschau.archives import read_version
    from presseschau.cli.destination import destination, note_destination, write_note, write_result
    from presseschau.library.schema import is_archive
    from presseschau.notes import Note
    from presseschau.results import read_stored, review_path
    from presseschau.stored import files_below, schema_of

    if version is None:
        stored = read_stored(result, article=article, reviewed=True)
    elif article is None or not is_archive(result):
        raise typer.BadParameter("--version goes with an archive and --article.")
    else:
        stored = iter([read_version(result, article, version)])
    files = [file for file in files_below(result) if schema_of(file)] if result.is_dir() else [result]
    inputs = [*files, *map(review_path, files), template]
    if isinstance(stored, Note):
        if article:
            raise typer.BadParameter("a note is rendered as a whole: leave --article out.")
        as_note = _one_of(NoteFormat, format, "note")
        write_note(stored, note_destination(output, as_note, inputs=inputs, force=force), template)
    else:
        wanted = _one_of(Format, format, "result")
        first, second = next(stored), next(stored, None)
        if second is None:
            write_result(first, destination(output, wanted, inputs=inputs, force=force), template)
        else:
            _put_all(chain([first, second], stored), output, wanted, inputs, force=force)


def _put_all(
    analyses: Iterator[Analysis], output: Path | None, wanted: Format | None, inputs: list[Path | None], *, force: bool
) -> None:
    """One file of all of them where the format has one, else a file each in a folder."""
    from presseschau.archive.outputs import FOLDERS, file_name
    from presseschau.cli.destination import check_output, destination
    from presseschau.output import ending
    from presseschau.results import write_all

    def checked(out: Path, form: Format) -> Iterator[Analysis]:
        if out.is_dir() and form.value in FOLDERS:
            check_output(out / f"index.{form.value}", inputs, force=force)
        for position, analysis in enumerate(analyses):
            check_output(out / file_name(position, analysis.article.id, form.value), inputs, force=force)
            yield analysis

    whole = (Format.csv, Format.tmx, Format.xliff, Format.jsonl)
    named = ending(output) if output else ""
    to_folder = wanted is not None and wanted not in whole and named not in {*Form}
    if output is None or not (to_folder or (wanted or named) in whole):
        raise typer.BadParameter(
            "there are several articles: name one with --article, or use -o FOLDER -f html (or md, json, jsonld), or "
            "-o FILE.csv (or .jsonl, .tmx)."
        )
    form = wanted or Format(named)
    if to_folder:
        write_all(checked(output, form), output, form.value)
    else:
        destination(output, form, inputs=inputs, force=force)
        write_all(analyses, output, form.value)


def _one_of(known: type[_Known], wanted: Form | None, kind: str) -> _Known | None:
    if wanted is None or wanted.value in set(known):
        return known(wanted.value) if wanted else None
    raise typer.BadParameter(f"a {kind} has no {wanted.value}; it can be {', '.join(known)}.")
