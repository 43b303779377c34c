"""The schema of an answer as a server is sent it: plain enough for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

# Texts cost tokens and some servers show them to the model; defaults contradict "every key required".
_TEXTS = frozenset({"title", "description", "default", "examples", "$defs", "$comment"})
# Lengths, patterns and formats are rejected by one server and silently ignored by the next: checked here instead.
_UNPORTABLE = frozenset({"minLength", "maxLength", "pattern", "format", "uniqueItems"})
# Item counts and ranges: the OpenAI platform and the grammar engines enforce them, others may refuse them.
_BOUNDS = frozenset({"minItems", "maxItems", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_SCHEMAS: dict[tuple[type[BaseModel], bool], Mapping[str, Any]] = {}


def base_schema(answer: type[BaseModel], *, bounds: bool = True) -> Mapping[str, Any]:
    """The plain schema of an answer model; computed once a class (about a millisecond). Treat it as read-only."""
    found = _SCHEMAS.get((answer, bounds))
    if found is None:
        found = _SCHEMAS[answer, bounds] = plain(answer.model_json_schema(), bounds=bounds)
    return found


def plain(schema: Mapping[str, Any], *, bounds: bool = True) -> dict[str, Any]:
    """The schema in the form every server understands.

    References are written out, every key is required, no other key is allowed, texts and keywords that servers
    treat differently are left out; `bounds=False` leaves out item counts and ranges too. Raises ValueError for a
    schema that refers to itself.
    """
    drop = _TEXTS | _UNPORTABLE | (frozenset() if bounds else _BOUNDS)
    result = _plain(schema, schema.get("$defs", {}), drop, ())
    assert isinstance(result, dict)
    return result


def _plain(node: Any, defs: Mapping[str, Any], drop: frozenset[str], path: tuple[str, ...]) -> Any:
    if isinstance(node, list | tuple):
        return [_plain(item, defs, drop, path) for item in node]
    if not isinstance(node, Mapping):
        return node
    if "$ref" in node:
        name = str(node["$ref"]).rpartition("/")[2]
        if name in path:
            raise ValueError(f"the answer schema refers to itself through {name}")
        return _plain(defs[name], defs, drop, (*path, name))
    result = {key: _plain(value, defs, drop, path) for key, value in node.items()
              if key not in drop and key != "properties"}  # fmt: skip
    if "properties" in node:  # its keys are names of fields, not keywords
        fields = {name: _plain(value, defs, drop, path) for name, value in node["properties"].items()}
        result |= {"properties": fields, "required": list(fields), "additionalProperties": False}
    return result
