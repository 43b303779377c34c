"""What a server is sent, and how a request steps down until the server takes it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from fault_server import FaultServer, Reply, Seen, VirtualTime, completion, error
from presseschau.errors import AnswerError, ConfigurationError, MalformedAnswer, TruncatedAnswer
from presseschau.llm.cache import AnswerCache
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.ladder import RequestFormat, request_body
from presseschau.llm.profiles import PROFILES, profile_of
from presseschau.llm.retry import Policy, Timing
from presseschau.llm.schemas import base_schema, plain
from presseschau.llm.spending import RequestEvent
from presseschau.models import Message, Request


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")

    n: int = Field(ge=1, le=15, description="never sent")
    en: str = Field(min_length=1, max_length=9, pattern="^.*$")
    stance: Literal["asserted", "reported"] = "asserted"
    title: str | None = None


class Parts(BaseModel):
    """This text is never sent."""

    model_config = ConfigDict(extra="forbid")

    parts: list[Part] = Field(min_length=1, max_length=3)


GOOD = '{"parts":[{"n":1,"en":"One.","stance":"asserted","title":null}]}'
TIGHT = {**Parts.model_json_schema(), "title": "tight"}
REQUEST = Request("translate", (Message(role="user", content="Eins."),), Parts, 200, tight=TIGHT)


def of(server: FaultServer, profile: str = "generic") -> Endpoint:
    return Endpoint(server.base_url, "m", SecretStr("k"), profile=profile)


def ask(server: FaultServer, cache: AnswerCache | None = None, profile: str = "generic", **more: Any) -> Client:
    time = VirtualTime()
    return Client(of(server, profile), cache, policy=Policy(attempts=2), timing=Timing(time.clock, time.sleep), **more)


def rung(seen: Seen) -> str:
    form = seen.json.get("response_format", {"type": "text"})
    return "strict" if form.get("json_schema", {}).get("strict") else str(form["type"])


def refuses(*rungs: str, status: int = 400) -> Callable[[Seen], Reply]:
    """A server that refuses these rungs."""

    def answer(seen: Seen) -> Reply:
        if rung(seen) in rungs:
            return error(status, f"response_format of type {rung(seen)} is not supported")
        return completion(f"<think>Hm {{}}</think>Sure:\n```json\n{GOOD}\n```" if rung(seen) == "text" else GOOD)

    return answer


@pytest.mark.parametrize("status", [400, 404, 422])
@pytest.mark.parametrize(
    ("refused", "tried"),
    [
        ([], ["strict"]),
        (["strict"], ["strict", "json_schema"]),
        (["strict", "json_schema"], ["strict", "json_schema", "json_object"]),
        (["strict", "json_schema", "json_object"], ["strict", "json_schema", "json_object", "text"]),
    ],
)
async def test_each_rung_is_tried_once_and_remembered(
    refused: list[str], tried: list[str], status: int, tmp_path: Path
) -> None:
    async with FaultServer([refuses(*refused, status=status)]) as server:
        with AnswerCache(tmp_path / "a.sqlite") as cache:
            async with ask(server, cache) as asked:
                await asked.ask(REQUEST)
                assert [rung(seen) for seen in server.requests] == tried
                await asked.ask(other("in the same run"))
            async with ask(server, cache) as asked:
                await asked.ask(other("in the next run"))
    assert [rung(seen) for seen in server.requests[len(tried) :]] == [tried[-1]] * 2


def other(text: str) -> Request[Parts]:
    return replace(REQUEST, messages=(Message(role="user", content=text),))


@pytest.mark.fault("status", "this request fails; four requests", name="every way to bind an answer is refused")
async def test_a_refusal_on_the_last_rung_ends_it() -> None:
    async with FaultServer([refuses("strict", "json_schema", "json_object", "text")]) as server, ask(server) as asked:
        with pytest.raises(AnswerError, match="rejected"):
            await asked.ask(REQUEST)
    assert len(server.requests) == 4


@pytest.mark.fault("status", "it alone fails", name="one request refused in every form")
async def test_a_request_that_is_refused_in_every_shape_does_not_spoil_the_shape_of_others(tmp_path: Path) -> None:
    def answer(seen: Seen) -> Reply:
        if seen.json["messages"][0]["content"].startswith("bad"):
            return error(400, "Invalid schema, or so")
        return completion(GOOD)

    async with FaultServer([answer]) as server:
        with AnswerCache(tmp_path / "a.sqlite") as cache:
            async with ask(server, cache) as asked:
                bad = [asked.ask(other(f"bad {number}")) for number in range(3)]
                failures = await asyncio.gather(*bad, return_exceptions=True)
                await asked.ask(REQUEST)
    assert [type(failure) for failure in failures] == [AnswerError] * 3
    assert rung(server.requests[-1]) == "strict"
    assert len(server.requests) <= 3 * 4 + 1


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_trouble_of_the_server_is_no_reason_to_step_down(status: int) -> None:
    reply = error(status, "response_format json_schema is not supported")
    async with FaultServer([reply, completion(GOOD)]) as server, ask(server) as asked:
        await asked.ask(REQUEST)
    assert [rung(seen) for seen in server.requests] == ["strict", "strict"]


async def test_the_schema_stands_in_the_prompt_exactly_where_the_server_is_not_bound_to_it() -> None:
    async with FaultServer([refuses("strict", "json_schema", "json_object")]) as server, ask(server) as asked:
        await asked.ask(REQUEST)
    shown = ["additionalProperties" in seen.json["messages"][-1]["content"] for seen in server.requests]
    assert shown == [False, False, True, True]


async def test_a_prompt_of_the_users_own_shows_the_schema() -> None:
    async with (
        FaultServer([refuses("strict", "json_schema")]) as server,
        ask(server, schema_prompt="So: $schema") as asked,
    ):
        await asked.ask(REQUEST)
    assert server.requests[-1].json["messages"][-1]["content"].startswith("Eins.\n\nSo: {")


@pytest.mark.fault("status", "left out, and remembered", name="parameter refused")
@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        ("temperature", "Unsupported value: 'temperature' does not support 0.0 with this model."),
        ("reasoning_effort", "Unrecognized request argument supplied: reasoning_effort"),
        ("store", "body.store: Extra inputs are not permitted"),
    ],
)
async def test_a_refused_parameter_is_left_out(parameter: str, message: str) -> None:
    def answer(seen: Seen) -> Reply:
        return error(400, message) if parameter in seen.json else completion(GOOD)

    async with FaultServer([answer]) as server:
        endpoint = replace(of(server, "openai"), model="gpt-6-luna", identity="")
        async with Client(endpoint) as asked:
            await asked.ask(REQUEST)
            await asked.ask(other("again"))
    assert [parameter in seen.json for seen in server.requests] == [True, False, False]
    assert {rung(seen) for seen in server.requests} == {"strict"}


@pytest.mark.fault("status", "renamed, and remembered", name="token cap refused")
@pytest.mark.parametrize("profile", ["generic", "openai"])
async def test_the_token_cap_goes_by_the_name_the_server_knows(profile: str) -> None:
    def answer(seen: Seen) -> Reply:
        if first in seen.json:
            return error(400, f"Unsupported parameter: '{first}'. Use '{second}' instead.")
        return completion(GOOD)

    first, second = "max_tokens", "max_completion_tokens"
    if profile == "openai":
        first, second = second, first
    async with FaultServer([answer]) as server, ask(server, profile=profile) as asked:
        await asked.ask(REQUEST)
    assert [second in seen.json for seen in server.requests] == [False, True]


@pytest.mark.fault(
    "answers", "found out after two answers; the schema is shown in the prompt", name="schemas are ignored"
)
async def test_a_server_that_ignores_schemas_is_found_out() -> None:
    def answer(seen: Seen) -> Reply:
        return completion(GOOD if "additionalProperties" in seen.json["messages"][-1]["content"] else "Sure! One.")

    events: list[RequestEvent] = []
    async with FaultServer([answer]) as server, ask(server, on_event=events.append) as asked:
        with pytest.raises(MalformedAnswer) as caught:
            await asked.ask(REQUEST)
        assert caught.value.raw == "Sure! One."
        await asked.ask(other("the second time it is known"))
        await asked.ask(other("and stays so"))
    assert [rung(seen) for seen in server.requests] == ["strict", "strict", "json_object", "json_object"]
    assert [event.state for event in events if event.state == "stepped_down"] == ["stepped_down"]


async def test_wrong_values_in_the_right_form_are_not_taken_for_a_server_that_ignores_schemas() -> None:
    async with FaultServer([completion('{"parts":[]}')]) as server, ask(server) as asked:
        for text in ("a", "b", "c"):
            with pytest.raises(MalformedAnswer):
                await asked.ask(other(text))
    assert {rung(seen) for seen in server.requests} == {"strict"}


async def test_concurrent_requests_step_down_together() -> None:
    async with FaultServer([refuses("strict")]) as server, ask(server) as asked:
        await asyncio.gather(*(asked.ask(other(str(number))) for number in range(5)))
    rungs = [rung(seen) for seen in server.requests]
    assert rungs.count("json_schema") == 5
    assert rungs.count("strict") <= 5


@pytest.mark.parametrize("stored", ["", "x", "[]", '{"rung": "magic", "cap": "max_tokens", "left_out": []}', "{}"])
def test_a_stored_shape_that_means_nothing_is_ignored(stored: str) -> None:
    assert RequestFormat.loads(stored, PROFILES["generic"]) == RequestFormat.first(PROFILES["generic"])


def test_a_shape_survives_storing() -> None:
    shape = RequestFormat("object", "max_tokens", frozenset({"store", "temperature"}))
    assert RequestFormat.loads(shape.dumps(), PROFILES["generic"]) == shape
    stored = '{"rung": "object", "cap": "max_tokens", "left_out": ["store", "temperature"]}'
    assert shape.dumps() == stored  # caches and ledgers of earlier versions hold it


def test_the_schema_is_plain() -> None:
    assert base_schema(Parts) == {
        "type": "object",
        "additionalProperties": False,
        "required": ["parts"],
        "properties": {"parts": {"type": "array", "minItems": 1, "maxItems": 3, "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["n", "en", "stance", "title"],
            "properties": {
                "n": {"type": "integer", "minimum": 1, "maximum": 15},
                "en": {"type": "string"},
                "stance": {"type": "string", "enum": ["asserted", "reported"]},
                "title": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            },
        }}},
    }  # fmt: skip


def test_bounds_can_be_left_out() -> None:
    assert not {"minItems", "maxItems", "minimum", "maximum"} & set(_keys(plain(TIGHT, bounds=False)))


def test_fields_keep_their_order() -> None:
    properties = base_schema(Parts)["properties"]["parts"]["items"]["properties"]
    assert list(properties) == ["n", "en", "stance", "title"]


class Endless(BaseModel):
    more: list[Endless]


def test_a_schema_that_refers_to_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="refers to itself"):
        base_schema(Endless)


def _keys(node: Any) -> list[str]:
    if isinstance(node, Mapping):
        return [*node, *(key for value in node.values() for key in _keys(value))]
    return [key for item in node for key in _keys(item)] if isinstance(node, list) else []


@pytest.mark.parametrize(
    ("url", "model", "profile"),
    [
        ("https://api.openai.com/v1", "gpt-6-luna", "openai"),
        ("https://eu.api.openai.com/v1", "gpt-6-luna", "openai"),
        ("https://api.openai.com.example.org/v1", "gpt-6-luna", "generic"),
        ("https://desk.openai.azure.com/openai/v1/", "desk", "azure"),
        ("https://openrouter.ai/api/v1", "x/y", "openrouter"),
        ("http://localhost:11434/v1", "llama3", "ollama"),
        ("http://localhost:1234/v1", "llama3", "lmstudio"),
        ("http://gpu.example.org:8000/v1", "llama3", "generic"),
    ],
)
def test_the_profile_is_guessed_from_the_address(url: str, model: str, profile: str) -> None:
    assert profile_of(Endpoint(url, model)).name == profile


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="there are: openai"):
        profile_of(Endpoint("http://localhost/v1", "m", profile="magic"))


@pytest.mark.parametrize(
    ("model", "effort", "temperature"),
    [
        ("gpt-6-luna", "none", True), ("gpt-6.1-terra", "none", True), ("gpt-6.1-sol", "low", False),
        ("gpt-6-astra", "low", False), ("gpt-5.4-mini", "none", True), ("gpt-5-mini", "minimal", False),
        ("o4-mini", "low", False), ("gpt-4.1-mini", None, True), ("gpt-4o-mini", None, True), ("novel", None, False),
    ],
)  # fmt: skip
def test_reasoning_is_off_where_it_can_be(model: str, effort: str | None, temperature: bool) -> None:
    profile = profile_of(Endpoint("https://api.openai.com/v1", model))
    sent = request_body(REQUEST, model, profile, RequestFormat.first(profile))
    assert (sent.get("reasoning_effort"), "temperature" in sent) == (effort, temperature)
    assert sent["max_completion_tokens"] == 200 + (0 if effort == "none" or model.startswith("gpt-4") else 4000)
    assert sent["store"] is False


@pytest.mark.parametrize(("profile", "tight"), [("llamacpp", True), ("ollama", True), ("openai", False)])
def test_the_narrowed_schema_is_sent_where_it_pays(profile: str, tight: bool) -> None:
    narrowed = replace(REQUEST, tight={**TIGHT, "properties": {"parts": {"type": "array", "minItems": 2}}})
    chosen = PROFILES[profile]
    sent = request_body(narrowed, "m", chosen, RequestFormat.first(chosen))["response_format"]["json_schema"]["schema"]
    assert sent["properties"]["parts"]["minItems"] == (2 if tight else 1)


def long_request(number: int) -> Request[Parts]:
    return other(f"{number} " + "Wort " * 2_000)  # 10,000 characters: 3,300 tokens at 3 characters each


@pytest.mark.fault("answers", "found by its usage; this request fails with a hint", name="prompt cut without a word")
async def test_a_silently_cut_prompt_is_caught() -> None:
    replies = [completion(GOOD, prompt_tokens=3_300), completion(GOOD, prompt_tokens=1_900)]
    async with FaultServer(replies) as server, ask(server, profile="ollama") as asked:
        await asked.ask(long_request(1))
        with pytest.raises(TruncatedAnswer, match="silently cut the prompt"):
            await asked.ask(long_request(2))


async def test_a_badly_cut_prompt_is_caught_by_the_first_answer() -> None:
    async with FaultServer([completion(GOOD, prompt_tokens=1_024)]) as server, ask(server, profile="ollama") as asked:
        with pytest.raises(TruncatedAnswer, match="silently cut"):
            await asked.ask(long_request(1))


@pytest.mark.parametrize("seen", [0, 2_100, 3_900, 9_000])
async def test_an_honest_count_is_no_alarm(seen: int) -> None:
    async with FaultServer([completion(GOOD, prompt_tokens=seen)]) as server, ask(server, profile="ollama") as asked:
        await asked.ask(long_request(1))


async def test_a_full_context_is_an_alarm() -> None:
    async with (
        FaultServer([completion(GOOD, prompt_tokens=4_096)]) as server,
        Client(replace(of(server, "ollama"), context_tokens=4_096)) as asked,
    ):
        with pytest.raises(TruncatedAnswer, match="silently cut"):
            await asked.ask(long_request(1))


def test_the_embedded_engine_is_bound_by_a_grammar_without_white_space() -> None:
    chosen = PROFILES["embedded"]
    sent = request_body(REQUEST, "m", chosen, RequestFormat.first(chosen))
    assert "response_format" not in sent
    assert '"whitespace_flexible": false' in sent["grammar"]
