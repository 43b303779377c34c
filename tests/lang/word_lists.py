"""Word lists in code: string collections, split strings and alternations in patterns of more than eight words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SRC = Path(__file__).parents[2] / "src" / "presseschau"
MOST = 8
NO_LANGUAGE = {"lang", "llm", "storage", "archive", "cli", "desk", "ingest/formats"}
"""Rooms whose lists are settings, fields and messages of servers, labels and marks of foreign formats; and the one
where words belong."""
FORMATS = {
    "checks/files/pairs.py HEADINGS": "columns of files of pairs",
    "checks/risk.py _HEARD": "what a risk rests on, said to a reader",
    "checks/pair/leaks.py _LINK": "endings of internet addresses",
    "ingest/dates.py _CLOCK": "time zones",
    "ingest/metadata.py _FIELDS": "fields that readers hand over",
    "ingest/sources.py _READERS": "formats, and the files that read them",
    "ingest/text/mojibake.py CODECS": "code pages",
    "ingest/text/repair.py PAIRS": "code pages",
    "library/datasette.py _TABLES": "tables of the archive file",
    "library/rows.py ARTICLE": "columns of the archive file",
    "library/rows.py CLAIM": "columns of the archive file",
    "library/rows.py FINDING": "columns of the archive file",
    "library/rows.py _FINDING": "fields of a finding",
    "library/rows.py _OF_ARTICLE": "fields of an article",
    "library/rows.py _OF_CLAIM": "fields of a claim",
    "library/store.py Archive": "columns of the archive file",
    "output/__init__.py FORMATS": "forms of a result",
    "output/claims.py COLUMNS": "columns of the table of claims",
    "output/note_outline.py _SILENT": "lines of a note",
    "output/note_compared.py _BLOCKS": "elements of HTML",
    "output/note_compared.py _EMPTY": "elements of HTML",
    "output/tables.py RESULTS": "columns of Parquet files",
    "output/tables.py COLUMNS": "columns of tables",
    "pipeline/numbered.py _NAMES": "control tokens of models",
    "watching/identity.py _TRACKING": "parameters of addresses",
}
"""Lists elsewhere that are no words of a language, by module and name, and what they are."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_PLAIN = re.compile(r"[^\W\d_][\w .'’&-]+")
_NO_WORDS = re.compile(r"\(\?P<\w+>|\(\?P=\w+\)|\[[^\]]*\]|\\.|\{[^}]*\}|\(\?(?:[aimsx-]*:|<?[=!])")


def outside() -> dict[str, int]:
    """Module and name of each list outside lang/ -> its words."""
    found: dict[str, int] = {}
    for path in sorted(SRC.rglob("*.py")):
        module = path.relative_to(SRC).as_posix()
        if "/" in module and not any(module.startswith(f"{room}/") for room in NO_LANGUAGE):
            for name, words in lists(path.read_text("utf-8")):
                found[f"{module} {name}"] = found.get(f"{module} {name}", 0) + words
    return found


def lists(source: str) -> Iterator[tuple[str, int]]:
    """For each list of a module the name of what it stands in (a constant, a function, a class), and its words."""
    tree = ast.parse(source)
    skipped, split = _silent(tree), _split(tree, source)
    for statement in tree.body:
        for node in ast.walk(statement):
            if id(node) not in skipped:
                yield from ((_name(statement), n) for n in _words(node, id(node) in split) if n > MOST)


def _words(node: ast.AST, split: bool) -> Iterator[int]:
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        yield _plain_words(node.elts)
    elif isinstance(node, ast.Dict):
        yield _plain_words([key for key, value in zip(node.keys, node.values, strict=True) if _is_data(value)])
        yield _plain_words(node.values)
    elif isinstance(node, ast.Constant | ast.JoinedStr):
        value = _text(node)
        yield _alternatives(value)
        yield len(value.split()) if split else 0


def _name(statement: ast.stmt) -> str:
    return _name_of(
        statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", statement)
    )


def _name_of(node: ast.AST | None) -> str:
    return str(getattr(node, "id", getattr(node, "name", "")))


def _is_data(value: ast.AST) -> bool:
    """What words stand for in a table of them; what is computed or called stands behind names of the program."""
    if isinstance(value, ast.Tuple | ast.List | ast.Set):
        return all(map(_is_data, value.elts))
    return isinstance(value, ast.Constant | ast.UnaryOp)


def _silent(tree: ast.Module) -> set[int]:
    """Docstrings, `__all__`, types, and the pieces of f-strings, which are read with the whole."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            found.update(id(inner) for value in node.values for inner in ast.walk(value))
        elif (
            "__all__" in map(_name_of, getattr(node, "targets", ()))
            or _name_of(getattr(node, "value", None)) == "Literal"
        ):
            found.update(map(id, ast.walk(node)))
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
