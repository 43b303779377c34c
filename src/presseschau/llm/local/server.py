"""The embedded model as an OpenAI-compatible server in a child process, started when it is first needed."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from presseschau.errors import ModelError, ProviderDownError
from presseschau.llm.local.speed import Speed, expected_speed, usable_cores

CHILD = Path(__file__).with_name("child.py")
DEFAULT_CONTEXT = 8192

_SLOWEST_LOAD = 20e6  # bytes/s: a network disk; with the fixed part below it bounds the wait for a model to load
_START_SECONDS = 60.0
_LOG_TAIL = 2000  # characters of the child's log that a message may quote from


class LocalServer:
    """A llama.cpp server for one model file on a loopback port with a random key.

    `await address()` gives base URL and key, and starts the child or restarts it once when it has died. The child ends
    with `stop()`, with the `async with` block, or with this process, whatever kills it. All methods may be called from
    several tasks, threads and event loops.
    """

    def __init__(
        self,
        model: Path,
        *,
        context_tokens: int = DEFAULT_CONTEXT,
        threads: int | None = None,
        child: Path = CHILD,
        start_timeout: float | None = None,
    ) -> None:
        self.model = model
        self.context_tokens = context_tokens
        self.threads = threads or usable_cores()
        self._child = child
        self._start_timeout = start_timeout
        self._key = secrets.token_hex(32)
        self._base_url = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._starts = 0
        self._stopped = False
        self._starting = threading.Lock()  # held while a child loads: one start at a time
        self._changing = threading.Lock()  # held for an instant: `stop` against a start under way

    @property
    def speed(self) -> Speed:
        """Tokens per second to be expected of this model here; see `expected_speed`."""
        return expected_speed(self.model.stat().st_size, self.threads)

    @property
    def running(self) -> bool:
        """Whether a child is alive."""
        return self._process is not None and self._process.poll() is None

    async def address(self) -> tuple[str, str]:
        """Base URL (ending in /v1) and key of a child that has loaded the model.

        ModelError if the model cannot be loaded; ProviderDownError if the child has died a second time.
        """
        if not (self.running and self._base_url):
            try:
                await asyncio.to_thread(self._ensure)
            except asyncio.CancelledError:
                self._end_child()  # the thread that waits for it cannot be cancelled, but sees it end
                raise
        return self._base_url, self._key

    async def revive(self) -> bool:
        """After a connection fault: True if the child was dead and now runs again, False if it was alive all along."""
        if self.running:
            return False
        await self.address()
        return True

    def stop(self) -> None:
        """End the child and wait until it is gone. Does nothing when none runs; `address()` raises afterwards."""
        self._stopped = True
        self._end_child()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _ensure(self) -> None:
        with self._starting:
            if self.running and self._base_url:
                return
            if self._starts == 2:
                raise ProviderDownError(f"The embedded model stopped twice: {self._last_words()} Run the command again.")
            self._start()

    def _start(self) -> None:
        process = self._spawn()
        assert process.stdin and process.stdout
        settings = {
            "model": str(self.model.resolve()),
            "alias": self.model.stem,
            "context_tokens": self.context_tokens,
            "threads": self.threads,
            "api_key": self._key,
        }
        with suppress(BrokenPipeError):  # it died already: the missing report says so
            process.stdin.write(json.dumps(settings).encode() + b"\n")
            process.stdin.flush()
        seconds = self._start_timeout or _START_SECONDS + self.model.stat().st_size / _SLOWEST_LOAD
        report = _line_within(process.stdout, seconds)
        if report is None:
            self._end_child()
            raise ModelError(f"The embedded model {self.model.name} was not ready after {seconds:.0f} s.")
        if not report.endswith(b"\n"):
            self._end_child()
            if self._stopped:
                raise ModelError("The embedded model was stopped while it was loading.")
            raise ModelError(f"The embedded model {self.model.name} could not be loaded: {self._last_words()}")
        self._base_url = json.loads(report)["address"] + "/v1"

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self._changing:
            if self._stopped:
                raise ModelError("The embedded model was stopped.")
            self._close_files()
            self._base_url = ""
            self._log = tempfile.TemporaryFile()
            self._starts += 1
            self._process = subprocess.Popen(  # noqa: S603
                # -P: a file called json.py in the working directory must not be imported
                [sys.executable, "-P", str(self._child)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                env=_environment(),
            )
            return self._process

    def _end_child(self) -> None:
        with self._changing:
            if self._process is None:
                return
            if self._process.poll() is None:
                self._process.kill()  # it owns nothing that would need an orderly end
            self._process.wait()

    def _close_files(self) -> None:
        for stream in (self._process and self._process.stdin, self._process and self._process.stdout, self._log):
            if stream:
                with suppress(OSError):
                    stream.close()

    def _last_words(self) -> str:
        """Why the child ended, as one sentence: its last error line, or the signal that ended it."""
        text = ""
        if self._log:
            end = self._log.seek(0, os.SEEK_END)
            self._log.seek(max(0, end - _LOG_TAIL))
            text = self._log.read().decode("utf-8", "replace")
        return _reason(text, self._process.returncode if self._process else None)


def _line_within(stream: IO[bytes], seconds: float) -> bytes | None:
    """The stream's first line; what there is of it if the stream ends; None after `seconds`."""
    deadline = time.monotonic() + seconds
    line = b""
    while not line.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([stream], [], [], left)[0]:
            return None
        piece = os.read(stream.fileno(), 4096)
        if not piece:
            break
        line += piece
    return line


def _environment() -> dict[str, str]:
    """The environment without keys of other providers: the child needs none."""
    return {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}


def _reason(log: str, returncode: int | None) -> str:
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    errors = [line for line in lines if " E " in line or "Error" in line]
    if errors:
        return errors[-1].removesuffix(".") + "."
    if returncode == -signal.SIGKILL:
        return "it was killed, perhaps because memory ran out."
    if returncode is not None and returncode < 0:
        return f"it was ended by {signal.Signals(-returncode).name}."
    return f"it ended with code {returncode}."
