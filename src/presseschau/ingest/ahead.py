"""What can be known of files before a run over them begins, so that none ends half paid."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from presseschau.ingest.formats import archive, detect
from presseschau.ingest.formats.unread import absent, missing

_BEGUN = 512  # bytes


def require_extras(sources: Iterable[str | Path]) -> None:
    """Raises ConfigurationError if a file among the sources, or in a folder or a zip there, needs an extra that is not
    installed. Looks at first bytes, and only if one is missing; inside a tar or a packed file it shows when it is read.
    """
    unread = absent()
    for path in _files(sources) if unread else ():
        try:
            with path.open("rb") as opened:
                kind = detect.format_of(path.name, opened.read(_BEGUN))
            kinds = {kind, *(_members(path, unread) if kind == "zip" else ())}
        except OSError:
            continue  # the run says so
        for found in sorted(kinds & unread):
            raise missing(found)


def _files(sources: Iterable[str | Path]) -> Iterator[Path]:
    for source in map(Path, sources):
        if source.is_dir():
            for folder, _, names in os.walk(source):
                yield from (path for name in names if (path := Path(folder, name)).is_file() and not path.is_symlink())
        elif source.is_file():
            yield source


def _members(path: Path, kinds: set[str]) -> set[str]:
    """Those of `kinds` that the names of a zip's members tell."""
    with path.open("rb") as opened:
        if archive.directory(opened)[1] > archive.MOST_DIRECTORY:
            return set()
        try:
            names = zipfile.ZipFile(opened).namelist()
        except archive.DAMAGED:
            return set()
    return {kind for kind in kinds if any(name.lower().endswith(f".{kind}") for name in names)}
