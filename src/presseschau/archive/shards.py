"""An archive in parts that need nothing from each other, and their outputs as one: `split`, `batch` each, `merge`.

`split` reads every item as a run would, settles exact duplicates and what cannot be read, and deals the articles out;
its journal has a row for each item. `merge` puts the rows that the runs over the parts have made in the places of
theirs, and writes from that journal what one run would have written, near duplicates among all of them included.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from presseschau.archive.journal import Journal, Row, unpacked
from presseschau.archive.outputs import Format, check_out, finish, open_sink
from presseschau.archive.progress import Spent
from presseschau.archive.reader import article_or_row, digests, duplicate_row, skipped_row
from presseschau.archive.report import (
    Report,
    RunFiles,
    parts_of_failed,
    tally,
    write_duplicates,
    write_failures,
    write_manifest,
)
from presseschau.archive.run import Input
from presseschau.errors import ConfigurationError, OutputError
from presseschau.ingest.ahead import require_extras
from presseschau.ingest.document import Skipped
from presseschau.ingest.formats.json import line_of
from presseschau.ingest.reading import read_document
from presseschau.ingest.sources import iter_documents
from presseschau.storage.files import cannot_write

_JOURNAL = "split.journal"
_SETTINGS = {"split": 1}
_TOGETHER = 500
"""Rows in a commit."""


@dataclass(frozen=True)
class SplitResult:
    """What `split` made: the files, and how many articles are in them; the items that have none."""

    shards: tuple[Path, ...]
    articles: int
    duplicates: int
    skipped: int


def split(sources: Sequence[str | Path], folder: Path, count: int, read: Input | None = None) -> SplitResult:
    """The articles of `sources`, each once, dealt out to `count` files shard-1.jsonl ... in a new folder.

    Raises OutputError if the folder holds anything or cannot be written.
    """
    read = read or Input()
    named = [str(source) for source in sources]
    require_extras(named)
    reading = partial(read_document, repair=read.repair, lang_check=read.lang_check)
    paths = _shards(folder, count)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise OutputError(f"{folder} is not empty: name a new folder with -o.")
        with ExitStack() as stack:
            journal = stack.enter_context(Journal(folder / _JOURNAL, _SETTINGS))
            files = [stack.enter_context(path.open("x", encoding="utf-8")) for path in paths]
            rows: list[Row] = []
            articles, position = 0, -1
            new: dict[str, str] = {}  # article id -> source, of those that are not in the journal yet
            for position, item in enumerate(iter_documents(named, options=read.options)):
                digest = digests(item)[0]
                found = (
                    skipped_row(position, digest, item)
                    if isinstance(item, Skipped)
                    else article_or_row(position, digest, item, reading)
                )
                if not isinstance(found, Row):
                    original = new.get(found.id) or journal.original(found.id, position)
                    if original is not None:
                        found = duplicate_row(position, digest, item.source, found, original)
                    else:
                        new[found.id] = item.source
                        files[articles % count].write(line_of(found, item.source))
                        articles += 1
                        found = Row(position, item.source, digest, "done", found.id)
                rows.append(found)
                if len(rows) == _TOGETHER:
                    journal.commit(rows)
                    rows.clear()
                    new.clear()
            journal.commit(rows, shards=count, items=position + 1, sources=named)
            counts = tally(journal)[0]
    except OSError as error:
        raise cannot_write(folder, error) from None
    return SplitResult(paths, articles, counts["duplicate"], counts["skipped"] + counts["failed"])


def merge(
    folder: Path, outputs: Sequence[Path], out: Path, format: Format = "jsonl", *, overwrite: bool = False
) -> Report:
    """One output of the runs over all shards in `folder`, as one run over its sources would have written it.

    `outputs` are those of the runs, in any order; each is named like its shard, whatever its folder and extension.
    Raises ConfigurationError if one is missing, not complete, of other settings, or not of its shard, and OutputError
    if nothing can be written.
    """
    if not (folder / _JOURNAL).exists():
        raise ConfigurationError(f"{folder} was not made by `presseschau split`.")
    paths = RunFiles(out)
    with ExitStack() as stack:
        dealt = stack.enter_context(Journal(folder / _JOURNAL, _SETTINGS))
        count, items, sources = (dealt.fact(name) for name in ("shards", "items", "sources"))
        if items is None:
            raise ConfigurationError(f"{folder} is not complete: `presseschau split` was interrupted. Do it again.")
        check_out(paths, format, sources, fresh=not paths.journal.exists(), overwrite=overwrite)
        runs = [_Run(path, outputs, stack) for path in _shards(folder, count)]
        for run in runs:
            if run.settings != runs[0].settings:
                raise ConfigurationError(f"{run.out} was made with other settings than {runs[0].out}.")
        paths.make_folder()
        merged = stack.enter_context(Journal(paths.journal, runs[0].settings, overwrite=overwrite))
        merged.write_as(format)
        _write(merged, _merged(dealt, runs), out, format)
        merged.commit(written=items, spent=sum((run.spent for run in runs), Spent()).stored())
        return _reported(merged, runs, paths, sources, format)


class _Run:
    """The journal of a run over a shard, read from the beginning."""

    def __init__(self, shard: Path, outputs: Sequence[Path], stack: ExitStack) -> None:
        named = [path for path in outputs if path.name.removesuffix(path.suffix) == shard.stem]
        if len(named) != 1:
            raise ConfigurationError(
                f"{'No' if not named else 'More than one'} output is named {shard.stem}: give one for each shard."
            )
        self.out = named[0]
        files = RunFiles(self.out)
        if not files.journal.exists():
            raise ConfigurationError(f"There is no journal of a run beside {self.out}: give what `batch` wrote.")
        self.manifest: dict[str, Any] = {}
        with suppress(OSError, ValueError):
            self.manifest = json.loads(files.manifest.read_text(encoding="utf-8"))
        self._journal = stack.enter_context(Journal(files.journal, _settings_of(files.journal)))
        self.settings: dict[str, Any] = self._journal.fact("settings")
        self.spent = Spent.read(self._journal.fact("spent"))
        self._rows = self._journal.rows()

    def next(self, dealt: Row) -> Row:
        """The row for an article of the shard, in the place that it has in the whole."""
        row = next(self._rows, None)
        if row is None:
            raise ConfigurationError(f"{self.out} is not complete: run `batch` over its shard again, then merge.")
        if row.article != dealt.article and row.state != "failed":
            raise ConfigurationError(
                f"{self.out} is not of its shard: {row.source} stands where {dealt.source} should."
            )
        return replace(row, position=dealt.position, source=dealt.source, digest=dealt.digest)


def _settings_of(journal: Path) -> dict[str, Any]:
    """As the journal has them, so that it can be opened whatever they are."""
    import sqlite3
    from contextlib import closing

    try:
        with closing(sqlite3.connect(f"{journal.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            row = opened.execute("SELECT value FROM facts WHERE name = 'settings'").fetchone()
            return dict(json.loads(row[0])) if row else {}
    except (sqlite3.DatabaseError, ValueError):
        return {}


def _merged(dealt: Journal, runs: Sequence[_Run]) -> Iterator[Row]:
    articles = 0
    for row in dealt.rows():
        if row.state == "done":
            yield runs[articles % len(runs)].next(row)
            articles += 1
        else:
            yield row


def _write(journal: Journal, rows: Iterator[Row], out: Path, format: Format) -> None:
    sink = open_sink(out, format)
    try:
        sink.rewind(0, 0)
        while some := list(islice(rows, _TOGETHER)):
            journal.commit(some)
            for row in some:
                if row.record is not None:
                    sink.write(row.position, unpacked(row.record))
        sink.sync()
    finally:
        sink.close()


def _reported(
    journal: Journal, runs: Sequence[_Run], paths: RunFiles, sources: Sequence[str], format: Format
) -> Report:
    write_failures(journal, paths.failed)
    near = write_duplicates(journal, paths.duplicates)
    journal.commit(near=near)
    finish(journal, paths.out, format)
    counts, failed, skipped = tally(journal)
    partly, parts = parts_of_failed(journal)
    spent = sum((run.spent for run in runs), Spent())
    report = Report(
        complete=True, ended="complete", counts=counts, failed=failed, skipped=skipped, spent=spent, price=None,
        near=near, paths=paths, partly=partly, parts=parts,
    )  # fmt: skip
    write_manifest(
        report, paths.manifest, sources=sources, settings=runs[0].settings,
        model=str(runs[0].manifest.get("model", "")), format=format,
    )  # fmt: skip
    return report


def _shards(folder: Path, count: int) -> tuple[Path, ...]:
    width = len(str(count))
    return tuple(folder / f"shard-{number:0{width}}.jsonl" for number in range(1, count + 1))
