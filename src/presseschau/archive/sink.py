"""Where records go, in input order: a JSONL file, or a folder with one file an article.

A sink is told again whatever was not yet safely written: it must bear a record twice, and give up what follows a
position. Files that can only be written as a whole (TMX, CSV) are made from the journal at the end.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from presseschau.storage.files import cannot_write

GO_ON = "What is done is in the journal: mend this and run the same command again."


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


class Nowhere:
    """For outputs that are made as a whole from the journal."""

    def rewind(self, position: int, offset: int) -> bool:
        return True

    def write(self, position: int, record: bytes) -> None:
        pass

    def sync(self) -> None:
        pass

    def close(self) -> None:
        pass
