"""Markup as tags and texts, in pieces as they come and in linear time, for which `html.parser` is no match ("<b x=1 " a
thousand times over takes it seconds). Comments, declarations and the contents of scripts and styles are left out; what
begins like a tag and never ends is text."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from presseschau.patterns import late

_OPENS = late(r"<(?:(?P<comment>!--)|[!?]|(?P<end>/)?(?P<name>[A-Za-z][^\s/>\x00]{0,60}))")
_ATTRIBUTE = late(r"([^\s\"'>/=]{1,200})(?:\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
_RAW = ("script", "style")
_LONG = 20_000
"""Characters of a tag in which quotes and attributes are looked for."""


@dataclass(slots=True)
class Tag:
    """A tag: its name in lower case, and what is written behind that."""

    name: str
    ends: bool
    written: str

    def attributes(self) -> dict[str, str]:
        """The attributes by name in lower case, as written; the first of a name counts."""
        found: dict[str, str] = {}
        for name, *values in _ATTRIBUTE.findall(self.written[:_LONG]):
            found.setdefault(name.lower(), "".join(values))
        return found


class MarkupStream:
    """Takes markup apart. `held` is what may go on in the next piece."""

    def __init__(self) -> None:
        self.held = ""
        self.raw = ""  # the element whose contents are passed over

    def feed(self, piece: str) -> Iterator[Tag | str]:
        """The tags and texts that are whole with this piece."""
        text, self.held = self.held + piece, ""
        at = yield from self._whole(text, last=False)
        self.held = text[at:]

    def close(self) -> Iterator[Tag | str]:
        """The rest: a tag or comment without end is text."""
        text, self.held = self.held, ""
        yield from self._whole(text, last=True)

    def _whole(self, text: str, *, last: bool) -> Generator[Tag | str, None, int]:
        """Yields what is whole; returns where the rest begins."""
        at = 0
        tags, comments = text.rfind(">"), text.rfind("-->")
        while at < len(text):
            if self.raw:
                begin = _end_of(self.raw, text, at)
                if begin < 0:
                    return len(text) if last else max(at, len(text) - len(self.raw) - 2)
                at, self.raw = begin, ""
            begin = text.find("<", at)
            if begin != at:
                yield text[at : begin if begin > 0 else len(text)]
            if begin < 0:
                break
            found = _OPENS.match(text, begin)
            if found is None:
                if len(text) - begin < 3 and not last:
                    return begin
                yield "<"
                at = begin + 1
            elif found["comment"]:
                end = text.find("-->", begin + 2) if begin < comments else -1
                if end < 0 and not last:
                    return begin
                at = end + 3 if end > 0 else begin + 4
            else:
                end = _close_of(text, found.end()) if begin < tags else -1
                if end < 0 and not last:
                    return begin
                at = end + 1 if end > 0 else len(text)
                if end < 0:
                    yield text[begin:]
                elif found["name"]:
                    tag = Tag(found["name"].lower(), found["end"] is not None, text[found.end() : end])
                    self.raw = tag.name if tag.name in _RAW and not tag.ends else ""
                    yield tag
        return len(text)


def _close_of(text: str, at: int) -> int:
    """Where the tag ends whose name ends at `at`: at the first > outside quotes that end, -1 if there is none."""
    first = end = text.find(">", at)
    while end > 0 and (quote := _open_quote(text, at, end)):
        closed = text.find(quote, end, end + _LONG)
        at, end = closed + 1, text.find(">", closed, closed + _LONG) if closed > 0 else -1
    return end if end > 0 else first


def _open_quote(text: str, at: int, end: int) -> str:
    """The quotation mark behind an = that is open at `end`; empty if none is."""
    if end - at > _LONG:
        return ""
    while True:
        opened = min((begin for mark in "\"'" if (begin := text.find(f"={mark}", at, end)) >= 0), default=-1)
        if opened < 0:
            return ""
        at = text.find(text[opened + 1], opened + 2, end) + 1
        if at == 0:
            return text[opened + 1]


def _end_of(name: str, text: str, at: int) -> int:
    """Where the end tag of an element begins; -1 if it is not there."""
    while (at := text.find("</", at)) >= 0:
        if text[at + 2 : at + 2 + len(name)].lower() == name:
            return at
        at += 2
    return -1
