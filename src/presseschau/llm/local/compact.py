"""A grammar that makes the embedded engine write its JSON without white space."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

# Keywords that bind in the engine's llguidance (tried one by one); minLength and maxLength count escaped characters.
_BINDING = frozenset(
    {"type", "properties", "required", "additionalProperties", "items", "prefixItems", "minItems", "maxItems"}
    | {"const", "enum", "minimum", "maximum", "minLength", "maxLength", "anyOf", "$defs", "$ref"}
)
_WITHOUT_EFFECT = frozenset({"title", "description", "default"})


def compact_grammar(schema: Mapping[str, Any]) -> str | None:
    """The value for a request's `grammar` field, to be sent instead of `response_format`; None if it would not bind.

    With `response_format` a model may indent: three short sentences were 78 tokens, and are 42 this way. A schema
    with a keyword that llguidance does not know is not an error there: the answer would be free text. So only
    schemas made of keywords that were tried are turned into a grammar.
    """
    if not _binds(schema, schema.get("$defs", {})):
        return None
    compact = {**schema, "x-guidance": {"whitespace_flexible": False}}
    return "%llguidance {}\nstart: %json " + json.dumps(compact)


def _binds(schema: object, definitions: Mapping[str, Any]) -> bool:
    if isinstance(schema, bool):
        return True
    if not isinstance(schema, Mapping) or not schema.keys() <= _BINDING | _WITHOUT_EFFECT:
        return False
    reference = schema.get("$ref")
    if reference is not None and reference.removeprefix("#/$defs/") not in definitions:
        return False
    return all(_binds(inner, definitions) for inner in _inner_schemas(schema))


def _inner_schemas(schema: Mapping[str, Any]) -> Iterable[object]:
    for keyword in ("properties", "$defs"):
        yield from schema.get(keyword, {}).values()
    for keyword in ("anyOf", "prefixItems"):
        yield from schema.get(keyword, ())
    for keyword in ("items", "additionalProperties"):
        if keyword in schema:
            yield schema[keyword]
