"""How sure a model was of each text in its answer, by the logarithms of its tokens' probabilities.

Servers that are asked for them give them beside the text, token by token, in OpenAI's form. They are of the text as it
was written; whatever became of that (JSON out of numbered lines), each text of the answer is looked for in it in order.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from math import isfinite
from typing import Any

from presseschau.models import Sureness

Piece = tuple[bytes, float]
"""A token's bytes, which may end within a character, and the natural logarithm of its probability."""
_LOWEST = -30.0
_LEAST_LIKELY = 3
_FIRST = re.compile(r"\w")


def pieces_of(choice: Mapping[str, Any]) -> tuple[Piece, ...]:
    """The tokens of a choice with what was said of them; none if that is not all there."""
    said = choice.get("logprobs")
    rows = said.get("content") if isinstance(said, dict) else None
    found = []
    for row in rows if isinstance(rows, list) else ():
        try:
            piece = bytes(row["bytes"]) if row.get("bytes") else str(row["token"]).encode()
            value = float(row["logprob"])
        except (AttributeError, KeyError, TypeError, ValueError):
            return ()
        found.append((piece, min(0.0, max(_LOWEST, value)) if isfinite(value) else _LOWEST))
    return tuple(found)


def sureness(answer: str, pieces: tuple[Piece, ...]) -> dict[str, Sureness]:
    """By the texts in a JSON answer, as far as they stand in what was written."""
    written = b"".join(piece for piece, _ in pieces)
    ends = list(accumulate(len(piece) for piece, _ in pieces))
    found: dict[str, Sureness] = {}
    at = 0
    for text in texts(answer):
        place = next(((start, form) for form in _forms(text) if (start := written.find(form, at)) >= 0), None)
        if place is None:
            continue
        start, form = place
        at = start + len(form)
        first, last = bisect_right(ends, start), bisect_right(ends, at - 1)
        found[text] = _sureness(pieces[first : last + 1])
    return found


def _sureness(pieces: Sequence[Piece]) -> Sureness:
    values = [value for _, value in pieces]
    words: list[tuple[bytes, float]] = []
    for piece, value in pieces:
        before, total = (b"", 0.0) if not words or piece.startswith(b" ") else words.pop()
        words.append((before + piece, total + value))
    nouns = sorted(value for word, value in words if _is_capital(word.decode(errors="ignore")))[:_LEAST_LIKELY]
    least = round(sum(nouns) / len(nouns), 4) if nouns else None
    return Sureness(round(sum(values) / len(values), 4), round(min(values), 4), least)


def _is_capital(word: str) -> bool:
    first = _FIRST.search(word)
    return first is not None and first[0].isupper()


def texts(answer: str) -> Iterator[str]:
    """The texts in a JSON answer, in order; names of fields are none."""
    open_values = [json.loads(answer)]
    while open_values:
        value = open_values.pop()
        if isinstance(value, str) and value:
            yield value
        elif isinstance(value, dict):
            open_values += reversed(list(value.values()))
        elif isinstance(value, list):
            open_values += reversed(value)


def _forms(text: str) -> Iterator[bytes]:
    """How a text can have been written: as it is, or within JSON."""
    yield text.encode()
    yield json.dumps(text, ensure_ascii=False)[1:-1].encode()
    yield json.dumps(text)[1:-1].encode()
