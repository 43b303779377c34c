"""Answers in numbered lines, `[3] English`, instead of JSON, for the embedded engine.

A small model that comes to a quotation inside a JSON string writes the quotation mark bare, and the string ends there:
sentences are cut short, and the ones after them go wrong too. In lines it writes as it would freely.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_LINE = re.compile(r"\[(\d+)\] (.*)")


@dataclass(frozen=True)
class Lines:
    """That an answer is a list of texts with known numbers: `numbers` in order, and the characters each may have.

    The JSON that it stands for is an object with one list, `rows`, of objects with the fields `number` and `text`.
    """

    numbers: tuple[int, ...]
    most: tuple[int, ...]
    rows: str
    number: str
    text: str


def lines_of(schema: Mapping[str, Any] | None) -> Lines | None:
    """The lines in which an answer to this schema can be written, or None.

    They can if it has one list of rows, each of a fixed number and a text whose length is bound: so one that runs on
    does not cost the others.
    """
    properties = (schema or {}).get("properties", {})
    if len(properties) != 1:
        return None
    ((name, rows),) = properties.items()
    numbers, most, fields = [], [], set()
    for row in rows.get("prefixItems", ()):
        found = list(row.get("properties", {}).items())
        if len(found) != 2 or "const" not in found[0][1] or "maxLength" not in found[1][1]:
            return None
        fields.add((found[0][0], found[1][0]))
        numbers.append(found[0][1]["const"])
        most.append(found[1][1]["maxLength"])
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
    texts = (f"TEXT_{n}: /{text}{{1,{most}}}/" for n, most in zip(lines.numbers, lines.most, strict=True))
    return "\n".join(["%llguidance {}", f"start: {rows}", *texts])


def lines_json(text: str, lines: Lines) -> str:
    """The JSON text that the answer stands for. What is not such lines comes back as it is, to be found malformed."""
    rows = [_LINE.fullmatch(row) for row in text.strip().split("\n")]
    if any(row is None for row in rows):
        return text
    made = [{lines.number: int(row[1]), lines.text: row[2]} for row in rows if row]
    return json.dumps({lines.rows: made}, ensure_ascii=False)
