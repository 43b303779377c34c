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
