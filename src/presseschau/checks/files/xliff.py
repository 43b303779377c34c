"""XLIFF 1.2 and 2.x as a stream of units, with the standard library's parser made harmless (as `tmx.py` says)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from presseschau.checks.files.tmx import INLINE, LONGEST_UNIT, parsed

_UNITS = ("unit", "trans-unit")
_HOLDERS = ("segment", "trans-unit")
"""Elements whose `source` and `target` are the text; those of a match or of a part to be ignored are not."""


class XliffError(ValueError):
    """The file is not XLIFF, or one that must not be read. The message is a sentence."""


class _SegmentReader:
    """Collects units: (id of the file, id of the unit, source, target or None)."""

    def __init__(self) -> None:
        self.units: deque[tuple[str, str, str, str | None]] = deque()
        from xml.parsers import expat  # no entity is ever expanded

        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._path: list[str] = []
        self._file = self._unit = ""
        self._said: dict[str, list[str]] = {}
        self._parts: list[str] | None = None
        self._length = 0

    def _entity(self, *_: object) -> None:
        raise XliffError("the file declares XML entities; such files are not read.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if not self._path and name != "xliff":
            raise XliffError(f"the file is not XLIFF (it begins with <{name}>).")
        if name == "file":
            self._file = attributes.get("id", attributes.get("original", ""))
        elif name in _UNITS:
            self._unit, self._said, self._length = attributes.get("id", ""), {}, 0
        elif name in ("source", "target") and self._path[-1] in _HOLDERS:
            self._parts = self._said.setdefault(name, [])
            self._parts.append(" ")
        self._path.append(name)

    def _end(self, name: str) -> None:
        name = self._path.pop()
        if name in ("source", "target") and self._path[-1] in _HOLDERS:
            self._parts = None
        elif name in _UNITS:
            source, target = (
                " ".join("".join(self._said[side]).split()) if side in self._said else None
                for side in ("source", "target")
            )
            self.units.append((self._file, self._unit, source or "", target))

    def _text(self, text: str) -> None:
        if self._parts is None or self._path[-1] in INLINE:
            return
        self._parts.append(text)
        self._length += len(text)
        if self._length > LONGEST_UNIT:
            raise XliffError("the file has a segment of more than a million characters.")


def read_xliff(stream: BinaryIO) -> Iterator[tuple[str, str, str, str | None]]:
    """(id of the file, id of the unit, source, target or None) for each unit in order, the segments of one joined.
    XliffError if the file is not well-formed XLIFF."""
    return parsed(_SegmentReader(), stream, XliffError)
