"""What the fields of our outputs mean, in words: `fields.toml`, put into a JSON Schema as descriptions."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def meanings() -> Mapping[str, Mapping[str, str]]:
    """Class, table or file -> field -> what it means."""
    return tomllib.loads(files("presseschau.output").joinpath("fields.toml").read_text("utf-8"))


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of a model with a description of each field."""
    shapes = {schema.get("title"): schema, **schema.get("$defs", {})}
    for name, shape in shapes.items():
        for field, words in meanings().get(str(name), {}).items():
            if field in shape.get("properties", {}):
                shape["properties"][field]["description"] = words
    return schema
