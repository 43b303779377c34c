"""Where the articles of a run are analysed: beside the event loop, in a thread or in processes of their own.

    loop of the run: reads, asks, records ◀──questions── analysis: words requests, checks answers ──row──▶ the loop

Checks are computing, a few to a hundred milliseconds an article: in the loop of the run they would hold up requests,
pauses and signals. All that is asked and kept goes through the run's one engine, with its limits and leases.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import queue
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any, Protocol

from presseschau.analysis import Engine, Options, analyze
from presseschau.archive.journal import Failure, Row, noted, packed
from presseschau.archive.near_duplicates import sketch
from presseschau.archive.reader import Todo, internal
from presseschau.errors import ConfigurationError, PresseschauError
from presseschau.models import Analysis, EngineInfo, Finding


@dataclass(frozen=True)
class Made:
    """The row of an article, without what it cost, and what failed."""

    row: Row
    failures: tuple[Finding, ...] = ()


class _BugThere(Exception):
    """A bug where the engine is, in words, as the process hears of it that asked."""


async def made(todo: Todo, engine: Engine, options: Options) -> Made:
    """One article analysed. Raises what makes going on pointless; a bug costs this article alone."""
    try:
        analysis = await analyze(todo.article, engine, options)
        failures = tuple(finding for finding in analysis.findings if finding.code == "task.failed")
        return Made(_row(todo, analysis, failures), failures)
    except PresseschauError:
        raise
    except Exception as error:  # noqa: BLE001 - one article must not end the run of all others
        failure = Failure("analysis", "internal-error", str(error) if isinstance(error, _BugThere) else internal(error))
        said = (failure, *noted(todo.article.metadata))
        return Made(Row(todo.position, todo.article.source, todo.digest, "failed", todo.article.id, failure.kind, said))


def _row(todo: Todo, analysis: Analysis, failures: Sequence[Finding]) -> Row:
    line = analysis.model_dump_json().encode() + b"\n"
    grave = any(f.severity != "info" for f in analysis.findings)
    own = noted(todo.article.metadata) if failures else ()
    return Row(
        todo.position, todo.article.source, todo.digest,
        "failed" if failures else "done-with-findings" if grave else "done",
        todo.article.id,
        reason=(failures[0].failure or "failed") if failures else "",
        failures=(*(Failure(f.part or "analysis", f.failure or "failed", said(f)) for f in failures), *own),
        record=packed(line),
        length=len(line),
        sketch=sketch("\n".join(s.text for s in todo.article.sentences)),
    )  # fmt: skip


def said(finding: Finding) -> str:
    """The failure's own words, without the part in front."""
    return finding.message.partition(": ")[2] or finding.message


class Analysing(Protocol):
    """Whatever analyses articles."""

    async def analysed(self, todo: Todo, engine: Engine, options: Options) -> Made: ...
    def close(self) -> None: ...


class _Elsewhere:
    """An engine as another loop or process sees it: `call` does what must be done where the engine lives."""

    def __init__(
        self, info: EngineInfo, count_tokens: Callable[[str], int], call: Callable[..., Awaitable[Any]]
    ) -> None:
        self.info = info
        self.count_tokens = count_tokens
        self._call = call

    async def ask(self, request: Any) -> Any:
        return await self._call("ask", request)

    async def recall(self, key: str) -> Any:
        return await self._call("recall", key)

    async def remember(self, key: str, text: str) -> None:
        await self._call("remember", key, text)


async def _called(engine: Engine, name: str, *arguments: Any) -> Any:
    method = getattr(engine, name, None)  # not every engine keeps what is worked out
    return await method(*arguments) if method is not None else None


class InThread:
    """One thread with a loop of its own; what is computed there yields to the run's loop every few milliseconds."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="analysis", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        loop = self._loop
        try:
            loop.run_forever()
            for task in asyncio.all_tasks(loop):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    loop.run_until_complete(task)
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            loop.close()

    async def analysed(self, todo: Todo, engine: Engine, options: Options) -> Made:
        here = asyncio.get_running_loop()

        async def call(name: str, *arguments: Any) -> Any:
            asked = asyncio.run_coroutine_threadsafe(_called(engine, name, *arguments), here)
            return await asyncio.wrap_future(asked)

        away = _Elsewhere(engine.info, engine.count_tokens, call)
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(made(todo, away, options), self._loop))

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()


_DIED = (
    "A process of this run ended by itself: is there enough memory? What is done is kept: run the same command again, "
    "with fewer --processes."
)


@dataclass
class _Worker:
    """A process. What it is sent goes through a thread: it may be computing, and the pipe be full."""

    process: multiprocessing.process.BaseProcess
    pipe: Connection
    under_way: dict[int, asyncio.Queue[tuple[Any, ...]]] = field(default_factory=dict)
    died: bool = False
    to_send: queue.SimpleQueue[memoryview | None] = field(default_factory=queue.SimpleQueue)

    def __post_init__(self) -> None:
        self._sender = threading.Thread(target=self._send, name="to a process", daemon=True)
        self._sender.start()

    def _send(self) -> None:
        with suppress(OSError):  # who waits hears that the process is gone
            while (message := self.to_send.get()) is not None:
                self.pipe.send_bytes(message)

    def send(self, message: tuple[Any, ...]) -> None:
        """Hands a message over; raises for what cannot be pickled, which the thread could tell nobody."""
        self.to_send.put(ForkingPickler.dumps(message))

    def close(self) -> None:
        self.to_send.put(None)
        self.process.terminate()
        self._sender.join()
        self.pipe.close()
        self.process.join()


class InProcesses:
    """So many processes, each with several articles at once. Made in the run's loop."""

    def __init__(self, processes: int, info: EngineInfo, options: Options) -> None:
        self._loop = asyncio.get_running_loop()
        self._numbers = count()
        self._workers = []
        context = multiprocessing.get_context("spawn")
        for _ in range(processes):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, info, options), daemon=True)
            process.start()
            theirs.close()
            worker = _Worker(process, ours)
            self._loop.add_reader(ours.fileno(), self._heard, worker)
            self._workers.append(worker)

    async def analysed(self, todo: Todo, engine: Engine, options: Options) -> Made:
        """Raises PresseschauError: ConfigurationError if the process died."""
        worker = min(self._workers, key=lambda worker: len(worker.under_way))
        if any(worker.died for worker in self._workers):
            raise ConfigurationError(_DIED)
        number, heard = next(self._numbers), asyncio.Queue[tuple[Any, ...]]()
        worker.under_way[number] = heard
        asking: set[asyncio.Task[None]] = set()
        try:
            worker.send(("article", number, todo))
            while True:
                kind, *rest = await heard.get()
                if kind == "ended":
                    if isinstance(rest[0], BaseException):
                        raise rest[0]
                    assert isinstance(rest[0], Made)
                    return rest[0]
                task = asyncio.create_task(self._answer(worker, engine, number, *rest))
                asking.add(task)
                task.add_done_callback(asking.discard)
        finally:
            del worker.under_way[number]
            for task in asking:
                task.cancel()
            worker.send(("forget", number))

    async def _answer(self, worker: _Worker, engine: Engine, number: int, question: int, *call: Any) -> None:
        try:
            worker.send(("answer", number, question, await _called(engine, *call)))
        except PresseschauError as error:
            worker.send(("answer", number, question, error))
        except Exception as error:  # noqa: BLE001 - a bug costs the article that asked, and nobody waits for ever
            worker.send(("answer", number, question, _BugThere(internal(error))))

    def _heard(self, worker: _Worker) -> None:
        try:
            number, *message = worker.pipe.recv()
        except (EOFError, OSError):
            worker.died = True
            self._loop.remove_reader(worker.pipe.fileno())
            for heard in worker.under_way.values():
                heard.put_nowait(("ended", ConfigurationError(_DIED)))
            return
        if number in worker.under_way:
            worker.under_way[number].put_nowait(tuple(message))

    def close(self) -> None:
        for worker in self._workers:
            self._loop.remove_reader(worker.pipe.fileno())
            worker.close()


def _work(pipe: Connection, info: EngineInfo, options: Options) -> None:
    """A process: ends when its pipe does. A signal from the terminal is for the run alone to hear."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError, BrokenPipeError):
        asyncio.run(_serve(pipe, info, options))


async def _serve(pipe: Connection, info: EngineInfo, options: Options) -> None:
    from presseschau.llm.token_count import planned_tokens

    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    articles: dict[int, asyncio.Task[None]] = {}
    waiting: dict[tuple[int, int], asyncio.Future[Any]] = {}
    questions = count()

    async def one(number: int, todo: Todo) -> None:
        async def call(*wanted: Any) -> Any:
            question = next(questions)
            waiting[number, question] = loop.create_future()
            pipe.send((number, "call", question, *wanted))
            try:
                answer = await waiting[number, question]
            finally:
                del waiting[number, question]
            if isinstance(answer, Exception):
                raise answer
            return answer

        result: Made | BaseException
        try:
            result = await made(todo, _Elsewhere(info, planned_tokens, call), options)
        except PresseschauError as error:
            result = error
        pipe.send((number, "ended", result))

    def heard() -> None:
        try:
            kind, number, *rest = pipe.recv()
        except (EOFError, OSError):
            ended.set()
            return
        if kind == "article":
            articles[number] = asyncio.create_task(one(number, *rest))
        elif kind == "forget":
            articles.pop(number).cancel()
        elif (found := waiting.get((number, rest[0]))) is not None and not found.done():
            found.set_result(rest[1])

    loop.add_reader(pipe.fileno(), heard)
    await ended.wait()
