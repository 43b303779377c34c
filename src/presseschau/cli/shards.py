"""`split` and `merge`: an archive in parts for several machines, and their outputs as one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from presseschau.cli.batch import ArchiveFormat, Out, OutFormat, Overwrite, Sources, check_sources, form_of
from presseschau.cli.exits import complain
from presseschau.cli.groups import ReadingOptions, grouped
from presseschau.cli.terminal import emit

if TYPE_CHECKING:
    from presseschau.archive.outputs import Format as OutputFormat


@grouped
def split(
    sources: Sources,
    reading: ReadingOptions,
    output: Annotated[Path, typer.Option("--output", "-o", help="A new folder for the parts.")],
    shards: Annotated[int, typer.Option(min=1, max=10_000, help="How many parts.")],
) -> None:
    """Deal an archive out into parts: each article once, to be analysed anywhere with `batch` and put together with
    `merge`. Prints the files."""
    from presseschau.archive.run import Input
    from presseschau.archive.shards import split

    read = Input(reading.read_options(), repair=not reading.no_repair, lang_check=reading.german_only)
    dealt = split(check_sources(sources), output, shards, read)
    for path in dealt.shards:
        emit(path)
    complain(
        f"{dealt.articles:,} articles in {len(dealt.shards)} parts; {dealt.duplicates:,} exact duplicates and "
        f"{dealt.skipped:,} items without an article are settled."
    )
    raise typer.Exit(0 if dealt.articles else 1)


def merge(
    parts: Annotated[Path, typer.Argument(help="The folder that `split` made.")],
    results: Annotated[list[Path], typer.Argument(help="The outputs of `batch`, each named like its part.")],
    output: Out = None,
    format: OutFormat = None,
    overwrite: Overwrite = False,
) -> None:
    """Put the outputs of all parts together: what one run over the whole would have written, in input order."""
    from presseschau.archive.shards import merge

    if output is None:
        raise typer.BadParameter("name the output: -o FILE.")
    form = form_of(output, format)
    if form is ArchiveFormat.db:
        raise typer.BadParameter("merge into .jsonl, then `presseschau import` that into an archive.")
    report = merge(parts, results, output, cast("OutputFormat", form.value), overwrite=overwrite)
    complain(
        f"{report.usable:,} articles in {output}; {report.counts['duplicate']:,} exact and {report.near:,} near "
        f"duplicates, {report.counts['failed']:,} failed, {report.counts['skipped']:,} skipped."
    )
    raise typer.Exit(1 if not report.usable else 3 if report.counts["failed"] or report.unread else 0)
