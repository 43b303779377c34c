"""Foreign text made safe for a terminal."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """`text` without control characters (so no escape sequence survives) and bidirectional overrides."""
    return "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") else "" for c in text)
