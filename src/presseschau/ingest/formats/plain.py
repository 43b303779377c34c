"""A text file is one article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from presseschau.ingest.document import Document, Item, ReadOptions
from presseschau.ingest.formats.bounded import read_all


def read_plain(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The one document in `stream`, undecoded."""
    yield Document(source, data=read_all(stream, options.max_item), declared=options.charset)
