"""What real servers put around an answer: it is taken off on every rung, noted, and nothing is guessed."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, SecretStr
from test_faults import GOOD, REQUEST, Sentences

from fault_server import FaultServer, Reply, Seen, VirtualTime, completion, error, json_reply, saying_of_usage
from presseschau.errors import MalformedAnswer, ProviderDownError, TruncatedAnswer
from presseschau.llm.cache import AnswerCache
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.faults import room_for_answer
from presseschau.llm.reply import read
from presseschau.llm.retry import Policy, Timing
from presseschau.llm.spending import RequestEvent
from presseschau.models import Message, Request

HARMONY = "<|channel|>analysis<|message|>We need {JSON}.<|end|><|start|>assistant<|channel|>final<|message|>"
WRAPPED: dict[str, tuple[str, str]] = {
    "a code fence": (f"```json\n{GOOD}\n```", "a code fence"),
    "a fence of tildes": (f"~~~\n{GOOD}\n~~~", "a code fence"),
    "a sentence before": (f"Here is the translation:\n{GOOD}", "words before it"),
    "a sentence with a brace before": (f"The {{object}} is: {GOOD}", "words before it"),
    "a farewell": (f"{GOOD}\n\nLet me know if you need more.", "words after it"),
    "a trailing brace": (f"{GOOD}}}", "a brace too many"),
    "two trailing braces": (f"{GOOD}\n}} }}", "a brace too many"),
    "twice": (GOOD + GOOD, "the same once more"),
    "another one after it": (f'{GOOD}\n{{"sentences":["Third."]}}', "another object after it"),
    "thoughts": (f"<think>Maybe {GOOD[:-4]}?</think>{GOOD}", "thoughts"),
    "thoughts that hold a draft": (f'<think>{{"sentences":["Draft."]}}</think>\n\n{GOOD}', "thoughts"),
    "thoughts without a beginning": (f"So I answer.</think>{GOOD}", "thoughts"),
    "thoughts of Mistral": (f"[THINK]Hm.[/THINK]{GOOD}", "thoughts"),
    "thoughts of Kimi": (f"◁think▷Hm.◁/think▷{GOOD}", "thoughts"),
    "reasoning and a fence": (f"<reasoning>Hm.</reasoning>```{GOOD}```", "thoughts, a code fence"),
    "channels": (f"{HARMONY}{GOOD}<|return|>", "channel tags"),
    "a closing tag": (f"{GOOD}<|im_end|>", "channel tags"),
    "a byte order mark": ("\ufeff" + GOOD, ""),
    "a JSON string": (json.dumps(GOOD), "quotation marks"),
    "a field of its own": (f'{{"answer":{GOOD}}}', "a field 'answer'"),
    "a list of one": (f"[{GOOD}]", ""),
    "another object before": (f'Like {{"n": 1}}? No: {GOOD}', "words before it"),
}
RUNGS = ("json_schema", "json_object", "text")


def ask(server: FaultServer, cache: AnswerCache | None = None, **more: Any) -> Client:
    time = VirtualTime()
    known = {"policy": Policy(attempts=3), "timing": Timing(time.clock, time.sleep), **more}
    return Client(Endpoint(server.base_url, "m", SecretStr("k"), profile="vllm"), cache, **known)


def on(rung: str, reply: Reply) -> Any:
    """A server that takes requests on this rung alone."""

    def answer(seen: Seen) -> Reply:
        form = seen.json.get("response_format", {"type": "text"})["type"]
        return reply if form == rung else error(400, f"response_format {form} is not supported")

    return answer


@pytest.mark.fault("answers", "taken out on every rung, in one request, and noted", name="wrapped in", by="name")
@pytest.mark.parametrize("rung", RUNGS)
@pytest.mark.parametrize("name", WRAPPED)
async def test_an_answer_is_found_in_what_is_around_it(name: str, rung: str, tmp_path: Path) -> None:
    text, around = WRAPPED[name]
    async with FaultServer([on(rung, completion(text, prompt_tokens=40))]) as server:
        with AnswerCache(tmp_path / "a.sqlite") as cache:
            async with ask(server, cache) as asked:
                bought = await asked.ask(REQUEST)
            assert len(server.requests) == RUNGS.index(rung) + 1
            assert bought.value.sentences == ["One.", "Two."]
            assert around in " ".join(bought.notes)
            assert bought.notes
        with AnswerCache(tmp_path / "a.sqlite") as cache:
            async with ask(server, cache) as asked:
                stored = await asked.ask(REQUEST)
    assert (stored.cached, stored.notes, stored.value) == (True, bought.notes, bought.value)


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    n: int
    en: str


class Rows(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rows: list[Row]


ROWS: Request[Rows] = Request("t", (Message(role="user", content="Eins."),), Rows, 200)
ROW = '{"rows": [{"n": 1, "en": "One."}]}'


@pytest.mark.fault("answers", "read, and noted", name="another type", by="text")
@pytest.mark.parametrize(
    "text",
    [
        '{"rows": [{"n": "1", "en": "One."}]}',
        '{"rows": [{"n": 1.0, "en": "One."}]}',
        '{"rows": [{"n": 1, "en": ["One."]}]}',
        '{"rows": [{"n": "1", "en": ["One."]}]}',
        '{"rows": {"n": 1, "en": "One."}}',
        '```\n{"rows": [{"n": "1", "en": "One."}]}\n```',
    ],
)
def test_what_has_one_meaning_is_read(text: str) -> None:
    reading = read(text, ROWS)
    assert reading.value == Rows(rows=[Row(n=1, en="One.")])
    assert Rows.model_validate_json(reading.text, strict=True) == reading.value
    assert reading.notes


@pytest.mark.fault(
    "answers", "no answer (malformed); asked once more in other words", name="may mean something else", by="text"
)
@pytest.mark.parametrize(
    "text",
    [
        '{"rows": [{"n": "one", "en": "One."}]}',
        '{"rows": [{"n": 1.5, "en": "One."}]}',
        '{"rows": [{"n": "٣", "en": "One."}]}',
        '{"rows": [{"n": true, "en": "One."}]}',
        '{"rows": [{"n": 1, "en": ["One.", "Two."]}]}',
        '{"rows": [{"n": 1, "en": []}]}',
        '{"rows": [{"n": 1, "en": 1}]}',
        '{"rows": [{"n": 1, "en": null}]}',
        '{"rows": [{"n": 1}]}',
        '{"rows": [{"n": "1", "en": "One.", "more": 1}]}',
        '{"rows": [{"n": "1", "n": "2", "en": "One."}]}',
        "```\n" + ROW[:-1],
        "<think>" + ROW[1:],
        "{" * 5_000,
        '{"a":' * 5_000,
        "",
    ],
)
def test_what_may_mean_something_else_is_not(text: str) -> None:
    with pytest.raises(MalformedAnswer):
        read(text, ROWS)


def test_an_answer_that_needs_nothing_taken_off_has_no_notes() -> None:
    assert read(ROW, ROWS).notes == ()
    assert read(ROW, ROWS).text == ROW


WORDS = st.text(st.characters(exclude_characters='{}[]"`~<>|◁▷\\', exclude_categories=["Cs"]), max_size=40)


@given(before=WORDS, after=WORDS)
def test_whatever_stands_around_it(before: str, after: str) -> None:
    assert read(f"{before}{ROW}{after}", ROWS).value.rows[0].n == 1


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(MalformedAnswer):
        assert isinstance(read(text, ROWS).value, Rows)


def events(*said: str, done: bool = True, content_type: str = "text/event-stream") -> Reply:
    lines = [f"data: {one}\n\n" for one in [*said, *["[DONE]"] * done]]
    return Reply(200, "".join(lines).encode(), {"content-type": content_type})


def delta(content: str | None, finish: str | None = None, **more: Any) -> str:
    piece: dict[str, Any] = {"content": content} if content is not None else {}
    return json.dumps({"model": "m", "choices": [{"index": 0, "delta": {**piece, **more}, "finish_reason": finish}]})


USED = json.dumps({"choices": [], "usage": {"prompt_tokens": 40, "completion_tokens": 7}})
HALVES = [GOOD[:9], GOOD[9:]]
STREAMS: dict[str, Reply] = {
    "as OpenAI streams": events(delta("", role="assistant"), *map(delta, HALVES), delta(None, "stop"), USED),
    "without its end mark": events(*map(delta, HALVES), delta("", "stop"), USED, done=False),
    "with comments and names": replace(
        events(*map(delta, HALVES), delta(None, "stop"), USED),
        body=b": keep-alive\n\nevent: message\n" + events(*map(delta, HALVES), delta(None, "stop"), USED).body,
    ),
    "said to be JSON": events(*map(delta, HALVES), delta(None, "stop"), USED, content_type="application/json"),
    "the whole in one event": events(json.dumps(json.loads(completion(GOOD, prompt_tokens=40).body))),
    "thoughts first": events(delta(None, reasoning_content="Hm."), *map(delta, HALVES), delta(None, "stop"), USED),
}


@pytest.mark.fault("answers", "its pieces are joined", name="an event stream")
@pytest.mark.parametrize("reply", STREAMS.values(), ids=STREAMS)
async def test_a_stream_that_nobody_asked_for_is_joined(reply: Reply) -> None:
    async with FaultServer([reply]) as server, ask(server) as asked:
        answer = await asked.ask(REQUEST)
    assert answer.value.sentences == ["One.", "Two."]
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (40, 7)


BROKEN: dict[str, tuple[Reply, type[Exception], int]] = {
    "cut off": (events(delta(HALVES[0]), done=False), ProviderDownError, 3),
    "no JSON within": (events("{", GOOD), ProviderDownError, 3),
    "an error in the middle": (events(delta(HALVES[0]), '{"error": {"message": "boom"}}'), ProviderDownError, 3),
    "an end at the cap": (events(delta(HALVES[0]), delta(None, "length")), TruncatedAnswer, 1),
    "half an answer": (events(delta(HALVES[0]), delta(None, "stop")), MalformedAnswer, 1),
}


@pytest.mark.fault("answers", "{failure.__name__} after {requests} request(s)", name="an event stream", by="-")
@pytest.mark.parametrize(("reply", "failure", "requests"), BROKEN.values(), ids=BROKEN)
async def test_a_stream_that_is_no_answer(reply: Reply, failure: type[Exception], requests: int) -> None:
    async with FaultServer([reply]) as server, ask(server) as asked:
        with pytest.raises(failure):
            await asked.ask(REQUEST)
    assert len(server.requests) == requests


REASONED: dict[str, Reply] = {
    "reasoning_content": completion(None, reasoning_content=GOOD),
    "reasoning": completion("", reasoning=GOOD),
    "after thoughts": completion(" \n", reasoning_content=f"Let me see.</think>{GOOD}"),
    "in parts": completion(None, reasoning=[{"type": "text", "text": GOOD}]),
}


@pytest.mark.fault("answers", "taken if it fits, and noted", name="the answer stands in")
@pytest.mark.parametrize("reply", REASONED.values(), ids=REASONED)
async def test_an_answer_among_the_reasoning_is_taken(reply: Reply) -> None:
    async with FaultServer([reply]) as server, ask(server) as asked:
        answer = await asked.ask(REQUEST)
    assert answer.value.sentences == ["One.", "Two."]
    assert any("reasoning" in note for note in answer.notes)
    assert len(server.requests) == 1


@pytest.mark.fault("answers", "an answer, if it fits", name="finish_reason")
@pytest.mark.parametrize("finish", [None, "STOP", "eos_token", "end_turn", "tool_calls", "\x1b[31mweird"])
async def test_a_whole_answer_is_one_whatever_ended_it(finish: str | None) -> None:
    async with FaultServer([completion(GOOD, finish=finish)]) as server, ask(server) as asked:
        assert (await asked.ask(REQUEST)).value.sentences == ["One.", "Two."]
    assert len(server.requests) == 1


@pytest.mark.fault("answers", "cut off: asked once more, and told so", name="finish_reason")
@pytest.mark.parametrize("finish", ["length", "MAX_TOKENS", "max_tokens"])
async def test_what_ended_at_its_cap_is_none_however_that_is_said(finish: str) -> None:
    async with FaultServer([completion(GOOD, finish=finish)]) as server, ask(server) as asked:
        with pytest.raises(TruncatedAnswer):
            await asked.ask(REQUEST)


@pytest.mark.fault("answers", "joined", name="content in parts")
async def test_parts_are_joined() -> None:
    parts = [{"type": "text", "text": half} for half in HALVES]
    data = json.loads(completion(GOOD).body)
    data["choices"][0]["message"]["content"] = parts
    async with FaultServer([json_reply(data)]) as server, ask(server) as asked:
        assert (await asked.ask(REQUEST)).value.sentences == ["One.", "Two."]


SAID = "This model's maximum context length is 4096 tokens"
ROOM: dict[str, tuple[str, int | None]] = {
    "vLLM": (
        "'max_tokens' or 'max_completion_tokens' is too large: 200. This model's maximum context length is 4096 tokens "
        "and your request has 3996 input tokens (200 > 4096 - 3996).", 100,
    ),
    "older vLLM": (f"{SAID}. However, you requested 4196 tokens (3996 in the messages, 200 in the completion).", 100),
    "SGLang": (f"{SAID}, but the prompt contains 3,996 tokens and 200 are to be completed.", 100),
    "at most": ("max_tokens is too large: 200. This model supports at most 100 completion tokens.", 100),
    "no room": (f"{SAID}. However, you requested 4296 tokens (4096 in the messages, 200 in the completion).", None),
    "next to none": (f"{SAID} and your request has 4090 input tokens.", None),
    "not said": (f"{SAID}. Please reduce the length of the messages.", None),
}  # fmt: skip


@pytest.mark.fault(
    "status",
    "asked again with what the server leaves ({room} tokens; None: too long)",
    name="output cap above the context",
)
@pytest.mark.parametrize(("words", "room"), ROOM.values(), ids=ROOM)
async def test_a_cap_that_does_not_fit_is_lowered_to_what_the_server_leaves(words: str, room: int | None) -> None:
    assert room_for_answer(words) == room

    def answer(seen: Seen) -> Reply:
        return completion(GOOD) if seen.json["max_tokens"] <= 100 else error(400, words)

    async with FaultServer([answer]) as server, ask(server) as asked:
        if room is None:
            with pytest.raises(TruncatedAnswer):
                await asked.ask(REQUEST)
        else:
            await asked.ask(REQUEST)
    assert [seen.json["max_tokens"] for seen in server.requests] == ([200] if room is None else [200, 100])


async def test_a_cap_is_lowered_for_this_request_alone() -> None:
    def answer(seen: Seen) -> Reply:
        short = seen.json["messages"][0]["content"] == "Kurz."
        return completion(GOOD) if short or seen.json["max_tokens"] <= 100 else error(400, ROOM["vLLM"][0])

    async with FaultServer([answer]) as server, ask(server) as asked:
        await asked.ask(REQUEST)
        await asked.ask(replace(REQUEST, messages=(Message(role="user", content="Kurz."),)))
    assert [seen.json["max_tokens"] for seen in server.requests] == [200, 100, 200]


@pytest.mark.fault("answers", "no answer, with the reason; one request", name="far longer than allowed")
@pytest.mark.parametrize(
    "text",
    [
        '{"sentences":["' + "a" * 10_000_000 + '"]}',
        '{"sentences":[' + ",".join(['"One."'] * 300_000) + "]}",
        GOOD + " " * 1_000_000,
    ],
    ids=["one sentence of 10 MB", "300,000 rows", "a megabyte of blanks"],
)
async def test_what_is_far_longer_than_it_may_be_is_no_answer(text: str) -> None:
    async with FaultServer([completion(text, prompt_tokens=40)]) as server, ask(server) as asked:
        with pytest.raises(MalformedAnswer, match="far more than it was allowed"):
            await asked.ask(REQUEST)
    assert len(server.requests) == 1


def from_model(name: Any) -> Reply:
    return json_reply({**json.loads(completion(GOOD).body), "model": name})


@pytest.mark.fault("answers", "noted in provenance, and said once: {noted}", name="the model is named", by="said")
@pytest.mark.parametrize(
    ("asked", "said", "noted"),
    [
        ("gpt-6-luna", "gpt-6-luna", False),
        ("gpt-6-luna", "gpt-6-luna-2026-08-01", False),
        ("qwen3:4b", "Qwen3-4B", False),
        ("org/Model-7B", "/models/model-7b.gguf", False),
        ("m", None, False),
        ("m", ["x"], False),
        ("gpt-6-luna", "gpt-6-mini", True),
        ("llama-3-70b", "mixtral-8x7b", True),
        ("llama-3-70b", "a\x1b[31m\u202eb", True),
    ],
)
async def test_another_models_name_is_noted_once(asked: str, said: Any, noted: bool) -> None:
    heard: list[RequestEvent] = []
    async with (
        FaultServer([from_model(said)]) as server,
        Client(Endpoint(server.base_url, asked, profile="vllm"), on_event=heard.append) as client,
    ):
        for text in ("Eins.", "Zwei."):
            answer = await client.ask(replace(REQUEST, messages=(Message(role="user", content=text),)))
    assert bool(answer.notes) is noted
    details = [event.detail for event in heard if event.state == "noted"]
    assert len(details) == noted
    assert all(detail.isprintable() for detail in details)


async def test_what_an_answer_was_taken_out_of_is_said_once() -> None:
    heard: list[RequestEvent] = []
    async with FaultServer([completion(f"```{GOOD}```")]) as server, ask(server, on_event=heard.append) as asked:
        for text in ("Eins.", "Zwei.", "Drei."):
            await asked.ask(replace(REQUEST, messages=(Message(role="user", content=text),)))
    assert [event.state for event in heard].count("noted") == 1


async def test_usage_of_a_wrapped_answer_is_counted_as_any() -> None:
    used = {"prompt_tokens": 40, "completion_tokens": 9}
    async with FaultServer([saying_of_usage(completion(f"```{GOOD}```"), used)]) as server, ask(server) as asked:
        assert (await asked.ask(REQUEST)).usage.completion_tokens == 9
    assert isinstance(Sentences.model_validate_json(GOOD), Sentences)
