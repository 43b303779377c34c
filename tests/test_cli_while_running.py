"""What a command says on its way and what a signal does to it, each by itself: what the tests that start programs see
from outside (test_cli.py, archive/test_batch_command.py, watch/test_cli_watch.py)."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from presseschau.analysis import Options
from presseschau.archive.progress import Progress
from presseschau.cli import analysing, archiving, model, watching
from presseschau.cli.exits import Terminated
from presseschau.cli.groups import CacheChoice
from presseschau.errors import ConfigurationError, OutputError, ProviderDownError
from presseschau.llm.engine import choose
from presseschau.llm.local.download import DownloadProgress
from presseschau.llm.spending import RequestEvent
from presseschau.watching.state import WatchStatus
from presseschau.watching.watcher import Round

STOPPING = "Stopping once the articles under way are finished. Press again to stop at once; nothing is lost.\n"
NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
Kill = Callable[[signal.Signals], None]


@pytest.fixture
def kill() -> Iterator[Kill]:
    """Sends a signal to this process, which is not ended by it."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda *_: None)
    yield lambda number: os.kill(os.getpid(), number)
    for number, handler in before.items():
        signal.signal(number, handler)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """What was said on stderr, without who says it."""
    return capsys.readouterr().err.replace("presseschau: ", "")


class Stopped:
    """Notes how it is stopped."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.one = asyncio.Event()

    def stop(self, *grace: float) -> None:
        self.heard.append(("stop", *grace))
        self.one.set()

    def cancel(self) -> None:
        self.heard.append("cancel")
        self.one.set()

    async def next(self) -> None:
        await asyncio.wait_for(self.one.wait(), 20)
        self.one.clear()


@pytest.mark.parametrize(("first", "grace"), [(signal.SIGINT, 30.0), (signal.SIGTERM, 8.0)])
async def test_the_first_signal_stops_a_batch_in_order_and_the_second_at_once(
    kill: Kill, capsys: pytest.CaptureFixture[str], first: signal.Signals, grace: float
) -> None:
    control, caught = Stopped(), list[signal.Signals]()
    archiving._listen(control, caught)  # type: ignore[arg-type]
    kill(first)
    await control.next()
    kill(signal.SIGTERM)
    await control.next()
    assert control.heard == [("stop", grace), "cancel"]
    assert caught == [first, signal.SIGTERM]
    assert said(capsys) == STOPPING
    loop = asyncio.get_running_loop()
    assert [loop.remove_signal_handler(number) for number in (signal.SIGINT, signal.SIGTERM)] == [False, False]


async def test_the_first_signal_stops_a_watch_in_order_and_a_second_or_some_time_at_once(
    kill: Kill, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher, caught = Stopped(), list[signal.Signals]()
    watching._listen(watcher, caught)  # type: ignore[arg-type]
    kill(signal.SIGINT)
    await watcher.next()
    kill(signal.SIGTERM)
    await watcher.next()
    assert watcher.heard == [("stop",), "cancel"]
    assert said(capsys) == STOPPING

    monkeypatch.setattr(watching, "_GRACE", 0.0)
    late = Stopped()
    watching._listen(late, [])  # type: ignore[arg-type]
    kill(signal.SIGTERM)
    while len(late.heard) < 2:
        await late.next()
    assert late.heard == [("stop",), "cancel"]


def test_sigterm_ends_an_article_in_order(kill: Kill) -> None:
    ended: list[str] = []

    async def work(engine: object) -> None:
        kill(signal.SIGTERM)
        try:
            await asyncio.sleep(20)
        finally:
            ended.append("in order")

    with pytest.raises(Terminated):
        analysing.run_with_engine(
            work, choose("m", base_url="http://127.0.0.1:9/v1"), CacheChoice(None, "normal"), Options(), quiet=True
        )
    assert ended == ["in order"]


def test_a_download_says_each_tenth_once(capsys: pytest.CaptureFixture[str]) -> None:
    with model._progress(quiet=False) as show:
        for done in (0, 9, 10, 10, 35, 20, 100):
            show(DownloadProgress("Hub", done, 100))
    with model._progress(quiet=True) as show:
        show(DownloadProgress("Hub", 50, 100))
    assert said(capsys).split("\n") == ["Hub: 0 %", "Hub: 10 %", "Hub: 30 %", "Hub: 100 %", ""]


def test_where_there_is_no_terminal_a_line_is_said_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(archiving, "time", SimpleNamespace(monotonic=lambda: clock.now))
    trouble = archiving.LastTrouble()
    show = archiving._lines(trouble)
    for now, note in ((9.9, ""), (10.0, ""), (19.9, ""), (20.0, "A batch waits."), (40.0, "A batch waits.")):
        clock.now = now
        show(Progress(started=0.0, now=now, note=note))
    trouble.now = "waiting 3 s: busy"
    clock.now = 50.0
    show(Progress(started=0.0, now=50.0))
    first, second, third, *rest = said(capsys).split("\n")
    assert (second, rest) == ("A batch waits.", [""])
    assert first
    assert third.endswith("; waiting 3 s: busy")


def test_a_forecast_of_many_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    times = [0.0, 9.9, 10.0, 10.0, 19.9, 20.0, 20.0]
    show = archiving.counting(quiet=False, clock=lambda: times.pop(0))
    for articles in (1_000, 2_000, 3_000, 4_000):
        show(SimpleNamespace(articles=articles))  # type: ignore[arg-type]
    archiving.counting(quiet=True, clock=lambda: 99.0)(SimpleNamespace(articles=5_000))  # type: ignore[arg-type]
    assert said(capsys) == "2,000 articles read\n4,000 articles read\n"


def test_lasting_troubles_are_said_once_and_passing_ones_stand_beside_the_progress(
    capsys: pytest.CaptureFixture[str],
) -> None:
    batch, watch = archiving.LastTrouble(), watching._Trouble()
    stands = []
    for state, wait, detail in (
        ("retrying", 0.5, "busy"), ("retrying", 1.0, "busy"), ("answered", 0.0, ""), ("waiting", 0.0, "the server"),
        ("stepped_down", 0.0, "no schema"), ("noted", 0.0, "odd"), ("noted", 0.0, "odd"), ("not_stored", 0.0, "full"),
        ("sent", 0.0, "never said"),
    ):  # fmt: skip
        for one in (batch, watch):
            one.hear(RequestEvent("translate", state, wait=wait, detail=detail))  # type: ignore[arg-type]
        stands.append(batch.now)
    assert stands == ["busy", "waiting 1 s: busy", "", *["the server"] * 6]
    assert said(capsys) == "no schema\nno schema\nodd\nodd\nfull\nfull\n"


@pytest.mark.parametrize(("reasons", "code"), [({}, 1), ({"empty": 2}, 1), ({"follow": 1}, 2), ({"follow": 1_200}, 2)])
def test_addresses_that_were_not_to_be_fetched_are_a_matter_of_usage(
    capsys: pytest.CaptureFixture[str], reasons: dict[str, int], code: int
) -> None:
    assert archiving._nothing(reasons) == code
    items = {1: "1 item", 1_200: "1,200 items"}.get(reasons.get("follow", 0))
    expected = f"Of {items} only a web address is given: use --follow to fetch the pages.\n" if items else ""
    if not reasons:
        expected = "There is nothing to read: no file, or no article in one, in what was given.\n"
    assert said(capsys) == expected


class Rounds:
    """A watcher whose rounds end as they are told; its clock notes until when it was waited."""

    def __init__(self, *ends: Round | Exception) -> None:
        self.stopping, self._ends, self.waited = asyncio.Event(), list(ends), list[datetime]()
        self.clock = SimpleNamespace(now=lambda: NOON, until=self._until)

    async def _until(self, when: datetime, stopping: asyncio.Event) -> None:
        self.waited.append(when)

    async def round(self) -> Round:
        end = self._ends.pop(0)
        if not self._ends:
            self.stopping.set()
        if isinstance(end, Exception):
            raise end
        return end


def job(*, once: bool = False) -> Any:
    day = SimpleNamespace(max_cost=None)
    return SimpleNamespace(once=once, asks=True, purse=SimpleNamespace(day=day))


async def test_a_full_disk_is_waited_for_and_the_next_round_when_it_is_due(capsys: pytest.CaptureFixture[str]) -> None:
    due, last = NOON + timedelta(hours=1), list[Round]()
    first, second = Round(NOON, looked=2, next=due), Round(NOON, looked=3)
    watcher: Any = Rounds(OutputError("The disk is full."), first, second)
    await watching._rounds(watcher, job(), last, quiet=False)
    assert watcher.waited == [NOON + timedelta(minutes=5), due]
    assert last == [second]
    lines = said(capsys).split("\n")
    assert lines[0] == "The disk is full. It is tried again in 5 minutes."
    assert [line.partition(" ")[2] for line in lines[1:]] == ["2 sources read: nothing new.", ""]  # of the last nothing


async def test_of_one_round_a_fault_ends_the_watch() -> None:
    with pytest.raises(OutputError):
        await watching._rounds(Rounds(OutputError("full")), job(once=True), [], quiet=True)  # type: ignore[arg-type]
    wrong: Any = Rounds(Round(NOON, error=ConfigurationError("no key")), Round(NOON))
    with pytest.raises(ConfigurationError):
        await watching._rounds(wrong, job(), [], quiet=True)
    one: Any = Rounds(Round(NOON), Round(NOON))
    await watching._rounds(one, job(once=True), [], quiet=True)
    assert not one.stopping.is_set()


def test_a_round_says_ten_lines_of_a_kind_and_each_fault_once(capsys: pytest.CaptureFixture[str]) -> None:
    resting: Any = SimpleNamespace(due=NOON.isoformat(), failures=3, fault="404")
    done = Round(
        NOON, looked=4, seen=Counter(new=2, gone=1), said=[f"line {n}" for n in range(12)], faults=["x", "x", "y"],
        resting=[resting], failed=[f"a{n}" for n in range(11)], done=1, waiting=1, told=2,
        error=ProviderDownError("Nobody answers."),
    )  # fmt: skip
    watching.say(done, job(), first=True, quiet=False)
    lines = said(capsys).split("\n")
    assert lines[:14] == [
        *(f"line {n}" for n in range(10)),
        "And 2 more such lines.",
        "Not read: x",
        "Not read: y",
        lines[13],
    ]
    assert lines[13].startswith("Not asked before ")
    assert lines[13].endswith(", since it failed 3 times: 404")
    assert lines[14:24] == [f"Failed for good: a{n}" for n in range(10)]
    assert lines[24].partition(" ")[2] == (
        "1 of 4 sources read: 2 new, 1 with a page that is gone; 1 analysed; 11 failed; 1 waits; 2 told."
    )
    assert lines[25:] == ["Nobody answers. What waits is tried again in the next round.", ""]

    watching.say(done, job(), first=False, quiet=True)
    quiet = said(capsys).split("\n")
    assert quiet == [*lines[11:13], *lines[14:24], *lines[25:]]
    watching.say(Round(NOON), job(), first=False, quiet=False)
    assert said(capsys) == ""


def test_all_that_is_known_of_a_watch_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    row: dict[str, Any] = dict.fromkeys(("looked", "read", "due", "ended"))
    row |= {"source": "https://a.example/feed", "kind": "feed", "address": "https://b.example/feed"}
    row |= {"fault": "HTTP 500", "failures": 3}
    feed = SimpleNamespace(row=SimpleNamespace(**row), states={"done": 2, "same": 1})
    folder = SimpleNamespace(
        row=SimpleNamespace(**row | {"source": "in", "kind": "", "address": "in", "ended": "gone"}), states={}
    )
    days = [("2026-05-14", "m", 2, 0.5, "running"), ("2026-05-13", "m", 1200, None, "interrupted")]
    found = WatchStatus(
        (feed, folder), {"waiting": 3, "page": 2, "done": 9}, tuple(days), (("Rat tagt", "refused"),),
        (("Rat", 4, 1, "exit 1"), ("Bahn", 0, 0, None)), (("2026-05-14", "n.html"), ("2026-05-13", None)), 1234, 5,
    )  # fmt: skip
    monkeypatch.setattr("presseschau.watching.state.status", lambda archive: found)

    watching.tell_status(Path("a.db"), json=False)

    assert capsys.readouterr().out.splitlines() == [
        "https://a.example/feed  (feed)",
        "    read at   https://b.example/feed",
        "    looked    never, read never, next never",
        "    failed    3 times in a row: HTTP 500",
        "    items     2 done, 1 the same as others",
        "in  (not read yet)",
        "    looked    never, read never, next never",
        "    ended     gone",
        "    items     none",
        "archive    1,234 articles, 5 with earlier versions; 5 items wait",
        "2026-05-14  2 requests to m, 0.5000 USD",
        "2026-05-13  1,200 requests to m, its price is not known (--price) (interrupted)",
        "note       2026-05-14  n.html",
        "note       2026-05-13  nothing to write about",
        "search     Rat: 4 told, 1 to be told; exit 1",
        "search     Bahn: 0 told, 0 to be told",
        "failed     Rat tagt: refused",
    ]
