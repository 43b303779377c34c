"""Patience that speaks: a wrong address ends in seconds, a slow server is spoken of, a quick one is given less."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr
from test_admission import PATIENT, about, client
from test_faults import GOOD, REQUEST

from fault_server import FaultServer, Reply, Seen, VirtualTime, completion, error, pass_time
from presseschau.errors import ProviderDownError
from presseschau.llm.attempts import Pace
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.retry import Timing
from presseschau.llm.spending import RequestEvent


def at(address: str, time: VirtualTime, **more: Any) -> Client:
    return Client(Endpoint(address, "m"), policy=PATIENT, timing=Timing(time.clock, time.sleep), **more)


async def closed_port() -> str:
    async with FaultServer([]) as server:
        return server.base_url


WRONG: dict[str, tuple[Reply | str, str]] = {
    "a name that is not found": ("http://nobody.invalid/v1", "not found"),
    "another name that is not found": ("https://nobody.invalid:8443/v1", "not found"),
    "a port where nobody listens": ("", "is the server running?"),
    "a port that does not speak HTTP": (Reply(ending="garbage"), "does it want https://"),
}


@pytest.mark.fault(
    "network", "ends in seconds with the cause, exit 75, if it never was otherwise", name="wrong address"
)
@pytest.mark.parametrize(("what", "says"), WRONG.values(), ids=WRONG)
async def test_a_wrong_address_ends_in_seconds(what: Reply | str, says: str) -> None:
    time = VirtualTime()
    async with FaultServer([what if isinstance(what, Reply) else error(500)]) as server:
        address = server.base_url if isinstance(what, Reply) else what or await closed_port()
        async with at(address, time) as asked:
            results = await asyncio.gather(*(asked.ask(about(n)) for n in range(20)), return_exceptions=True)
            assert asked.down
    assert {type(result) for result in results} == {ProviderDownError}
    assert says in str(results[0])
    assert time.now < 60


@pytest.mark.fault("network", "waited out for minutes: it is an outage", name="a server that answered before is gone")
async def test_a_server_that_answered_before_is_waited_for() -> None:
    time = VirtualTime()
    async with FaultServer([completion(GOOD)]) as server:
        asked = client(server, time)
        await asked.ask(about(1))
    results = await asyncio.gather(*(asked.ask(about(n)) for n in range(2, 8)), return_exceptions=True)
    await asked.close()
    assert {type(result) for result in results} == {ProviderDownError}
    assert time.now > 600


async def heard_of(server: FaultServer, wanted: str, ask: Callable[[Client], Any]) -> list[RequestEvent]:
    """What is heard until an event of this state came."""
    heard: list[RequestEvent] = []
    came = asyncio.Event()

    def hear(event: RequestEvent) -> None:
        heard.append(event)
        if event.state == wanted:
            came.set()

    async with client(server, VirtualTime(), on_event=hear) as asked:
        task = asyncio.create_task(ask(asked))
        await server.arrived.wait()
        pass_time(11)
        await came.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return heard


@pytest.mark.fault(
    "terminal", "said after ten seconds, with the time that it is given", name="a server that says nothing"
)
@pytest.mark.parametrize("ending", ["hang", "drip"])
async def test_after_ten_seconds_it_is_said_what_is_waited_for(ending: Any) -> None:
    async with FaultServer([Reply(200, b"{", ending=ending)]) as server:
        heard = await heard_of(server, "waiting", lambda asked: asked.ask(REQUEST))
    assert [event.state for event in heard] == ["asked", "waiting"]
    assert "has not answered for 10 s; it is given" in heard[-1].detail


def test_a_server_that_was_always_quick_is_given_less() -> None:
    endpoint, pace = Endpoint("http://127.0.0.1:9/v1", "m"), Pace()
    most = endpoint.deadline(1_000, 2_000)
    for _ in range(7):
        pace.learn(2.0, endpoint, 1_000, 2_000)
        assert pace.deadline(endpoint, 1_000, 2_000) == most
    pace.learn(2.0, endpoint, 1_000, 2_000)
    assert pace.deadline(endpoint, 1_000, 2_000) == 30
    assert 30 < pace.deadline(endpoint, 60_000, 24_000) < endpoint.deadline(60_000, 24_000)
    pace.learn(30.0, endpoint, 1_000, 2_000)  # a deadline that was missed: the next one is longer
    assert pace.deadline(endpoint, 1_000, 2_000) == pytest.approx(180)


@pytest.mark.fault(
    "network", "given six times what its slowest answer took, 30 s at least", name="a quick server hangs"
)
async def test_a_quick_server_that_hangs_is_not_waited_for_long() -> None:
    waited: list[float] = []

    def reply(seen: Seen) -> Reply:
        if len(server.requests) == 9:
            waited.append(asyncio.get_running_loop().time())
            return Reply(ending="hang", passing=31)
        return completion(GOOD)

    async with FaultServer([reply]) as server:
        time = VirtualTime()
        endpoint = Endpoint(server.base_url, "m", parallel=1)
        async with Client(endpoint, timing=Timing(time.clock, time.sleep)) as asked:
            for number in range(9):
                await asked.ask(about(number))
    assert len(server.requests) == 10


@pytest.mark.fault("terminal", "noted once: {noted}", name="key over http://", by="address")
@pytest.mark.parametrize(
    ("address", "key", "noted"),
    [
        ("http://127.0.0.2:9/v1", "sk-secret-1", True),
        ("http://127.0.0.2:9/v1", "", False),
        ("http://127.0.0.1:9/v1", "sk-secret-1", False),
        ("http://localhost:9/v1", "sk-secret-1", False),
        ("https://127.0.0.2:9/v1", "sk-secret-1", False),
    ],
)
async def test_a_key_that_everybody_can_read_is_noted_once(address: str, key: str, noted: bool) -> None:
    heard: list[RequestEvent] = []
    time = VirtualTime()
    endpoint = Endpoint(address, "m", SecretStr(key))
    async with Client(endpoint, on_event=heard.append, timing=Timing(time.clock, time.sleep)) as asked:
        await asyncio.gather(*(asked.ask(about(n)) for n in range(3)), return_exceptions=True)
    said = [event.detail for event in heard if event.state == "noted"]
    assert len(said) == noted
    assert "secret" not in str(said)
