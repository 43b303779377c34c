"""JSON that does nothing where it is printed or embedded: the same values, written with more escapes."""

from __future__ import annotations

import unicodedata

_UNSEEN = [c for c in range(0x7F, 0xFFFF) if unicodedata.category(chr(c)) in ("Cc", "Cf", "Zl", "Zp")]
_ESCAPES = {c: f"\\u{c:04x}" for c in _UNSEEN}
_MARKUP = {ord(c): f"\\u{ord(c):04x}" for c in "<>&"}


def inert_json(text: str, *, markup: bool = False) -> str:
    """`text` with control, direction and line-separating characters as \\u escapes; with `markup` also < > and &.

    They stand only inside JSON strings, so the values stay the same. What is left moves no terminal and ends no line.
    """
    return text.translate(_ESCAPES | _MARKUP if markup else _ESCAPES)
