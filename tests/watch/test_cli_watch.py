"""`presseschau watch` as a user or a script calls it: exit codes, what is said, status, one watcher alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fault_server import Reply, error
from in_process import Ended, presseschau
from presseschau.watching.clock import locked
from watch_world import MONDAY, Sent, World, item, rss, story


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presseschau.ingest.polite._PAUSE", 0.0)


def run(world: World, *more: str, path: str = "a.rss") -> Ended:
    return presseschau(
        "watch", world.url(path), "-o", str(world.folder / "archive.db"), "-m", "m", "--base-url", world.asked.base_url,
        "--cache", str(world.folder / "cache.sqlite3"), "--allow-private", "--tasks", "translate", *more,
    )  # fmt: skip


def has(world: World, *numbers: int) -> None:
    world.has["a.rss"] = Sent(rss("B", [item(story(n, MONDAY), world.url(f"b/{n}"), f"g{n}") for n in numbers]))


def test_exit_codes_of_one_round(world: World) -> None:
    has(world, 1, 2)
    first = run(world, "--once", "--price", "1,1", "--max-cost", "1")
    assert first.code == 0
    assert "2 articles to analyse: 2 requests, likely 0.00" in first.err
    assert "1 source read: 2 new; 2 analysed; 0.00" in first.err
    assert (run(world, "--once").code, "nothing new" in run(world, "--once").err) == (8, True)

    world.has["a.rss"] = Sent("weg", "text/html", 503)
    failed = run(world, "--once")
    assert (failed.code, "Not read: " in failed.err) == (3, True)
    world.rows("SELECT 1")

    world.has["b.rss"] = Sent(rss("B", [item(story(n, MONDAY), world.url(f"b/{n}"), f"h{n}") for n in range(3, 20)]))
    spent = run(world, "--once", "--price", "1,1", "--max-cost", "0.002", path="b.rss")
    assert (spent.code, "is done first after midnight" in spent.err) == (5, True)
    world.asked.script[:] = [error(401)]
    assert run(world, "--once", path="b.rss").code == 4
    world.asked.script[:] = [Reply(ending="close")]
    with locked(world.folder / "archive.db"):
        held = run(world, "--once")
    assert (held.code, "Another process already watches" in held.err) == (74, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "name what is to be watched"),
        (["https://x.example/rss", "--every", "10s"], "once a minute"),
        (["https://x.example/rss", "--every", "bald"], "no time of the form"),
        (["https://x.example/rss", "--topic", "a"], "goes with --note"),
        (["https://x.example/rss", "--search", "ohne"], "not of the form NAME=WORDS"),
        (["https://x.example/rss", "--on-match", "mail"], "needs a search"),
        (["https://x.example/rss", "--search", "nichts=!?"], "holds no word to look for"),
        (["https://x.example/rss", "--note", "n", "--note-at", "früh"], "no time of day"),
        (["https://x.example/rss", "--json"], "goes with --status"),
    ],
)
def test_usage(tmp_path: Path, arguments: list[str], says: str) -> None:
    done = presseschau("watch", *arguments, "-o", str(tmp_path / "a.db"))
    assert (done.code, says in " ".join(done.err.replace("│", " ").split())) == (2, True)
    assert not (tmp_path / "a.db").exists()


def test_what_is_written_lies_in_no_watched_folder(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for more in (["-o", str(folder / "a.db")], ["-o", str(tmp_path / "a.db"), "--note", str(folder / "n")]):
        done = presseschau("watch", str(folder), *more)
        assert (done.code, "which is watched" in " ".join(done.err.replace("│", " ").split())) == (2, True)


def test_status_and_a_trial(world: World) -> None:
    nothing = presseschau("watch", "--status", "-o", str(world.folder / "archive.db"))
    assert (nothing.code, "does not exist" in nothing.err) == (1, True)
    has(world, 1)
    trial = run(world, "--dry-run", "--price", "1,1")
    assert (trial.code, "1 article to analyse: 1 request, likely" in trial.err, world.asked.requests) == (0, True, [])
    assert "1 waiting" in presseschau("watch", "--status", "-o", str(world.folder / "archive.db")).out
    run(world, "--once")
    told = presseschau("watch", "--status", "-o", str(world.folder / "archive.db")).out
    assert "items     1 done" in told
    assert "1 requests to m, its price is not known" in told
    found = json.loads(presseschau("watch", "--status", "--json", "-o", str(world.folder / "archive.db")).out)
    assert (found["states"], found["articles"], found["sources"][0]["row"]["kind"]) == ({"done": 1}, 1, "feed")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "code", "says"),
    [(signal.SIGINT, 130, "run the same command to continue"), (signal.SIGTERM, 143, "start it again to go on")],
)
def test_a_signal_ends_it_within_seconds_and_nothing_is_lost(
    world: World, number: signal.Signals, code: int, says: str
) -> None:
    has(world, 1)
    command = [
        sys.executable, "-m", "presseschau", "watch", world.url("a.rss"), "-o", str(world.folder / "archive.db"), "-m",
        "m", "--base-url", world.asked.base_url, "--cache", str(world.folder / "cache.sqlite3"), "--allow-private",
        "--tasks", "translate", "--every", "1m",
    ]  # fmt: skip
    known = {**os.environ, "OPENAI_API_KEY": "k"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=known) as process:
        assert process.stderr
        for line in process.stderr:
            if "1 analysed" in line:
                break
        began = datetime.now(UTC)
        process.send_signal(number)
        said = process.stderr.read()
        assert (process.wait(), says in said) == (code, True)
    assert (datetime.now(UTC) - began).total_seconds() < 30  # not the minute until it looks again
    assert world.rows("SELECT count(*) FROM articles") == [(1,)]
