"""WARC and WET files of web archives: HTML responses and the text records made from them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from presseschau.errors import ConfigurationError
from presseschau.ingest.document import Document, Item, ReadOptions, Skipped
from presseschau.ingest.formats.bounded import BombError, Counted
from presseschau.ingest.formats.html import read_page

_PAGES = ("text/html", "application/xhtml+xml")


def read_warc(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of a WARC or WET file, packed or not, one record in memory at a time.

    Their sources are `source!URI`. Responses other than 200 and other than HTML or plain text are passed over.
    Raises ConfigurationError if the extra `warc` is not installed.
    """
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError:
        message = "Reading WARC files needs the fastwarc package. Install it: pip install 'presseschau[warc]'"
        raise ConfigurationError(message) from None
    kinds = WarcRecordType.response | WarcRecordType.conversion
    try:
        for record in ArchiveIterator(_Positioned(stream), record_types=kinds, auto_decode="all"):
            yield from _record(record, source, options)
    except (OSError, ValueError, RuntimeError) as error:
        yield Skipped(source, "damaged", f"The WARC cannot be read on from here: {str(error)[:200]}.")
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how fastwarc's Rust part fails on nonsense
            raise
        yield Skipped(source, "damaged", "The WARC cannot be read on from here.")


class _Positioned(Counted):
    """A stream that knows its position, as fastwarc asks for it, but cannot go elsewhere."""

    def tell(self) -> int:
        return self.done

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """The position; only asked for, never moved."""
        if offset != (0 if whence == io.SEEK_CUR else self.done):
            raise io.UnsupportedOperation("a stream cannot be moved")
        return self.done


def _record(record: Any, source: str, options: ReadOptions) -> Iterator[Item]:
    name = f"{source}!{record.headers.get('WARC-Target-URI', record.record_id)}"
    is_text = record.headers.get("WARC-Type") == "conversion"
    if not is_text and (record.http_headers is None or record.http_headers.status_code != 200):
        return
    kind = "text/plain" if is_text else (record.http_content_type or "").lower()
    if kind not in (*_PAGES, "text/plain"):
        return
    if record.content_length > options.max_unpacked:  # reading past it would take as long as it is
        raise BombError(f"The record {name} says it is {record.content_length:,} bytes long; given up.")
    data = record.reader.read(options.max_item + 1)
    if len(data) > options.max_item:
        yield Skipped(name, "large", f"The record is longer than {options.max_item:,} bytes.")
    elif kind == "text/plain":
        declared = "utf-8" if is_text else record.http_charset
        yield Document(name, data=data, declared=declared, metadata={"url": name.split("!", 1)[1]})
    else:
        yield read_page(data, name, record.http_charset or options.charset)
