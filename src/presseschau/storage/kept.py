"""What a run had to work out and every run needs again, kept from run to run: the code of compiled patterns (to parse a
pattern and to write its code is what takes `re` its time, in Python; to hand over code that is there takes a hundredth
of it), and what is made of the tables of `lang/` (to load a dictionary takes a tenth of what it takes to make one).

One file in the user's cache folder, replaced as a whole, of entries with a checksum each; an entry is looked at when it
is asked for. Patterns lie there under their own text, so that nothing can be out of date, and their text is
not in it; the engine checks code before it takes it. What is made of tables says of which state of our files it was
made, as Python's bytecode does. A file or an entry that is damaged, or of another Python, is none; what cannot be read
or written is done without.
"""

from __future__ import annotations

import json
import marshal
import os
import re
import sys
from array import array
from collections.abc import Callable, Iterator
from functools import cached_property
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from presseschau.patterns import compile_with, keep_with
from presseschau.storage.files import cache_folder, replacing

_engine: Any = import_module("_sre")
_parser: Any = import_module("re._parser")
_compiler: Any = import_module("re._compiler")

MOST = 16_000_000
"""Bytes that are kept: of a file that grows beyond, only what the last process used."""
_ROOM = Path(__file__).parents[1]
_MADE_OF = ("lang", "facts", "checks", "prompts")
"""The rooms whose functions are `patterns.cached_on_disk`, and of whose texts, tables and code they make it."""


class KeptEntry(NamedTuple):
    sum: int
    value: bytes | memoryview


class KeptFile:
    """The entries of `file`, which is read when the first is asked for."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._used: dict[str, KeptEntry] = {}
        self._size = 0
        self._new = False

    @cached_property
    def _known(self) -> dict[str, KeptEntry]:
        return _read(self._file)

    @cached_property
    def _state(self) -> bytes | None:
        return _state()

    def compile(self, text: str, flags: int = 0) -> re.Pattern[str]:
        """What `re.compile` would return. Raises re.error as that does."""
        key = _digest(f"{int(flags)} {text}".encode(errors="surrogatepass"))
        try:
            if (known := self._find(key)) is not None:
                return _made(text, *known)
            new = _generated(text, flags)
            made = _made(text, *new)
        except (AttributeError, TypeError, ValueError, RuntimeError):  # a Python that does it differently
            return re.compile(text, flags)
        self._keep(key, new)
        return made

    def made(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make` returns, or returned in another run, when our files were as they are now."""
        if self._state is None:
            return make()
        known = self._find(name)
        if known is not None and known[0] == self._state:
            return known[1]
        made = make()
        self._keep(name, (self._state, made))
        return made

    def _find(self, key: str) -> Any:
        if (entry := self._known.get(key)) is None or crc32(entry.value) != entry.sum:
            return None
        self._use(key, entry)
        return marshal.loads(entry.value)  # noqa: S302 - what we wrote, in the user's own folder

    def _keep(self, key: str, value: Any) -> None:
        written = marshal.dumps(value)
        self._new |= self._use(key, KeptEntry(crc32(written), written))

    def _use(self, key: str, entry: KeptEntry) -> bool:
        if self._size + len(entry.value) > MOST:
            return False
        self._used[key] = entry
        self._size += len(entry.value)
        return True

    def save(self) -> None:
        """Writes the file if there is anything new. What another process wrote meanwhile stays in it."""
        if not self._new:
            return
        kept = {**_read(self._file), **self._used}
        if sum(len(one.value) for one in kept.values()) > MOST:
            kept = self._used
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with replacing(self._file, sync=False) as file:
                file.writelines(_content(kept))
        except OSError:
            return
        self._new = False


def keep() -> Callable[[], None]:
    """Has patterns and what is made of tables taken from the cache folder; what it returns writes there, when all is
    done."""
    try:
        folder = cache_folder()
    except RuntimeError:  # nobody's home
        return lambda: None
    kept = KeptFile(folder / f"kept-{sys.implementation.cache_tag}.bin")
    compile_with(kept.compile)
    keep_with(kept.made)

    def done() -> None:
        keep_with(None)
        kept.save()

    return done


def _generated(text: str, flags: int) -> tuple[int, int, dict[str, int], bytes]:
    """The first half of what `re.compile` does: flags, number of groups, their names, code."""
    parsed = _parser.parse(text, flags)
    code = array("I", _compiler._code(parsed, flags))
    state = parsed.state
    return int(flags | state.flags), state.groups - 1, dict(state.groupdict), code.tobytes()


def _made(text: str, flags: int, groups: int, named: dict[str, int], code: bytes) -> re.Pattern[str]:
    """The second half. RuntimeError for code that the engine finds wrong."""
    names: list[str | None] = [None] * (groups + 1)
    for name, group in named.items():
        names[group] = name
    numbers = memoryview(code).cast("I").tolist()
    made: re.Pattern[str] = _engine.compile(text, flags, numbers, groups, named, tuple(names))
    return made


def _state() -> bytes | None:
    """A digest of where the files of `_MADE_OF` are, of their sizes and when they were written; None if they are no
    files, as in an archive."""
    try:
        found = [f"{name} {size} {time}" for room in _MADE_OF for name, size, time in sorted(_files(_ROOM / room))]
    except OSError:
        return None
    return blake2b("\n".join(found).encode(errors="surrogatepass")).digest()


def _files(folder: Path | str) -> Iterator[tuple[str, int, int]]:
    for one in os.scandir(folder):
        if one.is_dir():
            yield from _files(one.path) if one.name != "__pycache__" else ()
        else:
            about = one.stat()
            yield one.path, about.st_size, about.st_mtime_ns


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def _form() -> bytes:
    """By whom and for whom it was written."""
    return f"presseschau kept 2, {sys.version!r}, {_engine.MAGIC}, {_engine.CODESIZE}, {sys.byteorder}".encode()


def _content(kept: dict[str, KeptEntry]) -> Iterator[bytes | memoryview]:
    """A line that says what the file is, one with the digest of the next, one that lists the entries; their values."""
    listed = json.dumps([(key, one.sum, len(one.value)) for key, one in kept.items()]).encode()
    yield b"\n".join([_form(), _digest(listed).encode(), listed, b""])
    yield from (one.value for one in kept.values())


def _read(file: Path) -> dict[str, KeptEntry]:
    """What lies in a file that is for this Python; else nothing."""
    try:
        with file.open("rb") as opened:
            form, digest, listed = (opened.readline().removesuffix(b"\n") for _ in range(3))
            values = memoryview(opened.read())
    except OSError:
        return {}
    if form != _form() or digest != _digest(listed).encode():
        return {}
    known, at = {}, 0
    for key, sum, length in json.loads(listed):
        known[key] = KeptEntry(sum, values[at : at + length])
        at += length
    return known
