"""The lines of a page in order, and which of them belong between the paragraphs that were found to be the article.

Extraction drops crossheads, items of lists and the times of ticker entries now and then; here they come back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from presseschau.ingest.formats.around import text_of

_LINES = frozenset(("p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "time", "dt", "dd", "pre"))
_HEADS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_CLOCK = re.compile(r"(?:\d{1,2}\.\s?\d{1,2}\.(?:\d{2,4})?,?\s*)?\d{1,2}[.:]\d{2}(?:\s*Uhr)?\Z")
_MAX_HEAD = 120
_TICKER_ENTRIES = 3


@dataclass(frozen=True)
class Line:
    """One innermost block of the page."""

    tag: str
    text: str

    @property
    def leads_on(self) -> bool:
        """Whether it can stand above a paragraph as its crosshead or time, or before it in the text."""
        return (self.tag in _HEADS and len(self.text) <= _MAX_HEAD) or self.is_item or bool(_CLOCK.match(self.text))

    @property
    def is_item(self) -> bool:
        """Whether it is a sentence in a list; a link to another article has no full stop."""
        return self.tag == "li" and self.text.endswith(".")


def outline(tree: Any) -> list[Line]:
    """Every innermost block with text, in the order of the page."""
    lines = []
    for node in tree.iter():
        if isinstance(node.tag, str) and (node.tag in _LINES or (node.tag in ("div", "span") and _is_short(node))):
            text = text_of(node)
            if text and not any(part.tag in _LINES for part in node.iterdescendants()):
                lines.append(Line(node.tag, text))
    return lines


def _is_short(node: Any) -> bool:
    """Whether a div or span holds nothing but its own short text, as the time of a ticker entry does."""
    return len(node) == 0 and 0 < len((node.text or "").strip()) <= 20 and any(char.isdigit() for char in node.text)


def between(lines: list[Line], body: list[str]) -> list[str]:
    """The body's blocks with the crossheads, items and times that stand directly above one of them."""
    if not body:
        return body
    at = _places(lines, body)
    own = set(body)
    is_ticker = sum(bool(_CLOCK.match(line.text)) for line in lines) >= _TICKER_ENTRIES
    result: list[str] = []
    for number, block in enumerate(body):
        above: list[str] = []
        place = at.get(number)
        while place is not None and place > 0 and lines[place - 1].leads_on:
            if len(above) >= 2 and not lines[place - 1].is_item:
                break
            place -= 1
            above.insert(0, lines[place].text)
        if number == 0 and not (is_ticker and above and _CLOCK.match(above[0])):
            above = []  # above the first paragraph stand headline, date and names
        result += [text for text in above if (text not in own and text not in result[-3:]) or _CLOCK.match(text)]
        result.append(block)
    return result


def _places(lines: list[Line], body: list[str]) -> dict[int, int]:
    """Number of a body block -> number of its line; blocks are looked for in order."""
    where: dict[str, list[int]] = {}
    for n, line in enumerate(lines):
        where.setdefault(line.text, []).append(n)
    places: dict[int, int] = {}
    start = 0
    for number, block in enumerate(body):
        found = next((n for n in where.get(block, ()) if n >= start), None)
        if found is not None:
            places[number] = found
            start = found + 1
    return places
