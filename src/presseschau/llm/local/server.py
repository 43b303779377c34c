"""The embedded model as an OpenAI-compatible server in a child process, started when it is first needed."""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from presseschau.errors import ModelError, ProviderDownError

# Measured: 1.117 GB (Q4_K_M), 2 threads: reads 63-72, writes 24-26 tokens/s; 1 thread: 34 / 13. Both are bound by
# the weights that each token passes through: they fall with the size of the file and rise with the cores.
_MEASURED_SIZE = 1.117e9
_MEASURED_READS = 33.0
_MEASURED_WRITES = 12.5
_CORES_THAT_HELP = 4  # beyond that memory bandwidth, not the cores, sets the pace on common machines


@dataclass(frozen=True)
class Speed:
    """Tokens per second: `reads` of the prompt, `writes` of the answer."""

    reads: float
    writes: float


def expected_speed(size: int, threads: int) -> Speed:
    """What a model file of `size` bytes can be expected to do on `threads` cores of an otherwise free machine."""
    scale = _MEASURED_SIZE / max(size, 1) * min(threads, _CORES_THAT_HELP)
    return Speed(reads=_MEASURED_READS * scale, writes=_MEASURED_WRITES * scale)


def usable_cores(cgroup: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """Cores this process may really use: its affinity, less if a container's quota says so. At least 1."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = cgroup.read_text(encoding="ascii").split()
        cores = min(cores, ceil(int(quota) / int(period)))
    except (OSError, ValueError):  # no cgroup v2, or "max": no quota
        pass
    return max(cores, 1)


def needed_memory(size: int) -> int:
    """Bytes that a model file of `size` bytes takes when it is loaded: about twice the file, and the context."""
    return 2 * size + 2**28


def usable_memory(cgroup: Path = Path("/sys/fs/cgroup/memory.max")) -> int:
    """Bytes of memory that this process may have: those of the machine, less if a container's limit says so."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        limit = cgroup.read_text(encoding="ascii").strip()
    except (OSError, ValueError):  # no cgroup v2
        return memory
    return min(memory, int(limit)) if limit.isdigit() else memory


CHILD = Path(__file__).with_name("child.py")
DEFAULT_CONTEXT = 8192
STOPPED = "The embedded model was stopped."

_START_SECONDS = 60.0  # and the time to read the file from a slow disk: so long may loading take
_SLOWEST_DISK = 20e6  # bytes/s
_END_SECONDS = 5.0
_LOG_TAIL = 20_000  # bytes of the child's log that a message may quote from
_ENGINE_ERROR = re.compile(r"^[\d.]+ E [^:]*: (?:error loading model: )?(.+)$", re.MULTILINE)


class LocalServer:
    """A llama.cpp server for one model file on a loopback port with a random key.

    `await address()` gives base URL and key, and starts the child or restarts it once when it has died. The child
    ends with `stop()`, with the `async with` block, or with this process, whatever kills it. All methods may be
    called from several tasks, threads and event loops.

    `model` gives the checked file (`LocalModel.verified_path`) and is called just before it is loaded. Memory: about
    twice the file, and the context (224 MiB for 8192 tokens of the default).
    """

    def __init__(
        self,
        model: Callable[[], Path],
        *,
        context_tokens: int = DEFAULT_CONTEXT,
        threads: int | None = None,
        child: Path = CHILD,
        start_timeout: float | None = None,
    ) -> None:
        self._model = model
        self._path: Path | None = None
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
        """Tokens per second to be expected of this model here; see `expected_speed`. Call after `address()`."""
        if self._path is None:
            raise RuntimeError("the size of the model is known when it was started")
        return expected_speed(self._path.stat().st_size, self.threads)

    @property
    def running(self) -> bool:
        """Whether a child is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Process id of the last child; None before the first start."""
        return self._process.pid if self._process else None

    async def address(self) -> tuple[str, str]:
        """Base URL (ending in /v1) and key of a child that has loaded the model.

        ModelError if the model cannot be loaded; ProviderDownError if the child has died a second time.
        """
        if not (self.running and self._base_url):
            try:
                await asyncio.to_thread(self._ensure)
            except asyncio.CancelledError:
                self._kill()  # the thread that waits for it cannot be cancelled, but sees it end
                raise
        return self._base_url, self._key

    def stop(self) -> None:
        """End the child and wait until it is gone. `address()` raises afterwards."""
        self._stopped = True
        self._kill()
        with self._starting:  # a thread that waits for the child to be ready sees it end
            self._close_files()

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
                raise ProviderDownError(
                    f"The embedded model stopped twice: {self._last_words()} Run the command again."
                )
            self._start(self._model())

    def _start(self, path: Path) -> None:
        self._path = path
        process = self._spawn()
        settings = {
            "model": str(path.resolve()),
            "alias": path.stem,
            "context_tokens": self.context_tokens,
            "threads": self.threads,
            "api_key": self._key,
        }
        seconds = self._start_timeout or _START_SECONDS + path.stat().st_size / _SLOWEST_DISK
        try:
            report = _exchange(process, json.dumps(settings).encode() + b"\n", seconds)
        except TimeoutError:
            self._kill()
            raise ModelError(f"The embedded model {path.name} was not ready after {seconds:.0f} s.") from None
        if not report.endswith(b"\n"):
            with suppress(subprocess.TimeoutExpired):  # it closed stdout: let it end, and with its own code
                process.wait(_END_SECONDS)
            self._kill()
            if self._stopped:
                raise ModelError(STOPPED)
            raise ModelError(f"The embedded model {path.name} could not be loaded: {self._last_words()}")
        self._base_url = json.loads(report)["address"] + "/v1"

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self._changing:
            if self._stopped:
                raise ModelError(STOPPED)
            self._close_files()
            self._base_url = ""
            self._log = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the child)
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

    def _kill(self) -> None:
        with self._changing:
            if self._process is not None:
                self._process.kill()  # it owns nothing that would need an orderly end
                self._process.wait()

    def _close_files(self) -> None:
        pipes = (self._process.stdin, self._process.stdout) if self._process else ()
        for stream in (*pipes, self._log):
            if stream:
                with suppress(OSError):  # flushing into a pipe whose reader is gone
                    stream.close()

    def _last_words(self) -> str:
        """Why the child ended, as the end of a sentence."""
        text = ""
        if self._log and not self._log.closed:
            end = self._log.seek(0, os.SEEK_END)
            self._log.seek(max(0, end - _LOG_TAIL))
            text = self._log.read().decode("utf-8", "replace")
        return _reason(text, self._process.returncode if self._process else None)


def _exchange(process: subprocess.Popen[bytes], line: bytes, seconds: float) -> bytes:
    """The child's one line in answer to ours; what there is of it if the child ends. TimeoutError after `seconds`."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("the child needs both pipes")
    with suppress(BrokenPipeError):  # it ended already: its missing answer says so
        process.stdin.write(line)
        process.stdin.flush()
    deadline = time.monotonic() + seconds
    answer = b""
    with selectors.DefaultSelector() as selector:  # select() itself fails beyond 1024 open files
        selector.register(process.stdout, selectors.EVENT_READ)
        while not answer.endswith(b"\n"):
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            piece = os.read(process.stdout.fileno(), 4096)
            if not piece:
                break
            answer += piece
    return answer


def _environment() -> dict[str, str]:
    """The child's environment: without keys of other providers, and with short spinning at barriers.

    The engine's threads meet at a barrier hundreds of times a token, and by default spin there for long. When one
    core has other work they then write 1-9 tokens/s instead of 35; with 1000 turns 15 there and 35 on free cores
    (measured on 2 cores; waiting without spinning: 15-22 and 22).
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    return {"GOMP_SPINCOUNT": "1000"} | kept


def _reason(log: str, returncode: int | None) -> str:
    """Why a child ended: the signal; else the engine's first error, which is nearest the cause; else its last line."""
    if returncode == -signal.SIGKILL:
        return "it was killed, perhaps because memory ran out."
    if returncode is not None and returncode < 0:
        return f"it was ended by {signal.Signals(-returncode).name}."
    errors = _ENGINE_ERROR.findall(log) or log.split("\n")[-2:-1] or [f"it ended with code {returncode}"]
    return str(errors[0]).strip().removesuffix(".") + "."
