"""What others rely on: JSON schemas, finding codes, commands and their options, exit codes, prompt names, Python names.

    PYTHONPATH=src python tests/public_surface.py     # pins it anew in fixtures/public_surface.json: review and commit

Texts for people (help, descriptions) are not in it. The key of an answer is pinned by tests/test_continuity.py and
tests/llm/test_cache.py.
"""

from __future__ import annotations

import inspect
import json
import os
import re
from itertools import takewhile
from pathlib import Path
from typing import Any, is_typeddict
from unittest.mock import patch

import presseschau
from in_process import presseschau as run
from presseschau.findings import CODES

ROOT = Path(__file__).parent.parent
PINNED = ROOT / "fixtures" / "public_surface.json"
_ROW = re.compile(r"^[│|] (\*?)\s*(\S.*?)\s*[│|]?$")
_CHOICES = re.compile(r"<([\w-]+(?:\|[\w-]+)+)>")
_VARIABLE = re.compile(r"\[env var: ([\w, ]+)\]")
_DEFAULT = re.compile(r"\[default: [^\]]+\]")


def pinned() -> dict[str, Any]:
    """The surface as it was."""
    known: dict[str, Any] = json.loads(PINNED.read_text("utf-8"))
    return known


def surface() -> dict[str, Any]:
    """The surface as it is."""
    return {
        "schemas": {shape: _bare(json.loads(said("schema", shape))) for shape in ("analysis", "article", "note")},
        "codes": {
            code: {scope: row.severity(scope) for scope in ("pair", "claim", "note")} for code, row in CODES.items()
        },
        "commands": commands(),
        "exit codes": dict(re.findall(r"(\d+(?:/\d+)?) ([a-z][^,.]*)", said("--help").partition("Exit codes:")[2])),
        "errors": errors(),
        "prompts": said("prompts", "list").split(),
        "python": {name: _parameters(getattr(presseschau, name)) for name in sorted(presseschau.__all__)},
        "defaults": {
            name: found for name in sorted(presseschau.__all__) if (found := _defaults(getattr(presseschau, name)))
        },
    }


def said(*arguments: str, ends: tuple[int, ...] = (0,)) -> str:
    """What the program prints, on a wide terminal without colours; it must end with one of `ends`."""
    with patch.dict(os.environ, {"COLUMNS": "400", "TERM": "dumb", "NO_COLOR": "1"}):
        ended = run(*arguments)
    assert ended.code in ends, ended
    return ended.out


def commands(*path: str) -> dict[str, dict[str, str]]:
    """Command -> argument or option, with its short form -> what else is fixed: choices, environment variable."""
    rows: dict[str, list[str]] = {"Arguments": [], "Options": [], "Commands": []}
    panel = ""
    for line in said(*path, "--help").splitlines():
        if heading := re.search(r"─ (Arguments|Options|Commands) ─", line):
            panel = heading[1]
        elif panel and (row := _ROW.match(line)):
            rows[panel].append(("*" if row[1] else "") + row[2])
    taken: dict[str, str] = {row.split()[0]: _fixed(row) for row in rows["Arguments"]}
    for row in rows["Options"]:
        taken[" ".join(takewhile(lambda word: word.startswith("-"), row.split()))] = _fixed(row)
    found = {" ".join(path) or "presseschau": taken}
    for row in rows["Commands"]:
        if row[0].isalpha() and re.match(r"[a-z-]+\s{2}", row):
            found |= commands(*path, row.split()[0])
    return found


def _fixed(row: str) -> str:
    return " ".join(_CHOICES.findall(row) + _VARIABLE.findall(row) + _DEFAULT.findall(row))


def errors() -> dict[str, list[Any]]:
    """Each error -> what it is a kind of, its exit code, its class in one word."""
    room = presseschau.errors
    kinds = [kind for _, kind in inspect.getmembers(room, inspect.isclass) if issubclass(kind, room.PresseschauError)]
    return {kind.__name__: [kind.__base__.__name__, kind.exit_code, kind.failure] for kind in kinds}


def _parameters(thing: Any) -> list[str]:
    """Names of the parameters; keyword-only ones after a *. Of a TypedDict the keys."""
    if is_typeddict(thing):
        return [*thing.__annotations__]
    if not callable(thing):
        return []
    found, keyword = [], False
    for one in inspect.signature(thing).parameters.values():
        if one.kind is one.KEYWORD_ONLY and not keyword:
            found.append("*")
            keyword = True
        found.append(one.name)
    return found


def _defaults(thing: Any) -> dict[str, str]:
    """What a parameter is that is not given; a function as its name."""
    given = inspect.signature(thing).parameters.values() if callable(thing) and not is_typeddict(thing) else ()
    values = {one.name: one.default for one in given if one.default is not one.empty and one.name[0] != "_"}
    return {name: getattr(value, "__qualname__", None) or repr(value) for name, value in values.items()}


def _bare(schema: Any) -> Any:
    """Without titles and descriptions, which are for people."""
    if isinstance(schema, list):
        return [_bare(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    words = ("title", "description")
    return {name: _bare(one) for name, one in schema.items() if not (name in words and isinstance(one, str))}


def differences(old: Any, new: Any, where: str = "") -> tuple[list[str], list[str]]:
    """What of `old` is gone or changed in `new`, and what is added."""
    if isinstance(old, dict) and isinstance(new, dict):
        gone = [f"{where}/{name}" for name in old if name not in new]
        added = [f"{where}/{name}" for name in new if name not in old]
        for name in old.keys() & new.keys():
            inner = differences(old[name], new[name], f"{where}/{name}")
            gone, added = gone + inner[0], added + inner[1]
        return sorted(gone), sorted(added)
    if isinstance(old, list) and isinstance(new, list):
        gone = [f"{where}: {one}" for one in old if one not in new]
        if not gone and [one for one in new if one in old] != old:
            gone = [f"{where}: {old} in another order"]
        return gone, [f"{where}: {one}" for one in new if one not in old]
    return ([], []) if old == new else ([f"{where}: {old} is now {new}"], [])


if __name__ == "__main__":
    before = pinned()
    now = surface()
    for sign, names in zip("-+", differences(before, now), strict=True):
        print(*(f"{sign} {name}" for name in names), sep="\n")
    PINNED.write_text(json.dumps(now, ensure_ascii=False, indent=1) + "\n", "utf-8")
