"""A text file, which is one article, and markup in a field as blocks of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import BinaryIO

from presseschau.ingest.document import Document, Item, ReadOptions
from presseschau.ingest.formats.bounded import read_all


def read_plain(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The one document in `stream`, undecoded."""
    yield Document(source, data=read_all(stream, options.max_item), declared=options.charset)


_BLOCKS = frozenset((
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "blockquote", "section",
    "article", "figure", "figcaption", "table", "tr", "header", "footer", "aside",
))  # fmt: skip
_DROPPED = frozenset(("script", "style", "noscript", "template"))
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)


def blocks_of_fragment(markup: str) -> str:
    """The text of `markup`: one line a block, blank lines between blocks, `<br>` as a line break."""
    parser = BlockParser()
    parser.feed(markup)
    parser.close()
    return "\n\n".join(parser.finished(last=True))


class BlockParser(HTMLParser):
    """Collects text; \\x00 marks a block's border, \\x01 a line break. Markup may come in pieces."""

    def finished(self, *, last: bool = False) -> list[str]:
        """The blocks that are whole so far, at the end with the last one; each is given once."""
        text = "".join(self.parts)
        text, _, rest = (text, "", "") if last else text.rpartition("\x00")
        self.parts[:] = [rest]
        lines = (block.split("\x01") for block in re.split(r"\x00+", text))
        tidy = ("\n".join(" ".join(line.split()) for line in block).strip() for block in lines)
        return [block for block in tidy if block]

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.dropping = 0
        self.hidden = 0  # elements that are open within one that is not shown

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.dropping += tag in _DROPPED
        if tag not in _VOID and (self.hidden or any(_hides(name, value) for name, value in attrs)):
            self.hidden += 1
        if tag in ("br", "q"):
            self.parts.append("\x01" if tag == "br" else "„")
        elif tag in _BLOCKS:
            self.parts.append("\x00")

    def handle_endtag(self, tag: str) -> None:
        self.dropping = max(0, self.dropping - (tag in _DROPPED))
        self.hidden = max(0, self.hidden - (tag not in _VOID))
        if tag in _BLOCKS or tag == "q":
            self.parts.append("“" if tag == "q" else "\x00")

    def handle_data(self, data: str) -> None:
        if not self.dropping and not self.hidden:
            self.parts.append(data.replace("\x00", "").replace("\x01", ""))


def _hides(name: str, value: str | None) -> bool:
    return name == "hidden" or (name == "style" and _HIDDEN.search(value or "") is not None)
