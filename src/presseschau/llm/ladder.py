"""The step-down ladder: how a request is put so that this server takes it, and what to leave out when it does not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from string import Template
from typing import Any

from pydantic import BaseModel

from presseschau.llm.local.grammar import compact_grammar, lines_grammar, lines_of
from presseschau.llm.profiles import Profile, Rung
from presseschau.llm.wire_json import base_schema, plain
from presseschau.models import Request

_FORMAT_WORDS = re.compile(
    r"response_format|json_schema|json_object|structured.?output|guided|grammar|requested parameters|schema",
    re.IGNORECASE,
)
_OPTIONAL = ("temperature", "reasoning_effort", "store", "cache_prompt")
_CAPS = ("max_completion_tokens", "max_tokens")


@dataclass(frozen=True)
class Shape:
    """How requests to one server are put: the rung, and the parameters it refused. Kept for the next run."""

    rung: Rung
    cap: str
    left_out: frozenset[str] = frozenset()

    def dumps(self) -> str:
        return json.dumps({"rung": self.rung, "cap": self.cap, "left_out": sorted(self.left_out)})

    @classmethod
    def loads(cls, text: str, profile: Profile) -> Shape:
        """The stored shape if it still means something for this profile, else the profile's first."""
        first = cls.first(profile)
        try:
            data = json.loads(text)
            rung, cap, left_out = data["rung"], data["cap"], frozenset(data["left_out"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return first
        known = rung in profile.rungs and cap in _CAPS and left_out <= set(_OPTIONAL)
        return cls(rung, cap, left_out) if known else first

    @classmethod
    def first(cls, profile: Profile) -> Shape:
        return cls(profile.rungs[0], profile.cap)


def body(
    request: Request[Any], model: str, profile: Profile, shape: Shape, prompt: str | None = None
) -> dict[str, Any]:
    """The JSON body of the request, holding only what the server takes. `prompt` replaces the packaged schema text."""
    result: dict[str, Any] = {
        "model": model,
        "messages": [{"role": message.role, "content": message.content} for message in request.messages],
        shape.cap: request.max_tokens + profile.headroom,
        **profile.extra,
    }
    if profile.temperature:
        result["temperature"] = request.temperature
    if profile.effort is not None:
        result["reasoning_effort"] = profile.effort
    schema = wire_schema(request, profile)
    grammar = None
    if profile.compact and shape.rung == "schema":
        lines = lines_of(request.tight)
        grammar = lines_grammar(lines) if lines else compact_grammar(schema)
    if grammar:
        result["grammar"] = grammar
    elif shape.rung in ("strict", "schema"):
        result["response_format"] = {"type": "json_schema", "json_schema": {
            "name": re.sub(r"[^a-zA-Z0-9_-]", "_", request.task)[:64] or "answer", "schema": schema,
            **({"strict": True} if shape.rung == "strict" else {}),
        }}  # fmt: skip
    else:
        text = Template(prompt or _packaged_prompt()).substitute(schema=json.dumps(schema, ensure_ascii=False))
        result["messages"][-1]["content"] += "\n\n" + text.strip()
        if shape.rung == "object":
            result["response_format"] = {"type": "json_object"}
    return {key: value for key, value in result.items() if key not in shape.left_out}


def wire_schema(request: Request[Any], profile: Profile) -> Mapping[str, Any]:
    """The schema to send: narrowed to the article where the server profits, else the fixed one."""
    if profile.tight and request.tight is not None:
        return plain(request.tight, bounds=profile.bounds)
    return base_schema(request.answer) if profile.bounds else plain(base_schema(request.answer), bounds=False)


def step(shape: Shape, profile: Profile, words: str, sent: Mapping[str, Any]) -> Shape | None:
    """The next shape to try after a 400, 404 or 422 with these words; None if they name nothing that was sent.

    An optional parameter that is named is left out; the token cap changes its name; else a rung down.
    """
    for name in _OPTIONAL:
        if name in sent and re.search(rf"\b{name}\b", words, re.IGNORECASE):
            return replace(shape, left_out=shape.left_out | {name})
    if shape.cap == profile.cap and re.search(rf"\b{shape.cap}\b", words):
        other = next(name for name in _CAPS if name != shape.cap)
        if re.search(rf"\b{other}\b|unsupported|unknown|unrecognized|extra|not permitted", words, re.IGNORECASE):
            return replace(shape, cap=other)
    return down(shape, profile) if "response_format" in sent and _FORMAT_WORDS.search(words) else None


def down(shape: Shape, profile: Profile) -> Shape | None:
    """One rung down; None on the last."""
    below = profile.rungs[profile.rungs.index(shape.rung) + 1 :]
    return replace(shape, rung=below[0]) if below else None


def shown(shape: Shape, profile: Profile) -> Shape | None:
    """The next rung on which the schema stands in the prompt: for a server that takes a schema and ignores it."""
    below = [rung for rung in profile.rungs[profile.rungs.index(shape.rung) + 1 :] if rung in ("object", "text")]
    return replace(shape, rung=below[0]) if below else None


def looks_like(answer: type[BaseModel], value: object) -> bool:
    """Whether a value has the top-level keys of the answer: if not, the server ignored the schema."""
    return isinstance(value, dict) and set(base_schema(answer).get("required", ())) <= set(value)


def _packaged_prompt() -> str:
    return files("presseschau").joinpath("prompts", "schema", "user.txt").read_text(encoding="utf-8")
