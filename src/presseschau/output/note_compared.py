"""Is a page of a note, which another version may have made, what its note says: its words, figures, German, citations?

What a page looks like is not compared. What is read is cut into chapters (at headings) and blocks (lines of a list,
paragraphs); the words of the page itself are known labels (`lang/en/note_labels.txt` keeps those of earlier versions,
too) and left out. A block may say less than the same block of today's page, a chapter may have fewer blocks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import get_args

from presseschau.lang import listed
from presseschau.models import Stance
from presseschau.notes import Note
from presseschau.output.note_page import note_page

_HEADINGS = frozenset({"title", "h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | {"li", "p", "div", "section", "blockquote", "header", "footer", "tr", "dt", "dd"}
_EMPTY = frozenset({"meta", "br", "hr", "img", "link", "input", "wbr", "source", "col", "area", "base", "embed"})
_UNSEEN = frozenset({"script", "style"})
_CITED = re.compile(r"#((?:source-)?\d+(?:\.c\d+)?|ref-\d+)$")
_ANCHOR = re.compile(r"\d+\.c\d+|ref-\d+|source-\d+")
_QUALIFIES = frozenset({*get_args(Stance), "disputed", "Not supported by the German"})
_ALL = 1_000
"""Pages of a note that shows every row it has."""
Block = tuple[str, ...]
"""What is read in one line: its texts, and where its links lead."""


def strange_in(page: str, note: Note) -> str | None:
    """The first that the page says and `note_page` of the whole note does not; None if there is nothing.

    A text, a citation that leads elsewhere, a program, or a line in the wrong place.
    """
    theirs = _read(page)
    if theirs.programs != 1:
        return "a program"
    ours = _read(note_page(note.model_copy(update={"pages": _ALL}))).chapters + _read(note_page(note)).chapters
    for chapter in theirs.chapters:
        left = [_unmatched(chapter, other) for other in ours]
        if left and (furthest := min(left, key=len)):
            return " ".join(part.removeprefix("→") for part in furthest[0])
    return None


def _unmatched(chapter: Iterable[Block], other: list[Block]) -> list[Block]:
    """The blocks of the chapter that are not in the other one, in its order."""
    at, left = 0, []
    for block in chapter:
        place = next((i for i in range(at, len(other)) if _says_no_more(block, other[i])), None)
        if place is None:
            left.append(block)
        else:
            at = place + 1
    return left


def _says_no_more(block: Block, other: Block) -> bool:
    """Is all of the block in the other one, and nothing left out that qualifies what is said?"""
    more, less = Counter(block) - Counter(other), Counter(other) - Counter(block)
    return not more and not any(part.removesuffix(" ·") in _QUALIFIES for part in less)


def _read(page: str) -> _PageReader:
    reader = _PageReader()
    reader.feed(page)
    reader.close()
    reader.end_block()
    return reader


@dataclass
class _PageReader(HTMLParser):
    """The chapters of a page, without labels, and how many programs stand in it."""

    chapters: list[list[Block]] = field(default_factory=lambda: [[]])
    programs: int = 0
    _open: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.programs += tag == "script" or any(name.startswith("on") for name in given)
        if tag in _BLOCKS and "li" not in self._open:
            self.end_block()
        if tag in _HEADINGS and "li" not in self._open:
            self.chapters.append([])
        if tag not in _EMPTY:
            self._open.append(tag)
        if tag == "li" and _ANCHOR.fullmatch(given.get("id", "")):
            self._parts.append(f"@{given['id']}")
        if tag == "a" and (link := given.get("href", "")):
            cited = _CITED.search(link)
            self._parts += [f"→{cited[1]}"] if cited else [] if link.startswith("#") else [f"→{link}"]
            self._open[-1] = "cited" if cited and not cited[1].startswith("source") else "a"

    def handle_endtag(self, tag: str) -> None:
        names = {tag, "cited"} if tag == "a" else {tag}
        if names & {*self._open}:
            while self._open.pop() not in names:
                pass
        if tag in _BLOCKS and "li" not in self._open:
            self.end_block()

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not _UNSEEN & {*self._open} and "cited" not in self._open and not _is_label(text):
            self._parts.append(text)

    def end_block(self) -> None:
        """What was read since the last block is one."""
        if self._parts:
            self.chapters[-1].append(tuple(self._parts))
            self._parts = []


def _is_label(text: str) -> bool:
    return not any(letter.isalnum() for letter in text) or text in listed("en", "note_labels")
