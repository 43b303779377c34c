"""Foreign text made inert: in it nothing moves a cursor, turns the writing direction round, or is markup or a link."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from presseschau.patterns import late

if TYPE_CHECKING:
    from presseschau.models import Analysis
    from presseschau.notes import Note

_SPACES = frozenset("\t\r\u2028\u2029")
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_MOVING = frozenset({"Cc", "Cf", "Zl", "Zp"})
_ACTIVE = late(r"([\\`*_\[\]<~$@]|&(?=#?\w+;)|:(?=//)|(?<=www)\.|^[#>=+-]|#(?=#*$))", re.IGNORECASE)
_NUMBERED = late(r"^(\d+)([.)])")


def plain(text: str) -> str:
    """`text` without control characters (so no escape sequence survives) and bidirectional overrides."""
    if text.isprintable():  # nearly always, and a hundred times faster than the look at each character
        return text
    return "".join(_seen(character) for character in text)


def one_line(text: str | None) -> str:
    """`plain(text)` with every run of white space as one space; "" for None."""
    return " ".join(plain(text or "").split())


def _seen(character: str) -> str:
    if character == "\n":
        return character
    if character in _SPACES:
        return " "
    return "" if unicodedata.category(character) in _UNSEEN else character


def quiet(text: str | None) -> str:
    """`text` on one line in which Markdown finds nothing to do: no link, no picture, no HTML, no list."""
    return _NUMBERED.sub(r"\1\\\2", _ACTIVE.sub(r"\\\1", one_line(text)))


def inert_json(text: str, *, markup: bool = False) -> str:
    """JSON `text` with control, direction and line-separating characters as \\u escapes; with `markup` also < > and &.

    They stand only inside JSON strings, so the values stay the same. What is left moves no terminal and ends no line.
    """
    unseen = {c for c in set(text) if "\x7f" <= c < "\uffff" and unicodedata.category(c) in _MOVING}
    return text.translate({ord(c): f"\\u{ord(c):04x}" for c in (*unseen, *("<>&" if markup else ""))})


def web_address(source: str) -> str | None:
    """`source` if a reader may be sent there: http or https with a host and nothing odd in it; else None."""
    if not source.isprintable() or any(c in source for c in " \\\"'<>"):
        return None
    try:
        parts = urlsplit(source)
    except ValueError:
        return None
    named = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return source if named else None


def analysis_json(analysis: Analysis) -> str:
    """The whole analysis, indented, UTF-8 as it is."""
    return inert_json(analysis.model_dump_json(indent=2)) + "\n"


def note_json(note: Note) -> str:
    """The whole note, indented, UTF-8 as it is."""
    return inert_json(note.model_dump_json(indent=2)) + "\n"
