"""Where patterns are compiled: when they are first used, since most files are loaded for a few of theirs, and by
`re.compile` or by what stands in for it; and what marks a function whose results are cached on disk."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, ParamSpec, TypeAlias, TypeVar, cast

Compile: TypeAlias = "Callable[[str, int], re.Pattern[str]]"
Keep: TypeAlias = "Callable[[str, Callable[[], Any]], Any]"
_compile: Compile = re.compile
_keep: Keep | None = None
P = ParamSpec("P")
Made = TypeVar("Made")


def compile_with(compile: Compile) -> None:
    """From here on patterns are made by this: the command line keeps their code from run to run."""
    global _compile
    _compile = compile


def keep_with(keep: Keep | None) -> None:
    """From here on the results of functions that are `cached_on_disk` are asked of this, by name; None: of the
    function."""
    global _keep
    _keep = keep


def cached_on_disk(make: Callable[P, Made]) -> Callable[P, Made]:
    """A function whose results are kept from run to run, where a command keeps anything (`storage/kept.py`). They must
    follow from its arguments, as `repr` has them, and from tables, prompts and code in `lang/`, `facts/` and `checks/`;
    and be of dict, list, tuple, frozenset, str, bool, int, float and None, nothing else."""
    name = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def made(*given: Any, **named: Any) -> Any:
        if _keep is None:
            return make(*given, **named)
        return _keep(f"{name}{given}{named or ''}", partial(make, *given, **named))

    return cast("Callable[P, Made]", made)


def compiled(text: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile`, for patterns of the program: not for those that are made of what a user gave to read."""
    return _compile(text, flags)


class _Late:
    """All that a `re.Pattern` has, from the first time that any of it is asked for."""

    def __init__(self, *made_of: Any) -> None:
        self._made_of = made_of

    def __getattr__(self, name: str) -> Any:
        pattern = compiled(*self._made_of)
        methods = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split")
        self.__dict__.update({method: getattr(pattern, method) for method in methods})
        return getattr(pattern, name)


def late(text: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile`, later. What is wrong in the pattern raises `re.error` then."""
    return cast("re.Pattern[str]", _Late(text, flags))


WITHOUT_WIDTH = frozenset(map(chr, (
    0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x3164, 0xFFA0,
    *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0),
)))  # fmt: skip
"""Letters and marks by their category, and yet nothing is seen of them."""
