"""Answers in numbered lines, `[3] English`, instead of JSON, for the embedded engine.

A small model that comes to a quotation inside a JSON string writes the quotation mark bare, and the string ends there:
sentences are cut short, and the ones after them go wrong too. In lines it writes as it would freely.
"""

from __future__ import annotations

import json
import re

from presseschau.models import Lines

_LINE = re.compile(r"\[(\d+)\] (.*)")


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
