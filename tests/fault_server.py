"""A scripted server over real loopback HTTP: it answers each request with the next entry of its script.

    async with FaultServer([error(429), completion('{"a": 1}')]) as server:
        ... server.base_url, server.requests

The last entry is repeated. `VirtualTime` is clock and sleep for retries, so that no test waits for a backoff.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import struct
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET
from typing import Any, Literal, Self

JSON = {"content-type": "application/json"}
Ending = Literal["complete", "cut", "reset", "hang", "drip", "flood", "garbage", "close"]


@dataclass(frozen=True)
class Reply:
    """What the server does with one request.

    `ending`: complete; cut (EOF in the middle of the body); reset (TCP RST in the middle of it); hang (nothing is ever
    sent); drip (a byte now and then, without end); flood (64 KB after 64 KB, without end); garbage (bytes that are not
    HTTP); close (EOF before any byte).
    `passing`: seconds that pass at once on the event loop's clock when it hangs or drips, so that a client in the same
    loop meets its deadline after the request has come, however slow the machine is, and no test waits for it.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: dict(JSON))
    ending: Ending = "complete"
    passing: float = 0.0


@dataclass(frozen=True)
class Seen:
    """A request as it arrived; header names in lower case."""

    path: str
    headers: Mapping[str, str]
    raw: bytes
    json: Any


Script = Sequence[Reply | Callable[[Seen], Reply | Awaitable[Reply]]]


def completion(content: str | None, *, finish: str | None = "stop", prompt_tokens: int = 0, **message: Any) -> Reply:
    """A chat completion with this content; other fields of the message by name."""
    return json_reply({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "finish_reason": finish,
                     "message": {"role": "assistant", "content": content, **message}}],
        "usage": {"prompt_tokens": prompt_tokens, "completion_tokens": 7, "total_tokens": prompt_tokens + 7},
    })  # fmt: skip


def saying_of_usage(reply: Reply, usage: Any) -> Reply:
    """The same answer with another `usage`; ... (the Ellipsis): without one."""
    data = json.loads(reply.body)
    del data["usage"]
    return json_reply(data if usage is ... else {**data, "usage": usage})


def json_reply(data: Any, status: int = 200, **headers: str) -> Reply:
    fields = {**JSON, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Reply(status, json.dumps(data).encode(), fields)


def error(status: int, message: str = "an error", code: str | None = None, **headers: str) -> Reply:
    """An error as OpenAI words it."""
    return json_reply({"error": {"message": message, "type": code, "code": code, "param": None}}, status, **headers)


def bomb(status: int, encoding: Literal["gzip", "deflate"] = "gzip") -> Reply:
    """A gigabyte of nothing in a megabyte: blocks that unpack alone can be repeated."""
    packer = zlib.compressobj(wbits=31 if encoding == "gzip" else 15)
    first = packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    return Reply(status, first + block * 1_000, {**JSON, "content-encoding": encoding})


def html(status: int = 200) -> Reply:
    return Reply(status, b"<!doctype html><title>Login</title>", {"content-type": "text/html"})


@dataclass
class VirtualTime:
    """A clock that only `sleep` moves; `waits` are the seconds slept. Seconds."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


class FaultServer:
    """The server; `requests` are all it received, `arrived` is set by the first. `tls` makes it speak TLS."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self.script = list(script)
        self.requests: list[Seen] = []
        self.arrived = asyncio.Event()
        self._tls = tls
        self._closing = asyncio.Event()
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    @property
    def base_url(self) -> str:
        scheme = "https" if self._tls else "http"
        return f"{scheme}://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            while await self._answer(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(task)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        seen = await _read(reader)
        entry = self.script[min(len(self.requests), len(self.script) - 1)]
        self.requests.append(seen)
        self.arrived.set()
        reply = entry if isinstance(entry, Reply) else entry(seen)
        if not isinstance(reply, Reply):
            reply = await reply
        if reply.ending == "hang":
            pass_time(reply.passing)
            await self._closing.wait()
        if reply.ending in ("hang", "close"):
            return False
        if reply.ending == "garbage":
            writer.write(b"\x16\x03\x01 this is not HTTP\r\n\r\n" + reply.body)
            await writer.drain()
            return False
        return await send(reply, writer)


async def send(reply: Reply, writer: asyncio.StreamWriter) -> bool:
    """Writes a reply of which something is to arrive; whether the connection can go on."""
    promised = {"complete": len(reply.body), "flood": 10**12}.get(reply.ending, 1_000_000)
    lines = [f"HTTP/1.1 {reply.status} Scripted", *(f"{name}: {value}" for name, value in reply.headers.items())]
    if reply.status != 204:
        lines.append(f"content-length: {promised}")
    writer.write("\r\n".join([*lines, "", ""]).encode() + reply.body)
    await writer.drain()
    pass_time(reply.passing)
    while reply.ending in ("drip", "flood"):
        writer.write(b" " if reply.ending == "drip" else b" " * 65_536)
        await writer.drain()
        await asyncio.sleep(0.02 if reply.ending == "drip" else 0)  # the fault itself: bytes keep coming
    if reply.ending == "reset":
        writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    return reply.ending == "complete"


def pass_time(seconds: float) -> None:
    """The clock of the running event loop goes on by so many seconds."""
    if not seconds:
        return
    loop = asyncio.get_running_loop()
    clock = loop.time
    loop.time = lambda: clock() + seconds  # type: ignore[method-assign]


async def _read(reader: asyncio.StreamReader) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = [line.partition(":") for line in head[1:] if line]
    headers = {name.strip().lower(): value.strip() for name, _, value in fields}
    raw = await read_body(reader, headers)
    plain = headers.get("content-type", "").startswith("application/json")
    return Seen(head[0].split(" ")[1], headers, raw, json.loads(raw) if plain and raw else None)


async def read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    parts = []
    while size := int((await reader.readline()).strip(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)
