"""Writes docs/fields.md: each field of each output, what it means and an example (`--print`: to stdout).

    PYTHONPATH=src python tests/tools/make_fields.py

The words are those of src/presseschau/output/fields.toml, the fields those of the models, and the examples stand in
examples/results, which examples/make.py makes.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from presseschau.archive.report import SCHEMA as RUN_SCHEMA
from presseschau.cli.analysing import Metrics
from presseschau.comparison import ResultComparison
from presseschau.measuring.figures import ModelCheck
from presseschau.models import Analysis
from presseschau.notes import Note
from presseschau.output.schemas import meanings
from presseschau.output.tables import COLUMNS, RESULTS, result_row, rows
from presseschau.pipeline.decisions import SCHEMA as REVIEW_SCHEMA
from presseschau.pipeline.decisions import Decisions
from presseschau.results import read_results, render

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "fields.md"
MADE = ROOT / "examples" / "results"
PRINTED = {
    "A result": (Analysis, "`article --json`, `-o result.json`, each line of `batch -o out.jsonl`", "article.json"),
    "A briefing note": (Note, "`brief -o note.json`", "note.json"),
    "Decisions": (Decisions, "`result.review.json` beside a result, schema `" + REVIEW_SCHEMA + "`", None),
    "Two results side by side": (ResultComparison, "`compare a.json b.json -f json`", None),
    "A measured model": (ModelCheck, "`model check --json`", None),
}
"""Heading -> the model, where it is printed, and where an example stands."""
TABLES = {f"table {name}": columns for name, columns in COLUMNS.items()} | {"Parquet results": tuple(RESULTS)}
FILES = {
    "Metrics": "`article --metrics FILE`.",
    "TMX": "`-o FILE.tmx`, TMX 1.4: attributes, notes and properties.",
    "XLIFF": "`-o FILE.xlf`, XLIFF 2.1: elements and attributes.",
    "OUT.d/failed.jsonl": "Beside the output of `batch`: a line for each task that failed, each item skipped.",
    "OUT.d/duplicates.jsonl": "Beside the output of `batch`: a line for each article that was there before.",
    "OUT.d/manifest.json": f"Beside the output of `batch`: the run as a whole, schema `{RUN_SCHEMA}`.",
}
UNIT = re.compile(r"<(tu|unit) .*?</\1>", re.DOTALL)
_LONGEST = 60


def wanted() -> dict[str, tuple[str, ...]]:
    """Every class, table and file, and the names of its fields; of files whose fields code does not list, those that
    have words."""
    found: dict[str, tuple[str, ...]] = {}
    for model, _, _ in PRINTED.values():
        found |= {name: tuple(shape["properties"]) for name, shape in _shapes(model).items()}
    found |= TABLES | {name: tuple(meanings()[name]) for name in FILES}
    return found | {"Metrics": tuple(field.name for field in fields(Metrics))}


def page() -> str:
    """The whole document."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Fields of every output\n"
    yield "What each field means, with an example. Starts and ends count characters (code points) from 0; an end is the"
    yield "first character behind. Dates are ISO 8601. `presseschau schema` prints the same as JSON Schema.\n"
    yield "Made by `tests/tools/make_fields.py` from the models and `src/presseschau/output/fields.toml`; do not edit."
    yield "The examples come from `examples/results`.\n"
    told: set[str] = set()
    for heading, (model, where, example) in PRINTED.items():
        yield f"## {heading}\n"
        yield f"{where}: `{model.__name__}`.\n"
        shapes = _shapes(model)
        sample = json.loads((MADE / example).read_text("utf-8")) if example else None
        found = _examples(shapes, model.__name__, sample) if sample else {}
        for name in (name for name in shapes if name not in told):
            told.add(name)
            yield f"### {name}\n"
            yield from _table(name, shapes[name]["properties"], found.get(name, {}))
    yield "## Tables\n"
    yield "A column keeps its place for good; new ones go to the end.\n"
    for name, columns in TABLES.items():
        yield f"### {name[0].upper()}{name[1:]}\n"
        yield from _table(name, columns, _row(name, columns))
    yield "## Other files\n"
    for name, where in FILES.items():
        yield f"### {name}\n"
        yield f"{where}\n"
        if name in ("TMX", "XLIFF"):
            (result,) = read_results(MADE / "article.json")
            yield f"```xml\n{UNIT.search(render(result, name.lower()))[0]}\n```\n"  # type: ignore[index]
        yield from _table(name, wanted()[name], {})


def _row(name: str, columns: tuple[str, ...]) -> dict[str, Any]:
    """Column -> the first cell of the example archive that is not empty."""
    results = list(read_results(MADE / "archive.db"))
    if name == "Parquet results":
        made = [result_row(one.article.id, one.article.source, "done", one.model_dump_json(), None) for one in results]
    else:
        made = [dict(row) for one in results for row in rows(one, name.removeprefix("table "))]  # type: ignore[arg-type, misc]
    found = {column: next((row[column] for row in made if row[column] not in (None, "")), None) for column in columns}
    return {column: cell for column, cell in found.items() if cell is not None}


def _table(name: str, columns: Any, found: dict[str, Any]) -> Iterator[str]:
    yield "| field | means | example |" if found else "| field | means |"
    yield "|---|---|---|" if found else "|---|---|"
    for column in columns:
        shown = f" {_shown(found[column])} |" if column in found else " |" * bool(found)
        yield f"| `{column}` | {meanings()[name].get(column, 'no words yet')} |{shown}"
    yield ""


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
    text = " ".join(text.split()).replace("|", "\\|").replace("`", "'")
    return f"`{text if len(text) <= _LONGEST else text[:_LONGEST] + ' …'}`" if text else ""


def _shapes(model: Any) -> dict[str, Any]:
    """Name -> shape, the model first, then what it holds in the order in which a reader meets it."""
    schema = model.model_json_schema(mode="serialization")
    known = schema.get("$defs", {})
    ordered = {model.__name__: schema}

    def visit(shape: Any) -> None:
        for name in _named(shape.get("properties", {})):
            if name in known and name not in ordered:
                ordered[name] = known[name]
                visit(known[name])

    visit(schema)
    return ordered


def _named(value: Any) -> Iterator[str]:
    """The names of the definitions that a schema refers to."""
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].rpartition("/")[2]
        for one in value.values():
            yield from _named(one)
    elif isinstance(value, list):
        for one in value:
            yield from _named(one)


def _examples(shapes: dict[str, Any], root: str, sample: Any) -> dict[str, dict[str, Any]]:
    """Class -> field -> the first value in the sample that is not empty; a field that holds other values has none."""
    found: dict[str, dict[str, Any]] = {}

    def visit(name: str, value: Any) -> None:
        mine = found.setdefault(name, {})
        for field, one in value.items():
            below = [ref for ref in _named(shapes[name]["properties"][field]) if ref in shapes]
            if below and one:
                for item in one if isinstance(one, list) else [one]:
                    visit(below[0], item)
            elif one not in (None, "", [], {}) and field not in mine:
                mine[field] = one

    visit(root, sample)
    return found


if __name__ == "__main__":
    if "--print" in sys.argv:
        sys.stdout.write(page())
    else:
        PAGE.write_text(page(), "utf-8")
