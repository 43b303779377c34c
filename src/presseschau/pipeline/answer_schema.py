"""JSON schemas narrowed to one article, for servers that compile a schema into a grammar at every call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

STRING: dict[str, Any] = {"type": "string"}


def fixed(value: int) -> dict[str, Any]:
    """Exactly this integer."""
    return {"type": "integer", "const": value}


def exactly(text: str) -> dict[str, Any]:
    """This text and no other."""
    return {"type": "string", "const": text}


def one_of(numbers: Sequence[int]) -> dict[str, Any]:
    """One of these integers."""
    return {"type": "integer", "enum": list(numbers)}


def record(**properties: dict[str, Any]) -> dict[str, Any]:
    """An object with exactly these keys, in this order."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def array(items: dict[str, Any], least: int, most: int) -> dict[str, Any]:
    """From `least` to `most` of the same."""
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def row(items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Exactly these, in this order."""
    return {"type": "array", "prefixItems": list(items), "minItems": len(items), "maxItems": len(items)}
