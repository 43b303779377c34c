"""Patterns of a file that are compiled when they are first used: most files are loaded for a few of theirs."""

from __future__ import annotations

import re
from typing import Any, cast


class _Late:
    """All that a `re.Pattern` has, from the first time that any of it is asked for."""

    def __init__(self, *made_of: Any) -> None:
        self._made_of = made_of

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(*self._made_of)
        methods = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split")
        self.__dict__.update({method: getattr(compiled, method) for method in methods})
        return getattr(compiled, name)


def late(text: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile`, later. What is wrong in the pattern raises `re.error` then."""
    return cast("re.Pattern[str]", _Late(text, flags))


WITHOUT_WIDTH = frozenset(map(chr, (
    0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x3164, 0xFFA0,
    *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0),
)))  # fmt: skip
"""Letters and marks by their category, and yet nothing is seen of them."""
