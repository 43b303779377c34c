"""The commands that need no model and write no file: `read`, `schema`, `verify`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presseschau.cli.groups import (
    CacheOptions,
    LimitOptions,
    ReaderOptions,
    ReadingOptions,
    encoder_of,
    grouped,
)
from presseschau.cli.options import AsJson, EnglishStyle, EnglishVariant, GlossaryFile, OneOfFile, Semantic, Source
from presseschau.cli.terminal import emit, tell

if TYPE_CHECKING:
    from presseschau.models import Finding


@grouped
def read(source: Source, reading: ReadingOptions, json: AsJson = False, article: OneOfFile = None) -> None:
    """Show an article as presseschau reads it: repaired, laid out, its sentences numbered. Asks no model."""
    from presseschau.ingest import read as read_one
    from presseschau.output.text import article_text

    found = read_one(
        source,
        options=reading.read_options(),
        repair=not reading.no_repair,
        lang_check=reading.german_only,
        article=article,
    )
    emit(found.model_dump_json(indent=2)) if json else tell(article_text(found))


class SchemaName(StrEnum):
    analysis = "analysis"
    article = "article"
    note = "note"
    comparison = "comparison"
    check = "check"


def schema(
    shape: Annotated[
        SchemaName, typer.Argument(help="What `article`, `read`, `brief`, `compare` or `model check` prints.")
    ] = SchemaName.analysis,
) -> None:
    """Print the JSON Schema of an Analysis (what `article --json` prints), an Article (`read --json`), a Note, a
    comparison or the figures of `model check`."""
    from json import dumps

    from presseschau.comparison import ResultComparison
    from presseschau.measuring.figures import ModelCheck
    from presseschau.models import Analysis, Article, Value
    from presseschau.notes import Note
    from presseschau.output.schemas import described

    models: dict[SchemaName, type[Value]] = {
        SchemaName.analysis: Analysis,
        SchemaName.article: Article,
        SchemaName.note: Note,
        SchemaName.comparison: ResultComparison,
        SchemaName.check: ModelCheck,
    }
    emit(dumps(described(models[shape].model_json_schema(mode="serialization")), indent=2))


ERRORS_FOUND = 6


@grouped
def verify(
    reader: ReaderOptions,
    money: LimitOptions,
    cache: CacheOptions,
    results: Annotated[
        list[Path] | None, typer.Argument(help="What `article --json` or `batch` wrote, or notes: .json, .html or .md.")
    ] = None,
    pairs: Annotated[
        Path | None, typer.Option(help='Sentence pairs: JSONL {"id","de","en"}, TSV, CSV or TMX; - for standard input.')
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
    semantic: Semantic = False,
    glossary: GlossaryFile = None,
    english: EnglishStyle = EnglishVariant.british,
) -> None:
    """Check English against its German, without a model. Prints a JSON row for each result or pair; exit 6 for
    errors.

    What a person decided in a review is checked too; its findings are notes. A second reader, if one is named, finds
    warnings.
    """
    if bool(results) == bool(pairs):
        raise typer.BadParameter("give results, or --pairs FILE.")
    from presseschau.errors import InputError
    from presseschau.results import check_pairs, read_glossary, verify_stored

    severities: Counter[str] = Counter()
    rows = 0
    terms = read_glossary(glossary, english=english.value)
    encoder = encoder_of(semantic)
    second, translator = reader.choice(), reader.translator()

    def say(name: str, findings: Sequence[Finding]) -> None:
        nonlocal rows
        rows += 1
        severities.update(finding.severity for finding in findings)
        emit(json.dumps({"id": name, "findings": [f.model_dump() for f in findings]}, ensure_ascii=False))

    if second or translator:
        from presseschau.cli.reading import check_with_readers

        check_with_readers(
            second, translator, cache.choice(), money.limits(reader), results, pairs, terms, encoder, say
        )
    else:
        stored = (verify_stored(result, terms, encoder) for result in results or ())
        for name, findings in check_pairs(pairs, terms, encoder) if pairs else chain.from_iterable(stored):
            say(name, findings)
    if not rows:
        raise InputError(f"{pairs} holds no pairs, so nothing was checked.")
    kinds = {"error": "error", "warning": "warning", "info": "note"}
    counted = [f"{severities[kind]} {word}{'s' * (severities[kind] != 1)}" for kind, word in kinds.items()]
    print(f"{rows} checked: {', '.join(counted)}.", file=sys.stderr)
    raise typer.Exit(ERRORS_FOUND if severities["error"] or (strict and severities["warning"]) else 0)
