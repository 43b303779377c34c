"""What servers and models put around an answer, and how it is taken out without guessing.

    thoughts, channels ──▶ every whole JSON object in what is left ──▶ the first that fits (the caller tries them)

Nothing is repaired: an object is taken as it stands, or not at all. Only what has one meaning is read in another type
(`mended`): the number 1 written "1", one text in a list of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from presseschau.patterns import late

_THOUGHTS = late(
    r"(?:<|\[|◁)/(?:think|thinking|thought|thoughts|reasoning|reflection|analysis)(?:>|\]|▷)", re.IGNORECASE
)
_CHANNEL = late(r"<\|(?:channel|message|start|end|return|im_start|im_end|assistant|constrain)\|>")
_MESSAGE = "<|message|>"
_FENCE = late(r"```|~~~")
_MOST = 64
"""Places where an object may begin that are tried: it is not a search without end."""


class WholeObject(NamedTuple):
    """A whole JSON object that a text holds, and what stood around it, in words."""

    text: str
    around: tuple[str, ...]


def candidates(text: str) -> Iterator[WholeObject]:
    """The objects in a text that is none itself, in order; those within thoughts are none. Linear in its length."""
    rest, around = text, []
    ended = [found.end() for found in _THOUGHTS.finditer(rest)]
    if ended and "{" in rest[ended[-1] :]:
        rest = rest[ended[-1] :]
        around.append("thoughts")
    if _CHANNEL.search(rest):
        rest = rest.rpartition(_MESSAGE)[2]
        around.append("channel tags")
    inner = _within_quotes(rest)
    if inner is not None:
        rest = inner
        around.append("quotation marks")
    for start, end, value in _objects(rest):
        yield WholeObject(rest[start:end], (*around, *_said_around(rest, start, end)))
        if isinstance(value, dict) and len(value) == 1:
            ((name, only),) = value.items()
            if isinstance(only, dict):
                yield WholeObject(json.dumps(only, ensure_ascii=False), (*around, f"a field {name[:40]!r}"))


def _objects(text: str) -> Iterator[tuple[int, int, Any]]:
    decoder = json.JSONDecoder()
    start = text.find("{")
    for _ in range(_MOST):
        if start < 0:
            return
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            start = text.find("{", start + 1)
        else:
            yield start, end, value
            start = text.find("{", end)


def _within_quotes(text: str) -> str | None:
    """The text that a JSON string holds, if all of it is one."""
    bare = text.strip()
    if not (bare.startswith('"') and bare.endswith('"') and "{" in bare):
        return None
    try:
        inner = json.loads(bare)
    except (ValueError, RecursionError):
        return None
    return inner if isinstance(inner, str) else None


def _said_around(text: str, start: int, end: int) -> list[str]:
    before, after = text[:start], _CHANNEL.sub("", text[end:])
    around = ["a code fence"] if _FENCE.search(before) else []
    if re.search(r"\w\w", re.sub(r"```\w*", "", before)):
        around.append("words before it")
    after = _FENCE.sub("", after).strip()
    if after and not after.strip("}] \n\t"):
        around.append("a brace too many")
    elif after.startswith("{"):
        around.append("the same once more" if after.startswith(text[start:end]) else "another object after it")
    elif after:
        around.append("words after it")
    return around


def mended(value: Any, wrong: Sequence[tuple[str, tuple[int | str, ...]]]) -> bool:
    """Reads the places of a JSON value that have the wrong type (pydantic's name of the error, and the path) as what
    they can only mean, in place. False if one of them may mean something else."""
    return bool(wrong) and all(_mend(value, kind, path) for kind, path in wrong)


def _mend(value: Any, kind: str, path: tuple[int | str, ...]) -> bool:
    if not path:
        return False
    for step in path[:-1]:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return False
    last = path[-1]
    try:
        found = value[last]
    except (KeyError, IndexError, TypeError):
        return False
    if kind == "int_type" and isinstance(found, str) and re.fullmatch(r"-?[0-9]{1,9}", found, re.ASCII):
        value[last] = int(found)
    elif kind in ("int_type", "int_from_float") and isinstance(found, float) and found.is_integer():
        value[last] = round(found)
    elif kind == "string_type" and isinstance(found, list) and len(found) == 1 and isinstance(found[0], str):
        value[last] = found[0]
    elif kind == "list_type" and isinstance(found, dict | str) and found:
        value[last] = [found]
    else:
        return False
    return True
