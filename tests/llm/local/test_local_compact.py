"""Which schemas become a grammar: only those whose every keyword binds in the engine."""

import json

import pytest

from presseschau.llm.local.grammar import compact_grammar

TEXT = {"type": "string"}


def thing(**properties: object) -> dict:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


@pytest.mark.parametrize(
    "schema",
    [
        thing(a=TEXT, b={"type": "integer", "enum": [1, 2]}, c={"anyOf": [TEXT, {"type": "null"}]}),
        thing(a={"type": "array", "items": thing(title=TEXT), "minItems": 1, "maxItems": 3}),
        thing(a={"type": "array", "prefixItems": [{"const": 1}], "items": False, "minItems": 1, "maxItems": 1}),
        {**thing(a={"$ref": "#/$defs/Point"}), "$defs": {"Point": thing(text=TEXT)}, "title": "Answer"},
        thing(uniqueItems=TEXT),  # a property may be called like a keyword
    ],
)
def test_a_schema_that_binds_is_embedded_unchanged(schema):
    head, _, body = compact_grammar(schema).partition("start: %json ")
    assert head == "%llguidance {}\n"
    assert json.loads(body) == {**schema, "x-guidance": {"whitespace_flexible": False}}


@pytest.mark.parametrize(
    "part",
    [
        {"type": "array", "items": TEXT, "uniqueItems": True},
        {"type": "string", "not": {"const": "x"}},
        {"type": "object", "if": {}, "then": {}},
        {"$ref": "#/$defs/Missing"},
        {"allOf": [TEXT]},
        {"type": "string", "format": "date"},
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        lambda part: thing(a=part),
        lambda part: thing(a={"type": "array", "items": part}),
        lambda part: thing(a={"type": "array", "prefixItems": [TEXT, part]}),
        lambda part: thing(a={"anyOf": [part, {"type": "null"}]}),
        lambda part: {**thing(a=TEXT), "$defs": {"X": part}},
        lambda part: {**thing(), "additionalProperties": part},
    ],
)
def test_one_part_that_does_not_bind_is_enough_for_none(part, around):
    assert compact_grammar(around(part)) is None
