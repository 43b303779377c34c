"""Foreign text made safe to show: nothing in it moves a cursor or turns the writing direction round."""

from __future__ import annotations

import unicodedata

_SPACES = frozenset("\t\r\u2028\u2029")
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


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
