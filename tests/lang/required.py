"""Pieces of which a text must have one if a pattern is to fit anywhere in it, read from the pattern itself.

python tests/lang/required.py FILE.toml ... writes them as `needs` of those rules that have none.
"""

from __future__ import annotations

import re
import sys
from itertools import groupby, takewhile
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MOST, SHORTEST = 16, 3
"""Pieces, and letters of the shortest, that are worth looking for."""

Pieces = frozenset[str] | None


def required(pattern: str) -> Pieces:
    """The pieces, in lower case; None if nothing must stand there."""
    return _of(list(parser.parse(pattern)))


def holds(pattern: str, needs: tuple[str, ...]) -> bool:
    """Does nothing fit the pattern that has none of the `needs`?"""
    return _holds(list(parser.parse(pattern)), needs)


def _holds(nodes: list[Any], needs: tuple[str, ...]) -> bool:
    text = "".join(_letter(node) or "\0" for node in nodes)
    if any(piece in text for piece in needs):
        return True
    for i, (code, value) in enumerate(nodes):
        branches = [list(branch) for branch in value[1]] if code is codes.BRANCH else []
        if _letter((code, value)) is None and _plain((code, value)):
            branches = [[letter] for letter in value]
        before = list(takewhile(_letter, reversed(nodes[:i])))[::-1]
        after = list(takewhile(_letter, nodes[i + 1 :]))
        if branches and all(_holds([*before, *branch, *after], needs) for branch in branches):
            return True
        inner = _inside(code, value)
        if inner is not None and _holds(inner, needs):
            return True
    return False


def _inside(code: Any, value: Any) -> list[Any] | None:
    """What surely stands there, of a node with nodes in it."""
    if code in (codes.SUBPATTERN, codes.ASSERT):
        return list(value[-1])
    if code is codes.ATOMIC_GROUP:
        return list(value)
    repeated = code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
    return list(value[2]) if repeated and value[0] else None


def _of(nodes: list[Any]) -> Pieces:
    """The rarest of what the parts of a sequence need."""
    found: list[Pieces] = []
    for literal, run in groupby(nodes, key=lambda node: _letter(node) is not None):
        if literal:
            found.append(frozenset(("".join(map(str, map(_letter, run))),)))
        else:
            found += map(_of_node, run)
    return min((one for one in found if one), key=_frequency, default=None)


def _letter(node: Any) -> str | None:
    """The one letter, large or small, that stands here."""
    code, value = node
    letters = [value] if code is codes.LITERAL else [v for c, v in value if c is codes.LITERAL] if _plain(node) else []
    lower = {chr(letter).lower() for letter in letters}
    return lower.pop() if len(lower) == 1 else None


def _plain(node: Any) -> bool:
    return node[0] is codes.IN and all(code is codes.LITERAL for code, _ in node[1])


def _of_node(node: Any) -> Pieces:
    code, value = node
    if code is codes.BRANCH:
        branches = [_of(list(branch)) for branch in value[1]]
        return None if None in branches else frozenset(piece for branch in branches for piece in branch or ())
    inner = _inside(code, value)
    return None if inner is None else _of(inner)


def _frequency(pieces: Pieces) -> float:
    return sum(20.0 ** -min(len(piece), 6) for piece in pieces or ())


def worth(pieces: Pieces) -> tuple[str, ...]:
    """As they are written down: none that stands in another; empty if most texts have one of them."""
    short = {one for one in pieces or () if not any(other != one and other in one for other in pieces or ())}
    return tuple(sorted(short)) if short and len(short) <= MOST and min(map(len, short)) >= SHORTEST else ()


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parents[2] / "src"))
    from presseschau.lang import rules

    for name in map(Path, sys.argv[1:]):
        text = name.read_text("utf-8")
        for rule in rules(name.parent.name, name.stem).values():
            pieces = () if rule.needs else worth(required(rule.pattern))
            if pieces:
                line = "needs = [" + ", ".join(f'"{one}"' if "'" in one else f"'{one}'" for one in pieces) + "]\n"
                at = text.index(f"\n[{rule.id}]\n")
                yes = at + re.search(r"^yes = ", text[at:], re.MULTILINE).start()  # type: ignore[union-attr]
                text = text[:yes] + line + text[yes:]
        name.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
