"""Where a result or a note goes, in which format, what may be replaced there, and what the program returns for it.

An output replaces never an input, and without --force only what presseschau made.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeVar

import typer

from presseschau.cli.exits import complain
from presseschau.cli.options import Format, NoteFormat
from presseschau.cli.terminal import emit
from presseschau.errors import ConfigurationError, InputError, OutputError
from presseschau.models import Analysis
from presseschau.output import ending
from presseschau.results import read_results, render, write
from presseschau.storage.files import write_file

if TYPE_CHECKING:
    from presseschau.analysis import Task
    from presseschau.notes import Note


def check_output(
    path: Path, inputs: Iterable[str | Path | None], *, force: bool, ours: Callable[[BinaryIO], bool] | None = None
) -> None:
    """Checked before anything is paid for: may `path` be written?

    Raises BadParameter if it is one of `inputs` (files, folders that are read, `-`, addresses, or None), and if it
    exists, holds something that is not `ours` (None: a result of any command) and `force` is not said. Raises
    OutputError if it cannot be written.
    """
    _check_writable(path)
    check_no_input(path, inputs)
    if path.exists() and not force and not _may_go(path, ours):
        raise typer.BadParameter(
            f"{path} exists, and presseschau did not make it. Choose another file, or --force to replace it."
        )


def check_no_input(path: Path, inputs: Iterable[str | Path | None]) -> None:
    """Raises BadParameter if `path` is one of `inputs`, under whatever name, or read with a folder that is one."""
    from presseschau.ingest.sources import is_input

    if is_input(path, [source for source in inputs if source is not None]):
        raise typer.BadParameter(f"{path} is read by this command and is never replaced. Choose another file.")


def _check_writable(path: Path) -> None:
    folder = path.parent
    if path.is_dir():
        raise OutputError(f"{path} cannot be written: it is a folder.")
    if path.exists() and not path.is_file():
        raise OutputError(f"{path} cannot be written: it is not a regular file. For standard output, leave it out.")
    if not folder.is_dir():
        raise OutputError(f"{path} cannot be written: there is no folder {folder}.")
    if not os.access(folder, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise OutputError(f"{path} cannot be written: no permission.")


def _may_go(path: Path, ours: Callable[[BinaryIO], bool] | None) -> bool:
    """Is there nothing in the file, or something of ours?"""
    from presseschau.output.schemas import made_here

    try:
        with path.open("rb") as file:
            return not path.stat().st_size or (ours or made_here)(file)
    except OSError:
        return False


_MADE_BY: dict[str, Task] = {"csv": "claims", "jsonl": "claims", "tmx": "translate", "xliff": "translate"}
_Form = TypeVar("_Form", bound=StrEnum)


class Destination(NamedTuple):
    """A format and a file; `path` None is stdout."""

    format: Format
    path: Path | None


def destination(
    output: Path | None, wanted: Format | None, *, inputs: Iterable[str | Path | None], force: bool
) -> Destination:
    """Checked before anything is paid for; raises what `check_output` raises."""
    if wanted is None:
        named = ending(output) if output else Format.md.value
        if named not in {*Format}:
            raise typer.BadParameter(f"{output} must end in one of .{', .'.join(Format)}; or use --format.")
        wanted = Format(named)
    if wanted in (Format.docx, Format.docx_english):
        _check_word(output)
    if output:
        check_output(output, inputs, force=force)
    return Destination(wanted, output)


def _check_word(output: Path | None) -> None:
    """Raises BadParameter where a Word file cannot go, ConfigurationError if what makes it is not installed."""
    if output is None:
        raise typer.BadParameter("a Word file cannot go to the terminal: use -o FILE.docx.")
    if find_spec("docx") is None:
        raise ConfigurationError("Word files need python-docx: pip install 'presseschau[docx]'.")


def format_named(forms: type[_Form], wanted: _Form | None, *, json: bool) -> _Form | None:
    """The format that `--json` or `--format` names. Raises BadParameter if they name two."""
    if json and wanted not in (None, "json"):
        raise typer.BadParameter(f"--json and --format {wanted} cannot be used together.")
    return forms("json") if json else wanted


def check_held(form: str, tasks: Collection[Task]) -> None:
    """Raises BadParameter if what makes all that the format holds is not among the tasks."""
    makes = _MADE_BY.get(form)
    if makes is not None and makes not in tasks:
        raise typer.BadParameter(
            f"{form} holds only what {makes!r} makes; it was not asked for. Choose another format."
        )


def write_result(analysis: Analysis, where: Destination, template: Path | None = None) -> None:
    """Print the analysis or write it in one step, so that no half file is ever seen."""
    if where.path is None:
        emit(render(analysis, where.format.value), end="")
    else:
        write(analysis, where.path, where.format.value, template)


def replaces(analysis: Analysis, where: Destination) -> bool:
    """Is there something in the analysis, or nothing that it would take away? A run that made nothing leaves an earlier
    result where it is and says so; but JSON of another article is replaced, since programs read it for this one."""
    path = where.path
    made = any(part is not None for part in (analysis.translation, analysis.summary, analysis.claims))
    if made or path is None or not path.exists() or not path.stat().st_size:
        return True
    if where.format is Format.json and not _is_of(path, analysis.article.id):
        return True
    complain(f"{path} is left as it was: this run made nothing that could replace it.")
    return False


def _is_of(path: Path, article: str) -> bool:
    try:
        return [one.article.id for one in read_results(path)] == [article]
    except InputError:
        return False


def say_failures(analysis: Analysis) -> None:
    """A line on stderr for each reason for which parts are missing: a page in a file says it to nobody here."""
    reasons: dict[str, tuple[str, list[str]]] = {}
    for finding in analysis.findings:
        if finding.code == "task.failed":
            part, _, why = finding.message.partition(": ")
            kind = "budget" if finding.failure == "budget" else why  # what the next request needs differs
            reasons.setdefault(kind, (why, []))[1].append(part)
    for why, parts in reasons.values():
        complain(f"{', '.join(parts)}: {why}" if why else parts[0])


def exit_code(analysis: Analysis, tasks: Collection[Task]) -> int:
    """0 all parts are there; 3 some; for none the failure's own code (75 provider down) or 1."""
    failures = [finding for finding in analysis.findings if finding.code == "task.failed"]
    if not failures:
        return 0
    if any(part is not None for part in (analysis.translation, analysis.summary, analysis.claims)):
        return 3
    classes = {failure.failure for failure in failures}
    return {"provider-down": 75, "budget": 5}.get(next(iter(classes)) or "", 1) if len(classes) == 1 else 1


class NoteDestination(NamedTuple):
    """A format and a file; `path` None is stdout."""

    format: NoteFormat
    path: Path | None


def note_destination(
    output: Path | None, wanted: NoteFormat | None, *, inputs: Iterable[str | Path | None], force: bool
) -> NoteDestination:
    """Checked before anything is paid for. Raises what `check_output` raises, and ConfigurationError if what makes the
    file is not installed."""
    if wanted is None:
        named = ending(output) if output else NoteFormat.md.value
        if named not in {*NoteFormat}:
            raise typer.BadParameter(f"{output} must end in one of .{', .'.join(NoteFormat)}; or use --format.")
        wanted = NoteFormat(named)
    if wanted is NoteFormat.docx:
        _check_word(output)
    if output:
        check_output(output, inputs, force=force)
    return NoteDestination(wanted, output)


def write_note(note: Note, where: NoteDestination, template: Path | None = None) -> None:
    """Print the note, or write it in one step; as a Word file in the styles of a template, if one is given."""
    content = render(note, where.format.value, template)
    if where.path is not None:
        write_file(where.path, content)
    elif isinstance(content, str):
        emit(content, end="")
