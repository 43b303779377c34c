"""What the exports of press archives have in common: blocks of text, and an article made of what their labels say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from presseschau.ingest.document import Document, Item, ReadOptions, Skipped
from presseschau.ingest.formats.bounded import LargeError
from presseschau.ingest.formats.feeds import person
from presseschau.ingest.formats.fields import compose
from presseschau.ingest.formats.tables import text_lines
from presseschau.ingest.formats.text import BlockParser

_PAGE = re.compile(r"(?:^|[;,.]?\s)(?:S\.|Seiten?:?|Pg\.|Page)\s*(\d+[\w/-]*|[A-Z]{1,3}\d+)", re.IGNORECASE)
_MOST_BYTES = 4 * 1024 * 1024  # of one article
_PIECE = 64 * 1024
_SHOWN = 80


class Bounded:
    """The lines of one article; raises LargeError when there are too many."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.size = 0

    def add(self, line: str) -> None:
        self.size += len(line) + 1
        if self.size > _MOST_BYTES:
            raise LargeError(f"An article in it is larger than {_MOST_BYTES:,} characters, the most that one may have.")
        self.lines.append(line)

    def taken(self) -> list[str]:
        """What was added; it is empty then."""
        lines, self.lines, self.size = self.lines, [], 0
        return lines


class Around:
    """What an export has around its articles: counted, and its first words kept."""

    def __init__(self) -> None:
        self.count = 0
        self.first = ""

    def add(self, *lines: str) -> None:
        """Passes lines over."""
        for line in lines:
            if tidy := " ".join(line.split()):
                self.count += 1
                self.first = self.first or tidy[:_SHOWN]

    def item(self, source: str, what: str) -> Iterator[Item]:
        """Says what was passed over, if anything was."""
        if self.count:
            lines = f"{self.count:,} line{'s' * (self.count != 1)}"
            yield Skipped(source, "passed", f"{what} of the export, {lines} that begin “{self.first}”.")


def lines_of(stream: BinaryIO, options: ReadOptions) -> Iterator[str]:
    """The lines of a text export, without their ends; a page break ends a line."""
    for line in text_lines(stream, options):
        yield from line.rstrip("\r\n").replace("\f", "\n").split("\n")


def html_lines(stream: BinaryIO, options: ReadOptions) -> Iterator[str]:
    """The blocks of an HTML export, a blank line behind each; only as much of the page is held as a block is long."""
    parser = BlockParser()
    held: list[str] = []
    size = 0
    for piece in text_lines(stream, options):
        held.append(piece)
        size += len(piece)
        if size < _PIECE:
            continue
        parser.feed("".join(held))
        held, size = [], 0
        if len(parser.stream.held) > _MOST_BYTES:
            raise LargeError(f"A tag or comment in it is larger than {_MOST_BYTES:,} characters.")
        for block in parser.finished():
            yield from (*block.split("\n"), "")
    parser.feed("".join(held))
    for block in parser.finished(last=True):
        yield from (*block.split("\n"), "")


def paragraphs(lines: Iterable[str]) -> list[str]:
    """Lines joined to paragraphs at blank ones; a line too long to have been wrapped is a paragraph of its own."""
    found: list[str] = []
    held: list[str] = []
    for line in (*lines, ""):
        stripped = " ".join(line.split())
        if held and (not stripped or len(stripped) > _WRAPPED):
            found.append(" ".join(held))
            held = []
        if len(stripped) > _WRAPPED:
            found.append(stripped)
        elif stripped:
            held.append(stripped)
    return found


_WRAPPED = 120


def page_in(value: str) -> tuple[str, str]:
    """The page in "POLITIK; S. 5", and what else there is."""
    found = _PAGE.search(value)
    if found is None:
        return "", value.strip(" ;,")
    return found[1].rstrip(".,;"), (value[: found.start()] + value[found.end() :]).strip(" ;,")


def export_item(
    source: str, metadata: Mapping[str, str], lead: str, body: Iterable[str], beside: Iterable[tuple[str, str]]
) -> Item:
    """The document of an article; Skipped if it has no text."""
    said = {key: value for key, value in metadata.items() if value}
    if "author" in said:
        said["author"] = person(said["author"].replace(";", ","))
    text = "\n\n".join(filter(None, body))
    if not text:
        return Skipped(source, "empty", f"This article of the export has no text: “{said.get('headline', '')[:80]}”.")
    return Document(source, text=compose({**said, "lead": lead}, text), metadata=said, beside=tuple(beside))
