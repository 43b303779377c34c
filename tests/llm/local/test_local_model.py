"""The real engine with the real model: what the client relies on. Skipped where the model is not installed."""

import asyncio
import json
import os
import re
import signal
import urllib.error
import urllib.request

import pytest
from processes import wait_for_end

from presseschau.llm.local.catalog import DEFAULT_MODEL, catalog
from presseschau.llm.local.grammar import Lines, compact_grammar, lines_grammar
from presseschau.llm.local.server import LocalServer
from presseschau.llm.local.store import chosen_model, installed

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(
        DEFAULT_MODEL not in [model.name for model in installed()], reason=f"model pull {DEFAULT_MODEL} first"
    ),
]

THREE = {
    "type": "object",
    "properties": {
        "translation": {
            "type": "array",
            "minItems": 3,
            "maxItems": 3,
            "prefixItems": [
                {
                    "type": "object",
                    "properties": {"n": {"const": n}, "en": {"type": "string"}},
                    "required": ["n", "en"],
                    "additionalProperties": False,
                }
                for n in (4, 5, 6)
            ],
        }
    },
    "required": ["translation"],
    "additionalProperties": False,
}
GERMAN = "Übersetze ins Englische, als JSON. 4: Es regnet. 5: Der Hund schläft. 6: Guten Tag."


def send(address: tuple[str, str], path: str, body: object = None, *, key: str | None = None) -> tuple[int, dict]:
    """Status and JSON of one request; `key` "" sends none."""
    base_url, right_key = address
    headers = {"Content-Type": "application/json"}
    if key != "":
        headers["Authorization"] = f"Bearer {key or right_key}"
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(base_url.removesuffix("/v1") + path, data, headers)
    try:
        with urllib.request.urlopen(request, timeout=100) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


async def test_the_embedded_engine():
    """One start for all of it, because loading is what takes time."""
    async with LocalServer(chosen_model(DEFAULT_MODEL).verified_path) as server:
        address = await server.address()
        await asyncio.to_thread(keys_are_demanded, address)
        await asyncio.to_thread(schemas_bind, address)
        await asyncio.to_thread(sampling_of_the_catalog_is_taken, address)
        await asyncio.to_thread(prefixes_are_read_once, address)
        await asyncio.to_thread(an_overlong_prompt_is_refused, address)
        first = server.pid
        os.kill(first, signal.SIGKILL)
        assert await asyncio.to_thread(wait_for_end, first)
        assert (await asyncio.to_thread(chat, await server.address(), "Hallo", max_tokens=1))["choices"]
        second = server.pid
    assert wait_for_end(second)


def chat(address: tuple[str, str], text: str, **more: object) -> dict:
    body = {"model": "x", "temperature": 0, "messages": [{"role": "user", "content": text}], **more}
    status, answer = send(address, "/v1/chat/completions", body)
    assert status == 200, answer
    return answer


def keys_are_demanded(address: tuple[str, str]) -> None:
    for path in ("/v1/models", "/props", "/slots", "/metrics", "/lora-adapters"):
        for key in ("", "0" * 64):
            assert send(address, path, key=key)[0] == 401, path
    for path in ("/v1/chat/completions", "/completion", "/tokenize", "/apply-template", "/props"):
        assert send(address, path, {"content": "x"}, key="")[0] == 401, path
    status, models = send(address, "/v1/models")
    assert status == 200
    assert os.sep not in models["data"][0]["id"]  # not the path of the file


def schemas_bind(address: tuple[str, str]) -> None:
    schema = {"type": "json_schema", "json_schema": {"name": "answer", "schema": THREE}}
    answer = chat(address, GERMAN, max_tokens=200, response_format=schema)
    items = json.loads(answer["choices"][0]["message"]["content"])["translation"]
    assert [item["n"] for item in items] == [4, 5, 6]
    assert answer["usage"]["prompt_tokens"] > 20
    indented = answer["usage"]["completion_tokens"]
    answer = chat(address, GERMAN, max_tokens=200, grammar=compact_grammar(THREE))
    text = answer["choices"][0]["message"]["content"]
    assert text == json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False)
    assert [item["n"] for item in json.loads(text)["translation"]] == [4, 5, 6]
    assert answer["usage"]["completion_tokens"] <= indented


def sampling_of_the_catalog_is_taken(address: tuple[str, str]) -> None:
    """Fields that entries of models have that cannot be run here: taken beside a grammar, and one seed repeats."""
    grammar = lines_grammar(Lines((1, 2), (60, 60), "sentences", "n", "en"))
    for model in catalog():
        fields = {**model.sampling, "stop": list(model.stop)}
        texts = [
            chat(address, GERMAN, max_tokens=80, grammar=grammar, **fields)["choices"][0]["message"]["content"]
            for _ in range(1 + bool(model.sampling))
        ]
        assert len(set(texts)) == 1
        assert re.fullmatch(r"\[1\] .+\n\[2\] .+", texts[0]), texts


def prefixes_are_read_once(address: tuple[str, str]) -> None:
    first, second = (" ".join(f"{word} {n}" for n in range(60)) for word in ("Haus", "Baum"))
    for text, visited in ((first, False), (second, False), (first, True)):
        cached = chat(address, text, max_tokens=1)["usage"]["prompt_tokens_details"]["cached_tokens"]
        assert (cached > 200) == visited


def an_overlong_prompt_is_refused(address: tuple[str, str]) -> None:
    body = {"messages": [{"role": "user", "content": "wort " * 9000}]}
    status, answer = send(address, "/v1/chat/completions", body)
    assert (status, answer["error"]["type"], answer["error"]["n_ctx"]) == (400, "exceed_context_size_error", 8192)
