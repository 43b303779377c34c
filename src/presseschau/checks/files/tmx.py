"""TMX 1.1 to 1.4b (translation memories) as a stream, with the standard library's parser made harmless.

Entity declarations are refused (they can blow a small file up to gigabytes) and outside files are never opened; the
usual `<!DOCTYPE tmx SYSTEM "tmx14.dtd">` is passed over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeVar

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

Unit = TypeVar("Unit")

CHUNK = 65_536
INLINE = ("bpt", "ept", "ph", "it", "ut")
"""Elements whose content is formatting code of another program, not text."""
THREE_LETTERS = {"deu": "de", "ger": "de", "eng": "en"}
"""ISO 639-2 codes, which some tools write instead of de and en."""
LONGEST_UNIT = 1_000_000
"""Characters of one segment; more is not a sentence."""


class TmxError(ValueError):
    """The file is not TMX, or one that must not be read. The message is a sentence."""


class _UnitReader:
    """Collects units: (id, {language: text}). Language is the part before the region, in lower case: de, en."""

    def __init__(self) -> None:
        self.units: deque[tuple[str, dict[str, str]]] = deque()
        from xml.parsers import expat  # no entity is ever expanded

        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._root = True
        self._unit: tuple[str, dict[str, str]] | None = None
        self._language = ""
        self._parts: list[str] | None = None
        self._code = 0

    def _entity(self, *_: object) -> None:
        raise TmxError("the file declares XML entities; such files are not read.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._root and name != "tmx":
            raise TmxError(f"the file is not TMX (it begins with <{name}>).")
        self._root = False
        if name == "tu":
            self._unit = (attributes.get("tuid", ""), {})
        elif name == "tuv":
            language = attributes.get("xml:lang", attributes.get("lang", ""))
            language = language.replace("_", "-").partition("-")[0].lower()
            self._language = THREE_LETTERS.get(language, language)
        elif name == "seg":
            self._parts = []
        elif name in INLINE:
            self._code += 1

    def _end(self, name: str) -> None:
        if name == "seg" and self._unit is not None and self._parts is not None:
            self._unit[1].setdefault(self._language, " ".join("".join(self._parts).split()))
            self._parts = None
        elif name == "tu" and self._unit is not None:
            self.units.append(self._unit)
            self._unit = None
        elif name in INLINE:
            self._code -= 1

    def _text(self, text: str) -> None:
        if self._parts is None or self._code:
            return
        self._parts.append(text)
        if sum(map(len, self._parts[-2:])) > LONGEST_UNIT or len(self._parts) > LONGEST_UNIT:
            raise TmxError("the file has a segment of more than a million characters.")


def read_tmx(stream: BinaryIO) -> Iterator[tuple[str, dict[str, str]]]:
    """(unit id or "", {language: text}) for each unit in order. TmxError if the file is not well-formed TMX."""
    return parsed(_UnitReader(), stream, TmxError)


class UnitParser(Protocol[Unit]):
    """Whatever collects units while `parser` is fed."""

    parser: XMLParserType
    units: deque[Unit]


def parsed(reader: UnitParser[Unit], stream: BinaryIO, wrong: type[ValueError]) -> Iterator[Unit]:
    """The units as the stream is read. Raises `wrong` if it is not well-formed XML."""
    from xml.parsers.expat import ExpatError

    try:
        while chunk := stream.read(CHUNK):
            reader.parser.Parse(chunk, False)
            while reader.units:
                yield reader.units.popleft()
        reader.parser.Parse(b"", True)
    except ExpatError as error:
        raise wrong(f"the file is not well-formed XML (line {error.lineno}).") from error
    while reader.units:
        yield reader.units.popleft()
