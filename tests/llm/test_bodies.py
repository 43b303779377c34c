"""Bodies without end: an error costs no more memory or time than an answer may, in chats as in files and batches."""

from __future__ import annotations

import asyncio
import gzip
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_faults import ATTEMPTS, GOOD, REQUEST, client

from fault_server import FaultServer, Reply, VirtualTime, bomb, completion, error, json_reply
from presseschau.errors import AnswerError, ProviderDownError
from presseschau.llm import transport
from presseschau.llm.batch.provider import BatchProvider
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.retry import Policy, Timing

MOST_MEGABYTES = 250
WORDS = b'{"error": {"message": "the disk is full", "pad": "'
ENDLESS: dict[str, Reply] = {
    "a gigabyte as gzip": bomb(500),
    "a gigabyte as deflate": bomb(503, "deflate"),
    "without end": Reply(500, WORDS, ending="flood"),
    "a page without end": Reply(502, b"<html>", {"content-type": "text/html"}, ending="flood"),
    "a byte now and then": Reply(500, WORDS, ending="drip"),
    "cut off": Reply(500, WORDS, ending="cut"),
    "reset": Reply(500, WORDS, ending="reset"),
    "not what it says it is": Reply(500, b"no gzip", {"content-encoding": "gzip"}),
}
CHILD = """
import asyncio, re, sys
from pathlib import Path
from presseschau.errors import PresseschauError
from presseschau.llm.batch.provider import BatchProvider
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.retry import Policy, Timing
from presseschau.models import Message, Request
from pydantic import BaseModel

class Answer(BaseModel):
    text: str

async def main(kind, url, file):
    policy, timing = Policy(attempts=3, elapsed=1), Timing(sleep=lambda seconds: asyncio.sleep(0))
    if kind == "chat":
        async with Client(Endpoint(url, "m"), policy=policy, timing=timing) as asked:
            await asyncio.gather(*(asked.ask(Request("t", (Message(role="user", content=str(i)),), Answer, 200))
                                   for i in range(4)))
    async with BatchProvider(Endpoint(url, "m"), policy, timing, lambda reason, wait: None) as provider:
        await (provider.upload(Path(file)) if kind == "files" else provider.batch("batch_1"))

try:
    asyncio.run(main(*sys.argv[1:]))
except PresseschauError as error:
    peak = re.search("VmHWM:[^0-9]*([0-9]+) kB", Path("/proc/self/status").read_text())[1]  # not the parent's
    print(type(error).__name__, int(peak) // 1024)
"""


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of an error is not waited for."""
    monkeypatch.setattr(transport, "ERROR_SECONDS", 0.2)


@pytest.mark.fault("answers", "classed by its status; no more than 100 kB and 10 s are read", name="error body")
@pytest.mark.parametrize("reply", ENDLESS.values(), ids=ENDLESS)
async def test_an_error_is_classed_whatever_its_body_does(reply: Reply) -> None:
    async with FaultServer([reply, completion(GOOD)]) as server, client(server, VirtualTime()) as asked:
        assert (await asked.ask(REQUEST)).usage.requests == 2
        assert asked.spending.possibly_billed == 0


async def test_the_words_that_came_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "ERROR_SECONDS", 1.0)  # a busy machine may be 0.2 s late for what has come
    for reply in (Reply(400, b'{"error": {"message": "no such tool"}}' + b" " * 60_000, ending="drip"),
                  error(400, "no such tool" + "!" * 90_000)):  # fmt: skip
        async with FaultServer([reply]) as server, client(server, VirtualTime()) as asked:
            with pytest.raises(AnswerError, match="no such tool"):
                await asked.ask(REQUEST)


@pytest.mark.slow
@pytest.mark.fault("machine", "memory under 250 MB", name="body without end")
@pytest.mark.parametrize("kind", ["chat", "files", "batches"])
@pytest.mark.parametrize("name", ["a gigabyte as gzip", "a gigabyte as deflate", "without end"])
async def test_memory_stays_bounded(kind: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "requests.jsonl").write_text("{}\n")
    async with FaultServer([ENDLESS[name]]) as server:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CHILD, kind, server.base_url, str(tmp_path / "requests.jsonl"), stdout=PIPE
        )
        said, _ = await asyncio.wait_for(child.communicate(), 120)
    failure, megabytes = said.decode().split()
    assert failure == "ProviderDownError"
    assert int(megabytes) < MOST_MEGABYTES


CALLS: dict[str, Callable[[BatchProvider, Path], Any]] = {
    "upload": lambda provider, path: provider.upload(path),
    "create": lambda provider, path: provider.create("file-1", "digest", (), 0.0),
    "look": lambda provider, path: provider.batch("batch_1"),
    "list": lambda provider, path: provider.find("digest", (), 0.0),
    "download": lambda provider, path: provider.download("file-1", path.with_name("result")),
}
ODD: dict[str, Reply] = {
    **ENDLESS,
    "a good gigabyte": bomb(200),
    "good without end": Reply(200, b'{"id": "', ending="flood"),
    "good, a byte now and then": Reply(200, b'{"id": "', ending="drip", passing=11_000),
    "nested without end": Reply(200, b"[" * 100_000),
    "a number without end": Reply(200, b'{"id": ' + b"9" * 5_000 + b"}"),
}


@pytest.mark.slow
@pytest.mark.fault("batches", "ends with exit 75", name="body", by="name")
@pytest.mark.parametrize(
    ("call", "name"),
    [(call, name) for call in CALLS for name, reply in ODD.items() if call != "download" or reply.status != 200],
)
async def test_files_and_batches_end_as_well(call: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    path.write_text("{}\n")
    virtual = VirtualTime()
    timing = Timing(virtual.clock, virtual.sleep)
    async with (
        FaultServer([ODD[name]]) as server,
        BatchProvider(Endpoint(server.base_url, "m"), Policy(elapsed=3), timing, lambda *_: None) as provider,
    ):
        with pytest.raises(ProviderDownError):
            await CALLS[call](provider, path)
    assert not path.with_name("result").exists()


@pytest.mark.fault("answers", "no more than 16 MB are read; asked again", name="a gigabyte with status 200")
async def test_an_answer_that_is_too_large_is_none() -> None:
    async with FaultServer([bomb(200)]) as server, client(server, VirtualTime()) as asked:
        with pytest.raises(ProviderDownError, match="larger than any answer"):
            await asked.ask(REQUEST)
    assert len(server.requests) == asked.spending.possibly_billed == ATTEMPTS


async def test_a_small_answer_may_be_packed() -> None:
    packed = Reply(200, gzip.compress(completion(GOOD).body), {"content-encoding": "gzip"})
    async with FaultServer([packed, json_reply({})]) as server, client(server, VirtualTime()) as asked:
        assert (await asked.ask(REQUEST)).value.sentences == ["One.", "Two."]
