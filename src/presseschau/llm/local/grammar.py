"""Grammars for the embedded engine: JSON without white space, or numbered lines, `[3] English`, instead of JSON.

A small model that comes to a quotation inside a JSON string writes the quotation mark bare, and the string ends there:
sentences are cut short, and the ones after them go wrong too. In lines it writes as it would freely.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from presseschau.patterns import late

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


_LINE = late(r"\[(\d+)\] (.*)")


class Lines(NamedTuple):
    """That an answer is a list of texts with known numbers: `numbers` in order, and the most characters that each may
    have, or the only text that it may be.

    The JSON that it stands for is an object with one list, `rows`, of objects with the fields `number` and `text`.
    """

    numbers: tuple[int, ...]
    most: tuple[int | str, ...]
    rows: str
    number: str
    text: str


def lines_of(schema: Mapping[str, Any] | None) -> Lines | None:
    """The lines in which an answer to this schema can be written, or None.

    They can if it has one list of rows, each of a fixed number and a text whose length is bound, so that one that runs
    on does not cost the others, or that is fixed.
    """
    properties = (schema or {}).get("properties", {})
    if len(properties) != 1:
        return None
    ((name, rows),) = properties.items()
    numbers, most, fields = [], [], set()
    for row in rows.get("prefixItems", ()):
        found = list(row.get("properties", {}).items())
        bound = found[1][1].get("const", found[1][1].get("maxLength")) if len(found) == 2 else None
        if bound is None or "const" not in found[0][1]:
            return None
        fields.add((found[0][0], found[1][0]))
        numbers.append(found[0][1]["const"])
        most.append(bound)
    if len(fields) != 1:
        return None
    ((number, text),) = fields
    return Lines(tuple(numbers), tuple(most), rows=name, number=number, text=text)


def lines_grammar(lines: Lines) -> str:
    """The value for a request's `grammar` field (llguidance): each number once, in order, with text of its own.

    No text may go on with the next number by itself: a small model that loses itself writes `... [35] ... [36] ...`.
    """
    rows = ' "\\n" '.join(f'"[{n}] " TEXT_{n}' for n in lines.numbers)
    text = r"([^\n\[]|\[[^0-9\n])"
    texts = (
        f"TEXT_{n}: " + (json.dumps(most, ensure_ascii=False) if isinstance(most, str) else f"/{text}{{1,{most}}}/")
        for n, most in zip(lines.numbers, lines.most, strict=True)
    )
    return "\n".join(["%llguidance {}", f"start: {rows}", *texts])


def lines_json(text: str, lines: Lines) -> str:
    """The JSON text that the answer stands for. What is not such lines comes back as it is, to be found malformed."""
    rows = [_LINE.fullmatch(row) for row in text.strip().split("\n")]
    if any(row is None for row in rows):
        return text
    made = [{lines.number: int(row[1]), lines.text: row[2]} for row in rows if row]
    return json.dumps({lines.rows: made}, ensure_ascii=False)
