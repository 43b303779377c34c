"""The client as a whole: cache, concurrency, secrets, laziness."""

from __future__ import annotations

import asyncio
import gc
import logging
import pickle
import sqlite3
import subprocess
import sys
import traceback
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from test_faults import ALL, GOOD, GRACE, KEY, REQUEST, Case, Sentences, client, ids

from fault_server import FaultServer, Reply, Seen, VirtualTime, completion, error, html, json_reply, pass_time
from presseschau.errors import (
    CacheError,
    ConfigurationError,
    CredentialsError,
    MalformedAnswer,
    PresseschauError,
    ProviderDownError,
    TruncatedAnswer,
)
from presseschau.llm.cache import AnswerCache, CacheMode
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint, normalise_url
from presseschau.llm.retry import Policy, Timing
from presseschau.llm.spending import RequestEvent
from presseschau.models import Message, Request, Usage


def about(text: str) -> Request[Sentences]:
    return replace(REQUEST, messages=(Message(role="user", content=text),))


async def test_the_second_time_is_free(tmp_path: Path) -> None:
    async with FaultServer([completion(GOOD, prompt_tokens=40)]) as server:
        with AnswerCache(tmp_path / "a.sqlite") as cache:
            async with client(server, VirtualTime(), cache=cache) as asked:
                bought = await asked.ask(REQUEST)
            async with client(server, VirtualTime(), cache=cache) as asked:
                free = await asked.ask(REQUEST)
    assert len(server.requests) == 1
    assert (bought.cached, free.cached) == (False, True)
    assert (free.value, free.text, free.usage) == (bought.value, bought.text, bought.usage)
    assert free.usage == Usage(prompt_tokens=40, completion_tokens=7, requests=1)
    assert asked.spending.cached == 1
    assert asked.spending.bought == Usage()


async def test_refresh_buys_anew_and_stores(tmp_path: Path) -> None:
    newer = GOOD.replace("One", "First")
    async with FaultServer([completion(GOOD), completion(newer)]) as server:
        texts = []
        modes: list[CacheMode] = ["normal", "refresh", "normal"]
        for mode in modes:
            with AnswerCache(tmp_path / "a.sqlite", mode) as cache:
                async with client(server, VirtualTime(), cache=cache) as asked:
                    texts.append((await asked.ask(REQUEST)).text)
    assert texts == [GOOD, newer, newer]
    assert len(server.requests) == 2


@pytest.mark.parametrize("exists", [True, False])
async def test_cache_only_never_asks(tmp_path: Path, exists: bool) -> None:
    path = tmp_path / "a.sqlite"
    async with FaultServer([completion(GOOD)]) as server:
        if exists:
            with AnswerCache(path) as cache:
                async with client(server, VirtualTime(), cache=cache) as asked:
                    await asked.ask(about("known"))
        mode: CacheMode = "only"
        with AnswerCache(path, mode) as cache:
            async with client(server, VirtualTime(), cache=cache) as asked:
                if exists:
                    assert (await asked.ask(about("known"))).cached
                with pytest.raises(CacheError, match="--cache-only"):
                    await asked.ask(about("unknown"))
    assert len(server.requests) == exists
    assert path.exists() is exists


async def test_the_same_question_at_the_same_time_is_asked_once() -> None:
    async with FaultServer([completion(GOOD)]) as server, client(server, VirtualTime()) as asked:
        answers = await asyncio.gather(*(asked.ask(REQUEST) for _ in range(20)))
    assert len(server.requests) == 1
    assert [answer.cached for answer in answers].count(False) == 1


async def test_a_failure_is_shared_by_those_who_asked_the_same() -> None:
    async with FaultServer([error(503)]) as server, client(server, VirtualTime()) as asked:
        results = await asyncio.gather(*(asked.ask(REQUEST) for _ in range(5)), return_exceptions=True)
    assert [type(result) for result in results] == [ProviderDownError] * 5
    assert len(server.requests) == 3


@pytest.mark.fault("machine", "the others ask for themselves", name="one of several who ask the same gives up")
async def test_one_who_gives_up_does_not_harm_the_others() -> None:
    async with FaultServer([Reply(ending="hang"), completion(GOOD)]) as server, client(server, VirtualTime()) as asked:
        first = asyncio.create_task(asked.ask(REQUEST))
        second = asyncio.create_task(asked.ask(REQUEST))
        await server.arrived.wait()
        first.cancel()
        assert (await second).value.sentences == ["One.", "Two."]
        with pytest.raises(asyncio.CancelledError):
            await first


async def test_no_more_calls_at_once_than_the_endpoint_takes() -> None:
    under_way: set[str] = set()
    most = 0

    async def slowly(seen: Seen) -> Reply:
        nonlocal most
        name = seen.json["messages"][-1]["content"]
        under_way.add(name)
        for _ in range(100):  # turns of the loop that the client shares: room for a third request, which must not come
            most = max(most, len(under_way))
            await asyncio.sleep(0)
        under_way.remove(name)
        return completion(GOOD)

    async with FaultServer([slowly]) as server, Client(Endpoint(server.base_url, "m", parallel=2)) as asked:
        await asyncio.gather(*(asked.ask(about(str(number))) for number in range(6)))
    assert (most, len(server.requests)) == (2, 6)


async def test_an_engine_is_started_by_the_first_miss_and_again_when_it_is_gone(tmp_path: Path) -> None:
    starts = 0
    async with FaultServer([]) as gone:
        gone_url = gone.base_url
    async with FaultServer([completion(GOOD)]) as server:
        engine = Endpoint("", "small", identity="sha256:00", profile="embedded")

        async def start() -> Endpoint:
            nonlocal starts
            starts += 1
            url = gone_url if starts == 1 else server.base_url
            return replace(engine, base_url=url, api_key=SecretStr(KEY))

        time = VirtualTime()
        with AnswerCache(tmp_path / "a.sqlite") as cache:
            for expected in ("bought", "cached"):
                async with Client(engine, cache, start=start, timing=Timing(time.clock, time.sleep)) as asked:
                    assert asked.info.identity == "sha256:00"
                    assert (await asked.ask(REQUEST)).cached is (expected == "cached")
                assert starts == 2
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


async def test_an_engine_of_ours_that_is_lost_bills_nothing() -> None:
    async with FaultServer([Reply(ending="close"), completion(GOOD, prompt_tokens=40)]) as server:
        engine, time = Endpoint("", "small", identity="sha256:00", profile="embedded"), VirtualTime()

        async def start() -> Endpoint:
            return replace(engine, base_url=server.base_url)

        async with Client(engine, start=start, timing=Timing(time.clock, time.sleep)) as asked:
            await asked.ask(REQUEST)
    assert len(server.requests) == 2
    assert asked.spending.possibly_billed == 0


async def test_events_tell_what_is_going_on(tmp_path: Path) -> None:
    events: list[RequestEvent] = []
    time = VirtualTime()
    async with FaultServer([error(503), completion(GOOD)]) as server:
        with AnswerCache(tmp_path / "a.sqlite") as cache:
            endpoint = Endpoint(server.base_url, "m")
            timing = Timing(time.clock, time.sleep, lambda low, high: high)
            async with Client(endpoint, cache, on_event=events.append, timing=timing) as asked:
                await asked.ask(REQUEST)
                await asked.ask(REQUEST)
    assert [(event.state, event.wait, event.elapsed) for event in events] == [
        ("asked", 0, 0), ("retrying", 1, 0), ("answered", 0, 1), ("cached", 0, 0),
    ]  # fmt: skip
    assert {event.task for event in events} == {"translate"}


@pytest.mark.fault("machine", "not believed; bought again", name="a row of the cache was edited")
async def test_a_poisoned_row_is_bought_again(tmp_path: Path) -> None:
    async with FaultServer([completion(GOOD)]) as server:
        with AnswerCache(tmp_path / "a.sqlite") as cache:
            async with client(server, VirtualTime(), cache=cache) as asked:
                await asked.ask(REQUEST)
            with closing(sqlite3.connect(tmp_path / "a.sqlite")) as other, other:
                other.execute("UPDATE answers SET text = replace(text, 'One', 'Lie')")
            other.close()
            async with client(server, VirtualTime(), cache=cache) as asked:
                answer = await asked.ask(REQUEST)
                assert asked.spending.poisoned == 1
                assert (await asked.ask(REQUEST)).cached
    assert (answer.text, answer.cached) == (GOOD, False)
    assert len(server.requests) == 2


@pytest.mark.fault("machine", "said before anything is paid, exit 4", name="read-only cache")
async def test_a_cache_that_cannot_be_written_is_said_before_anything_is_paid(tmp_path: Path) -> None:
    async with FaultServer([completion(GOOD)]) as server:
        with AnswerCache(tmp_path / "a.sqlite") as cache:
            read_only(cache)
            async with client(server, VirtualTime(), cache=cache) as asked:
                with pytest.raises(CacheError, match="--no-cache"):
                    await asked.ask(REQUEST)
    assert server.requests == []


@pytest.mark.fault("machine", "used all the same, and said", name="disk full after the answer")
async def test_a_paid_answer_that_cannot_be_stored_is_not_lost(tmp_path: Path) -> None:
    events: list[RequestEvent] = []
    with AnswerCache(tmp_path / "a.sqlite") as cache:

        def fill_the_disk(seen: Seen) -> Reply:
            read_only(cache)
            return completion(GOOD)

        async with (
            FaultServer([fill_the_disk]) as server,
            Client(Endpoint(server.base_url, "m"), cache, on_event=events.append) as asked,
        ):
            assert (await asked.ask(REQUEST)).value.sentences == ["One.", "Two."]
    assert asked.spending.unsaved == 1
    assert [event.state for event in events] == ["asked", "answered", "not_stored"]


def read_only(cache: AnswerCache) -> None:
    """As a read-only disk would (file rights do not bind root, under whom tests may run)."""
    cache._open().run("PRAGMA query_only = ON")


SDK = {"openai", "httpx2", "aiohttp"}
ECHO = [
    Case("401 that repeats the key", error(401, f"Incorrect API key provided: {KEY}"), CredentialsError, 1),
    Case("400 that repeats the key", error(400, f"what is {KEY}?"), PresseschauError, 1),
    Case("refusal that repeats the key", completion(None, refusal=f"I got {KEY}"), PresseschauError, 1),
    Case("answer that repeats the key", completion(f"Sure, {KEY}"), MalformedAnswer, 1),
    Case("cut answer that repeats the key", completion(f"Sure, {KEY}", finish="length"), TruncatedAnswer, 1),
    Case("503 that repeats the key", json_reply({"detail": KEY}, 503), ProviderDownError, 3),
    Case("a page that repeats the key", Reply(500, f"<p>{KEY}".encode(), html().headers), ProviderDownError, 3),
]


@pytest.mark.parametrize("case", ALL + ECHO, ids=ids(ALL + ECHO))
async def test_the_key_is_nowhere(case: Case, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not in the error, its causes, its pickle or traceback, nor in logs, events and cache."""
    caplog.set_level(logging.DEBUG)
    events: list[RequestEvent] = []
    time = VirtualTime()
    async with FaultServer([case.reply, case.reply, case.reply, completion(GOOD)]) as server:
        endpoint = Endpoint(server.base_url, "m", SecretStr(KEY), profile="vllm", grace=GRACE, write_speed=1e9)
        with AnswerCache(tmp_path / "a.sqlite") as cache:
            timing = Timing(time.clock, time.sleep)
            policy = Policy(attempts=3)
            async with Client(endpoint, cache, on_event=events.append, policy=policy, timing=timing) as asked:
                with pytest.raises(PresseschauError) as caught:
                    await asked.ask(REQUEST)
                shown = repr(asked) + repr(endpoint) + repr(vars(asked))
    failure = caught.value
    found = traceback.format_exception(failure, chain=True) + [str(event) for event in events] + [shown, caplog.text]
    assert KEY not in "".join(found)
    assert KEY.encode() not in pickle.dumps((failure.args, vars(failure)))
    link: BaseException | None = failure
    while link is not None:
        assert type(link).__module__.partition(".")[0] not in SDK, "such an exception holds the request's headers"
        assert KEY not in repr(vars(link))
        link = link.__cause__ or link.__context__
    assert KEY.encode() not in (tmp_path / "a.sqlite").read_bytes()


async def test_the_key_is_sent_all_the_same() -> None:
    async with FaultServer([completion(GOOD)]) as server, client(server, VirtualTime()) as asked:
        await asked.ask(REQUEST)
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("key", ["sk-ab cd", "sk-äöü", "sk\x00", "a\nb"])
def test_what_cannot_be_a_key_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(CredentialsError) as caught:
        Endpoint("http://localhost/v1", "m", SecretStr(key))
    assert key not in str(caught.value)


def test_the_line_break_of_a_key_file_does_no_harm() -> None:
    assert Endpoint("http://localhost/v1", "m", SecretStr("sk-1\n")).api_key.get_secret_value() == "sk-1"


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTPS://API.OpenAI.com:443/v1/", "https://api.openai.com/v1"),
        ("http://localhost:80", "http://localhost"),
        ("http://[::1]:8080/v1//", "http://[::1]:8080/v1"),
        ("", ""),
    ],
)
def test_one_address_has_one_spelling(url: str, normal: str) -> None:
    assert normalise_url(url) == normal


@pytest.mark.parametrize("url", ["api.openai.com/v1", "ftp://x/v1", "http://", "http://u:p@x/v1", "http://x:99999/"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError):
        normalise_url(url)


CACHED_RUN = """
import asyncio, sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from test_faults import REQUEST
for name in [name for name in sys.modules if name.partition(".")[0] in {heavy!r}]:
    del sys.modules[name]
from presseschau.llm.cache import AnswerCache
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint

async def main():
    with AnswerCache(Path(sys.argv[1])) as cache:
        async with Client(Endpoint("http://127.0.0.1:9/v1", "m", identity="engine"), cache) as asked:
            assert (await asked.ask(REQUEST)).cached

asyncio.run(main())
print(sorted({heavy!r} & {name.partition(".")[0] for name in sys.modules}))
"""


async def test_a_cached_answer_loads_neither_the_sdk_nor_an_http_client(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    async with FaultServer([completion(GOOD)]) as server:
        with AnswerCache(path) as cache:
            async with Client(Endpoint(server.base_url, "m", identity="engine"), cache) as asked:
                await asked.ask(REQUEST)
    heavy = {"openai", "httpx2", "aiohttp", "tiktoken", "tenacity", "xllamacpp"}
    here = Path(__file__).parent
    script = CACHED_RUN.replace("{heavy!r}", repr(heavy))
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(path), str(here), str(here.parent), stdout=subprocess.PIPE
    )
    printed, _ = await run.communicate()
    assert printed.decode().strip() == "[]"


async def test_nothing_is_left_open() -> None:
    """With warnings as errors an unclosed connection would fail here."""
    async with FaultServer([completion(GOOD)]) as server, client(server, VirtualTime()) as asked:
        await asked.ask(REQUEST)
    del asked
    gc.collect()


def test_a_deadline_is_twice_what_the_speeds_promise_and_the_grace() -> None:
    endpoint = Endpoint("http://127.0.0.1:1/v1", "m", read_speed=500, write_speed=20, grace=90)

    assert endpoint.deadline(prompt_tokens=1_000, max_tokens=400) == 90 + 2 * (2 + 20)

    usual = Endpoint("http://127.0.0.1:1/v1", "m")
    assert usual.deadline(prompt_tokens=1_500, max_tokens=600) == 120 + 2 * (3 + 40)


@pytest.mark.parametrize("endpoint", [{}, {"grace": 20.0, "write_speed": 1e9, "read_speed": 1e9}])
async def test_an_answer_just_before_the_deadline_is_taken(endpoint: dict[str, float]) -> None:
    async def late(seen: Seen) -> Reply:
        pass_time(endpoint.get("grace", 120.0) - 1)
        return completion(GOOD)

    async with FaultServer([late]) as server, Client(Endpoint(server.base_url, "m", **endpoint)) as asked:
        assert (await asked.ask(REQUEST)).value.sentences == ["One.", "Two."]
    assert len(server.requests) == 1
