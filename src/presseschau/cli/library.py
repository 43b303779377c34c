"""`import`, `export`, `index`, `terms`: an archive file filled, read, and looked over."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from presseschau.cli.options import AsJson, Force, OneArticle, Quiet

_LINE_EVERY = 10.0
"""Seconds between two lines about how far it is."""

ArchiveFile = Annotated[Path, typer.Argument(help="The archive: a file that ends in .db.", show_default=False)]


class ExportFormat(StrEnum):
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    tmx = "tmx"
    xliff = "xliff"
    datasette = "datasette"


class Table(StrEnum):
    sentences = "sentences"
    claims = "claims"
    articles = "articles"
    findings = "findings"


def import_(
    archive: ArchiveFile,
    sources: Annotated[
        list[Path],
        typer.Argument(
            help="Results (.jsonl, .json, packed or in folders, or another archive; - for stdin), or what a translator "
            "edited: .xlf, .tmx, .csv, .tsv."
        ),
    ],
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="NAME", envvar="PRESSESCHAU_REVIEWER", help="Who edited: kept and shown."),
    ] = None,
) -> None:
    """Put stored results, and what was decided about them, into an archive. It is made if there is none.

    Pairs that come back from a translator are decisions: a sentence whose English was changed wins from then on. These
    are also taken into a .jsonl or .json file; its decisions lie beside it.
    """
    from presseschau.archives import import_edits, import_results
    from presseschau.checks.files.pairs import SUFFIXES
    from presseschau.cli.destination import check_no_input
    from presseschau.cli.exits import complain

    check_no_input(archive, sources)
    pairs = [source for source in sources if SUFFIXES.get(source.suffix.lower(), "jsonl") != "jsonl"]
    for file in pairs:
        made, strange = import_edits(archive, file, by=by)
        unknown = f"; the German of {strange:,} is in no article of the archive" if strange else ""
        complain(f"{file}: {made:,} sentence{'s' * (made != 1)} edited{unknown}.")
    sources = [source for source in sources if source not in pairs]
    if not sources:
        return
    check_archive(archive)
    done = import_results(archive, sources)
    complain(f"{done['new']:,} new, {done['replaced']:,} replaced, {done['known']:,} known.")


def export(
    archive: ArchiveFile,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file; its extension decides the format.")],
    format: Annotated[
        ExportFormat | None,
        typer.Option(
            "--format",
            "-f",
            help="Results (jsonl), a table (csv, parquet), sentence pairs (tmx, xliff), metadata for datasette.",
        ),
    ] = None,
    table: Annotated[Table, typer.Option(help="Which table, for csv and parquet.")] = Table.sentences,
    article: OneArticle = None,
    as_stored: Annotated[bool, typer.Option("--as-stored", help="Without what people decided.")] = False,
    force: Force = False,
) -> None:
    """Write an archive, or one article of it, as a file for other programs."""
    from presseschau.archives import export as write
    from presseschau.cli.destination import check_output
    from presseschau.output import ending

    check_archive(archive)
    named = ending(output)
    known = [form.value for form in ExportFormat if form is not ExportFormat.datasette]
    if format is None and named not in known:
        raise typer.BadParameter(
            f"{output} must end in one of .{', .'.join(known)}; or use --format. For Word or "
            f"HTML, of one article: presseschau render {archive} --article ID -o {output}"
        )
    check_output(output, [archive], force=force)
    form = format or ExportFormat(named)
    if table is not Table.sentences and form not in (ExportFormat.csv, ExportFormat.parquet):
        raise typer.BadParameter(f"--table {table} goes with csv and parquet: {form} has no tables.")
    write(archive, output, form.value, table=table.value, article=article, reviewed=not as_stored)


def index(archive: ArchiveFile, quiet: Quiet = False) -> None:
    """Make the vectors that `search --semantic` needs (extra: semantic), as far as they are missing.

    Stop it in any way and run the same command again: it continues.
    """
    from time import monotonic

    from presseschau.archives import index as indexed
    from presseschau.cli.exits import complain
    from presseschau.library.schema import opened_to_read

    check_archive(archive)
    opened_to_read(archive).close()  # it is not made
    said = monotonic()

    def show(done: int, wanted: int) -> None:
        nonlocal said
        if not quiet and monotonic() - said >= _LINE_EVERY:
            said = monotonic()
            complain(f"{done:,} of {wanted:,} articles")

    complain(f"{indexed(archive, on_progress=show):,} articles indexed.")


def terms(
    archive: ArchiveFile,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a glossary (.csv) to look through and use.")
    ] = None,
    outlet: Annotated[str | None, typer.Option(help="Of outlets whose name has this in it.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Published on this day or later.")
    ] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="On this day or before.")] = None,
    articles: Annotated[int, typer.Option(min=1, help="The newest so many articles.")] = 5000,
    least: Annotated[int, typer.Option(min=1, help="In at least so many sentences.")] = 2,
    limit: Annotated[int, typer.Option(min=1, help="Terms at the most.")] = 100,
    json: AsJson = False,
    force: Force = False,
) -> None:
    """List names, offices and compound terms of an archive with their English; those with two renderings come first."""
    from presseschau.archives import terms as terms_of
    from presseschau.archives import write_glossary
    from presseschau.cli.destination import check_output
    from presseschau.cli.exits import complain
    from presseschau.cli.terminal import emit, tell
    from presseschau.library.search import Question

    check_archive(archive)
    if output:
        check_output(output, [archive], force=force)
    asked = Question(
        outlet=outlet, since=f"{since:%Y-%m-%d}" if since else None, until=f"{until:%Y-%m-%d}" if until else None
    )
    found = terms_of(archive, asked, articles=articles, least=least)
    if output:
        write_glossary(found[:limit], output)
        complain(f"{min(limit, len(found)):,} terms. What they became most often is the target: look through it.")
    elif json:
        from dataclasses import asdict
        from json import dumps

        emit(
            dumps(
                [{**asdict(one), "in_two_ways": one.in_two_ways} for one in found[:limit]], ensure_ascii=False, indent=2
            )
        )
    else:
        for one in found[:limit]:
            told = ", ".join(f"{rendering.english} ({rendering.count})" for rendering in one.renderings)
            tell(f"{'!' if one.in_two_ways else ' '} {one.kind:6}  {one.german} ({one.count}): {told}")
        twice = sum(one.in_two_ways for one in found)
        few = "" if found else f" None stands in {least} sentences (--least)."
        complain(f"{len(found):,} terms, {twice:,} of them rendered in two ways (!).{few}")


def check_archive(path: Path) -> None:
    """Raises BadParameter if the file is not named as an archive."""
    from presseschau.library.schema import SUFFIXES, is_archive

    if not is_archive(path):
        raise typer.BadParameter(f"{path} is no archive: its name must end in {' or '.join(SUFFIXES)}.")
