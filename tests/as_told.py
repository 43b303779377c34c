"""What is said of values, and what comes of forms, for as_before.py: on both sides of each limit and of each "if".

Progress, forecasts, reports, rounds of a watch, prices, jobs: each is a plain value, then one with each part changed,
then one with all of it changed and each part left plain. Forms are those of fixtures/shown/forms.txt.
"""

from __future__ import annotations

import io
import json
import os
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar, cast, get_args
from unittest.mock import patch
from urllib.parse import parse_qs

import as_shown
from desk_visit import browser, desk
from pinned import FIXTURES
from presseschau.analysis import Options
from presseschau.archive.forecast import Forecast
from presseschau.archive.many import Input, Limits
from presseschau.archive.progress import Progress, Spent
from presseschau.archive.report import Report, RunFiles
from presseschau.cli import archiving, cost, watching
from presseschau.cli.groups import CacheChoice
from presseschau.desk import inbox, preferences
from presseschau.desk.app import Desk
from presseschau.desk.jobs import ItemState, Jobs
from presseschau.desk.making import TaskProgress
from presseschau.desk.queue import Held
from presseschau.errors import (
    BudgetReachedError,
    CacheError,
    ConfigurationError,
    InputError,
    OutputError,
    ProviderDownError,
)
from presseschau.ingest.document import Skipped
from presseschau.library.store import Archive
from presseschau.llm.engine import choose
from presseschau.llm.local.measured import KnownSpeed
from presseschau.llm.local.server import Speed
from presseschau.llm.purchases import Amount
from presseschau.llm.spending import TO_GO_ON, Price, RequestEvent
from presseschau.llm.spending import State as Moment
from presseschau.watching.buying import Allowance
from presseschau.watching.sources import Watchlist
from presseschau.watching.state import SourceStatus, WatchedSource, WatchStatus
from presseschau.watching.watcher import Round

Made = Iterable[tuple[str, list[str]]]
T = TypeVar("T")
AT = datetime(2026, 5, 14, 10, 11, tzinfo=UTC)
PRICE = Price(1.0, 2.0, "as given")
ERRORS = (
    BudgetReachedError(f"The limit is reached. {TO_GO_ON}"), ConfigurationError("The key is refused."),
    CacheError("The cache is full."), OutputError("The disk is full."), ProviderDownError("The server is away."),
    InputError("Nothing can be read."),
)  # fmt: skip


def around(plain: T, **parts: Iterable[Any]) -> Iterator[T]:
    """The value, with each of these parts alone, with all of them (their last ones), and with all but each."""
    known = {field.name: getattr(plain, field.name) for field in fields(plain)} if is_dataclass(plain) else plain
    change: Callable[..., T] = replace if is_dataclass(plain) else lambda one, **more: cast("T", {**one, **more})  # type: ignore[assignment]
    yield plain
    yield from (change(plain, **{name: value}) for name, values in parts.items() for value in values)
    full = change(plain, **{name: [*values][-1] for name, values in parts.items()})
    yield full
    yield from (change(full, **{name: cast("Mapping[str, Any]", known)[name]}) for name in parts)


def _printed(say: Callable[[], object]) -> list[str]:
    """What it prints and says, and what it gives back, or how it fails."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        try:
            given = say()
        except tuple({type(error) for error in ERRORS}) as error:
            given = f"{type(error).__name__} {error}"
    return [*out.getvalue().splitlines(), repr(given)]


def values() -> Made:
    """All that the command line and the desk say of values."""
    yield "progress", [f"{archiving.described(one)} {one.done} {one.items} {one.seconds_left}" for one in _progress()]
    yield "forecasts", [line for one in _forecasts() for line in _printed(partial(_of_forecast, one))]
    with TemporaryDirectory() as name:
        yield "reports", [line.replace(name, "FOLDER") for one in _reports(Path(name)) for line in _of_report(one)]
    with as_shown._in_germany():
        rounds = [line for one in _rounds() for line in _of_round(one)]
        watched = [line for one in _statuses() for line in _of_status(one)]
    yield from (("rounds", rounds), ("watched", watched))
    moments = [RequestEvent("claims", state, wait=wait, detail=f"It is {state}.") for state in get_args(Moment)
               for wait in (0.4, 1.0, 61.6)]  # fmt: skip
    for kind in (archiving.LastTrouble, watching._Trouble):
        heard = kind()
        yield kind.__name__, [line for one in moments for line in _printed(partial(_heard, heard, one))]
    yield "prices", [f"{line}" for one in _prices() for line in inbox.priced(one)]
    seconds = (0, 0.4, 1, 89.4, 90, 119, 3599, 3600, 7169, 7170, 7200, 90000)
    yield "durations", [f"{inbox.duration(one)} {archiving._duration(one)}" for one in seconds]
    yield "dollars", [inbox.dollars(one) for one in (0, 0.00001, 0.0999, 0.1, 1.005, 12345.6)]
    yield "doubts", [cost._doubts(*one) for one in ((0, 0, False), (1, 0, False), (0, 2, True), (1000, 2, True))]
    yield "under way", [one.words() for one in _under_way()]


def _progress() -> Iterator[Progress]:
    ended, earlier = Counter({"done": 2, "failed": 1}), Counter({"skipped": 1, "duplicate": 1})
    return around(
        Progress(started=30.0), now=(30.0, 20.0, 90.0), ended=(ended,), earlier=(earlier,), articles=(1, 30),
        under_way=(1, 2), limit=(1, 4), total=(0, 5, 2000), expected=(7, 9000), requests=(1,), cached=(1, 2000),
        tokens=(1, 123456), cost=(0.0, 1.23456), note=("Batch 1 is under way.",),
    )  # fmt: skip


def _forecasts() -> Iterator[Forecast]:
    reader = Forecast(requests=3, prompt_characters=9000, answer_caps=500, price=Price(3.0, 4.0, "as given"))
    skipped = [Skipped("a.txt", "empty", "It is empty.")]
    return around(
        Forecast(), articles=(1, 1200), pages=(1, 1200), duplicates=(3,), cached=(5,), requests=(1, 2500),
        prompt_characters=(1, 123456), prompt_tokens=(0, 45678), answer_caps=(1, 9999), rounds=(1, 2),
        price=(Price(0.0, 0.0, "free"), PRICE), reasons=(Counter(empty=1), Counter(empty=2, link=1500)),
        first_skipped=(skipped,), reader=(replace(reader, price=None), Forecast(), reader),
        speed=(KnownSpeed(Speed(50.4, 5.6)), KnownSpeed(Speed(500.0, 50.0), "2026-05-01")),
    )  # fmt: skip


def _of_forecast(one: Forecast) -> object:
    archiving.tell_forecast(one)
    return one.skipped, one.tokens, one.cost, one.seconds


def _reports(folder: Path) -> Iterator[Report]:
    few, many = RunFiles(folder / "few.jsonl"), RunFiles(folder / "many.jsonl")
    for paths, number in ((few, 2), (many, 7)):
        paths.make_folder()
        told = [
            {
                "source": f"{n // 2}.txt",
                "task": ("read", "claims", "summary")[n % 3],
                "message": f"{n // 2}.txt: {n} " * n,
            }
            for n in range(2 * number)
        ]
        paths.failed.write_text("".join(f"{json.dumps(line)}\n" for line in told), "utf-8")
    counts = (
        {"done": 1},
        {"failed": 1},
        {"skipped": 1},
        {"duplicate": 1},
        {"done": 1, "skipped": 6},
        {"done": 3, "failed": 5},
        {"done": 1000, "done-with-findings": 1200, "failed": 2, "skipped": 3, "duplicate": 2},
    )
    parts = {
        "translation": {"made": 1, "failed": 0},
        "summary": {"made": 0, "failed": 2},
        "claims": {"made": 2, "failed": 1},
    }
    spent = Spent(requests=9, prompt_tokens=1000, completion_tokens=234, possibly_billed=2, cost=0.5, invocations=2,
                  usage_unknown=1)  # fmt: skip
    return around(
        Report(True, "complete", Counter(), {}, {}, Spent(), None, 0, RunFiles(folder / "none.jsonl")),
        complete=(False,), ended=("waiting", "stopped"), counts=(*map(Counter, counts),), failed=({"refused": 2},),
        skipped=({"empty": 1}, {"damaged": 1}, {"follow": 1}, {"follow": 2, "link": 1}), price=(PRICE,), near=(1,),
        spent=(*around(Spent(), possibly_billed=(1,), usage_unknown=(1,), cost=(0.0, 1.5), invocations=(1, 2)), spent),
        paths=(few, many), waiting=(("A batch is under way.",),), partly=(1, 2), parts=(parts,),
        error=(*ERRORS, ERRORS[-1]),
    )  # fmt: skip


def _of_report(one: Report) -> Iterator[str]:
    for more in ({}, {"interrupted": True}, {"bills": False}):
        yield from archiving._said(one, **more)
    codes = [archiving._exit_code(one, caught) for caught in ((), (signal.SIGINT,), (signal.SIGTERM, signal.SIGINT))]
    yield f"{codes} {one.items} {one.usable} {one.unread}"


def _rounds() -> Iterator[Round]:
    names = ("new", "changed", "same", "kept", "passed", "refused", "corrected", "withdrawn", "gone")
    resting = [WatchedSource("https://a.de/feed", due="2026-05-14T12:00:00Z", failures=2, fault="It is away.")]
    amount = Amount(2, 1000, 234, 0.5)
    return around(
        Round(AT),
        looked=(1, 2),
        pages=(1,),
        seen=(*(Counter({name: 2}) for name in names), Counter(names)),
        faults=(["a: away"], ["a: away", "a: away", "b: away"]),
        resting=(resting,),
        said=(["One."], [f"{n}." for n in range(10)], [f"{n}." for n in range(11)]),
        forecast=(
            Forecast(),
            Forecast(articles=1, requests=1),
            Forecast(articles=2, requests=3, price=PRICE, prompt_characters=9000, answer_caps=999),
        ),
        done=(1, 2),
        failed=(["x: bad"], [f"{n}: bad" for n in range(12)]),
        waiting=(1, 2),
        spent=(replace(amount, cost=0.0), amount),
        today=(amount,),
        notes=([Path("notes/a.md"), Path("notes/b.md")],),
        matches=(1,),
        told=(1, 2),
        error=(*ERRORS, ERRORS[0]),
        next=(AT + timedelta(hours=1),),
    )


def _of_round(done: Round) -> Iterator[str]:
    plain = watching.WatchJob(
        Path("a.db"), Watchlist(()), choose("m", base_url="http://127.0.0.1:9/v1"), Options(), Allowance(Limits()),
        CacheChoice(None, "normal"), Input().options, True, timedelta(minutes=15), False, False,
    )  # fmt: skip
    jobs = [
        plain,
        replace(plain, once=True),
        replace(plain, asks=True),
        replace(plain, purse=Allowance(Limits(max_cost=3.0))),
    ]
    for job in jobs:
        for first, quiet in ((True, False), (False, False), (False, True)):
            yield from _printed(partial(watching.say, done, job, first=first, quiet=quiet))
    yield f"{watching.exit_code(done)}"


def _statuses() -> Iterator[WatchStatus]:
    row = WatchedSource("https://a.de/")
    rows = around(
        row, kind=("feed",), address=("https://a.de/", "https://a.de/feed"), looked=("2026-05-14T10:00:00Z",),
        read=("2026-05-14T10:00:00Z",), due=("2026-05-14T11:00:00Z",), failures=(1, 2), fault=("It is away.",),
        ended=("It is gone.",),
    )  # fmt: skip
    states = {"page": 1, "waiting": 2, "done": 3, "same": 4, "passed": 1, "refused": 1, "failed": 1}
    sources = tuple(SourceStatus(one, states if n % 2 else {}) for n, one in enumerate(rows))
    days = (
        ("2026-05-13", "m", 1000, 0.5, "running"),
        ("2026-05-14", "m", 1, None, "running"),
        ("2026-05-15", "m", 0, None, "limit"),
        ("2026-05-16", "local:x", 4, None, "stopped"),
        ("2026-05-17", "m", 2, 0.0, "running"),
    )
    return around(
        WatchStatus((SourceStatus(row, {}),), {}, (), (), (), (), 0, 0),
        sources=((), sources),
        states=(states,),
        days=(days,),
        failed=((("A headline", "It is broken."),),),
        matches=((("Bau", 1, 2, None), ("Feuer", 1000, 0, "It fails.")),),
        notes=((("2026-05-14", "a.md"), ("2026-05-13", None)),),
        articles=(1, 1000),
        changed=(1000,),
    )


def _of_status(found: WatchStatus) -> Iterator[str]:
    with patch("presseschau.watching.state.status", lambda path: found):
        for json_wanted in (False, True):
            yield from _printed(partial(watching.tell_status, Path("a.db"), json=json_wanted))


def _heard(heard: Any, event: RequestEvent) -> str:
    heard.hear(event)
    return getattr(heard, "now", "")


def _prices() -> Iterator[dict[str, Any]]:
    yield from ({}, {"said": "It is not known."})
    plain = {"articles": 1, "requests": 0, "cached": 0, "model": "m", "address": "", "reader": "", "reader_address": "",
             "cost": None, "seconds": None, "measured": None, "tokens": [1, 2, 3], "duplicates": 0}  # fmt: skip
    yield from around(
        plain, articles=(1200,), requests=(1, 2500), cached=(1, 1200), model=("local:qwen",), address=("http://a/v1",),
        reader=("judge",), reader_address=("http://b/v1",), cost=([0, 0, 0], [0, 0, 1], [0.01, 0.02, 3.5]),
        seconds=([10, 20, 89],), measured=("2026-05-01",), tokens=([1000, 2000, 3000],), duplicates=(1, 2000),
    )  # fmt: skip
    yield {**plain, "requests": 1, "cost": [0, 0, 0], "address": "http://a/v1", "seconds": [1, 2, 3]}


def _under_way() -> Iterator[TaskProgress]:
    tasks = ("translate", "second reading", "summary", "claims", "note", "other")
    asked = [*(Counter({task: 1}) for task in tasks), Counter(summary=1, claims=2), Counter(dict.fromkeys(tasks, 1)),
             Counter(translate=0, note=1), Counter(translate=-1)]  # fmt: skip
    return around(TaskProgress(), sentences=(12,), translated=({1, 2},), answers=(1, 2), asking=asked)


def posted() -> Made:
    """The answers to the forms of fixtures/shown/forms.txt, one after the other, and what they leave; then the inbox
    while the queue is held, or at work."""
    with as_shown.world() as folder, patch.dict(os.environ, _home(folder), clear=True):
        archive = folder / "archive.db"
        _fill(archive)
        made = desk(archive)
        client = browser(made)
        for line in (FIXTURES / "shown" / "forms.txt").read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                path, _, said = line.partition(" ")
                got = client.get(path) if said == "GET" else _posted(client, made, path, said)
                with patch("presseschau.desk.settings._state", lambda place: []):
                    page = client.get("/settings").text if path == "/settings" else ""
                page = _SIZE.sub("", page)
                told = f"{got.status_code} {got.headers.get('location', '')}"
                yield line, [told, *as_shown._lasting(got.text, folder), *as_shown._lasting(page, folder)]
        with Archive(archive, reads=True) as kept:
            for table, columns in (
                ("settings", "*"),
                ("jobs", "*"),
                ("job_items", "job, n, source, headline, state, said, stored, findings"),
                ("decisions", "*"),
            ):
                rows = kept.database.all(f"SELECT {columns} FROM {table}")
                yield table, [line for row in rows for line in as_shown._lasting(repr(row), folder)]
        under_way = {(5, n): progress for n, progress in enumerate(_under_way(), 1)}
        for reason in ("budget", "away", "disk", "set-up", "elsewhere"):
            made.queue.now.held = Held(cast("Any", reason), f"It is {reason}.", None)
            made.queue.now.trouble = "It is slow." if reason == "away" else ""
            made.queue.now.items = under_way if reason in ("away", "disk") else {}
            made.queue.now.read = {12: 3} if reason == "disk" else {}
            pages = [client.get(address).text for address in ("/inbox/list", "/inbox/5/part", "/inbox/12/part")]
            yield reason, [line for page in pages for line in as_shown._lasting(page, folder)]


def _posted(client: Any, made: Desk, path: str, said: str) -> Any:
    """What comes of a form with these fields."""
    fields = {name: [*told] for name, told in parse_qs(said, keep_blank_values=True).items()}
    if "item" in fields:
        page = client.get(path.removesuffix("/decide")).text
        seen = dict(re.findall(r'name="item" value="([^"]+)"><input type="hidden" name="seen" value="([^"]*)"', page))
        claims = {f"claim{n}": name for n, name in enumerate((one for one in seen if not _SENTENCE.match(one)), 1)}
        fields["item"] = [claims.get(name, name) for name in fields["item"]]
        fields["seen"] = [seen.get(fields["item"][0], "") if one == "seen" else one for one in fields["seen"]]
    (visitor,) = made.door._visitors.values()
    files = [(name, _file(one)) for name, told in fields.items() for one in told if one.startswith("@")]
    data = {name: told for name, told in fields.items() if not told[0].startswith("@")}
    data["csrf"] = [made.door.form_token(visitor)]
    return client.post(path, data=data, files=files or None, follow_redirects=False)


_SIZE = re.compile(r"[\d.,]+ MB(?=</dd>)")
"""Of the archive, which SQLite decides."""
_SENTENCE = re.compile(r"s\d+$")


def _home(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_DATA_HOME": str(folder), "TZ": "UTC"}


def _file(said: str) -> tuple[str, bytes]:
    """`@name:text`, / for the end of a line."""
    name, _, text = said.removeprefix("@").partition(":")
    return name, text.replace("/", "\n").encode()


def _fill(path: Path) -> None:
    """Jobs in every state, with items in every state."""
    with Archive(path) as archive:
        jobs, (article, *_) = Jobs(archive), [archive.analysis(1).article]
        for price in ({"said": "The key is missing."}, *list(_prices())[-3:]):
            job = jobs.add(f"Offered {len(price)}", [inbox.InboxInput("text", "a", b"Text", {"outlet": "Bote"})])
            jobs.came(job, 1, article, "a.txt")
            jobs.came(job, 2, None, "b.txt", "It is empty.")
            jobs.offer(job, price)
        for states in (get_args(ItemState), ("done",), ("failed",), ("partly", "skipped"), ("waiting",) * 3):
            job = jobs.add(f"Begun {len(states)}", [])
            for n, _ in enumerate(states, 1):
                jobs.came(job, n, article, f"{n}.txt")
            jobs.offer(job, {})
            jobs.begin(job)
            for item, state in zip(jobs.items(job), states, strict=True):
                if state != "waiting":
                    jobs.ended(
                        item,
                        state,
                        "" if state == "done" else f"It is {state}.",
                        stored=1 + item.n,
                        findings=item.n - 1,
                    )
            jobs.took(job, 3, 4000, None if len(states) == 1 else 0.25)
        jobs.failed(jobs.add("Failed", []), "It cannot be read.")
        jobs.cancel(jobs.add_note("A note", {"articles": [1, 2], "topic": "Brand"}))


def given() -> Made:
    """What is read of preferences that are kept in an archive and damaged, and what wins over them."""
    for name, wrong in (
        ("model", '"a b"'),
        ("at_once", "0"),
        ("at_once", '"4"'),
        ("budget", "null"),
        ("budget", "-1"),
        ("english", '"x"'),
        ("other", "1"),
        ("model", "[1]"),
        ("price", "{"),
        ("glossary", '"a,b"'),
    ):
        with TemporaryDirectory() as folder, Archive(Path(folder) / "a.db") as archive:
            preferences.write(archive, preferences.Preferences(model="kept", budget=2.0, at_once=3))
            with archive.database.transaction():
                archive.database.run("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", name, wrong)
            kept = preferences.read(archive)
        won = preferences.FromCommandLine(model="m", second_reader="r")
        yield f"{name} {wrong}", [f"{kept}", f"{won.won()}", f"{won.over(kept)}", f"{preferences.destinations(kept)}"]


SETS: dict[str, Callable[[], Made]] = {"values": values, "forms sent": posted, "settings": given}
