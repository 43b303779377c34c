"""Packed files (.gz, .zst) and archives (.zip, .tar), read as streams: no member is ever written under its name."""

from __future__ import annotations

import contextlib
import gzip
import io
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import IO, Any, BinaryIO, cast

from presseschau.ingest.document import MEBI, Item, ReadOptions, Skipped
from presseschau.ingest.formats.bounded import BombError, CountedStream, LargeError, Unpacked, check_ratio, read_all
from presseschau.ingest.formats.unread import missing

ReadMember = Callable[[BinaryIO, str], Iterator[Item]]
"""Reads an open member whose source is given; it must not open further archives."""

DAMAGED = (
    EOFError, gzip.BadGzipFile, zlib.error, tarfile.TarError, zipfile.BadZipFile, NotImplementedError,
    struct.error, ValueError, OverflowError,
)  # fmt: skip
"""What unpackers raise on nonsense."""


def said_of(error: Exception, what: str, *, read: bool = True) -> str:
    """A sentence for one of DAMAGED. `read`: something was read before."""
    if isinstance(error, EOFError):
        if not read:
            return f"The {what} is cut, and without the rest nothing in it can be read."
        return f"The {what} is cut: what stands before the cut was read, the rest is not there."
    if isinstance(error, gzip.BadGzipFile | zipfile.BadZipFile) and "CRC" in str(error):
        return f"The {what} is damaged (its checksum does not match): what was read from it may be wrong."
    return f"The {what} is damaged, and not all of it could be unpacked."


_CHUNK = 512  # packed bytes of zstd unpacked at once: a bomb shall be noticed early
_MAX_HEADER = MEBI  # of a tar extension header; a real one holds a path
MOST_DIRECTORY = 32 * MEBI  # of a zip: about 400,000 members


def unpack_gzip(stream: BinaryIO, options: ReadOptions) -> BinaryIO:
    """The unpacked stream of gzip data; reading it raises BombError when it grows out of proportion."""
    packed = CountedStream(stream)
    return _buffered(Unpacked(gzip.GzipFile(fileobj=cast(IO[bytes], packed)), packed, options))


def unpack_zstd(stream: BinaryIO, options: ReadOptions) -> BinaryIO:
    """The unpacked stream of zstd data. Raises ConfigurationError if the extra `zstd` is not installed."""
    try:
        import zstandard
    except ImportError:
        raise missing("zst") from None
    packed = CountedStream(stream)
    return _buffered(Unpacked(_Zstd(packed, zstandard), packed, options))


class _Zstd:
    """A reader of zstd frames whose errors are of the kind that every unpacker raises: EOFError for a cut one."""

    def __init__(self, packed: CountedStream, zstandard: Any) -> None:
        self._packed = io.BufferedReader(packed)
        self._zstandard = zstandard
        self._frame: Any = None
        self._held = memoryview(b"")

    def read1(self, size: int) -> bytes:
        while not self._held:
            data = self._frame.unused_data if self._frame and self._frame.eof else b""
            data = data or self._packed.read1(_CHUNK)
            if self._frame is None or self._frame.eof:
                if not data:
                    return b""
                self._frame = self._zstandard.ZstdDecompressor(max_window_size=128 * MEBI).decompressobj()
            elif not data:
                raise EOFError
            try:
                self._held = memoryview(self._frame.decompress(data))
            except self._zstandard.ZstdError as error:
                raise zlib.error(str(error)) from error
        given, self._held = bytes(self._held[:size]), self._held[size:]
        return given


def read_zip(stream: BinaryIO, source: str, options: ReadOptions, read_member: ReadMember) -> Iterator[Item]:
    """The documents of all members of a zip archive; their sources are `source!member`."""
    with seekable(stream, options) as whole:
        start, size = directory(whole)
        if size > MOST_DIRECTORY:
            yield Skipped(source, "large", "The archive lists too many members.")
            return
        packed = whole.seek(0, io.SEEK_END)
        unpacked = 0
        with _zip(whole, start, size) as archive:
            _require_own_bytes(archive)
            for member in archive.infolist()[: options.max_members]:
                name = f"{source}!{member.filename}"
                if member.is_dir():
                    continue
                if member.flag_bits & 1:
                    yield Skipped(name, "encrypted", "The archive member is encrypted.")
                elif member.file_size > options.max_item and not _streams(member.filename):
                    yield Skipped(name, "large", f"The member unpacks to {member.file_size:,} bytes.")
                else:
                    unpacked += yield from _zip_member(archive, member, name, options, read_member)
                    check_ratio(unpacked, packed, options)


def _require_own_bytes(archive: zipfile.ZipFile) -> None:
    """Raises BombError where two members stand at the same bytes: newer versions of `zipfile` call each such member
    damaged, older ones unpack them all."""
    places = sorted((member.header_offset, member.compress_size) for member in archive.infolist())
    if any(begin + size > following for (begin, size), (following, _) in pairwise(places)):
        raise BombError("Members of the archive share their bytes, as in a zip bomb: nothing was read from it.")


def _zip(stream: BinaryIO, start: int, size: int) -> zipfile.ZipFile:
    """The open archive. A name that says it is UTF-8 and is not, for which `zipfile` refuses all members, is read as
    any other."""
    try:
        return zipfile.ZipFile(stream)
    except UnicodeDecodeError:
        stream.seek(start)
        directory = bytearray(stream.read(size))
    at = 0
    while directory[at : at + 4] == b"PK\x01\x02":
        name, extra, comment = struct.unpack_from("<3H", directory, at + 28)
        try:
            directory[at + 46 : at + 46 + name].decode()
        except UnicodeDecodeError:
            directory[at + 9] &= 0xF7
        at += 46 + name + extra + comment
    return zipfile.ZipFile(cast(IO[bytes], _Relabelled(stream, start, bytes(directory))))


class _Relabelled:
    """A zip with another directory of the same size."""

    def __init__(self, stream: BinaryIO, start: int, directory: bytes) -> None:
        self.stream, self.start, self.directory = stream, start, directory

    def read(self, size: int = -1) -> bytes:
        at = self.stream.tell()
        data = self.stream.read(size)
        return self.directory[: len(data)] + data[len(self.directory) :] if at == self.start else data

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def _zip_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, options: ReadOptions, read_member: ReadMember
) -> Generator[Item, None, int]:
    """The documents of one member; returns how many bytes it unpacked to."""
    packed = CountedStream(None)
    packed.done = member.compress_size
    unpacked = Unpacked(None, packed, options)
    try:
        with archive.open(member) as opened:
            unpacked.stream = opened
            yield from read_member(_buffered(unpacked), name)
    except BombError as error:
        yield Skipped(name, "bomb", str(error))
    except DAMAGED as error:
        yield Skipped(name, "damaged", said_of(error, "archive member"))
    return unpacked.done


def read_tar(stream: BinaryIO, source: str, options: ReadOptions, read_member: ReadMember) -> Iterator[Item]:
    """The documents of all regular members of a tar archive, in order; links, devices and folders are passed over."""
    with tarfile.open(fileobj=stream, mode="r|", tarinfo=_SmallHeaders) as archive:
        for count, member in enumerate(archive):
            archive.members = []  # type: ignore[attr-defined] # tarfile keeps every member it has seen
            if count >= options.max_members:
                yield Skipped(source, "large", f"The archive has more than {options.max_members:,} members.")
                return
            opened = archive.extractfile(member) if member.isreg() else None
            if opened is not None:
                yield from read_member(cast(BinaryIO, opened), f"{source}!{member.name}")


class _SmallHeaders(tarfile.TarInfo):
    """A tar header that refuses to load an extension header of absurd size into memory."""

    def _proc_member(self, archive: tarfile.TarFile) -> Any:
        is_header = self.type in (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
        if (is_header or self.type == tarfile.SOLARIS_XHDTYPE) and self.size > _MAX_HEADER:
            raise tarfile.ReadError("a header of the archive is too large")
        return super()._proc_member(archive)  # type: ignore[misc]


def _buffered(raw: io.RawIOBase) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(raw, buffer_size=256 * 1024))


def _streams(name: str) -> bool:
    return name.lower().endswith((".jsonl", ".ndjson", ".csv", ".tsv", ".warc"))


@contextlib.contextmanager
def seekable(stream: BinaryIO, options: ReadOptions) -> Iterator[BinaryIO]:
    """The stream, or if it is a pipe a nameless temporary copy: a zip's directory is at its end."""
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as spool:
        spool.write(read_all(stream, options.max_unpacked))
        spool.seek(0)
        yield cast(BinaryIO, spool)


@contextlib.contextmanager
def of_size(stream: BinaryIO, options: ReadOptions) -> Iterator[BinaryIO]:
    """A seekable stream, and no larger than a file may be that is not read as a stream. Raises LargeError if it is."""
    with seekable(stream, replace(options, max_unpacked=options.max_whole)) as whole:
        if whole.seek(0, io.SEEK_END) > options.max_whole:
            raise LargeError(f"It is larger than {options.max_whole:,} bytes, the most that such a file may have.")
        whole.seek(0)
        yield whole


def directory(stream: BinaryIO) -> tuple[int, int]:
    """Where the central directory starts and how many bytes it has, as the zip's end record states it; (0, 0) if there
    is no such record."""
    size = stream.seek(0, io.SEEK_END)
    begin = stream.seek(max(0, size - 65_557))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    wide = tail.rfind(b"PK\x06\x06")
    stream.seek(0)
    if max(at, wide) < 0:
        return 0, 0
    stated = tail[wide + 40 : wide + 48] if wide >= 0 else tail[at + 12 : at + 16]
    length = int.from_bytes(stated, "little")
    return max(0, begin + (wide if wide >= 0 else at) - length), length
