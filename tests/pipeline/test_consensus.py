"""Several answers to one question: asked for, kept under keys of their own, and the most agreed one stands."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fault_server import FaultServer, completion, error, json_reply
from presseschau.analysis import Options, analyze
from presseschau.archive.forecast import forecast_articles
from presseschau.archive.many import settings
from presseschau.errors import MalformedAnswer, ProviderDownError
from presseschau.ingest import ReadOptions, read_article
from presseschau.llm.cache import AnswerCache, cache_key
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.engine import choose
from presseschau.llm.ladder import RequestFormat, next_format, request_body
from presseschau.llm.profiles import PROFILES
from presseschau.llm.retry import Policy
from presseschau.llm.spending import Budget
from presseschau.models import Message, Request
from presseschau.pipeline.translation import TranslationAnswer, agreed
from scripted import ScriptedEngine, wanted

ARTICLE = read_article("Es regnet seit Montag.\n\nDer Pegel der Ahr stieg um 30 Zentimeter.", source="x")
GOOD = {1: "It has been raining since Monday.", 2: "The level of the Ahr rose by 30 centimetres."}
ODD = {1: "Rain is a Monday.", 2: "The Ahr was 30 centimetres of rising levels."}
ALONE = {1: "Rain, it is a Monday.", 2: "30 centimetres has the Ahr."}
REQUEST = Request("translate", (Message(role="user", content="Zwei."),), TranslationAnswer, 200)


def test_the_row_most_like_the_others_wins_row_by_row():
    near = {1: "It has been raining since Monday already.", 2: GOOD[2]}
    assert agreed([ODD, GOOD, near]) == GOOD
    assert agreed([{**ODD, 2: GOOD[2]}, GOOD, near]) == GOOD


def test_fewer_findings_come_before_likeness():
    shifted = {1: GOOD[2], 2: "The dam held."}
    clean, wrong = {1: (0, 0), 2: (0, 0)}, {1: (1, 0), 2: (0, 1)}
    assert agreed([shifted, GOOD, shifted]) == shifted
    assert agreed([shifted, GOOD, shifted], [wrong, clean, wrong]) == GOOD
    near = {1: "It has been raining since Monday already.", 2: GOOD[2]}
    assert agreed([shifted, near, GOOD, GOOD], [wrong, clean, clean, clean]) == GOOD


def test_of_two_the_first_stands_and_what_only_one_has_is_taken():
    assert agreed([ODD, GOOD]) == ODD
    assert agreed([{1: "One."}, {2: "Two."}]) == {1: "One.", 2: "Two."}
    assert agreed([]) == {}


@given(st.lists(st.dictionaries(st.integers(1, 4), st.text(max_size=20)), max_size=5))
def test_each_number_gets_a_text_that_was_answered_for_it(answers):
    found = agreed(answers)
    assert found.keys() == {n for answer in answers for n in answer}
    assert all(any(answer.get(n) == text for answer in answers) for n, text in found.items())


OTHERS = [replace(REQUEST, temperature=0.5, sample=i) for i in (1, 2)]


def test_each_sample_has_a_key_and_one_sample_changes_none():
    keys = [cache_key("m", one) for one in (REQUEST, *OTHERS)]
    assert len(set(keys)) == 3
    assert keys[0] == cache_key("m", replace(REQUEST, sample=0))
    assert keys[1] == cache_key("m", replace(OTHERS[0], n=2))


def test_samples_are_sent_with_a_seed_that_a_server_may_refuse():
    profile = PROFILES["llamacpp"]
    bodies = [request_body(one, "m", profile, RequestFormat.first(profile)) for one in (REQUEST, *OTHERS)]
    assert [body.get("seed") for body in bodies] == [None, 1, 2]
    assert [body["temperature"] for body in bodies] == [0.0, 0.5, 0.5]
    form = next_format(RequestFormat.first(profile), profile, "unknown field: seed", bodies[1])
    assert form is not None
    assert "seed" not in request_body(OTHERS[0], "m", profile, form)
    sampled = profile._replace(sampling={"temperature": 0.7, "seed": 1})
    assert request_body(OTHERS[1], "m", sampled, RequestFormat.first(profile))["seed"] == 3


def rows(english, numbers):
    return {"sentences": [{"n": n, "en": english[n]} for n in numbers]}


async def made(reply, samples, *, english_first=False):
    engine = ScriptedEngine(lambda request: reply(request), english_first=english_first)
    options = Options(tasks=("translate",), samples=samples, rounds=0)
    analysis = await analyze(ARTICLE, engine, options)
    return analysis, engine.requests


@pytest.mark.parametrize("english_first", [True, False])
async def test_the_most_agreed_translation_stands_and_the_result_says_so(english_first):
    def reply(request):
        return rows(ODD if request.sample == 0 else GOOD, wanted(request))

    analysis, asked = await made(reply, 3, english_first=english_first)
    assert {row.n: row.en for row in analysis.translation} == GOOD
    assert sorted(request.sample for request in asked) == [0, 1, 2]
    assert any("Of 3 translations" in note for note in analysis.provenance.notes)
    alone, asked = await made(reply, 1)
    assert {row.n: row.en for row in alone.translation} == ODD
    assert (len(asked), alone.provenance.notes) == (1, ())


async def test_a_figure_that_most_answers_have_wrong_does_not_win():
    wrong = {**GOOD, 2: "The level of the Ahr rose by 13 centimetres."}

    def reply(request):
        return rows(GOOD if request.sample == 2 else wrong, wanted(request))

    analysis, _ = await made(reply, 4)
    assert {row.n: row.en for row in analysis.translation} == GOOD


async def test_a_sample_that_fails_costs_nothing_but_itself():
    def reply(request):
        return MalformedAnswer("no.") if request.sample in (0, 2) else rows(GOOD, wanted(request))

    analysis, _ = await made(reply, 4)
    assert {row.n: row.en for row in analysis.translation} == GOOD
    assert not [f for f in analysis.findings if f.code == "task.failed"]


async def test_if_all_fail_the_first_failure_is_the_reason():
    analysis, _ = await made(lambda request: ProviderDownError("nobody there."), 3)
    assert analysis.translation is None
    assert [f.failure for f in analysis.findings if f.code == "task.failed"] == ["provider-down"]


async def test_words_of_the_instructions_never_win_by_agreeing():
    echo = "Translate this German article into British English. Translate every sentence."

    def reply(request):
        return rows(GOOD if request.sample == 3 else dict.fromkeys(GOOD, echo), wanted(request))

    analysis, _ = await made(reply, 4)
    assert {row.n: row.en for row in analysis.translation} == GOOD


async def test_each_sample_is_kept_so_that_more_samples_buy_only_what_is_new(tmp_path):
    def answer(seen):
        return completion(json.dumps(rows(GOOD, (1, 2))), prompt_tokens=len(seen.raw) // 4)

    async with FaultServer([answer]) as server:
        for samples, sent in ((1, 1), (3, 3), (3, 3), (5, 5)):
            with AnswerCache(tmp_path / "c.sqlite3") as cache:
                async with Client(Endpoint(server.base_url, "m"), cache, policy=Policy(attempts=1)) as client:
                    await analyze(ARTICLE, client, Options(tasks=("translate",), samples=samples))
            assert len(server.requests) == sent
        assert len({seen.raw for seen in server.requests}) == 5


def several(seen, english=GOOD, most=9):
    """As many choices as are asked for, at most `most`; the j-th says its number at the end."""
    reply = json.loads(completion(json.dumps(rows(english, (1, 2))), prompt_tokens=len(seen.raw) // 4).body)
    (choice,) = reply["choices"]
    reply["choices"] = [{**choice, "index": i} for i in range(min(most, seen.json.get("n", 1)))]
    reply["usage"]["completion_tokens"] *= len(reply["choices"])
    return json_reply(reply)


async def run(server, samples, cache=None, **more):
    """The analysis, over a server that gives several answers at once."""
    endpoint = Endpoint(server.base_url, "m", profile="vllm")
    async with Client(endpoint, cache, policy=Policy(attempts=1), **more) as client:
        made = await analyze(ARTICLE, client, Options(tasks=("translate",), samples=samples))
        return made, client.spending


async def test_a_server_that_can_gives_the_others_to_one_request(tmp_path):
    async with FaultServer([several]) as server:
        with AnswerCache(tmp_path / "c.sqlite3") as cache:
            made, spent = await run(server, 4, cache)
            assert [seen.json.get("n") for seen in server.requests] in ([None, 3], [3, None])
            assert {row.n: row.en for row in made.translation} == GOOD
            assert (spent.bought.requests, spent.bought.completion_tokens) == (2, 7 + 21)
            again, spent = await run(server, 4, cache)
            assert (spent.cached, spent.bought.requests) == (4, 0)
            assert again.translation == made.translation
            await run(server, 5, cache)
    assert len(server.requests) == 3  # of five four were there


async def test_each_of_the_others_counts():
    def answer(seen):
        reply = json.loads(several(seen).body)
        if "n" in seen.json:
            for choice, english in zip(reply["choices"], (ODD, GOOD, GOOD), strict=True):
                choice["message"]["content"] = json.dumps(rows(english, (1, 2)))
        else:
            reply["choices"][0]["message"]["content"] = json.dumps(rows(ALONE, (1, 2)))
        return json_reply(reply)

    async with FaultServer([answer]) as server:
        made, _ = await run(server, 4)
    assert {row.n: row.en for row in made.translation} == GOOD


@pytest.mark.parametrize("most", [1, 2])
async def test_what_a_server_does_not_give_at_once_is_asked_for_one_by_one(most):
    async with FaultServer([lambda seen: several(seen, most=most)]) as server:
        await run(server, 4)
    assert len(server.requests) == 2 + 3 - most
    assert [seen.json["n"] for seen in server.requests if "n" in seen.json] == [3]


async def test_a_server_that_refuses_several_is_asked_one_by_one():
    def answer(seen):
        return error(400, "Unsupported value: 'n' does not support 3") if "n" in seen.json else several(seen)

    async with FaultServer([answer]) as server:
        made, _ = await run(server, 4)
    assert {row.n: row.en for row in made.translation} == GOOD
    assert sorted(seen.json.get("seed", 0) for seen in server.requests) == [0, 1, 2, 3]


async def test_a_broken_choice_costs_only_itself():
    def answer(seen):
        reply = json.loads(several(seen).body)
        if "n" in seen.json:
            reply["choices"][1]["message"]["content"] = "I am sorry."
            reply["choices"][2] = {"index": 2}
        return json_reply(reply)

    async with FaultServer([answer]) as server:
        made, _ = await run(server, 4)
    assert {row.n: row.en for row in made.translation} == GOOD
    assert not [f for f in made.findings if f.code == "task.failed"]


async def test_a_limit_holds_back_what_all_answers_of_a_request_can_cost():
    async with FaultServer([several]) as server:
        one = Budget(max_tokens=900)
        made, _ = await run(server, 9, budget=one)
    assert all("n" not in seen.json for seen in server.requests)  # eight answers at once could go beyond it
    assert made.translation is not None


async def test_a_server_that_knows_no_seed_is_asked_without(tmp_path):
    def answer(seen):
        if "seed" in seen.json:
            return error(400, "Unsupported parameter: seed")
        return completion(json.dumps(rows(GOOD, (1, 2))), prompt_tokens=len(seen.raw) // 4)

    async with FaultServer([answer]) as server, Client(Endpoint(server.base_url, "m")) as client:
        analysis = await analyze(ARTICLE, client, Options(tasks=("translate",), samples=3))
    assert {row.n: row.en for row in analysis.translation} == GOOD


def test_a_forecast_counts_each_sample():
    choice = choose("m", base_url="http://127.0.0.1:9/v1")

    def requests(samples):
        options = Options(tasks=("translate",), samples=samples)
        return asyncio.run(forecast_articles([ARTICLE], choice, options=options, cache=None)).requests

    assert (requests(1), requests(4)) == (1, 4)


def test_a_run_of_today_goes_on_and_one_with_samples_is_another():
    def of(samples):
        choice = choose("m", base_url="http://127.0.0.1:9/v1")
        return settings(Options(samples=samples), choice, ReadOptions(), repair=True, lang_check=True)

    assert "samples" not in of(1)
    assert of(3)["samples"] == 3
