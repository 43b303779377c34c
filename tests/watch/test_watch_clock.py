"""Clocks that are set, stand still or change for winter, and machines that sleep: one round, not twenty; no round is
missing."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from presseschau.errors import OutputError
from presseschau.library.store import Archive
from presseschau.watching.clock import WallClock, day_before, day_of, locked, midnight
from presseschau.watching.noting import notes_due
from presseschau.watching.sources import DailyNote, SourceRules
from presseschau.watching.state import WatchState, is_due, stamp
from watch_world import BERLIN, MONDAY, Sent, World, item, rss, story

HALF = timedelta(minutes=30)


def looks(world: World) -> int:
    return sum(path == "a.rss" for path, _ in world.paper.seen)


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> None:
    import time as clock

    monkeypatch.setenv("TZ", "Europe/Berlin")
    clock.tzset()
    yield
    monkeypatch.undo()
    clock.tzset()


async def test_a_day_has_so_many_rounds_and_a_sleep_one(world: World) -> None:
    world.has["a.rss"] = Sent(rss("B", [item(story(1, MONDAY), world.url("b/1"), "g")]))
    source = SourceRules(address=world.url("a.rss"), tasks=("translate",))
    rounds = []
    with Archive(world.folder / "archive.db") as archive:
        watcher = world.watcher(archive, source, once=False)
        world.clock.end = MONDAY + timedelta(hours=6)
        await watcher.rounds(rounds.append)
        assert (len(rounds), looks(world)) == (12, 12)
        world.later(hours=9)  # the machine slept
        before = looks(world)
        watcher = world.watcher(archive, source, once=False)
        world.clock.end = world.clock.time + timedelta(minutes=29)
        await watcher.rounds(rounds.append)
        assert looks(world) - before == 1


async def test_the_clock_is_set_back(world: World) -> None:
    world.has["a.rss"] = Sent(rss("B", [item(story(1, MONDAY), world.url("b/1"), "g")]))
    source = SourceRules(address=world.url("a.rss"), tasks=("translate",), every=HALF)
    for more in (timedelta(days=400), timedelta(days=-400), HALF):
        before = looks(world)
        assert (await world.round(source)).done == (1 if more.days == 400 else 0)
        assert looks(world) - before == 1
        world.clock.time += more
    assert len(world.asked.requests) == 1


def test_what_is_due() -> None:
    now = datetime(2026, 10, 19, 12, tzinfo=UTC)
    assert is_due(None, now, HALF)
    assert is_due(stamp(now), now, HALF)
    assert not is_due(stamp(now + HALF), now, HALF)
    assert is_due(stamp(now + HALF * 3), now, HALF)  # no wait is so long: the clock was set back


async def test_the_hour_that_comes_twice_and_the_one_that_is_missing(world: World) -> None:
    note = DailyNote(folder=Path("x"), at=time(2, 30))
    with Archive(world.folder / "archive.db") as archive:
        state = WatchState(archive)
        for day in (datetime(2026, 10, 25, tzinfo=BERLIN), datetime(2026, 3, 29, tzinfo=BERLIN)):
            start, written = day.astimezone(UTC), []
            for step in range(50):
                now = start + HALF * step
                if day_of(now) == day.date().isoformat() and notes_due(state, [note], now):
                    written.append(now)
                    with archive.database.transaction():
                        archive.database.run(
                            "INSERT INTO watch_notes VALUES (?, ?, '', NULL)", note.name, day_of(now)
                        )  # fmt: skip
            assert len(written) == 1
            with archive.database.transaction():
                archive.database.run("DELETE FROM watch_notes")
    winter = datetime(2026, 10, 25, 22, 30, tzinfo=UTC)
    assert (day_of(winter), day_before(winter)) == ("2026-10-25", "2026-10-24")
    assert midnight(winter).astimezone(UTC).hour == 22


async def test_the_wall_clock_is_asked_again_and_stops_at_once() -> None:
    clock, stop = WallClock(), asyncio.Event()
    await clock.until(clock.now() - HALF, stop)
    asyncio.get_running_loop().call_soon(stop.set)
    await asyncio.wait_for(clock.until(clock.now() + HALF, stop), 5)
    times = iter([MONDAY, MONDAY, MONDAY + timedelta(hours=9)])  # slept meanwhile
    clock.now = lambda: next(times)  # type: ignore[method-assign]
    waiting = asyncio.create_task(clock.until(MONDAY + HALF, asyncio.Event()))
    await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()


async def test_nobody_waits_for_a_slow_site_when_it_is_stopped(world: World) -> None:
    class Slow(dict[str, Sent]):
        def get(self, path: str, default: Sent | None = None) -> Sent:  # type: ignore[override]
            asked.set()
            answered.wait(60)
            return Sent("")

    asked, answered = threading.Event(), threading.Event()
    world.has = Slow()
    with Archive(world.folder / "archive.db") as archive:
        watcher = world.watcher(archive, SourceRules(address=world.url("a.rss")))
        round_ = asyncio.create_task(watcher.round())
        await asyncio.to_thread(asked.wait)
        watcher.stop()
        done = await asyncio.wait_for(round_, 5)
        answered.set()
    assert (done.looked, done.seen.total()) == (0, 0)


def test_one_process_alone_watches_into_an_archive(tmp_path: Path) -> None:
    holder = (
        "import pathlib, sys\nfrom presseschau.watching.clock import locked\n"
        "with locked(pathlib.Path(sys.argv[1])):\n    print('held', flush=True)\n    input()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", holder, str(tmp_path / "a.db")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    with pytest.raises(OutputError, match="Another process already watches"), locked(tmp_path / "a.db"):
        pass
    process.kill()
    process.communicate()
    with locked(tmp_path / "a.db"), locked(tmp_path / "b.db"):
        pass
