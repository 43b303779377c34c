"""A small world for tests of `watch`: papers on this machine whose feeds and pages are as of a simulated time, a model
that answers everything asked about them, and a clock that jumps.

What a paper has at a moment is a function of that moment alone, so that a process that was killed finds the same world.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from archive_world import asked_for, english, german, numbered
from fault_server import FaultServer, Reply, Seen, completion
from presseschau.analysis import Options
from presseschau.archive.prices import Limits
from presseschau.ingest import ReadOptions
from presseschau.ingest.polite import Polite
from presseschau.library.store import Archive
from presseschau.llm.engine import choose
from presseschau.watching.buying import Allowance
from presseschau.watching.sources import SourceRules, Watchlist
from presseschau.watching.watcher import Round, Watcher
from scripted import numbers_in

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 10, 19, 5, 40, tzinfo=BERLIN)
"""The week in which the clocks go back (25 October)."""
_LINE = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)


@dataclass
class JumpingClock:
    """Goes to where it is asked to wait for, at once; `moved` hears of it. It stops the watch at `end`."""

    time: datetime
    end: datetime
    moved: Callable[[datetime], None] = lambda now: None

    def now(self) -> datetime:
        return self.time

    async def until(self, when: datetime, stop: asyncio.Event) -> None:
        self.time = when
        self.moved(when)
        if when >= self.end:
            stop.set()


def polite(clock: JumpingClock) -> Polite:
    """Asks without pauses."""
    return Polite(ReadOptions(allow_private=True), clock=lambda: clock.time.timestamp(), wait=lambda seconds: None)


# --- the model --------------------------------------------------------------------------------------------------------


def answer(seen: Seen) -> Reply:
    """Good answers to every task about articles of `archive_world`, and about notes of them."""
    said = seen.json["messages"][-1]["content"]
    if "key points for a briefing note" in said or "briefing note" in said or "say something that the lines" in said:
        return completion(json.dumps(_noted(said)), prompt_tokens=len(said) // 4)
    if re.search(r"sentences? [\d, -]+ into", said):
        german = numbered(said)
        rows = [{"n": n, "en": english_of(german[n])} for n in asked_for(said)]
        return completion(json.dumps({"sentences": rows}), prompt_tokens=len(said) // 4)
    text = {n: english_of(one) for n, one in numbered(said).items()}
    if "Task: summarise" in said:
        body = [{"sentences": [n], "text": text[n]} for n in sorted(text) if n > 1]
        return completion(json.dumps({"points": body[:4], "bottom_line": body[0], "headline": text[1]}),
                          prompt_tokens=len(said) // 4)  # fmt: skip
    rows = [
        {"sentences": [n], "speaker": None, "via": [], "stance": "asserted", "text": text[n]} for n in numbers_in(said)
    ]
    return completion(json.dumps({"claims": rows}), prompt_tokens=len(said) // 4)


MISTAKE = "In einer früheren Version dieses Artikels hieß es, die Halle sei alt; das war falsch."


_FLOOD = {
    r"Hochwasser in Adorf: (\d+) Häuser beschädigt": r"Flood in Adorf: \1 houses damaged",
    r"Das Hochwasser der Elster in Adorf hat (\d+) Häuser beschädigt.": (
        r"The flood of the Elster in Adorf damaged \1 houses."
    ),
    r"Bürgermeister Karl Brenner sprach von einem schweren Tag.": "Mayor Karl Brenner spoke of a hard day.",
    r"Das Krankenhaus St. Anna stand unter Wasser.": "St. Anna hospital was under water.",
    r"Der Landkreis Weiden stellte 2 Millionen Euro bereit.": "The district of Weiden provided 2 million euros.",
    r"Die Bahn sperrte die Strecke nach Plauen.": "The railway closed the line to Plauen.",
    r"Innenministerin Helga Sommer dankte den Helfern.": "Interior Minister Helga Sommer thanked the helpers.",
    r"Die Schulen der Stadt blieben geschlossen.": "The town's schools stayed closed.",
    r"Brenner bat die Bundeswehr um Hilfe.": "Brenner asked the Bundeswehr for help.",
    r"Die Feuerwehr füllte Tausende Sandsäcke.": "The fire service filled thousands of sandbags.",
}


def english_of(text: str) -> str:
    if text == MISTAKE:
        return "An earlier version of this article said that the hall was old; that was wrong."
    for pattern, translated in _FLOOD.items():
        if found := re.fullmatch(pattern, text):
            return found.expand(translated)
    return english(text)


def flood(number: int, published: datetime, houses: int) -> Story:
    """An article of a story that goes on from day to day, and is told in other words each time."""
    headline, first, *others = (one.replace("(\\d+)", "{}") for one in _FLOOD)
    told = [others[(3 * number + i) % len(others)] for i in range(3)]
    return Story(number, headline.format(houses), "\n\n".join([first.format(houses), *told]), published)


def _noted(said: str) -> dict[str, Any]:
    lines = [(int(n), text.rpartition(": ")[2]) for n, text in _LINE.findall(said)]
    if "key points" in said and "title" in said:
        points = [{"numbers": [n], "text": text} for n, text in lines[:4]]
        return {"points": points, "title": {"numbers": [lines[0][0]], "text": "Building in the village"}}
    return {"sentences": [{"numbers": [n], "text": text} for n, text in lines[:2]]}


@contextmanager
def model(script: Callable[[Seen], Reply] = answer) -> Iterator[FaultServer]:
    """The model's server in a thread of its own."""
    ready, loop, done = threading.Event(), asyncio.new_event_loop(), asyncio.Event()
    server = FaultServer([script])

    async def serve() -> None:
        async with server:
            ready.set()
            await done.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()


# --- the papers -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """What a path answers."""

    body: str | bytes = ""
    kind: str = "application/rss+xml; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    endless: bool = False


class Press(ThreadingHTTPServer):
    """Papers on this machine. `answers` gives for a path what it has at a time; `now` says what time it is; `seen` are
    the requests: path, and whether an answer was asked for only if it was new."""

    daemon_threads = True

    def __init__(self, answers: Callable[[Press, str, datetime], Sent], now: Callable[[], datetime]) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.answers, self.now = answers, now
        self.seen: list[tuple[str, bool]] = []

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{path}"


NOTHING = Sent("weg", "text/html", 404)


class _Asked(BaseHTTPRequestHandler):
    server: Press

    def do_GET(self) -> None:
        path = self.path.lstrip("/")
        known = self.headers.get("If-None-Match")
        self.server.seen.append((path, known is not None))
        if path == "robots.txt":
            self._send(Sent(status=404))
            return
        sent = self.server.answers(self.server, path.partition("?")[0], self.server.now())
        tag = f'"{hash(sent.body) & 0xFFFFFFFF:x}"' if sent.status == 200 else None
        if tag is not None and tag == known and not sent.endless:
            self._send(Sent(status=304, headers={"ETag": tag}))
        else:
            self._send(sent, {"ETag": tag} if tag else {})

    def _send(self, sent: Sent, more: dict[str, str] | None = None) -> None:
        body = sent.body.encode() if isinstance(sent.body, str) else sent.body
        self.send_response(sent.status)
        self.send_header("Content-Type", sent.kind)
        for name, value in {**sent.headers, **(more or {})}.items():
            self.send_header(name, value)
        if not sent.endless:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
            while sent.endless:
                self.wfile.write(b"<!-- and on, and on, and on -->\n" * 1000)
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr."""


@contextmanager
def press(answers: Callable[[Press, str, datetime], Sent], now: Callable[[], datetime]) -> Iterator[Press]:
    """The server in a thread of its own."""
    with Press(answers, now) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@dataclass(frozen=True)
class Story:
    """An article of a paper. `text` is its body, paragraphs divided by blank lines."""

    number: int
    headline: str
    text: str
    published: datetime

    @property
    def html(self) -> str:
        return "".join(f"<p>{one}</p>" for one in self.text.split("\n\n"))


def story(number: int, published: datetime, sentences: int = 5) -> Story:
    """The article with this number; no two share a run of five words."""
    headline, _, body = german(number, sentences).partition("\n\n")
    parts = re.findall(r"[^.]+\.", body)
    paragraphs = "\n\n".join(" ".join(one.strip() for one in parts[i : i + 2]) for i in range(0, len(parts), 2))
    return Story(number, headline, paragraphs, published)


def item(one: Story, link: str, guid: str | None = None, *, text: str | None = None, title: str | None = None,
         published: str | None = None, more: str = "") -> str:  # fmt: skip
    """As RSS has it."""
    when = format_datetime(one.published) if published is None else published
    given = f"<guid isPermaLink='false'>{guid}</guid>" if guid is not None else ""
    body = f"<content:encoded><![CDATA[{one.html}]]></content:encoded>" if text is None else text
    return (
        f"<item><title>{one.headline if title is None else title}</title><link>{link}</link>{given}"
        f"<pubDate>{when}</pubDate>{body}{more}</item>"
    )


def rss(title: str, items: list[str]) -> str:
    return (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0' "
        f"xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>{title}</title>{''.join(items)}"
        "</channel></rss>"
    )


def page(one: Story, outlet: str = "Das Echo") -> str:
    return (
        f"<!doctype html><html lang='de'><head><meta charset='utf-8'><title>{one.headline}</title>"
        f"<meta property='og:site_name' content='{outlet}'>"
        f"<meta property='article:published_time' content='{one.published.isoformat()}'></head>"
        f"<body><article><h1>{one.headline}</h1>{one.html}</article></body></html>"
    )


def since(start: datetime, now: datetime, every: timedelta, first: int, most: int) -> list[Story]:
    """Stories that came one after the other since a moment, the newest `most`, the newest first."""
    count = max(0, int((now - start) / every) + 1)
    return [story(first + i, start + every * i) for i in range(count)][-most:][::-1]


def shuffled(stories: list[Story], now: datetime) -> list[Story]:
    """In another order at each moment."""
    mixed = list(stories)
    random.Random(now.isoformat()).shuffle(mixed)
    return mixed


# --- a watch over them ------------------------------------------------------------------------------------------------


@dataclass
class World:
    """`has` is what the paper answers by path; `at` the time there and on the clock."""

    folder: Path
    paper: Press
    asked: FaultServer
    clock: JumpingClock
    has: dict[str, Sent] = field(default_factory=dict)

    def url(self, path: str) -> str:
        return self.paper.url(path)

    def later(self, **more: float) -> None:
        self.clock.time += timedelta(**more)

    def watcher(self, archive: Archive, *sources: SourceRules, watch: Watchlist | None = None, **more: Any) -> Watcher:
        settings: dict[str, Any] = {"once": True, "read": ReadOptions(allow_private=True)}
        settings |= {"options": Options(risk=False), "purse": Allowance(Limits(price=(1.0, 1.0))), **more}
        return Watcher(
            archive, watch or Watchlist(sources), choose("m", base_url=self.asked.base_url),
            cache=self.folder / "cache.sqlite3", clock=self.clock, polite=polite(self.clock), **settings,
        )  # fmt: skip

    async def round(self, *sources: SourceRules, watch: Watchlist | None = None, **more: Any) -> Round:
        """One round of a process of its own."""
        with Archive(self.folder / "archive.db") as archive:
            return await self.watcher(archive, *sources, watch=watch, **more).round()

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with Archive(self.folder / "archive.db", reads=True) as archive:
            return archive.database.all(statement, *values)

    def states(self) -> dict[str, str]:
        return dict(self.rows("SELECT source, state FROM watch_items ORDER BY id"))


@contextmanager
def world_in(folder: Path) -> Iterator[World]:
    """A world that keeps its archive in this folder."""
    clock = JumpingClock(MONDAY, MONDAY + timedelta(days=7))
    with ExitStack() as stack:
        paper = stack.enter_context(press(lambda paper, path, now: made.has.get(path, NOTHING), clock.now))
        asked = stack.enter_context(model(answer))
        made = World(folder, paper, asked, clock)
        yield made
