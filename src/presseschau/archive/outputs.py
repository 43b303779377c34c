"""The forms that an archive's output can take.

JSONL and the folders of Markdown and HTML grow while the run goes on; TMX and CSV are files with a frame around them
and are made from the journal when it ends. Into an archive file a result goes before its row is in the journal, which
then does without: a kill between the two costs nothing, since the item is done again from the cache, and its result is
known to the byte.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import chain
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol, get_args

from presseschau.archive.journal import GO_ON, Journal, Row, State, unpacked
from presseschau.archive.progress import Spent
from presseschau.archive.report import RunFiles, left_by_a_run
from presseschau.errors import OutputError
from presseschau.ingest.sources import is_input
from presseschau.library.schema import SUFFIXES, is_archive
from presseschau.library.store import Archive, now
from presseschau.models import Analysis
from presseschau.output import rendered
from presseschau.output.sentence_pairs import FOOT, HEAD, xliff_file
from presseschau.output.tables import result_row, write_results
from presseschau.storage.files import cannot_write, replacing, write_file


class Sink(Protocol):
    """`rewind`: what follows this position (at this byte of all records) will be written again. `sync`: what was
    written is on the disk when it returns."""

    def rewind(self, position: int, offset: int) -> bool: ...
    def write(self, position: int, record: bytes) -> None: ...
    def sync(self) -> None: ...
    def close(self) -> None: ...


class JsonLines:
    """One record a line. Raises OutputError when it cannot be written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = path.open("r+b" if path.exists() else "x+b")
        except OSError as error:
            raise cannot_write(path, error, GO_ON) from None

    def rewind(self, position: int, offset: int) -> bool:
        """Cuts the file at `offset`. False if it is shorter: it was changed by someone else, begin at 0."""
        try:
            if self._file.seek(0, os.SEEK_END) < offset:
                return False
            self._file.truncate(offset)
            self._file.seek(offset)
        except OSError as error:
            raise cannot_write(self._path, error, GO_ON) from None
        return True

    def write(self, position: int, record: bytes) -> None:
        try:
            self._file.write(record)
        except OSError as error:
            raise cannot_write(self._path, error, GO_ON) from None

    def sync(self) -> None:
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise cannot_write(self._path, error, GO_ON) from None

    def close(self) -> None:
        try:
            self._file.close()
        except OSError as error:
            raise cannot_write(self._path, error, GO_ON) from None


class NullSink:
    """For outputs that are made as a whole from the journal."""

    def rewind(self, position: int, offset: int) -> bool:
        return True

    def write(self, position: int, record: bytes) -> None:
        pass

    def sync(self) -> None:
        pass

    def close(self) -> None:
        pass


_OURS = re.compile(r"(\d{6,})-[0-9a-f]{12}\.(?:md|html)")


def file_name(position: int, article: str, format: str) -> str:
    return f"{position + 1:06d}-{article[:12]}.{format.partition('-')[0]}"


class Folder:
    """Writes a file for each record. Raises OutputError when it cannot."""

    def __init__(self, path: Path, format: str) -> None:
        self._path = path
        self._format = format
        try:
            path.mkdir(exist_ok=True)
        except OSError as error:
            raise cannot_write(path, error, GO_ON) from None

    def rewind(self, position: int, offset: int) -> bool:
        """Deletes the files from `position` on. False if there are fewer before it than were written: begin at 0."""
        try:
            for file in self._path.iterdir():
                found = _OURS.fullmatch(file.name)
                if found and int(found[1]) > position:
                    file.unlink()
        except OSError as error:
            raise cannot_write(self._path, error, GO_ON) from None
        return True

    def write(self, position: int, record: bytes) -> None:
        from presseschau.output import rendered

        analysis = Analysis.model_validate_json(record)
        file = self._path / file_name(position, analysis.article.id, self._format)
        write_file(file, rendered(analysis, self._format), sync=False, advice=GO_ON)

    def sync(self) -> None:
        """Nothing: a file that a power cut takes is made again from the journal by --overwrite."""

    def close(self) -> None:
        pass


class Listing(NamedTuple):
    """An article in an index: its place from 0, id, title, outlet, and why it failed."""

    position: int
    article: str
    title: str
    outlet: str
    failed: str = ""

    @classmethod
    def of(cls, position: int, result: Mapping[str, Any], failed: str = "") -> Listing:
        """Of a result as JSON has it: its English title, else the German one."""
        article = result["article"]
        english = next((t["en"] for t in result["translation"] or () if t["role"] == "headline" and t["en"]), None)
        title = english or article["headline"] or article["sentences"][0]["text"]
        outlet = " ".join((article["outlet"] or "").split())
        return cls(position, article["id"], " ".join(title.split())[:200], outlet, failed)


_INDEX_MD = "# Articles\n\n"


def write_index(listed: Iterable[Listing], folder: Path, format: str, advice: str = "") -> None:
    """The page that lists every article, failures marked; what has no file is listed in the files beside the folder."""
    index = _html(listed) if format == "html" else _markdown(listed)
    write_file(folder / f"index.{format}", index, advice=advice)


def is_index(page: bytes) -> bool:
    """Whether a page is one of `write_index`."""
    return page.startswith(_INDEX_MD.encode()) or b"<title>Articles</title>" in page[:200]


def _markdown(listed: Iterable[Listing]) -> Iterator[str]:
    yield _INDEX_MD
    for one in listed:
        said = re.sub(r"([\\`*_\[\]<>#|!&])", r"\\\1", one.title)
        note = f" (failed: {one.failed})" if one.failed else ""
        name = file_name(one.position, one.article, "md")
        yield f"{one.position + 1}. [{said}]({name}){one.outlet and f', {one.outlet}'}{note}\n"


def _html(listed: Iterable[Listing]) -> Iterator[str]:
    yield (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Articles</title>\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "li{margin:.3rem 0}.failed{color:#a00}</style>\n<h1>Articles</h1>\n<ol>\n"
    )
    for one in listed:
        note = f' <span class="failed">failed: {escape(one.failed)}</span>' if one.failed else ""
        name = file_name(one.position, one.article, "html")
        yield (
            f'<li value="{one.position + 1}"><a href="{name}">{escape(one.title)}</a> {escape(one.outlet)}{note}</li>\n'
        )
    yield "</ol></html>\n"


def _listed(journal: Journal) -> Iterator[Listing]:
    for row in journal.rows():
        if row.record is not None:
            yield Listing.of(
                row.position, json.loads(unpacked(row.record)), row.reason if row.state == "failed" else ""
            )


_UNIT = re.compile(r'^<tu tuid="(\d+)">$', re.M)
_OF_ONE_ARTICLE = re.compile(r'^<prop type="x-(?:source|article)">.*\n', re.M)


def write_framed(analyses: Iterable[Analysis], path: Path, format: str, advice: str = "") -> None:
    """One file of all of them; none if there are no analyses. Raises OutputError, which ends with the advice."""
    first = next(iter(analyses := iter(analyses)), None)
    if first is not None:
        framed = {"tmx": _tmx, "xliff": _xliff, "csv": _csv}[format]
        write_file(path, framed(chain([first], analyses)), advice=advice)


def _csv(analyses: Iterable[Analysis]) -> Iterator[str]:
    """The tables below one header; every cell is one line, so the header is the first."""
    for number, analysis in enumerate(analyses):
        table = rendered(analysis, "csv")
        yield table if number == 0 else table.partition("\n")[2]


def _tmx(analyses: Iterable[Analysis]) -> Iterator[str]:
    """The units in one body, numbered ARTICLE-SENTENCE; what a header says of one article stands before its units."""
    for number, analysis in enumerate(analyses):
        head, body, rest = rendered(analysis, "tmx").partition("<body>\n")
        if number == 0:
            yield _OF_ONE_ARTICLE.sub("", head) + body
        about = "".join(_OF_ONE_ARTICLE.findall(head))
        units = rest.rpartition("</body>")[0]
        yield _UNIT.sub(rf'<tu tuid="{analysis.article.id[:12]}-\1">', units).replace(
            '<prop type="x-status">', f'{about}<prop type="x-status">'
        )
    yield "</body>\n</tmx>\n"


def _xliff(analyses: Iterable[Analysis]) -> Iterator[str]:
    """A file for each article in one document."""
    yield HEAD
    yield from map(xliff_file, analyses)
    yield FOOT


Format = Literal["jsonl", "md", "html", "tmx", "xliff", "csv", "parquet", "db"]
FORMATS: tuple[Format, ...] = get_args(Format)
FOLDERS: tuple[Format, ...] = ("md", "html")
FRAMED: tuple[Format, ...] = ("tmx", "xliff", "csv", "parquet")


def check_out(paths: RunFiles, format: Format, sources: Sequence[str], *, fresh: bool, overwrite: bool) -> None:
    """Raises OutputError if `out` cannot be written, is or holds one of `sources`, or if it or what would lie beside it
    holds something else (`fresh`: no run of ours began it)."""
    out = paths.out
    if is_archive(out) != (format == "db"):
        raise OutputError(f"{out}: an archive ({', '.join(SUFFIXES)}) has the format db, and nothing else has it.")
    if not out.parent.is_dir():
        raise OutputError(f"{out} cannot be written: there is no folder {out.parent}.")
    if out.exists() and out.is_dir() != (format in FOLDERS):
        what = "is a folder" if out.is_dir() else "is a file"
        raise OutputError(f"{out} {what}; the format {format} needs {'a folder' if format in FOLDERS else 'a file'}.")
    folder = paths.folder
    if folder and folder.exists() and not folder.is_dir():
        raise OutputError(
            f"{folder} is a file, where what belongs to the output would lie. Choose another output with -o."
        )
    for file in (out, *paths.files):
        if is_input(file, sources):
            raise OutputError(f"{file} would be read and written at once. Choose another output with -o.")
    if out.is_dir() and any(is_input(Path(source), [out]) for source in sources):
        raise OutputError(f"The input is inside {out}, which would be written to. Choose another output with -o.")
    held = [out] if out.exists() and (any(out.iterdir()) if out.is_dir() else out.stat().st_size > 0) else []
    held = [] if is_archive(out) else held  # other runs, or `import`, may have filled it; another file is refused
    held += [file for file in paths.files if file.is_file() and not left_by_a_run(file)]
    if fresh and held and not overwrite:
        raise OutputError(
            f"{held[0]} exists and no run of presseschau began it (there is no journal in {out.name}.d). Give another "
            "output with -o, or --overwrite to replace it."
        )


def open_sink(out: Path, format: Format) -> Sink:
    """Raises OutputError if it cannot be written."""
    if format in FRAMED or format == "db":
        return NullSink()
    return Folder(out, format) if format in FOLDERS else JsonLines(out)


def finish(journal: Journal, out: Path, format: Format) -> None:
    """What can only be written at the end. Raises OutputError."""
    if format in FOLDERS:
        write_index(_listed(journal), out, format, GO_ON)
    elif format == "parquet":
        try:
            with replacing(out) as file:
                write_results(_results(journal), file)
        except OSError as error:
            raise cannot_write(out, error, GO_ON) from None
    elif format in FRAMED:
        write_framed(_analyses(journal), out, format, advice=GO_ON)


def _results(journal: Journal) -> Iterator[dict[str, Any]]:
    for row in journal.rows():
        if row.record is not None or row.state == "failed":
            record = unpacked(row.record).decode() if row.record is not None else None
            failure = "; ".join(f"{one.task}: {one.kind}" for one in row.failed) or None
            yield result_row(row.article, row.source, row.state, record, failure)


def _analyses(journal: Journal) -> Iterator[Analysis]:
    for row in journal.rows():
        if row.record is not None:
            yield Analysis.model_validate_json(unpacked(row.record))


@dataclass
class Filing:
    """`run` is the id of the run in the archive; `spent` says what it has cost so far."""

    archive: Archive
    run: str
    spent: Callable[[], Spent]

    def begin(self, model: str, sources: Sequence[str], settings: Mapping[str, Any]) -> None:
        """The run is in the archive, under way. Raises OutputError, as all here."""
        self.archive.note_run(
            self.run, state="running", ended=None, model=model, sources=list(sources), settings=dict(settings)
        )

    def keep(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Puts the records of the rows into the archive, and what was spent; returns the rows without them."""
        records = (unpacked(row.record) for row in rows if row.record is not None)
        with self.archive.database.transaction():
            self.archive.put(records, self.run)
            self._note()
        return [replace(row, record=None) for row in rows]

    def record(self, row: Row) -> bytes | None:
        """The line of output of a row; None if it has none."""
        number = self.archive.number(row.article, row.source) if row.article and row.state != "duplicate" else None
        return None if number is None else self.archive.read(number)

    def end(self, state: str, counts: Mapping[State, int]) -> None:
        """The run has ended, and how."""
        self._note(state=state, counts=dict(counts), ended=now())

    def _note(self, **more: Any) -> None:
        spent = self.spent()
        self.archive.note_run(
            self.run, requests=spent.requests, prompt_tokens=spent.prompt_tokens,
            completion_tokens=spent.completion_tokens, cost=spent.cost, **more,
        )  # fmt: skip
