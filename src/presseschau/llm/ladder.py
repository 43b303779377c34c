"""The step-down ladder: how a request is put so that this server takes it, and what to leave out when it does not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from string import Template
from typing import Any

from presseschau.llm.faults import Unsupported
from presseschau.llm.local.grammar import compact_grammar, lines_grammar, lines_of
from presseschau.llm.profiles import Profile, SchemaMode
from presseschau.llm.schemas import base_schema, plain
from presseschau.models import Request

_FORMAT_WORDS = re.compile(
    r"response_format|json_schema|json_object|structured.?output|guided|grammar|requested parameters|schema",
    re.IGNORECASE,
)
_OPTIONAL = ("temperature", "seed", "reasoning_effort", "store", "cache_prompt", "logprobs", "top_logprobs")
_CAPS = ("max_completion_tokens", "max_tokens")


@dataclass(frozen=True)
class RequestFormat:
    """How requests to one server are put: how its answers are bound to a schema, the name of the token cap, and the
    parameters it refused. Kept for the next run, with `schema_mode` under its first name, "rung"."""

    schema_mode: SchemaMode
    cap: str
    left_out: frozenset[str] = frozenset()

    def dumps(self) -> str:
        return json.dumps({"rung": self.schema_mode, "cap": self.cap, "left_out": sorted(self.left_out)})

    @classmethod
    def loads(cls, text: str, profile: Profile) -> RequestFormat:
        """The stored form if it still means something for this profile, else the profile's first."""
        first = cls.first(profile)
        try:
            data = json.loads(text)
            mode, cap, left_out = data["rung"], data["cap"], frozenset(data["left_out"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return first
        known = mode in profile.schema_modes and cap in _CAPS and left_out <= set(_OPTIONAL)
        return cls(mode, cap, left_out) if known else first

    @classmethod
    def first(cls, profile: Profile) -> RequestFormat:
        return cls(profile.schema_modes[0], profile.cap)


def request_body(
    request: Request[Any], model: str, profile: Profile, form: RequestFormat, prompt: str | None = None,
    cap: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The JSON body of the request, holding only what the server takes. `prompt` replaces the packaged schema text,
    `cap` the tokens that the answer may have."""
    result: dict[str, Any] = {
        "model": model,
        "messages": [{"role": message.role, "content": message.content} for message in request.messages],
        form.cap: cap or request.max_tokens + profile.headroom,
        **profile.extra,
    }
    if profile.temperature:
        result["temperature"] = request.temperature
    result |= profile.sampling
    if request.probabilities:
        likeliest = {"top_logprobs": 1} if profile.probabilities and (request.n > 1 or request.forced) else {}
        result |= {**profile.probabilities, **likeliest}  # of several answers they would be megabytes
    if request.sample:
        result["seed"] = profile.sampling.get("seed", 0) + request.sample
    if profile.effort is not None:
        result["reasoning_effort"] = profile.effort
    schema = wire_schema(request, profile)
    grammar = None
    if profile.compact and form.schema_mode == "schema":
        lines = lines_of(request.tight)
        grammar = lines_grammar(lines) if lines else compact_grammar(schema)
    if grammar:
        result["grammar"] = grammar
    elif form.schema_mode in ("strict", "schema"):
        result["response_format"] = {"type": "json_schema", "json_schema": {
            "name": re.sub(r"[^a-zA-Z0-9_-]", "_", request.task)[:64] or "answer", "schema": schema,
            **({"strict": True} if form.schema_mode == "strict" else {}),
        }}  # fmt: skip
    else:
        text = Template(prompt or _packaged_prompt()).substitute(schema=json.dumps(schema, ensure_ascii=False))
        result["messages"][-1]["content"] += "\n\n" + text.strip()
        if form.schema_mode == "object":
            result["response_format"] = {"type": "json_object"}
    return {key: value for key, value in result.items() if key not in form.left_out}


def wire_schema(request: Request[Any], profile: Profile) -> Mapping[str, Any]:
    """The schema to send: narrowed to the article where the server profits, else the fixed one."""
    if profile.tight and request.tight is not None:
        return plain(request.tight, bounds=profile.bounds)
    return base_schema(request.answer, bounds=profile.bounds)


_IGNORED_TWICE = 2
"""Answers in a row without the schema's keys, after which a server is taken to ignore schemas."""


@dataclass
class Tried:
    """In which forms one request was refused, and how many tokens its answer may have if not what was asked for."""

    forms: set[RequestFormat] = field(default_factory=set)
    cap: int | None = None


class Ladder:
    """How requests to one server are put now: `form`; a form is `proven` once it led to an answer."""

    def __init__(self, profile: Profile, verdict: str | None) -> None:
        self.proven = RequestFormat.loads(verdict, profile) if verdict else RequestFormat.first(profile)
        self.form = self.proven
        self._profile = profile
        self._ignored = 0

    def refused(self, tried: Tried, form: RequestFormat, refusal: Unsupported, sent: Mapping[str, Any]) -> str | None:
        """What is tried next, in words ("" if there is nothing to say); None if nothing is left to try."""
        if refusal.room is not None and refusal.room < sent.get(form.cap, 0):
            tried.cap = refusal.room
            return ""
        said = self._step(tried, form, next_format(form, self._profile, str(refusal), sent))
        if said is None:
            self.form = self.proven  # not the form was refused but this request
        return said

    def unfit(self, tried: Tried, form: RequestFormat, request: Request[Any], text: str) -> str | None:
        """As `refused`, for an answer that does not fit: if this server was now seen often enough to ignore schemas,
        they are shown to it, if there is a way."""
        try:
            value = json.loads(text)
            shaped = isinstance(value, dict) and set(request.answer.model_fields) <= set(value)
        except (ValueError, RecursionError):
            shaped = False
        self._ignored = 0 if shaped else self._ignored + 1
        if form.schema_mode == "text" or self._ignored < _IGNORED_TWICE:
            return None
        return self._step(tried, form, showing_schema(form, self._profile))

    def prove(self, form: RequestFormat) -> bool:
        """Takes in that the form led to an answer; whether that is new."""
        self._ignored = 0
        new, self.proven = form != self.proven, form
        return new

    def _step(self, tried: Tried, form: RequestFormat, to: RequestFormat | None) -> str | None:
        tried.forms.add(form)
        if self.form not in tried.forms:  # a concurrent request was faster
            return ""
        if to is None or to in tried.forms:
            return None
        self.form = to
        self._ignored = 0
        return _described(form, to)


def _described(tried: RequestFormat, to: RequestFormat) -> str:
    if to.schema_mode != tried.schema_mode:
        return f"the server does not take answers bound by {tried.schema_mode!r}; trying {to.schema_mode!r}"
    if to.cap != tried.cap:
        return f"the server wants {to.cap} instead of {tried.cap}"
    return f"the server does not take {', '.join(sorted(to.left_out - tried.left_out))}; left out"


def next_format(form: RequestFormat, profile: Profile, words: str, sent: Mapping[str, Any]) -> RequestFormat | None:
    """The next form to try after a 400, 404 or 422 with these words; None if they name nothing that was sent.

    An optional parameter that is named is left out; the token cap changes its name; else the next schema mode is tried.
    """
    for name in _OPTIONAL:
        if name in sent and re.search(rf"\b{name}\b", words, re.IGNORECASE):
            return replace(form, left_out=form.left_out | {name})
    if form.cap == profile.cap and re.search(rf"\b{form.cap}\b", words):
        other = next(name for name in _CAPS if name != form.cap)
        if re.search(rf"\b{other}\b|unsupported|unknown|unrecognized|extra|not permitted", words, re.IGNORECASE):
            return replace(form, cap=other)
    return _next_mode(form, profile) if "response_format" in sent and _FORMAT_WORDS.search(words) else None


def _next_mode(form: RequestFormat, profile: Profile) -> RequestFormat | None:
    """The next schema mode; None after the last."""
    below = profile.schema_modes[profile.schema_modes.index(form.schema_mode) + 1 :]
    return replace(form, schema_mode=below[0]) if below else None


def showing_schema(form: RequestFormat, profile: Profile) -> RequestFormat | None:
    """The next form in which the schema stands in the prompt: for a server that takes a schema and ignores it."""
    below = profile.schema_modes[profile.schema_modes.index(form.schema_mode) + 1 :]
    shown = [mode for mode in below if mode in ("object", "text")]
    return replace(form, schema_mode=shown[0]) if shown else None


def _packaged_prompt() -> str:
    return files("presseschau").joinpath("prompts", "schema", "user.txt").read_text(encoding="utf-8")
