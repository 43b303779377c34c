"""`verify`: results and sentence pairs checked again, without a model."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presseschau.cli.emit import emit
from presseschau.cli.options import English, EnglishStyle, GlossaryFile

if TYPE_CHECKING:
    from presseschau.checks import Glossary
    from presseschau.models import Finding

ERRORS_FOUND = 6


def verify(
    results: Annotated[
        list[Path] | None, typer.Argument(help="What `article --json` or `batch` wrote, or notes: .json or .html.")
    ] = None,
    pairs: Annotated[Path | None, typer.Option(help='Sentence pairs: JSONL {"id","de","en"}, TSV or TMX.')] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
    glossary: GlossaryFile = None,
    english: EnglishStyle = English.british,
) -> None:
    """Check English against its German, without a model. Prints one JSON row a result or pair; exit 6 for errors.

    What a person decided in a review is checked too; its findings are notes.
    """
    if bool(results) == bool(pairs):
        raise typer.BadParameter("give results, or --pairs FILE.")
    from presseschau.cli.glossary import glossary_choice
    from presseschau.errors import InputError

    severities: Counter[str] = Counter()
    rows = 0
    terms = glossary_choice(glossary, english.value)
    for name, findings in _pairs(pairs, terms) if pairs else _results(results or [], terms):
        rows += 1
        severities.update(finding.severity for finding in findings)
        emit(json.dumps({"id": name, "findings": [f.model_dump() for f in findings]}, ensure_ascii=False))
    if not rows:
        raise InputError(f"{pairs} holds no pair, so nothing was checked.")
    print(
        f"{rows} checked: {severities['error']} errors, {severities['warning']} warnings, {severities['info']} notes.",
        file=sys.stderr,
    )
    raise typer.Exit(ERRORS_FOUND if severities["error"] or (strict and severities["warning"]) else 0)


def _results(paths: Iterable[Path], glossary: Glossary) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    from presseschau.cli.note_file import is_note
    from presseschau.cli.result import read_bytes, read_results
    from presseschau.cli.reviewed import reviewed
    from presseschau.parts.recheck import recheck

    for path in paths:
        text = None if path.suffix == ".jsonl" else read_bytes(path)
        if text is not None and is_note(text):
            yield str(path), _note(path, text)
            continue
        for analysis in read_results(path, text):
            yield analysis.article.id, recheck(reviewed(analysis, path), glossary)


def _note(path: Path, text: bytes) -> tuple[Finding, ...]:
    from presseschau.briefing.verify import verify as findings_of
    from presseschau.cli.note_file import page_differs, read_note
    from presseschau.models import Finding

    note = read_note(path, text)
    changed = Finding(code="note.tampered", severity="error", message="The page is not the one that its note gives.")
    return (*findings_of(note), *([changed] if page_differs(note, text) else []))


def _pairs(path: Path, glossary: Glossary) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    from presseschau.checks import UnreadableError, read_pairs, verify_pairs
    from presseschau.errors import InputError

    try:
        yield from verify_pairs(read_pairs(path), glossary)
    except UnreadableError as error:
        raise InputError(str(error)) from None
