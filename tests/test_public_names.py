"""What is public in Python: every type in a public signature can be imported from where it is documented."""

from __future__ import annotations

import ast
import importlib
import inspect
import typing
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import presseschau

PUBLIC = (
    "presseschau",
    "presseschau.archive.many",
    "presseschau.archives",
    "presseschau.comparison",
    "presseschau.errors",
    "presseschau.models",
    "presseschau.notebook",
    "presseschau.notes",
    "presseschau.results",
)
SWITCHES = {"on", "off", "yes", "no"}
OWN = Path(presseschau.__file__).parent


def exported() -> dict[str, object]:
    named = {}
    for name in PUBLIC:
        module = importlib.import_module(name)
        named |= {f"{name}.{one}": getattr(module, one) for one in module.__all__}
    return {name: value for name, value in named.items() if not isinstance(value, ModuleType)}


def guarded(module: ModuleType) -> dict[str, object]:
    """What a module imports for type checkers alone."""
    names: dict[str, object] = {}
    for block in ast.parse(inspect.getsource(module)).body:
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
            exec(ast.unparse(block.body), names)
    return names


def signatures(name: str, value: object) -> Iterator[tuple[str, object]]:
    """(where, annotation) of everything that a public function, class or alias says of its types."""
    if inspect.isclass(value):
        parts = [(name, value)]
        for member, held in inspect.getmembers_static(value):
            if member.startswith("_") and member != "__init__":
                continue
            made = held.__func__ if isinstance(held, staticmethod | classmethod) else held
            made = made.fget if isinstance(made, property) else made
            if inspect.isfunction(made) and made.__module__.startswith("presseschau"):
                parts.append((f"{name}.{member}", made))
    elif inspect.isfunction(value):
        parts = [(name, inspect.unwrap(value))]
    else:
        yield name, value
        return
    for where, part in parts:
        module = importlib.import_module(part.__module__)
        for parameter, hint in typing.get_type_hints(part, localns=guarded(module)).items():
            if not parameter.startswith("_"):
                yield f"{where}({parameter})", hint


def own_types(hint: object) -> Iterator[type]:
    if isinstance(hint, typing.TypeVar):
        hint = (hint.__bound__, *hint.__constraints__)
    inner = hint if isinstance(hint, list | tuple) else typing.get_args(hint)
    if typing.get_origin(hint) is not typing.Literal:
        for one in inner:
            yield from own_types(one)
    made = typing.get_origin(hint) or hint
    if inspect.isclass(made) and made.__module__.startswith("presseschau"):
        yield made


def literals(hint: object) -> Iterator[object]:
    if typing.get_origin(hint) is typing.Literal:
        yield from typing.get_args(hint)
        return
    for one in hint if isinstance(hint, list | tuple) else typing.get_args(hint):
        yield from literals(one)


@cache
def hints() -> tuple[tuple[str, object], ...]:
    """All that public signatures say of their types."""
    return tuple(pair for name, value in exported().items() for pair in signatures(name, value))


def test_every_type_in_a_public_signature_is_public() -> None:
    known = set(map(id, exported().values()))
    private = {
        f"{made.__module__}.{made.__name__}, in {where}"
        for where, hint in hints()
        for made in own_types(hint)
        if id(made) not in known
    }
    assert sorted(private) == []


def test_no_switch_of_the_command_line_is_in_the_library() -> None:
    switches = {where for where, hint in hints() if SWITCHES & set(literals(hint))}
    assert sorted(switches) == []
