"""What each kind of server supports: one row per server, so that a request holds only what its server knows.

Sources: OpenAI's and the servers' documentation and source, November 2026; where a server still refuses a
parameter, `ladder.py` leaves it out and remembers that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from presseschau.errors import ConfigurationError
from presseschau.llm.endpoint import Endpoint
from presseschau.patterns import late

SchemaMode = Literal["strict", "schema", "object", "text"]
"""How an answer is made to fit: json_schema strict, json_schema, json_object, or the prompt alone."""


_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Profile(NamedTuple):
    """What one server supports.

    `schema_modes`: ways to enforce a schema, best first. `cap`: the name of the token cap. `effort`: the reasoning
    effort to ask for (None: send nothing). `headroom`: tokens added to the cap for reasoning that is counted in it.
    `tight`: whether a schema narrowed to the article pays (a platform that keeps compiled schemas wants a fixed one).
    `bounds`: whether item counts and ranges may stand in the schema. `cuts`: whether it may silently cut a prompt.
    `extra`: further fields of the request; `sampling`: those that win over what it says itself. `compact`: bind by a
    grammar without white space (a fifth fewer tokens). `several`: it gives n answers to a prompt that it reads once.
    `probabilities`: fields that ask for those of the tokens that it writes; none: it is not asked.
    """

    name: str
    schema_modes: tuple[SchemaMode, ...] = ("strict", "schema", "object", "text")
    cap: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True
    effort: str | None = None
    headroom: int = 0
    tight: bool = False
    bounds: bool = True
    cuts: bool = True
    extra: Mapping[str, Any] = _NOTHING
    compact: bool = False
    sampling: Mapping[str, Any] = _NOTHING
    several: bool = False
    probabilities: Mapping[str, Any] = _NOTHING


_PROBABILITIES = {"logprobs": True, "top_logprobs": 5}  # as many as `sureness` reckons with
_OPENAI = Profile("openai", cap="max_completion_tokens", cuts=False, extra={"store": False}, several=True)
PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        _OPENAI,
        _OPENAI._replace(name="azure"),
        Profile(
            "vllm",
            schema_modes=("schema", "object", "text"),
            tight=True,
            several=True,
            probabilities=_PROBABILITIES,
        ),
        # Ollama reads only the schema itself; "none" switches thinking off; the context is cut without a word.
        Profile("ollama", schema_modes=("schema", "object", "text"), tight=True, effort="none"),
        Profile("lmstudio", schema_modes=("schema", "text"), tight=True),  # json_object is refused there
        Profile("openrouter", bounds=False, extra={"provider": {"require_parameters": True}}),
        Profile(
            "llamacpp",
            schema_modes=("schema", "object", "text"),
            tight=True,
            cuts=False,
            extra={"cache_prompt": True},
            probabilities=_PROBABILITIES,
        ),
        Profile(
            "embedded",
            schema_modes=("schema", "object", "text"),
            tight=True,
            cuts=False,
            extra={"cache_prompt": True},
            compact=True,
            probabilities=_PROBABILITIES,
        ),
        Profile("generic", bounds=False),
    )
}

_HOSTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (late(r"(^|\.)api\.openai\.com$"), "openai"),
    (late(r"\.(openai|services\.ai|cognitiveservices)\.azure\.(com|us|cn)$"), "azure"),
    (late(r"(^|\.)openrouter\.ai$"), "openrouter"),
)
_PORTS = {":11434": "ollama", ":1234": "lmstudio"}  # their default ports

# Reasoning on the OpenAI platform, by model name, first match wins: effort to ask for, and whether a temperature is
# accepted with it (it is refused while reasoning is on). "none" where the model allows it.
_REASONING: tuple[tuple[re.Pattern[str], str | None, bool], ...] = (
    (late(r"gpt-6-astra|gpt-6\.1-sol"), "low", False),
    (late(r"gpt-(6|5\.[1-9])"), "none", True),
    (late(r"gpt-5"), "minimal", False),
    (late(r"(^|/)o[1-9]"), "low", False),
    (late(r"gpt-(4|3)"), None, True),
)
_HEADROOM = 4_000
"""Tokens of hidden reasoning allowed for on top of the answer; a tight cap would end in an empty answer."""


def profile_of(endpoint: Endpoint) -> Profile:
    """The profile of (base URL, model): the named one, else the one its address points to, else "generic".

    Raises ConfigurationError for a name that is not in the table.
    """
    name = endpoint.profile or _guess(endpoint)
    profile = PROFILES.get(name)
    if profile is None:
        raise ConfigurationError(f"There is no server profile {name!r}; there are: {', '.join(PROFILES)}.")
    if endpoint.sampling:
        profile = profile._replace(sampling=endpoint.sampling)
    return _for_model(profile, endpoint.model) if profile.name in ("openai", "azure") else profile


def _guess(endpoint: Endpoint) -> str:
    for pattern, name in _HOSTS:
        if pattern.search(endpoint.host):
            return name
    return next((name for port, name in _PORTS.items() if f"{port}/" in f"{endpoint.base_url}/"), "generic")


def _for_model(profile: Profile, model: str) -> Profile:
    for pattern, effort, temperature in _REASONING:
        if pattern.search(model):
            headroom = 0 if effort in (None, "none") else _HEADROOM
            return profile._replace(effort=effort, temperature=temperature, headroom=headroom)
    return profile._replace(temperature=False, headroom=_HEADROOM)  # unknown: nothing it might refuse
