"""Each entry of the catalog: how it is asked, over real HTTP, and that its answers are read; what `model list` says.

No entry but the demonstration model was ever run by us: answers are written by hand, in the form that grammars enforce.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from fault_server import FaultServer, completion
from in_process import presseschau
from presseschau.analysis import Options, analyze
from presseschau.ingest import read_article
from presseschau.llm.client import Client
from presseschau.llm.engine import embedded_endpoint
from presseschau.llm.local.catalog import catalog, find
from presseschau.llm.local.store import chosen_model
from presseschau.llm.retry import Policy

ARTICLE = read_article("Es regnet seit Montag.\n\nDer Pegel der Ahr stieg um 30 Zentimeter.", source="x")
LINES = "[1] It has been raining since Monday.\n[2] The level of the Ahr rose by 30 centimetres."
ROWS = json.dumps({"sentences": [{"n": int(line[1]), "en": line[4:]} for line in LINES.split("\n")]})
TOLD = "Translate the following text into English. Note that you should only output the translated result without any "
SAMPLED = {"temperature": 0.7, "top_p": 0.6, "top_k": 20, "repeat_penalty": 1.05, "seed": 1}


async def asked(name, answer):
    """What the entry is sent for a translation, and the English that is read from the answer."""
    endpoint = embedded_endpoint(chosen_model(name))
    async with (
        FaultServer([completion(answer)]) as server,
        Client(replace(endpoint, base_url=server.base_url), policy=Policy(attempts=1)) as client,
    ):
        made = await analyze(ARTICLE, client, Options(tasks=("translate",), rounds=0))
        assert not [f for f in made.findings if f.code == "task.failed"], made.findings
        return server.requests[0].json, [row.en for row in made.translation]


@pytest.mark.parametrize("name", ["qwen2.5-coder-1.5b", "hy-mt2-1.8b", "hy-mt2-7b"])
async def test_what_only_translates_is_asked_for_lines(name):
    sent, english = await asked(name, LINES)
    assert english == [line[4:] for line in LINES.split("\n")]
    assert sent["grammar"].startswith('%llguidance {}\nstart: "[1] " TEXT_1 "\\n" "[2] " TEXT_2')
    assert sent["messages"][-1]["content"].count("[2] Der Pegel der Ahr stieg um 30 Zentimeter.") == 1


@pytest.mark.parametrize("name", ["qwen3-4b", "gemma-4-e4b"])
async def test_what_writes_is_asked_for_json(name):
    sent, english = await asked(name, ROWS)
    assert english == [line[4:] for line in LINES.split("\n")]
    assert sent["grammar"].startswith("%llguidance {}\nstart: %json ")
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]
    assert sent["temperature"] == 0
    assert "stop" not in sent


@pytest.mark.parametrize("name", ["hy-mt2-1.8b", "hy-mt2-7b"])
async def test_hy_mt2_is_asked_as_its_makers_do(name):
    sent, _ = await asked(name, LINES)
    (only,) = sent["messages"]
    assert only["role"] == "user"
    assert only["content"].startswith(TOLD + "additional explanation:\n\n[1] Es regnet")
    assert {field: sent[field] for field in SAMPLED} == SAMPLED
    assert sent["stop"] == ["<｜hy_place▁holder▁no▁2｜>", "<｜hy_User｜>"]


async def test_the_demonstration_model_is_asked_as_ever():
    sent, _ = await asked("qwen2.5-coder-1.5b", LINES)
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]
    sure = {"logprobs", "top_logprobs"}  # for the risk of its sentences
    assert {*sent} == {"model", "messages", "max_tokens", "cache_prompt", "temperature", "grammar"} | sure
    assert (
        embedded_endpoint(chosen_model("qwen2.5-coder-1.5b")).identity == f"sha256:{find('qwen2.5-coder-1.5b').sha256}"
    )


def test_other_sampling_is_another_identity():
    local = chosen_model("hy-mt2-1.8b")
    other = replace(local, catalog=replace(local.catalog, sampling={**local.catalog.sampling, "seed": 2}))
    unsaid = replace(local, catalog=replace(local.catalog, stop=()))
    assert embedded_endpoint(local).identity != embedded_endpoint(other).identity
    assert embedded_endpoint(local).identity == embedded_endpoint(unsaid).identity


def test_each_rank_is_given_once_and_only_the_demonstration_model_comes_in_packages():
    assert sorted(model.rank for model in catalog()) == [1, 2, 3, 4, 5]
    assert [model.name for model in catalog() if model.pypi_parts] == ["qwen2.5-coder-1.5b"]
    assert max(catalog(), key=lambda model: model.rank).pypi_parts


def test_the_list_says_which_were_measured(tmp_path):
    rows = {line.split("\t")[0]: line.split("\t")[-1] for line in presseschau("model", "list", "--models",
            str(tmp_path)).out.splitlines()}  # fmt: skip
    assert rows.pop("qwen2.5-coder-1.5b (default)").startswith("measured on ")
    assert set(rows.values()) == {"never measured"}
