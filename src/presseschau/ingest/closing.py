"""The end of a page: lines that stand behind the credit, the last note or a pitch for the newsletter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from presseschau.ingest.blocks import Part, ends_sentence, is_prose
from presseschau.ingest.byline import bare_names
from presseschau.ingest.credits import is_signature, outlet_in
from presseschau.ingest.metadata import Imprint

_CLOSES: Final = frozenset({"credit", "note", "dropped"})
_FURNITURE: Final = frozenset({"boilerplate", "paywall", "stop heading", "teaser", "link", "later date"})
_RESULT: Final = re.compile(r"\d\s?[:.]\s?\d|(?:\d+\D+){2}\d")
_NAME_WORDS: Final = 3


def close(parts: Sequence[Part], imprint: Imprint) -> None:
    """Name the signature behind the last paragraph; drop headlines of other articles that follow the credit.

    Lines with results or figures stay: tables close many sports and market reports.
    """
    last = max((n for n, part in enumerate(parts) if part.is_open and _is_text(parts, n)), default=None)
    if last is None:
        return
    _name_author([part for part in parts[last + 1 :] if part.is_open], imprint)
    closed = False
    before: Part = parts[last]
    for part in parts[last + 1 :]:
        credited = closed and before.kind == "credit"
        if part.is_open and (is_signature(part.text) or (credited and _is_name(part.text))):
            _sign(part, imprint)
        elif part.is_open and closed and not _RESULT.search(part.text):
            part.drop("teaser")
        closed = closed or (part.kind in _CLOSES and (part.kind != "dropped" or part.reason in _FURNITURE))
        before = part


def _is_text(parts: Sequence[Part], n: int) -> bool:
    """Is it running text, or a short sentence that goes on behind a link?"""
    text = parts[n].text
    return is_prose(text) or (n > 0 and parts[n - 1].reason == "link" and ends_sentence(text) and " " in text)


def _name_author(lines: Sequence[Part], imprint: Imprint) -> None:
    """A single line behind the text that is a personal name signs it."""
    if len(lines) == 1 and imprint.author is None and bare_names(lines[0].text):
        lines[0].kind = "byline"
        imprint.author = lines[0].text


def _sign(part: Part, imprint: Imprint) -> None:
    part.kind = "credit"
    imprint.outlet = imprint.outlet or outlet_in(part.text)


def _is_name(line: str) -> bool:
    words = line.split()
    return len(words) <= _NAME_WORDS and all(word[0].isupper() for word in words) and outlet_in(line) is not None
