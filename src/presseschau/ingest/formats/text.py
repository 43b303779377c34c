"""A text file, which is one article, and markup in a field as blocks of text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from presseschau.findings import flag
from presseschau.ingest.document import Document, Item, ReadOptions
from presseschau.ingest.formats.bounded import read_to_cut
from presseschau.ingest.formats.markup_stream import MarkupStream, Tag
from presseschau.patterns import late


def read_plain(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The one document in `stream`, undecoded; of a packed one that is cut, what stands before the cut."""
    data, cut = read_to_cut(stream, options.max_item)
    message = "The article is incomplete. The file it is packed in is cut: what stands before the cut was read."
    found = (flag("input.incomplete", message).stamped(),) if cut else ()
    yield Document(source, data=data, declared=options.charset, findings=found)


_BLOCKS = frozenset((
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "blockquote", "section",
    "article", "figure", "figcaption", "table", "tr", "header", "footer", "aside",
))  # fmt: skip
_DROPPED = frozenset(("script", "style", "noscript", "template"))
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_HIDDEN = late(
    r"""\sstyle\s*=\s*["'][^"']{0,500}?(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)|\shidden(?=[\s/]|$)""",
    re.IGNORECASE,
)


def blocks_of_fragment(markup: str) -> str:
    """The text of `markup`: one line a block, blank lines between blocks, `<br>` as a line break."""
    parser = BlockParser()
    parser.feed(markup)
    return "\n\n".join(parser.finished(last=True))


class BlockParser:
    """Collects text; \x00 marks a block's border, \x01 a line break. Markup may come in pieces."""

    def __init__(self) -> None:
        self.stream = MarkupStream()
        self.parts: list[str] = []
        self.dropping = 0
        self.hidden = 0  # elements that are open within one that is not shown

    def feed(self, markup: str) -> None:
        """Takes the next piece."""
        self._take(self.stream.feed(markup))

    def finished(self, *, last: bool = False) -> list[str]:
        """The blocks that are whole so far, at the end with the last one; each is given once."""
        if last:
            self._take(self.stream.close())
        text = "".join(self.parts)
        text, _, rest = (text, "", "") if last else text.rpartition("\x00")
        self.parts[:] = [rest]
        lines = (html.unescape(block).split("\x01") for block in re.split(r"\x00+", text))
        tidy = ("\n".join(" ".join(line.split()) for line in block).strip() for block in lines)
        return [block for block in tidy if block]

    def _take(self, found: Iterable[Tag | str]) -> None:
        for part in found:
            if isinstance(part, str):
                if not self.dropping and not self.hidden:
                    self.parts.append(part.replace("\x00", "").replace("\x01", ""))
            elif part.ends:
                self._end(part.name)
            else:
                self._begin(part)

    def _begin(self, tag: Tag) -> None:
        self.dropping += tag.name in _DROPPED
        if tag.name not in _VOID and (self.hidden or _HIDDEN.search(tag.written)):
            self.hidden += 1
        if tag.name in ("br", "q"):
            self.parts.append("\x01" if tag.name == "br" else "„")
        elif tag.name in _BLOCKS:
            self.parts.append("\x00")

    def _end(self, name: str) -> None:
        self.dropping = max(0, self.dropping - (name in _DROPPED))
        self.hidden = max(0, self.hidden - (name not in _VOID))
        if name in _BLOCKS or name == "q":
            self.parts.append("“" if name == "q" else "\x00")
