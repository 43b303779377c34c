"""Every fault a server can commit ends in its class, after as many requests as that class allows."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, SecretStr

from fault_server import FaultServer, Reply, Script, VirtualTime, completion, error, html, json_reply
from presseschau.errors import (
    AnswerError,
    ConfigurationError,
    CredentialsError,
    MalformedAnswer,
    ModelError,
    PresseschauError,
    ProviderDownError,
    RefusedAnswer,
    TruncatedAnswer,
)
from presseschau.llm.cache import AnswerCache
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.retry import Policy, Timing
from presseschau.models import Message, Request
from searching import examples

KEY = "sk-canary-7f3a9b1c2d4e5f60"
GOOD = '{"sentences":["One.","Two."]}'
ATTEMPTS = 3
GRACE = 20.0
LATE = GRACE + 10
"""Seconds; more than any call here may take."""
CERTIFICATE = Path(__file__).parents[2] / "fixtures" / "llm" / "untrusted.pem"


class Sentences(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sentences: list[str]


REQUEST = Request("translate", (Message(role="user", content="Eins. Zwei."),), Sentences, 200)


def endpoint(server: FaultServer, *, profile: str = "vllm") -> Endpoint:
    return Endpoint(server.base_url, "m", SecretStr(KEY), profile=profile, grace=GRACE, read_speed=1e9, write_speed=1e9)


def client(server: FaultServer, time: VirtualTime, *, cache: AnswerCache | None = None) -> Client:
    timing = Timing(time.clock, time.sleep)
    return Client(endpoint(server), cache, policy=Policy(attempts=ATTEMPTS), timing=timing)


@dataclass(frozen=True)
class Case:
    name: str
    reply: Reply
    outcome: type[PresseschauError]
    requests: int
    says: str = ""


def raw(body: bytes, content_type: str = "application/json") -> Reply:
    return Reply(200, body, {"content-type": content_type})


TRUNCATED_JSON = completion(GOOD).body[:-30]
GARBLED = completion(GOOD).body.replace(b"One", b"O\xffe")
HUGE_INT = b'{"choices": [], "usage": ' + b"9" * 5000 + b"}"

RETRYABLE = [
    Case("html with 200", html(), ProviderDownError, ATTEMPTS, "web page"),
    Case("truncated JSON", raw(TRUNCATED_JSON), ProviderDownError, ATTEMPTS, "not JSON"),
    Case("empty body", raw(b""), ProviderDownError, ATTEMPTS, "empty"),
    Case("204", Reply(204, b"", {}), ProviderDownError, ATTEMPTS, "empty"),
    Case("invalid UTF-8", raw(GARBLED), ProviderDownError, ATTEMPTS, "not JSON"),
    Case("NaN outside", raw(b'{"choices": NaN}'), ProviderDownError, ATTEMPTS, "NaN"),
    Case("integer of 5,000 digits", raw(HUGE_INT), ProviderDownError, ATTEMPTS, "not JSON"),
    Case("nested without end", raw(b"[" * 100_000), ProviderDownError, ATTEMPTS, "not JSON"),
    Case("a key twice outside", raw(b'{"choices": [], "choices": []}'), ProviderDownError, ATTEMPTS, "twice"),
    Case("JSON array", raw(b"[1]"), ProviderDownError, ATTEMPTS, "list"),
    Case("choices null", json_reply({"choices": None}), ProviderDownError, ATTEMPTS, "no message"),
    Case("choices empty", json_reply({"choices": []}), ProviderDownError, ATTEMPTS, "no message"),
    Case("choice null", json_reply({"choices": [None]}), ProviderDownError, ATTEMPTS, "no message"),
    Case("message null", json_reply({"choices": [{"message": None}]}), ProviderDownError, ATTEMPTS, "no message"),
    Case("error in 200", json_reply({"error": {"message": "boom"}}), ProviderDownError, ATTEMPTS, "boom"),
    Case("bare error in 200", json_reply({"error": "boom"}), ProviderDownError, ATTEMPTS, "boom"),
    Case("503 in 200", json_reply({"error": {"code": 503, "message": "no"}}), ProviderDownError, ATTEMPTS, "503"),
    Case("event stream", raw(b"event: error\ndata: {}\n\n", "text/event-stream"), ProviderDownError, ATTEMPTS),
    Case("finish error", completion(GOOD, finish="error"), ProviderDownError, ATTEMPTS, "error"),
    Case("finish unknown", completion(GOOD[:-5], finish="\x1b[31mweird"), ProviderDownError, ATTEMPTS, "weird"),
    *(Case(f"HTTP {status}", error(status), ProviderDownError, ATTEMPTS, str(status))
      for status in (408, 409, 425, 429, 500, 502, 503, 504, 529)),
    Case("502 as a page", html(502), ProviderDownError, ATTEMPTS, "502"),
    Case("EOF in the body", Reply(200, b'{"ch', ending="cut"), ProviderDownError, ATTEMPTS, "closed the connection"),
    Case("reset in the body", Reply(200, b'{"ch', ending="reset"), ProviderDownError, ATTEMPTS),
    Case("EOF before a byte", Reply(ending="close"), ProviderDownError, ATTEMPTS, "closed the connection"),
    Case("not HTTP", Reply(ending="garbage"), ProviderDownError, ATTEMPTS, "not HTTP"),
    Case("hang", Reply(ending="hang", passing=LATE), ProviderDownError, ATTEMPTS, "did not"),
    Case("slow drip", Reply(ending="drip", passing=LATE), ProviderDownError, ATTEMPTS, "did not finish"),
]  # fmt: skip
RUN_FATAL = [
    Case("401", error(401), CredentialsError, 1, "key"),
    Case("403", error(403), CredentialsError, 1, "key"),
    Case("402", error(402), CredentialsError, 1, "credit"),
    Case("quota", error(429, "You exceeded", "insufficient_quota"), CredentialsError, 1, "quota"),
    Case("credit", error(429, "Buy more", "credit_balance_exhausted"), CredentialsError, 1),
    Case("spend limit", error(429, "Limit", "project_spend_limit_exceeded"), CredentialsError, 1),
    Case("402 in 200", json_reply({"error": {"code": 402, "message": "no credit"}}), CredentialsError, 1),
    Case("model 404", error(404, "The model `m` does not exist", "model_not_found"), ModelError, 1, "model"),
    Case("404 page", html(404), ModelError, 1, "/v1"),
    Case("model 400", error(400, "model 'm' not found, try pulling it"), ModelError, 1),
    Case("405", error(405), ConfigurationError, 1, "base URL"),
    *(Case(f"HTTP {status}", json_reply({}, status, location="http://127.0.0.1:9/"), ConfigurationError, 1, "redirect")
      for status in (301, 302, 303, 307, 308)),
]  # fmt: skip
ITEM_FATAL = [
    Case("length", completion('{"sentences": ["On', finish="length"), TruncatedAnswer, 1, "token cap"),
    Case("length, only thoughts", completion(None, finish="length", reasoning="Hm"), TruncatedAnswer, 1, "reasoning"),
    Case("content filter", completion("", finish="content_filter"), RefusedAnswer, 1, "filter"),
    Case("filter with 400", error(400, "The response was filtered", "content_filter"), RefusedAnswer, 1, "filter"),
    Case("refusal", completion(None, refusal="I cannot"), RefusedAnswer, 1, "I cannot"),
    Case("413", error(413), TruncatedAnswer, 1, "too long"),
    Case("context", error(400, "maximum context length is 8192", "context_length_exceeded"), TruncatedAnswer, 1),
    Case("llama.cpp context", json_reply({"error": {"code": 400, "message": "exceeds the available context size",
         "type": "exceed_context_size_error", "n_prompt_tokens": 9, "n_ctx": 8}}, 400), TruncatedAnswer, 1),
    Case("400", error(400, "something else"), AnswerError, 1, "something else"),
    Case("422", error(422, "something else"), AnswerError, 1, "something else"),
    Case("never this request", error(429, "too big", x_should_retry="false"), AnswerError, 1, "now or later"),
]  # fmt: skip
REPAIRABLE = [
    Case("content null", completion(None), MalformedAnswer, 1, "empty"),
    Case("content blank", completion(" \n"), MalformedAnswer, 1, "empty"),
    Case("only thoughts", completion("", reasoning_content="Let me see"), MalformedAnswer, 1, "only reasoned"),
    Case("not JSON", completion("Sure! Here it is."), MalformedAnswer, 1, "not JSON"),
    Case("a fence around half of it", completion(f"```json\n{GOOD[:-3]}\n```"), MalformedAnswer, 1, "not JSON"),
    Case("nested without end", completion('{"sentences":' + "[" * 100_000), MalformedAnswer, 1, "nested too deeply"),
    Case("5,000 digits", completion('{"sentences":[' + "9" * 5_000 + "]}"), MalformedAnswer, 1, "digits"),
    Case("a key twice", completion('{"sentences":["a"],"sentences":["b"]}'), MalformedAnswer, 1, "twice"),
    Case("a key too many", completion('{"sentences":["a"],"more":1}'), MalformedAnswer, 1, "more"),
    Case("a key missing", completion("{}"), MalformedAnswer, 1, "sentences"),
    Case("wrong type", completion('{"sentences":[1]}'), MalformedAnswer, 1, "sentences.0"),
    Case("NaN", completion('{"sentences":[NaN]}'), MalformedAnswer, 1, "NaN"),
    Case("half a surrogate pair", completion('{"sentences":["\\ud83d"]}'), MalformedAnswer, 1, "half a character"),
    Case("a raw half", completion('{"sentences":["\ud83d"]}'), MalformedAnswer, 1, "surrogate"),
    Case("quotes cut the string", completion('{"sentences":["„So", sagte er."]}'), MalformedAnswer, 1, "not JSON"),
    Case("the key in the answer", completion(f'{{"sentences":["{KEY}"]}}'), MalformedAnswer, 1, "repeats the key"),
]
ALL = RETRYABLE + RUN_FATAL + ITEM_FATAL + REPAIRABLE


def ids(cases: Sequence[Case]) -> list[str]:
    return [case.name for case in cases]


@pytest.mark.fault("status", "{case.outcome.__name__} after {case.requests} request(s); nothing is stored")
@pytest.mark.parametrize("case", ALL, ids=ids(ALL))
async def test_a_fault_has_its_class_and_number_of_requests(case: Case, tmp_path: Path) -> None:
    async with FaultServer([case.reply]) as server:
        with AnswerCache(tmp_path / "answers.sqlite") as cache:
            async with client(server, VirtualTime(), cache=cache) as asked:
                with pytest.raises(PresseschauError) as caught:
                    await asked.ask(REQUEST)
            assert cache.stats().answers == 0
    assert type(caught.value) is case.outcome
    assert len(server.requests) == case.requests
    message = str(caught.value)
    assert case.says in message
    assert message.isprintable()
    assert KEY not in message


@pytest.mark.fault("network", "asked again; the next answer is taken", name="once only")
@pytest.mark.parametrize("case", RETRYABLE, ids=ids(RETRYABLE))
async def test_a_passing_fault_is_survived(case: Case) -> None:
    async with (
        FaultServer([case.reply, completion(GOOD)]) as server,
        client(server, VirtualTime()) as asked,
    ):
        answer = await asked.ask(REQUEST)
    assert answer.value.sentences == ["One.", "Two."]
    assert answer.usage.requests == 2
    assert asked.spending.retries == 1


POSSIBLY_BILLED = {"hang": 3, "slow drip": 3, "EOF in the body": 3, "reset in the body": 3, "EOF before a byte": 3,
                   "HTTP 429": 0, "HTTP 503": 0}  # fmt: skip
PAID = [case for case in RETRYABLE if case.name in POSSIBLY_BILLED]


@pytest.mark.fault("money", "counted as possibly billed where the request may have been worked on", name="without end")
@pytest.mark.parametrize("case", PAID, ids=ids(PAID))
async def test_requests_that_may_have_been_paid_are_counted(case: Case) -> None:
    async with FaultServer([case.reply]) as server, client(server, VirtualTime()) as asked:
        with pytest.raises(ProviderDownError):
            await asked.ask(REQUEST)
    assert asked.spending.possibly_billed == POSSIBLY_BILLED[case.name]
    assert asked.spending.bought.requests == ATTEMPTS


@pytest.mark.parametrize("case", RUN_FATAL, ids=ids(RUN_FATAL))
async def test_a_run_fatal_fault_stops_every_later_request(case: Case) -> None:
    async with FaultServer([case.reply, completion(GOOD)]) as server, client(server, VirtualTime()) as asked:
        for task in ("translate", "claims", "summary"):
            with pytest.raises(case.outcome):
                await asked.ask(replace(REQUEST, messages=(Message(role="user", content=task),)))
    assert len(server.requests) == 1


@pytest.mark.fault("answers", "read as JSON", name="JSON sent as text/plain")
async def test_json_as_plain_text_is_read_normally() -> None:
    plain = Reply(200, completion(GOOD).body, {"content-type": "text/plain"})
    async with FaultServer([plain]) as server, client(server, VirtualTime()) as asked:
        assert (await asked.ask(REQUEST)).value.sentences == ["One.", "Two."]


@pytest.mark.fault(
    "network", "ends with a hint; neither article nor key goes elsewhere", name="a redirect to another host"
)
async def test_a_redirect_is_not_followed() -> None:
    async with FaultServer([completion(GOOD)]) as other:
        redirect = json_reply({}, 307, location=f"{other.base_url}/chat/completions")
        async with FaultServer([redirect]) as server, client(server, VirtualTime()) as asked:
            with pytest.raises(ConfigurationError):
                await asked.ask(REQUEST)
    assert other.requests == []


@pytest.mark.fault(
    "network", "ends at once with a hint at SSL_CERT_FILE; nothing is sent", name="an untrusted certificate"
)
async def test_an_untrusted_certificate_stops_the_run_with_a_hint() -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE)
    async with FaultServer([completion(GOOD)], tls) as server, client(server, VirtualTime()) as asked:
        with pytest.raises(ConfigurationError, match="SSL_CERT_FILE"):
            await asked.ask(REQUEST)
    assert server.requests == []


async def test_the_hint_of_the_certificate_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE)
    async with FaultServer([completion(GOOD)], tls) as server, client(server, VirtualTime()) as asked:
        assert (await asked.ask(REQUEST)).value.sentences == ["One.", "Two."]


@pytest.mark.fault("network", "ends at once: it does not speak TLS", name="https:// to a port without TLS")
async def test_tls_to_a_server_without_it_stops_the_run() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with Client(Endpoint(f"https://127.0.0.1:{port}/v1", "m"), policy=Policy(attempts=ATTEMPTS)) as asked:
            with pytest.raises(ConfigurationError, match="TLS"):
                await asked.ask(REQUEST)


@pytest.mark.fault("network", "tried again, then exit 75; nothing counts as billed", name="nobody listens")
async def test_nobody_listening_is_a_provider_that_is_down() -> None:
    async with FaultServer([]) as server:
        gone = endpoint(server)
    time = VirtualTime()
    async with Client(gone, policy=Policy(attempts=ATTEMPTS), timing=Timing(time.clock, time.sleep)) as asked:
        with pytest.raises(ProviderDownError, match="no connection"):
            await asked.ask(REQUEST)
    assert len(time.waits) == ATTEMPTS - 1
    assert asked.spending.possibly_billed == 0


SURVIVED: Script = [error(429, retry_after="7"), error(503), completion(GOOD)]


async def test_waits_are_at_least_what_the_server_asked() -> None:
    time = VirtualTime()
    async with FaultServer(SURVIVED) as server, client(server, time) as asked:
        await asked.ask(REQUEST)
    assert 7 <= time.waits[0] <= 8
    assert 0 <= time.waits[1] <= 2


@pytest.mark.fault("limits", "ends at once, exit 75, and says until when", name="Retry-After: 3600")
async def test_a_wait_beyond_the_limit_ends_resumable_and_at_once() -> None:
    time = VirtualTime()
    async with FaultServer([error(429, retry_after="3600")]) as server, client(server, time) as asked:
        with pytest.raises(ProviderDownError, match="3600 s"):
            await asked.ask(REQUEST)
    assert len(server.requests) == 1
    assert time.waits == []


QUICK = [case.reply for case in ALL if case.reply.ending not in ("hang", "drip")]


@pytest.mark.slow
@settings(max_examples=examples(60))
@given(st.lists(st.sampled_from(QUICK), max_size=8))
def test_any_sequence_of_faults_ends_in_an_answer_or_in_one_of_our_errors(schedule: list[Reply]) -> None:
    """And within the attempts of each rung: three rungs of the profile, one for each of two optional parameters."""

    async def run() -> int:
        async with FaultServer([*schedule, completion(GOOD)]) as server, client(server, VirtualTime()) as asked:
            with suppress(PresseschauError):
                assert (await asked.ask(REQUEST)).value.sentences == ["One.", "Two."]
            return len(server.requests)

    assert asyncio.run(run()) <= 5 * ATTEMPTS
