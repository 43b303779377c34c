"""JSON read strictly: what two readers could read differently is rejected."""

from __future__ import annotations

import json
from typing import Any


def loads(text: str) -> Any:
    """The value of one JSON text.

    Raises ValueError (with a short reason) for what the standard reader lets through or falls over: a key given
    twice, NaN and Infinity, integers of thousands of digits, nesting without end.
    """
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except ValueError as error:
        if "integer string conversion" in str(error):
            raise ValueError("a number has thousands of digits") from None
        raise


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is given twice")
    return result


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
