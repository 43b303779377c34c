"""The translating server of `archive_world` with a latency, so that requests are under way at the same time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Self

from archive_world import translated
from fault_server import Reply, Seen


class LateServer:
    """Answers each request after `latency` seconds with `reply`. As lean as asyncio allows: it shares the machine
    with what is measured. `seen` are the moments (loop time) at which requests came; `sent` hears of every reply that
    was written."""

    def __init__(self, latency: float, reply: Callable[[Seen], Reply] = translated) -> None:
        self.latency = latency
        self.reply = reply
        self.seen: list[float] = []
        self.sent: Callable[[Reply], None] = lambda reply: None
        self._connections: set[asyncio.BaseTransport] = set()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for connection in list(self._connections):
            connection.close()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"


class _Connection(asyncio.Protocol):
    def __init__(self, server: LateServer) -> None:
        self._server = server
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server._connections.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server._connections.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        fields = [line.partition(":") for line in head.decode("latin-1").split("\r\n")]
        headers = {name.strip().lower(): value.strip() for name, _, value in fields[1:]}
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        path = fields[0][0].split(" ")[1]
        server, loop = self._server, asyncio.get_running_loop()
        server.seen.append(loop.time())
        reply = server.reply(Seen(path, headers, rest[:length], json.loads(rest[:length])))
        loop.call_later(server.latency, self._answer, reply)

    def _answer(self, reply: Reply) -> None:
        if self._transport.is_closing():
            return
        if reply.ending in ("reset", "close"):
            self._transport.abort()
            return
        if reply.ending == "hang":
            return
        lines = [f"HTTP/1.1 {reply.status} x", *(f"{name}: {value}" for name, value in reply.headers.items())]
        cut = 1000 if reply.ending == "cut" else 0
        self._transport.write(
            "\r\n".join([*lines, f"content-length: {len(reply.body) + cut}", "", ""]).encode() + reply.body
        )
        self._server.sent(reply)
        if cut:
            self._transport.close()
