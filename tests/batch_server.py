"""An imitation of /v1/files and /v1/batches over real loopback HTTP, which works batches off with `answer`.

    async with BatchServer(endings=[expired, completed]) as server:
        ... server.base_url, server.batches, server.paid

`endings[i]` says how the i-th batch ends (the last is repeated). A batch is `validating` when it is made, `in_progress`
at the first look at it, and has ended at the second. `before(method, path)` may put another reply in the place of
the right one; `after(method, path)` may do so once the server has done what it was asked.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from archive_world import translated
from fault_server import Reply, Seen, error, json_reply, read_body, send

Row = dict[str, Any]


@dataclass
class Ended:
    """How a batch ended. `output`, `errors`: lines of its files (None: it has no such file)."""

    status: str = "completed"
    output: list[bytes] | None = None
    errors: list[bytes] | None = None
    problems: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Batch:
    id: str
    digest: str
    created: int
    input: str
    status: str = "validating"
    output: str | None = None
    errors: str | None = None
    problems: list[dict[str, Any]] = field(default_factory=list)
    requests: int = 0

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id, "object": "batch", "endpoint": "/v1/chat/completions", "completion_window": "24h",
            "created_at": self.created, "input_file_id": self.input, "status": self.status,
            "output_file_id": self.output, "error_file_id": self.errors,
            "metadata": {"presseschau_shard": self.digest}, "errors": {"object": "list", "data": self.problems},
            "request_counts": {"total": self.requests, "completed": 0, "failed": 0},
        }  # fmt: skip


Ending = Callable[["BatchServer", list[Row]], Ended]
Instead = Callable[[str, str], Reply | None]


def nothing(method: str, path: str) -> None:
    return None


class BatchServer:
    """`paid` counts by custom_id how often a row was worked on; `calls` are methods and paths in order."""

    def __init__(
        self, endings: Sequence[Ending] | None = None, answer: Callable[[Seen], Reply] = translated,
        before: Instead = nothing, after: Instead = nothing,
    ) -> None:  # fmt: skip
        self.endings = list(endings or [completed])
        self.answer = answer
        self.before, self.after = before, after
        self.files: dict[str, bytes] = {}
        self.batches: list[Batch] = []
        self.paid: Counter[str] = Counter()
        self.calls: list[tuple[str, str]] = []
        self.live = 0
        self._made = 0
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    def rows(self, batch: Batch) -> list[Row]:
        return [json.loads(line) for line in self.files[batch.input].splitlines()]

    def work(self, row: Row) -> dict[str, Any]:
        """The body of the answer to one row, which is now paid."""
        self.paid[row["custom_id"]] += 1
        reply = self.answer(Seen(row["url"], {}, b"", row["body"]))
        return {"status": reply.status, "body": json.loads(reply.body)}

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        raw = await read_body(reader, headers)
        method, target, _ = head[0].split(" ")
        url = urlsplit(target)
        path = url.path.removeprefix("/v1")
        self.calls.append((method, path))
        reply = self.before(method, path)
        if reply is None:
            done = self._done(method, path, parse_qs(url.query), headers, raw)
            reply = self.after(method, path) or done
        return reply.ending != "close" and await send(reply, writer)

    def _done(self, method: str, path: str, query: dict[str, list[str]], headers: dict[str, str], raw: bytes) -> Reply:
        match (method, path.strip("/").split("/")):
            case ("POST", ["files"]):
                return json_reply({"id": self._keep("in", _uploaded(raw, headers)), "object": "file"})
            case ("GET", ["files", id, "content"]):
                return Reply(200, self.files[id], {}) if id in self.files else error(404, "No such File object")
            case ("DELETE", ["files", id]):
                self.files.pop(id, None)
                return json_reply({"id": id, "object": "file", "deleted": True})
            case ("POST", ["batches"]):
                return json_reply(self._create(json.loads(raw)).shown())
            case ("GET", ["batches"]):
                return self._list(query)
            case ("GET", ["batches", id]):
                found = [batch for batch in self.batches if batch.id == id]
                return json_reply(self._look(found[0]).shown()) if found else error(404, "No batch")
            case ("POST", ["chat", "completions"]):
                self.live += 1
                return self.answer(Seen(path, headers, raw, json.loads(raw)))
        return error(404, f"unknown url {path}")

    def _keep(self, kind: str, content: bytes) -> str:
        self._made += 1
        name = f"file-{kind}-{self._made}"
        self.files[name] = content
        return name

    def _create(self, wanted: dict[str, Any]) -> Batch:
        digest = (wanted.get("metadata") or {}).get("presseschau_shard", "")
        number = len(self.batches)
        batch = Batch(f"batch_{number}", digest, 2_000_000_000 + number, wanted["input_file_id"])
        batch.requests = self.files[batch.input].count(b"\n")
        self.batches.append(batch)
        return batch

    def _list(self, query: dict[str, list[str]]) -> Reply:
        newest = self.batches[::-1]
        after = query.get("after", [""])[0]
        start = next((i + 1 for i, batch in enumerate(newest) if batch.id == after), 0)
        size = int(query.get("limit", ["20"])[0])
        page = newest[start : start + size]
        more = start + size < len(newest)
        return json_reply({"object": "list", "data": [batch.shown() for batch in page], "has_more": more})

    def _look(self, batch: Batch) -> Batch:
        if batch.status == "validating":
            batch.status = "in_progress"
        elif batch.status == "in_progress":
            number = self.batches.index(batch)
            ended = self.endings[min(number, len(self.endings) - 1)](self, self.rows(batch))
            batch.status, batch.problems = ended.status, ended.problems
            batch.output = None if ended.output is None else self._keep("out", b"".join(ended.output))
            batch.errors = None if ended.errors is None else self._keep("err", b"".join(ended.errors))
        return batch


def _uploaded(raw: bytes, headers: dict[str, str]) -> bytes:
    """The part of a multipart form that is a file."""
    boundary = headers["content-type"].partition("boundary=")[2].strip('"').encode()
    for part in raw.split(b"--" + boundary):
        head, _, content = part.partition(b"\r\n\r\n")
        if b"filename=" in head:
            return content.removesuffix(b"\r\n")
    raise AssertionError("no file in the form")


def line(row: Row, body: dict[str, Any], status: int = 200) -> bytes:
    return json.dumps({
        "id": "batch_req_1", "custom_id": row["custom_id"], "error": None,
        "response": {"status_code": status, "request_id": "r", "body": body},
    }).encode() + b"\n"  # fmt: skip


def worked(server: BatchServer, rows: list[Row]) -> list[bytes]:
    made = []
    for row in rows:
        done = server.work(row)
        made.append(line(row, done["body"], done["status"]))
    return made


def not_worked(rows: list[Row], code: str) -> list[bytes]:
    return [
        json.dumps({"id": "batch_req_1", "custom_id": row["custom_id"], "response": None,
                    "error": {"code": code, "message": "This request could not be executed."}}).encode() + b"\n"
        for row in rows
    ]  # fmt: skip


def completed(server: BatchServer, rows: list[Row]) -> Ended:
    return Ended(output=worked(server, rows))


def reordered(server: BatchServer, rows: list[Row]) -> Ended:
    return Ended(output=worked(server, rows)[::-1])


def repeated(server: BatchServer, rows: list[Row]) -> Ended:
    """Every row twice, and in the error file besides; and rows of somebody else."""
    made = worked(server, rows)
    strange = line({"custom_id": "0" * 64}, {"choices": []})
    return Ended(output=[made[0], strange, *made, *made], errors=not_worked(rows, "server_error"))


def expired(server: BatchServer, rows: list[Row]) -> Ended:
    half = len(rows) // 2
    return Ended("expired", worked(server, rows[:half]), not_worked(rows[half:], "batch_expired"))


def cancelled(server: BatchServer, rows: list[Row]) -> Ended:
    third = len(rows) // 3
    return Ended("cancelled", worked(server, rows[:third]), not_worked(rows[third:], "batch_cancelled"))


def partly_failed(server: BatchServer, rows: list[Row]) -> Ended:
    """Every third row failed with a fault of the server."""
    bad = [line(row, {"error": {"message": "The server had an error"}}, 500) for row in rows[::3]]
    return Ended(output=worked(server, [row for i, row in enumerate(rows) if i % 3]), errors=bad)


def error_file_only(server: BatchServer, rows: list[Row]) -> Ended:
    return Ended(errors=[line(row, {"error": {"message": "The server had an error"}}, 500) for row in rows])


def cut_off(server: BatchServer, rows: list[Row]) -> Ended:
    """The output file breaks off in the middle of its last line but two."""
    made = worked(server, rows)
    return Ended(output=[*made[:-3], made[-3][:40]])


def output_lost(server: BatchServer, rows: list[Row]) -> Ended:
    worked(server, rows)
    return Ended()


def not_taken(code: str, message: str, line: int | None = None) -> Ending:
    """A batch that fails in validation."""

    def ending(server: BatchServer, rows: list[Row]) -> Ended:
        return Ended("failed", problems=[{"code": code, "message": message, "line": line, "param": None}])

    return ending
