"""The one iterator over everything a user can name: files, folders, archives, URLs, standard input."""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from presseschau.errors import InputError
from presseschau.ingest.document import Document, Item, ReadOptions, Skipped, legible, whole
from presseschau.ingest.follow import Follower, is_web_address
from presseschau.ingest.formats import detect
from presseschau.ingest.formats.bounded import BombError, LargeError
from presseschau.ingest.formats.unread import REFUSALS
from presseschau.ingest.polite import Polite

if TYPE_CHECKING:
    from presseschau.ingest.fetch import Fetched

__all__ = ["Document", "ReadOptions", "Skipped", "is_web_address", "iter_documents"]

MAX_SORTED = 100_000
"""A folder with more entries than this is read in the order of the file system, so that memory stays flat."""

BESIDE_OUTPUT = (
    ".journal", ".journal-journal", ".failed.jsonl", ".duplicates.jsonl", ".manifest.json", ".review.json", ".batches",
)  # fmt: skip
"""How files end that a review, and runs that earlier versions began, leave beside an output."""
_READERS = {
    "plain": "text.read_plain", "html": "html.read_html", "fragment": "html.read_fragment", "json": "json.read_json",
    "jsonl": "json.read_jsonl", "csv": "tables.read_csv", "parquet": "tables.read_parquet",
    "warc": "warc.read_warc", "rss": "feeds.read_feed",
    "atom": "feeds.read_feed", "rdf": "feeds.read_feed", "json-feed": "json.read_json",
    "newsml": "agency.read_newsml", "newsml-1": "newsml1.read_newsml_1",
    "trafilatura": "trafilatura_xml.read_trafilatura", "tei": "trafilatura_xml.read_trafilatura",
    "nitf": "agency.read_nitf", "ninjs": "json.read_json", "nexis": "nexis.read_nexis",
    "nexis-html": "nexis.read_nexis_html", "factiva": "factiva.read_factiva",
    "factiva-html": "factiva.read_factiva_html", "wiso": "wiso.read_wiso", "mail": "mail.read_mail",
    "mbox": "mail.read_mbox", "mhtml": "mail.read_mail", "addresses": ".follow.read_addresses",
    "office": "office.read_office", "epub": "epub.read_epub", "rtf": "office.read_rtf", "pdf": "pdf.read_pdf",
    "front-matter": "markdown.read_markdown", "srt": "subtitles.read_subtitles", "vtt": "subtitles.read_subtitles",
}  # fmt: skip
"""Kind -> its reader, a function (stream, source, options) in `formats`; loaded when there is something for it."""
FEEDS = frozenset({"rss", "atom", "rdf", "json-feed"})
"""Kinds that are feeds, under whatever content type they are sent."""
_MAX_PACKINGS = 2  # x.tar.gz is one packing; x.gz.gz is not an article


def is_input(path: Path, sources: Iterable[str | Path]) -> bool:
    """Is the file or folder at `path` one of `sources`, under whatever name, or read with a folder that is one?"""
    named = [Path(source) for source in map(str, sources) if source != "-" and not is_web_address(source)]
    return path.exists() and any(source.exists() and _holds(source, path) for source in named)


def _holds(source: Path, path: Path) -> bool:
    if path.samefile(source) or not source.is_dir():
        return path.samefile(source)
    folder, here = source.resolve(), [path.resolve()]
    if path.is_file() and path.stat().st_nlink > 1:
        here = [file for file in folder.rglob("*") if not file.is_symlink() and file.is_file() and path.samefile(file)]
    return any(file.is_relative_to(folder) and not _passed_over(file, folder) for file in here)


def _passed_over(file: Path, folder: Path) -> bool:
    within = [file, *file.parents][: len(file.parts) - len(folder.parts)]
    return any(part.name.startswith(".") or _ours(part) for part in within)


def iter_documents(
    paths: str | Path | Sequence[str | Path], *, options: ReadOptions | None = None, stdin: BinaryIO | None = None
) -> Iterator[Item]:
    """Every document in `paths`, in order, and a Skipped with its reason for every item that gives none.

    A path (one, or several) is a file, a folder (read to any depth; links are not followed), an http(s) URL, or `-` for
    standard input. What lies at an address that is only named in one is fetched with `options.follow`, when its
    document is loaded. What of a name is not UTF-8 stands as escapes in the source. One item is in memory at a time.
    Raises ConfigurationError if a format needs an extra that is not installed.
    """
    options = options or ReadOptions()
    polite = Polite(options)
    yield from _followed(_items(paths, options, stdin, polite), options, polite)


def documents_in(stream: BinaryIO, name: str, *, options: ReadOptions | None = None) -> Iterator[Item]:
    """As `iter_documents` for the one file that is open as `stream` and is called `name`, which is not looked for."""
    options = options or ReadOptions()
    yield from _followed(_guarded(_read_stream(stream, name, options), name), options, Polite(options))


def _followed(items: Iterator[Item], options: ReadOptions, polite: Polite) -> Iterator[Item]:
    follower = Follower(options, lambda answer: read_answer(answer, answer.url, options), polite)
    for item in map(follower.item, items):
        named = replace(item, source=legible(item.source))
        yield named if isinstance(named, Document) else replace(named, detail=whole(named.detail))


def _items(
    paths: str | Path | Sequence[str | Path], options: ReadOptions, stdin: BinaryIO | None, polite: Polite
) -> Iterator[Item]:
    for path in map(str, [paths] if isinstance(paths, str | Path) else paths):
        if path == "-":
            piped = stdin or sys.stdin.buffer
            stream = piped if piped.seekable() else cast(BinaryIO, _Piped(piped))
            yield from _guarded(_read_stream(stream, "-", options), "-")
        elif is_web_address(path):
            yield from _read_url(path, options, polite)
        elif Path(path).is_dir():
            yield from _read_folder(path, options)
        else:
            yield from _read_file(path, options, follow=True)


def _read_url(url: str, options: ReadOptions, polite: Polite) -> Iterator[Item]:
    try:
        answer = polite.fetch(url)
    except InputError as error:
        yield Skipped(url, "fetch", str(error))
        return
    yield from read_answer(answer, url, options)


def read_answer(answer: Fetched, url: str, options: ReadOptions) -> Iterator[Item]:
    """The documents in what an address answered; their sources are `url`, or `url#1` onwards of a feed."""
    if answer.is_html and not is_feed(answer):
        from presseschau.ingest.formats.html import read_page

        yield read_page(answer.data, url, answer.charset)
    else:
        yield from _guarded(_read_stream(io.BytesIO(answer.data), url, options), url)


def is_feed(answer: Fetched) -> bool:
    """Is it a feed, under whatever content type it was sent?"""
    return detect.format_of("", answer.data[: detect.HEAD]) in FEEDS


def _read_folder(folder: str, options: ReadOptions) -> Iterator[Item]:
    for found in _walk(folder):
        if isinstance(found, Skipped):
            yield found
        else:
            yield from _read_file(found, options, follow=False)


def files_of(folder: Path) -> Iterator[Path]:
    """The files that are read with a folder, in the order in which they are."""
    yield from (Path(found) for found in _walk(str(folder)) if not isinstance(found, Skipped))


def _walk(folder: str) -> Iterator[str | Skipped]:
    """Depth first; within a folder by name. Dot files, and what a run over an archive writes, are passed over."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        below: list[str] = []
        try:
            for entry in _entries(here):
                if entry.name.startswith(".") or _ours(Path(entry.path)):
                    continue
                if entry.is_symlink():
                    yield Skipped(entry.path, "link", "Links inside a folder are not followed; name the file itself.")
                elif entry.is_dir(follow_symlinks=False):
                    below.append(entry.path)
                else:
                    yield entry.path
        except OSError as error:
            yield Skipped(here, "unreadable", f"The folder cannot be read: {error.strerror}.")
        waiting += reversed(below)


def _ours(path: Path) -> bool:
    """The output of a run, which may lie among its inputs, or what lies beside one."""
    return (
        path.name.endswith(BESIDE_OUTPUT)
        or is_run_folder(path.with_name(f"{path.name}.d"))
        or path.with_name(f"{path.name}.journal").exists()
        or is_run_folder(path)
    )


def is_run_folder(path: Path) -> bool:
    """Is it OUT.d, in which a run keeps what belongs to its output, or each of several runs into an archive?"""
    return path.suffix == ".d" and (path.joinpath("journal").exists() or any(path.glob("*/journal")))


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    """The entries of `folder`, sorted by name unless there are more than MAX_SORTED."""
    with os.scandir(folder) as scan:
        first: list[os.DirEntry[str]] = []
        for entry in scan:
            first.append(entry)
            if len(first) > MAX_SORTED:
                break
        yield from first if len(first) > MAX_SORTED else sorted(first, key=lambda entry: entry.name)
        first.clear()
        yield from scan


def _read_file(path: str, options: ReadOptions, *, follow: bool) -> Iterator[Item]:
    opened = _open(path, follow=follow)
    if isinstance(opened, Skipped):
        yield opened
        return
    with opened:
        yield from _guarded(_read_stream(opened, path, options), path)


def _open(path: str, *, follow: bool) -> BinaryIO | Skipped:
    """The regular file at `path`, opened without waiting for a writer (a FIFO has none) and checked once open."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        if not stat.S_ISREG(Path(path).stat(follow_symlinks=follow).st_mode):
            return Skipped(path, "special", "This is not a regular file. Pipe it in through -.")
        descriptor = os.open(path, flags if follow else flags | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return Skipped(path, "missing", "There is no such file.")
    except (OSError, ValueError) as error:
        reason = "link" if getattr(error, "errno", None) == errno.ELOOP else "unreadable"
        return Skipped(path, reason, f"The file cannot be read: {getattr(error, 'strerror', None) or error}.")
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return Skipped(path, "special", "This is not a regular file. Pipe it in through -.")
    return os.fdopen(descriptor, "rb", buffering=detect.HEAD)


def _guarded(items: Iterator[Item], source: str) -> Iterator[Item]:
    """The items; what goes wrong with the file as a whole becomes a last Skipped."""
    read = False
    try:
        for item in items:
            read = True
            yield item
    except BombError as error:
        yield Skipped(source, "bomb", str(error))
    except LargeError as error:
        yield Skipped(source, "large", str(error))
    except _damaged() as error:
        from presseschau.ingest.formats.archive import said_of

        yield Skipped(source, "damaged", said_of(error, "file", read=read))
    except OSError as error:
        yield Skipped(source, "unreadable", f"The file cannot be read: {error.strerror or error}.")


def _damaged() -> tuple[type[Exception], ...]:
    """What unpackers raise on nonsense: loaded once anything was raised."""
    from presseschau.ingest.formats.archive import DAMAGED

    return DAMAGED


def _read_stream(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents in `stream`, unpacked as often as needed but opened as an archive at most once."""
    name = "" if source == "-" else source
    for _ in range(_MAX_PACKINGS):
        stream = _peekable(stream)
        kind = _kind(stream, name, options)
        if kind not in detect.PACKED:
            break
        from presseschau.ingest.formats import archive

        stream = archive.unpack_gzip(stream, options) if kind == "gz" else archive.unpack_zstd(stream, options)
        name = detect.inner_name(name)
    else:
        stream = _peekable(stream)
        kind = _kind(stream, name, options)
    if kind in detect.PACKED:
        yield Skipped(source, "nested", "The file is compressed more than twice.")
    elif kind in detect.ARCHIVES:
        from presseschau.ingest.formats import archive

        read = archive.read_zip if kind == "zip" else archive.read_tar
        yield from read(stream, source, options, lambda member, at: _read_member(member, at, options))
    else:
        yield from _read(kind, stream, source, options)


def _read(kind: str, stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents in a stream of a kind, or why it is not read."""
    if kind in _READERS:
        file, function = _READERS[kind].rsplit(".", 1)
        read = getattr(import_module(f".{file}", "presseschau.ingest.formats"), function)
        yield from read(stream, source, options)
    else:
        yield Skipped(source, REFUSALS[kind].reason, REFUSALS[kind].says)


def _read_member(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents in one member of an archive. An archive or packed file in an archive is not opened."""
    peekable = _peekable(stream)
    kind = detect.format_of(source, _head(peekable))
    if kind in detect.PACKED | detect.ARCHIVES:
        yield Skipped(source, "nested", "Compressed files inside an archive are not opened.")
    else:
        yield from _guarded_member(_read(kind, peekable, source, options), source)


def _guarded_member(items: Iterator[Item], source: str) -> Iterator[Item]:
    try:
        yield from items
    except LargeError as error:
        yield Skipped(source, "large", str(error))


def _kind(stream: BinaryIO, name: str, options: ReadOptions) -> str:
    """The format: packings and archives as they are, else the one the user forces, else by first bytes and name."""
    found = detect.format_of(name, _head(stream))
    return found if found in detect.PACKED | detect.ARCHIVES or not options.format else options.format


def _peekable(stream: BinaryIO) -> BinaryIO:
    if hasattr(stream, "peek"):
        return stream
    return cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, stream), buffer_size=detect.HEAD))


class _Piped(io.RawIOBase):
    """A pipe that hands out its first HEAD bytes at once, however few come at a time, and then what comes."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self.head = stream.read(detect.HEAD)
        self.stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data, self.head = self.head or self.stream.read1(len(buffer)), b""  # type: ignore[attr-defined]
        buffer[: len(data)] = data
        return len(data)


def _head(stream: BinaryIO) -> bytes:
    return cast(bytes, stream.peek(detect.HEAD))[: detect.HEAD]  # type: ignore[attr-defined]
