"""Where a result goes, in which format, and what the program returns for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from presseschau.cli.exits import complain
from presseschau.cli.options import Format
from presseschau.cli.replacing import check_output
from presseschau.cli.terminal import emit
from presseschau.models import Analysis
from presseschau.storage.files import write_file

if TYPE_CHECKING:
    from presseschau.analysis import Task

_MADE_BY: dict[str, Task] = {"csv": "claims", "jsonl": "claims", "tmx": "translate"}
_Form = TypeVar("_Form", bound=StrEnum)


@dataclass(frozen=True)
class Destination:
    """A format and a file; `path` None is stdout."""

    format: Format
    path: Path | None


def destination(
    output: Path | None, wanted: Format | None, *, inputs: Iterable[str | Path | None], force: bool
) -> Destination:
    """Checked before anything is paid for; raises what `check_output` raises."""
    suffix = output.suffix.lstrip(".").lower() if output else ""
    if wanted is None:
        known = {**{format.value: format for format in Format}, "htm": Format.html, "markdown": Format.md}
        if output and suffix not in known:
            raise typer.BadParameter(f"The ending of {output} is none of .{', .'.join(Format)}; say --format.")
        wanted = known.get(suffix, Format.md)
    if output:
        check_output(output, inputs, force=force)
    return Destination(wanted, output)


def form_of(forms: type[_Form], wanted: _Form | None, *, json: bool) -> _Form | None:
    """The format that `--json` or `--format` names. Raises BadParameter if they name two."""
    if json and wanted not in (None, "json"):
        raise typer.BadParameter(f"--json and --format {wanted} exclude each other.")
    return forms("json") if json else wanted


def check_held(form: str, tasks: Collection[Task]) -> None:
    """Raises BadParameter if what makes all that the format holds is not among the tasks."""
    makes = _MADE_BY.get(form)
    if makes is not None and makes not in tasks:
        raise typer.BadParameter(
            f"{form} holds only what {makes!r} makes; it was not asked for. Choose another format."
        )


def put(analysis: Analysis, where: Destination) -> None:
    """Print the analysis or write it in one step, so that no half file is ever seen."""
    from presseschau.results import render

    text = render(analysis, where.format.value)
    if where.path is None:
        emit(text, end="")
    else:
        write_file(where.path, text)


def say_failures(analysis: Analysis) -> None:
    """One line on stderr for each part that is missing, and why: a page in a file says it to nobody who looks here."""
    for finding in analysis.findings:
        if finding.code == "task.failed":
            complain(finding.message)


def exit_code(analysis: Analysis, tasks: Collection[Task]) -> int:
    """0 all parts are there; 3 some; for none the failure's own code (75 provider down) or 1."""
    failures = [finding for finding in analysis.findings if finding.code == "task.failed"]
    if not failures:
        return 0
    if any(part is not None for part in (analysis.translation, analysis.summary, analysis.claims)):
        return 3
    classes = {failure.failure for failure in failures}
    return {"provider-down": 75, "budget": 5}.get(next(iter(classes)) or "", 1) if len(classes) == 1 else 1
