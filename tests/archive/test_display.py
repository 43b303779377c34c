"""What people see of a run."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

import pytest

from archive_world import write_articles
from presseschau.archive.forecast import Forecast
from presseschau.archive.progress import Progress, count_items
from presseschau.cli.archiving import LastTrouble, counting, described
from presseschau.ingest.document import ReadOptions
from presseschau.llm.spending import RequestEvent


def test_the_line_says_all_that_matters() -> None:
    progress = Progress(
        started=100, now=160, ended=Counter({"done": 40, "failed": 2}), earlier=Counter({"done": 100, "skipped": 1}),
        articles=30, under_way=9, limit=8, expected=1_000, cached=5, tokens=123_456, cost=0.25,
    )  # fmt: skip
    assert described(progress) == (
        "143 of 1,000 done · 101 earlier · 2 failed · 1 skipped · 5 answers cached · 30 a minute · 29 min left · "
        "123,456 tokens · 0.2500 USD · 9 articles under way, 8 requests at once"
    )


def test_what_is_not_known_is_not_said() -> None:
    assert described(Progress(started=0)) == "0 done · 0 a minute · 0 tokens · 0 articles under way"
    alone = described(Progress(started=0, under_way=1, limit=1))
    assert alone.endswith("0 tokens · 1 article under way, 1 request at once")


def test_a_lasting_trouble_is_printed_once(capsys: pytest.CaptureFixture[str]) -> None:
    notes = LastTrouble()
    for _ in range(3):
        notes.hear(RequestEvent("translate", "stepped_down", detail="the server does not take this"))
        notes.hear(RequestEvent("translate", "retrying", wait=20, detail="HTTP 503"))
    assert capsys.readouterr().err.count("the server does not take this") == 1
    assert notes.now == "waiting 20 s: HTTP 503"
    notes.hear(RequestEvent("translate", "waiting", 10.0, detail="the server has not answered for 10 s"))
    assert notes.now == "the server has not answered for 10 s"
    notes.hear(RequestEvent("translate", "answered"))
    assert notes.now == ""
    for _ in range(2):
        notes.hear(RequestEvent("translate", "noted", detail="another model answered"))
    assert capsys.readouterr().err.count("another model answered") == 1


@pytest.mark.parametrize(("more", "expected"), [([], 7), (["-"], None), (["https://example.org/a"], None)])
def test_the_input_is_counted_where_it_can_be_read_twice(tmp_path: Path, more: list[str], expected: int | None) -> None:
    progress = Progress(started=0)
    source = write_articles(tmp_path / "in.jsonl", range(7))
    count_items([str(source), *more], ReadOptions(), progress, threading.Event())
    assert progress.expected == expected


@pytest.mark.parametrize(("quiet", "lines"), [(False, 3), (True, 0)])
def test_a_forecast_says_how_far_it_is(quiet: bool, lines: int, capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    show = counting(quiet=quiet, clock=lambda: now)
    for articles in range(1, 36):
        now = float(articles)
        show(Forecast(articles=articles))
    assert capsys.readouterr().err.splitlines() == [f"presseschau: {n}0 articles read" for n in range(1, lines + 1)]
