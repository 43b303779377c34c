"""A model file as far as it was fetched."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

from presseschau.errors import OutputError


class SourceFault(Exception):
    """This source cannot give the file; another may. The message is the end of a sentence: "cannot be reached"."""


class PartFile:
    """The first `position` bytes of a file of `total` bytes, on disk; whatever stops a fetch, the next continues.

    It does not matter which source gave them: all carry the same bytes, and the hash of the whole decides. `report`
    hears the number of bytes after every change. A context manager.
    """

    def __init__(self, path: Path, total: int, report: Callable[[int], None]) -> None:
        self.path = path
        self.total = total
        self.report = report
        self._file: FileIO | None = None

    def __enter__(self) -> Self:
        with writing(self.path):
            self._file = self.path.open("ab", buffering=0)  # so that no write is left over for closing
        if self.position > self.total:
            self.cut(0)
        self.report(self.position)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    @property
    def position(self) -> int:
        """Bytes that are there."""
        return self._open_file.tell()

    @property
    def complete(self) -> bool:
        """Whether all bytes are there; says nothing about their being the right ones."""
        return self.position == self.total

    def append(self, chunk: bytes) -> None:
        """Write the next bytes. SourceFault if they are too many, OutputError if they cannot be written."""
        if self.position + len(chunk) > self.total:
            raise SourceFault("sends more bytes than the model has")
        with writing(self.path):
            left = memoryview(chunk)
            while left:
                left = left[self._open_file.write(left) :]
        self.report(self.position)

    def cut(self, position: int) -> None:
        """Forget all bytes from `position` on."""
        with writing(self.path):
            self._open_file.truncate(position)
            self._open_file.seek(position)
        self.report(position)

    def finish(self) -> None:
        """See that the bytes are on the disk, not only on their way."""
        with writing(self.path):
            os.fsync(self._open_file.fileno())

    @property
    def _open_file(self) -> FileIO:
        if self._file is None:
            raise RuntimeError("use the part file in a with block")
        return self._file


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns an OSError of the block, in which `path` is written, into an OutputError that says what to do."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
        raise OutputError(
            f"The model cannot be written to {path.parent}: {error.strerror}. "
            f"{'Make room' if full else 'Mend that'}, or choose another folder with PRESSESCHAU_MODELS; "
            "what was fetched is kept."
        ) from None
