"""Files that are replaced as a whole: nobody ever sees half of one, and whatever goes wrong the old one stays."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from presseschau.errors import OutputError


def cache_folder() -> Path:
    """The program's folder among those of the user's caches. RuntimeError without a home."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "presseschau"


@contextmanager
def replacing(path: Path, *, sync: bool = True) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of `path` when the block ends well. Raises OSError.

    `sync`: it is on the disk before it does, so that not even a power cut leaves less than one of the two.
    """
    draft = path.with_name(f".{path.name[:40]}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with draft.open("xb") as file:
            yield file
            if sync:
                file.flush()
                os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_file(path: Path, content: str | bytes | Iterable[str], *, sync: bool = True, advice: str = "") -> None:
    """Replaces `path` by the content, text as UTF-8. Raises OutputError, which ends with the advice."""
    parts = [content] if isinstance(content, str | bytes) else content
    try:
        with replacing(path, sync=sync) as file:
            file.writelines(part.encode(errors="backslashreplace") if isinstance(part, str) else part for part in parts)
    except OSError as error:
        raise cannot_write(path, error, advice) from None


def cannot_write(path: Path, error: OSError, advice: str = "") -> OutputError:
    return OutputError(f"{path} cannot be written: {error.strerror or error}. {advice}".rstrip())
