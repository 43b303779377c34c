"""The sha256 of large files, remembered as long as they do not change."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from presseschau.errors import ModelError, OutputError
from presseschau.storage.files import write_file

REMEMBERED = "sha256.json"


def file_sha256(path: Path, folder: Path) -> str:
    """The hash of the file in hexadecimal; read from `folder` if the file is unchanged since it was hashed.

    Unchanged means: same device, inode, size, and times of change of content and of inode; so an edit that resets
    the visible time is noticed too. A folder that cannot be written only costs the hashing next time. ModelError if
    the file cannot be read.
    """
    try:
        before = _state(path)
        remembered = _remembered(folder).get(str(path.resolve()))
        if remembered and remembered[:-1] == before:
            return str(remembered[-1])
        sha256 = fresh_sha256(path)
        if _state(path) == before:  # else it is still being written
            remember(path, sha256, folder)
    except OSError as error:
        raise ModelError(f"The model file {path} cannot be read: {error.strerror}.") from None
    return sha256


def fresh_sha256(path: Path) -> str:
    """The hash of the file in hexadecimal, read now. OSError if it cannot be."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remember(path: Path, sha256: str, folder: Path) -> None:
    """Keep the hash of a file that was just read or written in full."""
    kept = {name: entry for name, entry in _remembered(folder).items() if Path(name).exists()}
    kept[str(path.resolve())] = [*_state(path), sha256]
    with suppress(OSError, OutputError):
        folder.mkdir(parents=True, exist_ok=True)
        write_file(folder / REMEMBERED, json.dumps(kept, indent=1), sync=False)


def _state(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns]


def _remembered(folder: Path) -> dict[str, list[int | str]]:
    """What is remembered: path -> state and hash. A file that is missing or damaged is forgotten."""
    try:
        kept = json.loads((folder / REMEMBERED).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {name: entry for name, entry in kept.items() if isinstance(entry, list) and len(entry) == 6}
