"""The life of the child process, with the real `child.py` and an engine that needs no model."""

import asyncio
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from processes import DEADLINE, wait_for_end

from presseschau.errors import ModelError, ProviderDownError
from presseschau.llm.local import server as server_module
from presseschau.llm.local.server import LocalServer

HERE = Path(__file__).parent
PARENT = HERE / "parent.py"

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for processes by pidfd")


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    source = HERE.parents[2] / "src"
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE / "engine"), str(source)]))


@pytest.fixture
def model(tmp_path: Path):
    def write(what: str) -> Path:
        path = tmp_path / "tiny.gguf"
        path.write_text(what)
        return path

    return write


def status(base_url: str, key: str | None) -> int:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{base_url}/models", headers=headers)) as response:
            return response.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


async def test_starts_nothing_before_the_first_address(model):
    def must_not_be_called() -> Path:
        raise AssertionError

    async with LocalServer(must_not_be_called) as server:
        assert not server.running
        assert server.pid is None


async def test_address_answers_on_loopback_and_demands_the_key(model):
    path = model("serve")
    async with LocalServer(lambda: path) as server:
        base_url, key = await server.address()
        assert base_url.startswith("http://127.0.0.1:")
        assert base_url.endswith("/v1")
        assert len(bytes.fromhex(key)) == 32
        assert await asyncio.to_thread(status, base_url, key) == 200
        assert await asyncio.to_thread(status, base_url, None) == 401
        assert await asyncio.to_thread(status, base_url, "0" * 64) == 401


async def test_key_is_in_no_command_line_or_environment(model, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "canary-of-another-provider")
    path = model("serve")
    async with LocalServer(lambda: path) as server:
        _, key = await server.address()
        process = Path("/proc") / str(server.pid)
        shown = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        assert b"child.py" in shown
        assert key.encode() not in shown
        assert b"canary" not in shown


async def test_many_callers_start_one_child(model):
    path = model("serve")
    async with LocalServer(lambda: path) as server:
        addresses = await asyncio.gather(*(server.address() for _ in range(8)))
        assert len(set(addresses)) == 1


async def test_a_dead_child_is_restarted_once(model):
    path = model("serve")
    async with LocalServer(lambda: path) as server:
        address = await server.address()
        assert await server.address() == address
        first = server.pid
        os.kill(first, signal.SIGKILL)
        assert await asyncio.to_thread(wait_for_end, first)
        base_url, key = await server.address()
        second = server.pid
        assert second != first
        assert await asyncio.to_thread(status, base_url, key) == 200
        os.kill(second, signal.SIGKILL)
        assert await asyncio.to_thread(wait_for_end, second)
        with pytest.raises(ProviderDownError, match="stopped twice: it was killed"):
            await server.address()


@pytest.mark.parametrize(
    ("what", "reason"),
    [("fail", "could not be loaded: the tensors are missing"), ("die", "could not be loaded: it was killed")],
)
async def test_a_model_that_cannot_be_loaded_says_why(model, what, reason):
    path = model(what)
    async with LocalServer(lambda: path) as server:
        with pytest.raises(ModelError, match=reason):
            await server.address()


async def test_loading_has_a_deadline(model):
    path = model("hang")
    async with LocalServer(lambda: path, start_timeout=1.0) as server:
        with pytest.raises(ModelError, match="was not ready after 1 s"):
            await server.address()
        assert not server.running


async def test_loading_may_take_a_minute_and_the_time_to_read_the_file(model, monkeypatch):
    path = model("hang")
    os.truncate(path, 2_000_000_000)  # a hole; nothing is read of it
    waited = []

    def late(process, line, seconds):
        waited.append(seconds)
        raise TimeoutError

    monkeypatch.setattr(server_module, "_exchange", late)
    async with LocalServer(lambda: path) as server:
        with pytest.raises(ModelError, match="was not ready after 160 s"):
            await server.address()
    assert waited == [160.0]


async def test_a_file_that_fails_its_check_is_never_loaded():
    def refused() -> Path:
        raise ModelError("not the pinned file")

    async with LocalServer(refused) as server:
        with pytest.raises(ModelError, match="not the pinned file"):
            await server.address()
        assert server.pid is None


async def test_cancelling_ends_a_child_that_loads(model):
    path = model("hang")
    server = LocalServer(lambda: path)
    start = asyncio.create_task(server.address())
    while not server.running:  # noqa: ASYNC110 (there is no event to wait for, and it takes an instant)
        await asyncio.sleep(0)
    pid = server.pid
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    assert await asyncio.to_thread(wait_for_end, pid)
    server.stop()


async def test_no_address_after_stop(model):
    path = model("serve")
    server = LocalServer(lambda: path)
    await server.address()
    pid = server.pid
    server.stop()
    assert wait_for_end(pid)
    with pytest.raises(ModelError, match="stopped"):
        await server.address()


@pytest.mark.parametrize("end", ["return", "raise", "forget", "kill", "terminate"])
def test_the_child_ends_with_its_parent(model, end):
    with start_parent(model("serve"), end) as parent:
        child = int(parent.stdout.readline())
        assert wait_for_end(child)
        parent.communicate(timeout=DEADLINE)


def test_the_child_ends_with_a_parent_killed_while_it_loads(model):
    with start_parent(model("hang"), "loading") as parent:
        child = int(parent.stdout.readline())
        parent.kill()
        assert wait_for_end(child)


def test_ctrl_c_in_the_terminal_ends_both(model):
    with start_parent(model("serve"), "wait", start_new_session=True) as parent:
        child = int(parent.stdout.readline())
        os.killpg(parent.pid, signal.SIGINT)  # as a terminal does: to parent and child
        assert wait_for_end(child)
        parent.communicate(timeout=DEADLINE)
        assert parent.returncode == -signal.SIGINT


def test_ctrl_c_alone_does_not_end_the_child(model):
    with start_parent(model("serve"), "wait") as parent:
        child = int(parent.stdout.readline())
        ignored = next(
            line for line in Path(f"/proc/{child}/status").read_text().splitlines() if line.startswith("SigIgn")
        )
        assert int(ignored.split()[1], 16) >> (signal.SIGINT - 1) & 1
        parent.kill()
        assert wait_for_end(child)


def start_parent(model: Path, end: str, **how) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, str(PARENT), str(model), end],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how,
    )  # fmt: skip
