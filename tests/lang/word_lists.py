"""Word lists in code: string collections, split strings and alternations in patterns of more than eight words.

`python tests/lang/word_lists.py` writes today's counts over `word_lists_outside.txt`, remarks kept.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SRC = Path(__file__).parents[2] / "src" / "presseschau"
ALLOWED = Path(__file__).with_name("word_lists_outside.txt")
MOST = 8
NO_LANGUAGE = {"lang", "llm", "storage", "archive", "cli"}
"""Rooms whose lists are settings, fields and messages of servers, and the one where words belong. The fields and marks
of foreign formats (ingest/formats) are no words of a language either."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_PLAIN = re.compile(r"[^\W\d_][\w .'’&-]*")
_NO_WORDS = re.compile(r"\(\?P<\w+>|\(\?P=\w+\)|\[[^\]]*\]|\\.|\{[^}]*\}|\(\?(?:[aimsx-]*:|<?[=!])")


def counts() -> dict[str, int]:
    """Module -> words in its lists, for those that have any."""
    found = {}
    for path in sorted(SRC.rglob("*.py")):
        room, *inside = path.relative_to(SRC).parts
        if inside and room not in NO_LANGUAGE and inside[0] != "formats" and (n := sum(lists(path.read_text("utf-8")))):
            found[path.relative_to(SRC).as_posix()] = n
    return found


def lists(source: str) -> Iterator[int]:
    """The number of words of each list in a module."""
    tree = ast.parse(source)
    skipped, split = _silent(tree), _split(tree, source)
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            yield from _long(_plain_words(node.elts))
        elif isinstance(node, ast.Dict):
            yield from _long(_plain_words(node.keys))
            yield from _long(_plain_words(node.values))
        elif isinstance(node, ast.Constant | ast.JoinedStr):
            value = _text(node)
            yield from _long(_alternatives(value))
            if id(node) in split:
                yield from _long(len(value.split()))


def _long(n: int) -> Iterator[int]:
    if n > MOST:
        yield n


def _silent(tree: ast.Module) -> set[int]:
    """Docstrings, `__all__`, and the pieces of f-strings, which are read with the whole."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(id(node.value))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__":
            found.update(id(inner) for inner in ast.walk(node))
        elif isinstance(node, ast.JoinedStr):
            found.update(id(inner) for value in node.values for inner in ast.walk(value))
    return found


def _text(node: ast.AST | None) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_text, node.values))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _plain_words(nodes: list[ast.expr] | list[ast.expr | None]) -> int:
    return sum(len(text.split()) for text in map(_text, nodes) if _PLAIN.fullmatch(text))


def _alternatives(pattern: str) -> int:
    pieces = _NO_WORDS.sub(" ", pattern).split("|")
    return sum(bool(_WORD.search(piece)) for piece in pieces) if len(pieces) > 1 else 0


def _split(tree: ast.Module, source: str) -> set[int]:
    """Strings that are split into words: at once, by a helper, or by their name."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split":
            found.add(id(node.func.value))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and "words" in node.func.id:
            found.update(map(id, node.args))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.update([id(node.value)] if f"{node.targets[0].id}.split(" in source else [])
    return found


def allowed() -> dict[str, tuple[int, str]]:
    """Module -> (most words, remark)."""
    rows = (line.split(maxsplit=2) for line in ALLOWED.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {row[0]: (int(row[1]), row[2] if len(row) > 2 else "") for row in rows}


if __name__ == "__main__":
    heading = [line for line in ALLOWED.read_text("utf-8").splitlines() if line.startswith("#")]
    remarks = {module: remark for module, (_, remark) in allowed().items()}
    body = [f"{module} {n} {remarks.get(module, '')}".rstrip() for module, n in counts().items()]
    ALLOWED.write_text("\n".join([*heading, *body]) + "\n", "utf-8")
    print(f"{sum(counts().values())} words in {len(body)} modules")
