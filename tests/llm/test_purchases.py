"""Who buys what, and what it costs: over several clients, processes, kills and full disks."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import Counter
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from test_admission import about, client
from test_faults import GOOD

from fault_server import FaultServer, Reply, Seen, VirtualTime, completion, error, pass_time, saying_of_usage
from presseschau.errors import CacheError, PresseschauError
from presseschau.llm import purchase_file
from presseschau.llm.cache import AnswerCache
from presseschau.llm.client import Client
from presseschau.llm.places import counted_at
from presseschau.llm.purchase_file import PurchaseFile
from presseschau.llm.purchases import (
    LEASE,
    RENEWED,
    Amount,
    ClaimKey,
    For,
    Hold,
    Purchases,
    ReleaseKey,
    Renew,
    Settle,
    Spend,
    is_gone,
    new_owner,
)
from presseschau.llm.spending import Budget, Price, RequestEvent
from presseschau.storage.postgres import DatabaseUrl

PRICE = Price(1.0, 2.0, source="test")
WHAT = For("run", "m", "h", True)
HELD = Hold(1, "1:k", WHAT, Amount(1, 100, 200, 0.5))


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers.sqlite3.work"


def claims(file: PurchaseFile, key: str = "1:k") -> bool:
    return file.write([ClaimKey(key)])[0]


def test_a_key_has_one_owner_until_it_is_released(path: Path) -> None:
    with PurchaseFile(path) as first, PurchaseFile(path) as second:
        assert claims(first)
        assert not claims(second)
        assert second.free(["1:k", "1:other"]) == ["1:other"]
        first.write([ReleaseKey("1:k")])
        assert second.free(["1:k"]) == ["1:k"]
        assert claims(second)
        assert not claims(first)


def test_nobody_releases_what_is_not_theirs(path: Path) -> None:
    with PurchaseFile(path) as first, PurchaseFile(path) as second:
        assert claims(first)
        second.write([ReleaseKey("1:k")])
        assert not claims(second)


@pytest.mark.fault("machine", "its keys are free, what it held counts as spent", name="a process with leases")
@pytest.mark.parametrize("passed", [LEASE + 1, -3 * LEASE], ids=["a minute without a word", "the clock was set back"])
def test_an_owner_that_is_not_heard_of_is_buried(path: Path, passed: float) -> None:
    clock = Clock()
    with PurchaseFile(path, clock=clock) as first, PurchaseFile(path, clock=clock) as second:
        first.write([ClaimKey("1:k"), HELD])
        clock.now += passed
        assert second.free(["1:k"]) == ["1:k"]
        assert claims(second)
        # it was only asleep: what it held was counted, and is not counted again
        first.write([Settle(HELD.number, HELD.what, "known", Amount(1, 10, 20, 0.1))])
        assert second.of_run("run") == {"possible": Amount(1, 100, 200, 0.5)}
        assert not claims(first)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a boot id")
def test_a_process_is_gone_only_where_it_ran(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of hosts of one name each knows its own processes by the boot id; rows of versions without one wait a minute."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    machine = new_owner().split(" ")[0]
    here, boot = machine.rsplit(":", 1)
    assert boot == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    for number, (where, free) in enumerate([(machine, True), (f"{here}:{UUID(int=1)}", False), (here, False)]):
        monkeypatch.setattr(purchase_file, "new_owner", lambda where=where: f"{where} {ended.pid} ab")
        first = PurchaseFile(path)
        monkeypatch.undo()
        assert claims(first, f"1:{number}")
        with PurchaseFile(path) as second:
            assert bool(second.free([f"1:{number}"])) is free
        first.close()
    assert not [strange for strange in ("", machine, f"{machine} x y", f"{machine} {10**30} ab") if is_gone(strange)]


def test_an_owner_that_says_that_it_lives_keeps_its_key(path: Path) -> None:
    clock = Clock()
    with PurchaseFile(path, clock=clock) as first, PurchaseFile(path, clock=clock) as second:
        assert claims(first)
        for _ in range(10):
            clock.now += RENEWED
            first.write([Renew()])
            assert not claims(second)


async def test_it_says_so_by_itself(path: Path) -> None:
    with PurchaseFile(path) as file:
        purchases = Purchases(file, "m", "h")
        assert await purchases.claim("1:k")
        before = file._renewed
        pass_time(RENEWED + 1)
        while file._renewed == before:  # noqa: ASYNC110 - the clock has passed; the commit takes its 20 ms
            await asyncio.sleep(0.001)
        await purchases.close()


@pytest.mark.fault(
    "machine", "its keys are free at once, what it held counts as spent", name="a process with leases dies"
)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_process_that_died_holds_nothing_up(path: Path, number: signal.Signals) -> None:
    child = os.fork()
    if not child:
        signal.signal(number, signal.SIG_DFL) if number != signal.SIGKILL else None
        file = PurchaseFile(path)
        file.write([ClaimKey("1:k"), HELD])
        os.kill(os.getpid(), number)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    with PurchaseFile(path) as file:
        assert claims(file)
        assert file.of_run("run") == {"possible": Amount(1, 100, 200, 0.5)}


@pytest.mark.parametrize(
    ("zone", "moment"),
    [("Europe/Berlin", "2026-11-30T23:30:00+00:00"), ("America/New_York", "2026-12-01T02:00:00+00:00")],
)
def test_a_day_ends_where_what_is_spent_is_counted(
    path: Path, zone: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The budget of a day must look for what was spent under the day that it was written under."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    late = datetime.fromisoformat(moment)
    with PurchaseFile(path, clock=late.timestamp) as file:
        file.write([Spend(For("", "m", "h", True), "known", Amount(1, 1, 2, 3.0))])
        assert [row.day for row in file.since("")] == [counted_at(path, late).date().isoformat()]
    assert counted_at(DatabaseUrl("postgresql://host/name"), late).date().isoformat() == moment[:10]
    monkeypatch.undo()
    time.tzset()


def test_what_is_spent_adds_up_by_day_model_and_certainty(path: Path) -> None:
    clock = Clock()
    with PurchaseFile(path, clock=clock) as file:
        for model, cost in (("m", 0.5), ("m", 0.25), ("n", None)):
            what = For("run", model, "h", cost is not None)
            used = Amount(1, 10, 20, cost or 0.0)
            file.write([Hold(1, "1:k", what, Amount(1, 100, 200, cost or 0.0)), Settle(1, what, "known", used)])
        clock.now += 86_400
        file.write([Spend(For("other", "m", "h", True), "assumed", Amount(1, 1, 2, 3.0))])
        rows = file.since("")
        assert [(row.model, row.certainty, row.priced, row.amount) for row in rows] == [
            ("m", "known", True, Amount(2, 20, 40, 0.75)),
            ("n", "known", False, Amount(1, 10, 20, 0.0)),
            ("m", "assumed", True, Amount(1, 1, 2, 3.0)),
        ]
        assert file.since(rows[-1].day) == rows[-1:]
        assert file.of_run("run") == {"known": Amount(3, 30, 60, 0.75)}


REPLIES: dict[str, tuple[Reply, dict[str, Amount]]] = {
    "as the server says": (completion(GOOD, prompt_tokens=40), {"known": Amount(1, 40, 7)}),
    "the server does not say": (saying_of_usage(completion(GOOD), ...), {"assumed": Amount(1, 0, 200)}),
    "cut off in the answer": (
        Reply(200, b"{", ending="cut"),
        {"possible": Amount(1, 0, 200), "known": Amount(1, 40, 7)},
    ),
    "refused for now": (error(503), {"known": Amount(2, 40, 7)}),
}


@pytest.mark.fault("money", "{spent}", name="written down", by="-")
@pytest.mark.parametrize(("reply", "spent"), REPLIES.values(), ids=REPLIES)
async def test_what_a_request_cost_stands_in_the_file(path: Path, reply: Reply, spent: dict[str, Amount]) -> None:
    with PurchaseFile(path) as file:
        purchases = Purchases(file, "m", "h", "run")
        script = [reply, completion(GOOD, prompt_tokens=40)]
        async with FaultServer(script) as server, client(server, VirtualTime(), purchases=purchases) as asked:
            await asked.ask(about(1))
        await purchases.close()
        found = file.of_run("run")
        assert {name: (a.requests, a.completion_tokens) for name, a in found.items()} == {
            name: (a.requests, a.completion_tokens) for name, a in spent.items()
        }


async def test_it_is_on_the_disk_before_anything_is_sent(path: Path) -> None:
    async def reply(seen: Seen) -> Reply:
        with PurchaseFile(path) as other:
            (held,) = other._database.all("SELECT key, completion, cost FROM held")
            assert held[0].startswith("1:")
            assert held[1] == 200
            assert held[2] > PRICE.of(0, 200)
            assert not claims(other, held[0])
        return completion(GOOD, prompt_tokens=40)

    with PurchaseFile(path) as file, AnswerCache(path.with_name("a.sqlite")) as cache:
        purchases = Purchases(file, "m", "h", "run", PRICE)
        more = {"purchases": purchases, "cache": cache}
        async with FaultServer([reply]) as server, client(server, VirtualTime(), **more) as asked:
            await asked.ask(about(1))
        await purchases.close()
        assert file._database.all("SELECT * FROM held UNION ALL SELECT *, 1, 1, 1, 1, 1, 1, 1 FROM leases") == []


@pytest.mark.fault(
    "money", "with a limit nothing is sent; without one it is said", name="disk full before sending, limited"
)
@pytest.mark.parametrize("limited", [True, False])
async def test_a_full_disk_stops_only_what_has_a_limit(path: Path, limited: bool) -> None:
    """What cannot be written down could be spent once more after a kill."""
    heard: list[RequestEvent] = []
    with PurchaseFile(path) as file:
        purchases = Purchases(file, "m", "h")
        file._database.run("PRAGMA query_only = ON")
        budget = Budget(max_tokens=10_000 if limited else None)
        async with FaultServer([completion(GOOD)]) as server:
            more = {"purchases": purchases, "budget": budget, "on_event": heard.append}
            async with client(server, VirtualTime(), **more) as asked:
                if limited:
                    with pytest.raises(CacheError):
                        await asked.ask(about(1))
                else:
                    await asked.ask(about(1))
        await purchases.close()
        file._database.run("PRAGMA query_only = OFF")
    assert len(server.requests) == (not limited)
    assert ("not_stored" in {event.state for event in heard}) is not limited


async def many(server: FaultServer, folder: Path, count: int, stack: AsyncExitStack) -> list[Client]:
    """So many clients of one cache, each as in a process of its own."""
    clients = []
    for _ in range(count):
        cache = stack.enter_context(AnswerCache(folder / "a.sqlite"))
        purchases = Purchases(stack.enter_context(PurchaseFile(folder / "a.sqlite.work")), "m", "h")
        stack.push_async_callback(purchases.close)
        clients.append(await stack.enter_async_context(client(server, VirtualTime(), cache=cache, purchases=purchases)))
    return clients


@pytest.mark.fault("money", "each answer is bought once", name="four clients of one cache")
async def test_clients_of_one_cache_buy_each_answer_once(tmp_path: Path) -> None:
    async with FaultServer([completion(GOOD)]) as server, AsyncExitStack() as stack:
        clients = await many(server, tmp_path, 4, stack)
        answers = await asyncio.gather(*(each.ask(about(n)) for each in clients for n in range(25)))
        assert len(server.requests) == 25
        assert sum(not answer.cached for answer in answers) == 25
        assert sum(each.spending.cached for each in clients) == 75


@pytest.mark.fault("machine", "the next one asks", name="whoever had the lease failed")
@pytest.mark.parametrize("reply", [error(400), Reply(200, b"[]"), completion("{}")])
async def test_who_waited_for_one_that_failed_asks_for_itself(tmp_path: Path, reply: Reply) -> None:
    async with FaultServer([reply, reply, completion(GOOD)]) as server, AsyncExitStack() as stack:
        clients = await many(server, tmp_path, 3, stack)
        results = await asyncio.gather(*(each.ask(about(1)) for each in clients), return_exceptions=True)
    assert any(not isinstance(result, PresseschauError) for result in results)


@pytest.mark.fault("machine", "the next one asks", name="whoever had the lease gave up")
async def test_who_gives_up_leaves_the_key_to_others(tmp_path: Path) -> None:
    async with FaultServer([Reply(ending="hang"), completion(GOOD)]) as server, AsyncExitStack() as stack:
        first, second = await many(server, tmp_path, 2, stack)
        asking = asyncio.create_task(first.ask(about(1)))
        await server.arrived.wait()
        other = asyncio.create_task(second.ask(about(1)))
        asking.cancel()
        assert (await other).value.sentences == ["One.", "Two."]


@pytest.mark.fault("terminal", "said what is waited for", name="ten seconds on another run's answer")
async def test_after_ten_seconds_it_is_said_what_is_waited_for(tmp_path: Path) -> None:
    heard: list[RequestEvent] = []
    said = asyncio.Event()

    def hear(event: RequestEvent) -> None:
        heard.append(event)
        if event.state == "waiting":
            said.set()

    async with FaultServer([Reply(ending="hang")]) as server, AsyncExitStack() as stack:
        (first,) = await many(server, tmp_path, 1, stack)
        cache = stack.enter_context(AnswerCache(tmp_path / "a.sqlite"))
        purchases = Purchases(stack.enter_context(PurchaseFile(tmp_path / "a.sqlite.work")), "m", "h")
        stack.push_async_callback(purchases.close)
        second = client(server, VirtualTime(), cache=cache, purchases=purchases, on_event=hear)
        tasks = [asyncio.create_task(first.ask(about(1)))]
        await server.arrived.wait()
        tasks.append(asyncio.create_task(second.ask(about(1))))
        while not purchases._awaited:  # noqa: ASYNC110 - until its claim was refused
            await asyncio.sleep(0.001)
        pass_time(11)
        await said.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert "another run" in heard[-1].detail


CHILD = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from presseschau.llm.engine import Choice, open_engine
from presseschau.llm.endpoint import Endpoint
from presseschau.models import Message, Request
from pydantic import BaseModel

class Answer(BaseModel):
    sentences: list[str]

async def main(url, cache, count):
    choice = Choice(Endpoint(url, "m", profile="vllm", parallel=8))
    async with open_engine(choice, cache=Path(cache)) as engine:
        await asyncio.gather(*(engine.ask(Request("t", (Message(role="user", content=f"Satz {i}."),), Answer, 200))
                               for i in range(int(count))))

asyncio.run(main(*sys.argv[1:]))
"""


async def started(server: FaultServer, cache: Path, count: int) -> Process:
    command = [sys.executable, "-c", CHILD, server.base_url, str(cache), str(count)]
    return await asyncio.create_subprocess_exec(*command, stdout=DEVNULL, stderr=PIPE)


def bought(server: FaultServer) -> Counter[str]:
    return Counter(seen.json["messages"][-1]["content"] for seen in server.requests)


@pytest.mark.fault("money", "each of 200 answers is bought once", name="five processes on one cache")
@pytest.mark.slow
async def test_five_processes_on_one_cache_buy_each_of_200_answers_once(tmp_path: Path) -> None:
    async with FaultServer([completion(GOOD, prompt_tokens=40)]) as server:
        processes = [await started(server, tmp_path / "a.sqlite", 200) for _ in range(5)]
        ends = await asyncio.gather(*(process.communicate() for process in processes))
    assert [process.returncode for process in processes] == [0] * 5, ends
    assert len(server.requests) == len(bought(server)) == 200


@pytest.mark.fault(
    "money", "no more than what was under way is bought twice", name="one of three processes killed again and again"
)
@pytest.mark.slow
async def test_kills_cost_no_more_than_what_was_under_way(tmp_path: Path) -> None:
    """One process of three is killed at a random moment, again and again."""
    chance, kills = random.Random(18), 4

    async def late(seen: Seen) -> Reply:
        await asyncio.sleep(0.02)
        return completion(GOOD, prompt_tokens=40)

    async with FaultServer([late]) as server:
        others = [await started(server, tmp_path / "a.sqlite", 200) for _ in range(2)]
        for _ in range(kills):
            victim = await started(server, tmp_path / "a.sqlite", 200)
            before = len(server.requests)
            while len(server.requests) < before + 5 and victim.returncode is None:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            await asyncio.sleep(chance.uniform(0, 0.1))
            if victim.returncode is None:
                victim.kill()
            await victim.communicate()
        await asyncio.gather(*(process.communicate() for process in others))
    assert [process.returncode for process in others] == [0, 0]
    assert len(bought(server)) == 200
    assert len(server.requests) <= 200 + 8 * kills
    with PurchaseFile(tmp_path / "a.sqlite.work") as file:
        spent = file.of_run("")
        assert spent["known"].requests + spent.get("possible", Amount()).requests == len(server.requests)
        assert file._database.all("SELECT 1 FROM held UNION ALL SELECT 1 FROM leases") == []
