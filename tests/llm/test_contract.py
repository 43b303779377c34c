"""Every request is one that OpenAI's own API description allows, and nothing more is sent than belongs there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from test_ladder import GOOD, REQUEST

from fault_server import FaultServer, completion, error
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.ladder import RequestFormat, request_body
from presseschau.llm.profiles import PROFILES, profile_of

CONTRACT = Path(__file__).parents[2] / "fixtures" / "llm" / "openai-subset-closed.json"
MODELS = ["gpt-6-luna", "gpt-6.1-sol", "gpt-5-mini", "gpt-5.4-mini", "o4-mini", "gpt-4o-mini", "something-new"]


@pytest.fixture(scope="module")
def contract() -> jsonschema.Draft202012Validator:
    description = json.loads(CONTRACT.read_text(encoding="utf-8"))
    reference = {"$ref": "#/components/schemas/CreateChatCompletionRequest", "components": description["components"]}
    return jsonschema.Draft202012Validator(reference)


@pytest.mark.parametrize("profile", ["openai", "azure"])
@pytest.mark.parametrize("model", MODELS)
async def test_requests_fit_the_contract_on_every_rung(
    contract: jsonschema.Draft202012Validator, model: str, profile: str
) -> None:
    """All rungs are tried, since the server refuses them one by one; every request that arrives is checked."""
    script = [error(400, "response_format unsupported")] * 3 + [completion(GOOD)]
    async with FaultServer(script) as server, Client(Endpoint(server.base_url, model, profile=profile)) as asked:
        await asked.ask(REQUEST)
    assert len(server.requests) == 4
    for seen in server.requests:
        contract.validate(seen.json)


def test_the_contract_rejects_what_other_servers_like(contract: jsonschema.Draft202012Validator) -> None:
    """So that the test above can fail: the embedded profile sends `cache_prompt`, which OpenAI does not know."""
    profile = PROFILES["embedded"]
    with pytest.raises(jsonschema.ValidationError):
        contract.validate(request_body(REQUEST, "m", profile, RequestFormat.first(profile)))


def _objects(node: Any) -> list[Mapping[str, Any]]:
    if isinstance(node, Mapping):
        inner = [found for value in node.values() for found in _objects(value)]
        return [node, *inner] if node.get("type") == "object" else inner
    return [found for item in node for found in _objects(item)] if isinstance(node, list) else []


@pytest.mark.parametrize("model", MODELS)
def test_strict_schemas_obey_openais_rules(model: str) -> None:
    """Root an object; every key required; no other key allowed; only keywords that strict mode knows."""
    profile = profile_of(Endpoint("https://api.openai.com/v1", model))
    form = request_body(REQUEST, model, profile, RequestFormat.first(profile))["response_format"]["json_schema"]
    schema = form["schema"]
    assert form["strict"] is True
    assert schema["type"] == "object"
    objects = _objects(schema)
    assert len(objects) == 2
    for found in objects:
        assert found["additionalProperties"] is False
        assert found["required"] == list(found["properties"])


def test_a_task_name_becomes_a_legal_schema_name(contract: jsonschema.Draft202012Validator) -> None:
    profile = PROFILES["openai"]
    sent = request_body(
        replace(REQUEST, task="claims: repair ä" * 9), "gpt-6-luna", profile, RequestFormat.first(profile)
    )
    contract.validate(sent)
    assert len(sent["response_format"]["json_schema"]["name"]) == 64


async def test_headers_hold_the_key_and_nothing_of_another_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-server")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer sk-another")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with FaultServer([completion(GOOD)]) as server, Client(Endpoint(server.base_url, "m")) as asked:
        await asked.ask(REQUEST)
    headers = server.requests[0].headers
    assert headers["authorization"] == "Bearer none"
    assert not {"openai-organization", "openai-project"} & set(headers)
    assert "another" not in str(headers)
    assert "admin" not in str(headers)
