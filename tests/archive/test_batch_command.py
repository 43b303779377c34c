"""`presseschau batch` as a process: signals, kill -9, a second process, exit codes, what is printed."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path

import pytest

from archive_world import asked_for, german, times_asked, translated, write_articles
from fault_server import FaultServer, Reply, Seen, completion, error
from in_process import presseschau
from note_server import endpoint
from presseschau.results import read_results

AT_ONCE = 4


async def start(server: FaultServer, folder: Path, *more: str, out: str = "out.jsonl") -> Process:
    command = [
        sys.executable, "-m", "presseschau", "batch", str(folder / "in.jsonl"), "-o", str(folder / out), "-m", "m",
        "--base-url", server.base_url, "--tasks", "translate", "--cache", str(folder / "cache.sqlite"),
        "--concurrency", str(AT_ONCE), *more,
    ]  # fmt: skip
    known = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI", "PRESSESCHAU"))}
    return await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, env=known)


async def finished(process: Process) -> tuple[int | None, str, str]:
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


def at_request(number: int, do: Callable[[], None], server: FaultServer) -> Callable[[Seen], Reply]:
    def reply(seen: Seen) -> Reply:
        if len(server.requests) == number:
            do()
        return translated(seen)

    return reply


def numbers(path: Path) -> list[int]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [int(json.loads(line)["article"]["headline"].split()[1]) for line in lines]


@pytest.mark.fault("machine", "what is under way is finished; the same command continues", name="signal")
@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
async def test_a_signal_ends_it_in_good_order(tmp_path: Path, number: signal.Signals, code: int) -> None:
    write_articles(tmp_path / "in.jsonl", range(200))
    async with FaultServer([]) as server:
        process = await start(server, tmp_path)
        server.script = [at_request(12, lambda: process.send_signal(number), server)]
        ended, _, said = await finished(process)
        assert ended == code
        assert said.count("same command to continue") == 1
        done = len(numbers(tmp_path / "out.jsonl"))
        assert 0 < done == len(server.requests) < 200  # what was under way was finished and kept
        server.script = [translated]
        assert (await finished(await start(server, tmp_path)))[0] == 0
    assert numbers(tmp_path / "out.jsonl") == list(range(200))
    assert set(times_asked(server.requests).values()) == {1}


@pytest.mark.fault("machine", "ends at once; nothing is lost", name="a second signal")
@pytest.mark.slow
async def test_the_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    write_articles(tmp_path / "in.jsonl", range(50))
    async with FaultServer([]) as server:
        process = await start(server, tmp_path)

        def reply(seen: Seen) -> Reply:
            if len(server.requests) == 10:
                process.send_signal(signal.SIGINT)
            return translated(seen) if len(server.requests) < 10 else Reply(ending="hang")

        server.script = [reply]
        assert process.stderr is not None
        await process.stderr.readuntil(b"Press again to stop at once")  # two signals at once would be one
        process.send_signal(signal.SIGINT)
        ended, _, _ = await asyncio.wait_for(finished(process), 20)  # alone, what hangs is given up after 30 s
        assert ended == 130
        server.script = [translated]
        assert (await finished(await start(server, tmp_path)))[0] == 0
    assert numbers(tmp_path / "out.jsonl") == list(range(50))


@pytest.mark.fault(
    "machine", "the output is byte for byte that of an undisturbed run", name="kill -9 at random moments"
)
@pytest.mark.slow
async def test_killed_again_and_again_it_ends_as_if_it_never_was(tmp_path: Path) -> None:
    """A few kills here; `tests/measure/archive_kills.py` does a hundred."""
    chance = random.Random(7)
    write_articles(tmp_path / "in.jsonl", range(120))
    kills = 0
    async with FaultServer([translated]) as server:
        while True:
            process = await start(server, tmp_path)
            if kills < 4:
                server.script = [at_request(len(server.requests) + chance.randint(1, 25), process.kill, server)]
            if (await finished(process))[0] == 0:
                break
            kills += 1
        repeats = sum(count - 1 for count in times_asked(server.requests).values())
        server.script = [translated]
        assert (await finished(await start(server, tmp_path, "--no-cache", out="whole.jsonl")))[0] == 0
    assert kills >= 3
    assert repeats <= kills * 3 * AT_ONCE
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


@pytest.mark.fault("machine", "refused in a sentence", name="a second process of one run")
@pytest.mark.slow
async def test_a_second_process_is_refused(tmp_path: Path) -> None:
    write_articles(tmp_path / "in.jsonl", range(60))
    async with FaultServer([]) as server:
        held = asyncio.Event()

        def hold(seen: Seen) -> Reply:
            held.set()
            return Reply(ending="hang") if len(server.requests) <= AT_ONCE else translated(seen)

        server.script = [hold]
        first = await start(server, tmp_path)
        await held.wait()
        code, _, said = await finished(await start(server, tmp_path))
        assert (code, "Another process is working on this run" in said) == (74, True)
        first.kill()
        await finished(first)
        server.script = [translated]
        assert (await finished(await start(server, tmp_path)))[0] == 0
    assert numbers(tmp_path / "out.jsonl") == list(range(60))


@pytest.mark.slow
async def test_exit_codes_and_what_is_said(tmp_path: Path) -> None:
    write_articles(tmp_path / "in.jsonl", range(3))
    async with FaultServer([error(401)]) as server:
        code, out, said = await finished(await start(server, tmp_path))
        assert (code, out) == (4, "")
        assert "key" in said
        server.script = [translated]
        code, out, _ = await finished(await start(server, tmp_path, "--dry-run", "--price", "1,2"))
        assert (code, len(server.requests)) == (0, 3)
        assert "3 to send" in out
        assert "USD" in out
        code, _, said = await finished(await start(server, tmp_path, "--max-tokens", "10"))
        assert code == 5
        assert "same command" in said
        code, out, said = await finished(await start(server, tmp_path))
        assert (code, out) == (0, "")
        assert "3 done" in said
        code, _, said = await finished(await start(server, tmp_path, "--english", "american"))
        assert code == 4
        code, _, said = await finished(await start(server, tmp_path, "--max-cost", "1", out="other.jsonl"))
        assert code == 4
        assert "--price IN,OUT" in said
        code, _, _ = await finished(await start(server, tmp_path, "--tasks", "translate,dance"))
        assert code == 2
    assert len(server.requests) == 6


def test_what_is_there_of_an_article_of_which_something_failed_is_said(tmp_path: Path) -> None:
    """Three translations whose summaries failed are no three articles of nothing."""
    write_articles(tmp_path / "in.jsonl", range(3))

    def reply(seen: Seen) -> Reply:
        return translated(seen) if asked_for(seen.json["messages"][-1]["content"]) else completion("No.")

    with endpoint([reply]) as server:
        done = presseschau(
            "batch", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.jsonl"), "-m", "m", "--base-url",
            server["url"], "--tasks", "translate,summary", "--no-cache",
        )  # fmt: skip
    assert "3 items: 0 done, 3 done in part (3 translations made; 3 summaries failed). " in done.err
    assert done.code == 3
    manifest = json.loads((tmp_path / "out.jsonl.d" / "manifest.json").read_text("utf-8"))
    assert (manifest["counts"]["failed"], manifest["partly"]) == (3, 3)
    assert manifest["parts"] == {"translation": {"made": 3, "failed": 0}, "summary": {"made": 0, "failed": 3}}


def test_a_rerun_says_of_which_runs_its_tokens_are_and_what_the_warnings_are_about(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text(german(1, sentences=1), encoding="utf-8")
    with endpoint([translated]) as server:
        first, again = (
            presseschau(
                "batch", str(tmp_path / "in.txt"), "-o", str(tmp_path / "out.jsonl"), "-m", "m", "--base-url",
                server["url"], "--tasks", "translate", "--no-cache",
            )
            for _ in range(2)
        )  # fmt: skip
    assert "1 item: 1 done (1 with warnings about the article or its English). " in first.err
    assert re.search(r" [1-9]\d* tokens\.$", first.err, re.M)
    assert again.err.strip() == first.err.strip().removesuffix(".") + " in all runs."
    verified = presseschau("verify", str(tmp_path / "out.jsonl"))
    assert "1 checked: 0 errors, 0 warnings" in verified.err  # of the English: hardly any text is the article's


@pytest.mark.slow
async def test_an_archive_is_gone_on_with_and_takes_other_articles(tmp_path: Path) -> None:
    """The archive holds its own decisions: it is no file that a run may not write to."""
    async with FaultServer([translated]) as server:
        for known in (range(2), range(2), range(2, 3)):
            write_articles(tmp_path / "in.jsonl", known)
            code, _, said = await finished(await start(server, tmp_path, out="archive.db"))
            assert code == 0, said
    assert sum(times_asked(server.requests).values()) == 3
    assert len([*read_results(tmp_path / "archive.db")]) == 3


@pytest.mark.slow
async def test_a_rerun_loads_neither_the_sdk_nor_the_engine(tmp_path: Path) -> None:
    write_articles(tmp_path / "in.jsonl", range(3))
    async with FaultServer([translated]) as server:
        await finished(await start(server, tmp_path))
        code = (
            "import sys\nfrom presseschau.cli import main\n"
            "try: main()\nexcept SystemExit: pass\n"
            "print(sorted({'openai', 'xllamacpp', 'aiohttp', 'httpx2', 'tenacity'} & set(sys.modules)))"
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, "batch", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.jsonl"),
            "-m", "m", "--base-url", server.base_url, "--tasks", "translate", "--price", "0,0",
            "--cache", str(tmp_path / "cache.sqlite"), stdout=PIPE, stderr=PIPE,
        )  # fmt: skip
        _, out, err = await finished(process)
    assert out.strip() == "[]", err
