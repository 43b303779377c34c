"""Compiled patterns kept from run to run: to parse a pattern and write its code is what takes `re` its time, in Python;
to hand over code that is there takes a hundredth of it.

One file in the user's cache folder, replaced as a whole: what `re` hands to its engine for a pattern, under a digest of
the pattern's text and flags, so that nothing in it can be out of date; texts themselves are not in it. It is read
strictly (this very Python, digest of the whole), and the engine checks code before it takes it. A file that is
damaged, or of another Python, is none; one that cannot be read or written is done without.
"""

from __future__ import annotations

import json
import re
import sys
from array import array
from collections.abc import Callable
from hashlib import blake2b, sha256
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from presseschau.patterns import compile_with
from presseschau.storage.files import cache_folder, replacing

_engine: Any = import_module("_sre")
_parser: Any = import_module("re._parser")
_compiler: Any = import_module("re._compiler")

MOST = 8_000_000
"""Bytes of code that are kept: of a file that grows beyond, only what the last process used."""


class _Code(NamedTuple):
    """What the engine is told about a pattern besides its text."""

    flags: int
    groups: int
    names: dict[str, int]
    code: bytes


class CompiledPatterns:
    """Makes patterns as `re.compile` does, with what lies in `file`, which is read when the first is asked for."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kept: dict[str, _Code] | None = None
        self._used: dict[str, _Code] = {}
        self._room = MOST
        self._new = False

    def compile(self, text: str, flags: int = 0) -> re.Pattern[str]:
        """What `re.compile` would return. Raises re.error as that does."""
        if self._kept is None:
            self._kept = _read(self._file)
        key = blake2b(f"{int(flags)} {text}".encode(errors="surrogatepass"), digest_size=16).hexdigest()
        try:
            known = self._kept.get(key)
            made = _made(text, known or (new := _generated(text, flags)))
        except (AttributeError, TypeError, ValueError, RuntimeError):  # a Python that does it differently
            return re.compile(text, flags)
        code = known or new
        if key not in self._used and len(code.code) <= self._room:
            self._used[key] = code
            self._room -= len(code.code)
            self._new |= known is None
        return made

    def save(self) -> None:
        """Writes the file if there is anything new. What another process wrote meanwhile stays in it."""
        if not self._new:
            return
        kept = {**_read(self._file), **self._used}
        if sum(len(one.code) for one in kept.values()) > MOST:
            kept = self._used
        content = _content(kept)
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with replacing(self._file, sync=False) as file:
                file.write(content)
        except OSError:
            return
        self._new = False


def keep_patterns() -> Callable[[], None]:
    """Has patterns made with what lies in the cache folder; what it returns writes there, when all is done."""
    try:
        folder = cache_folder()
    except RuntimeError:  # nobody's home
        return lambda: None
    kept = CompiledPatterns(folder / f"patterns-{sys.implementation.cache_tag}.bin")
    compile_with(kept.compile)
    return kept.save


def _generated(text: str, flags: int) -> _Code:
    """The first half of what `re.compile` does."""
    parsed = _parser.parse(text, flags)
    code = array("I", _compiler._code(parsed, flags))
    state = parsed.state
    return _Code(int(flags | state.flags), state.groups - 1, dict(state.groupdict), code.tobytes())


def _made(text: str, known: _Code) -> re.Pattern[str]:
    """The second half. RuntimeError for code that the engine finds wrong."""
    names: list[str | None] = [None] * (known.groups + 1)
    for name, group in known.names.items():
        names[group] = name
    code = memoryview(known.code).cast("I").tolist()
    made: re.Pattern[str] = _engine.compile(text, known.flags, code, known.groups, known.names, tuple(names))
    return made


def _form() -> str:
    """By whom and for whom the code was written."""
    return f"presseschau compiled patterns 1, {sys.version}, {_engine.MAGIC}, {_engine.CODESIZE}, {sys.byteorder}"


def _content(kept: dict[str, _Code]) -> bytes:
    """A line that says what the file is, one with the digest of the rest, one that lists the patterns, their code."""
    rows = [[key, one.flags, one.groups, one.names, len(one.code)] for key, one in kept.items()]
    body = b"\n".join([json.dumps(rows).encode(), b"".join(one.code for one in kept.values())])
    return b"\n".join([json.dumps(_form()).encode(), sha256(body).hexdigest().encode(), body])


def _read(file: Path) -> dict[str, _Code]:
    """What lies in a file that is whole, and for this Python; else nothing."""
    try:
        form, digest, body = file.read_bytes().split(b"\n", 2)
    except (OSError, ValueError):
        return {}
    if form != json.dumps(_form()).encode() or digest != sha256(body).hexdigest().encode():
        return {}
    rows, codes = body.split(b"\n", 1)
    kept, at = {}, 0
    for key, flags, groups, names, length in json.loads(rows):
        kept[key] = _Code(flags, groups, names, codes[at : at + length])
        at += length
    return kept
