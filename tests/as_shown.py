"""What people and other programs are shown, for as_before.py: commands, answers to an assistant, pages of the desk.

All of it is made from one folder: an archive of articles of fixtures/briefing and one with every state, results, notes.
What differs from day to day and from place to place is taken out of it.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, time, timedelta, tzinfo
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import tzset
from typing import get_args
from unittest.mock import patch

from own_analysis import RICH, own

import briefing_world
from desk_visit import browser, desk
from in_process import program
from note_sample import sample
from note_server import endpoint, everything, judge
from pinned import FIXTURES
from presseschau import archives
from presseschau.analysis import Options
from presseschau.archive.prices import Limits
from presseschau.assistant.rows import Part
from presseschau.assistant.session import Session, Setup
from presseschau.errors import PresseschauError
from presseschau.ingest import ReadOptions
from presseschau.library import noted
from presseschau.library.search import Question
from presseschau.library.store import Archive
from presseschau.llm.engine import choose
from presseschau.models import Analysis, TranslatedSentence
from presseschau.pipeline.decisions import Decision
from presseschau.reviews import decide_again
from presseschau.watching.sources import DailyNote, SavedSearch, SourceRules, Watchlist
from presseschau.watching.state import status
from watch_world import MISTAKE, MONDAY, Sent, World, flood, item, page, rss, story, world_in

Made = Iterable[tuple[str, list[str]]]
NOW = "2026-05-14T10:11:12Z"
_NAMED = ("result.json", "results.jsonl", "article.txt", "note.json", "papers", "none", "../x", "a\0")
_NOWHERE = "http://127.0.0.1:9/v1"
_OF_THE_MOMENT = re.compile(
    r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?|20\d{6}T\d{6}Z"  # times
    r"|(?<=\"day\": \")[^\"]+|20\d\d-\d\d-\d\d(?=  m at )"
    r"|(?<=\"seconds\": )[\d.]+|(?<=; )[\d.]+ s(?=\.\n)|(?<=name=\"csrf\" value=\")[^\"]+|127\.0\.0\.1:\d+"
    r"|presseschau \d[\w.+]*|\"(?:presseschau|python)\": ?\"[^\"]+|\?v=[0-9a-f]{12}"  # versions
    r"|(?<=creationtoolversion=\")[^\"]+|(?<=\nbytes: )\d+"
    r"|\"prompts\": ?\"[0-9a-f]{12}|(?<=prompts )[0-9a-f]{12}"
)
"""What differs from run to run, or from one release to the next."""


class _Still(datetime):
    """The clock stands."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> _Still:
        return cls.fromisoformat(NOW).astimezone(tz)


@contextmanager
def world() -> Iterator[Path]:
    """A folder with all that is shown; it is `NOW`."""
    with TemporaryDirectory() as name, ExitStack() as clocks:
        folder = Path(name)
        for module in ("library.store", "llm.cache", "reviews"):
            clocks.enter_context(patch(f"presseschau.{module}.datetime", _Still))
        analyses, rich = briefing_world.analyses(), own(RICH)
        lines = [one.model_dump_json().encode() + b"\n" for one in (*analyses, rich)]
        other = rich.model_copy(update={"translation": tuple(map(_otherwise, rich.translation or ()))})
        note = sample().model_dump_json().encode()
        with Archive(folder / "archive.db") as archive:
            archive.put(lines)
            noted.keep(archive, note, made=NOW, series="", day=NOW[:10])
        (folder / "results.jsonl").write_bytes(b"".join(lines[:-1]))
        (folder / "result.json").write_bytes(lines[-1])
        (folder / "other.json").write_bytes(other.model_dump_json().encode())
        (folder / "note.json").write_bytes(note)
        for name, text in (("", lines[-1]), ("_note", note)):
            (folder / f"later{name}.json").write_bytes(re.sub(rb"(presseschau/\w+/)1", rb"\g<1>2", text, count=1))
            (folder / f"half{name}.json").write_bytes(text[: len(text) // 2])
        (folder / "pairs.txt").write_text("# no source\n", "utf-8")
        (folder / "papers").mkdir()
        papers = sorted((FIXTURES / "briefing").glob("*.txt"))[:3]
        for path in papers:
            (folder / "papers" / path.name).write_bytes(path.read_bytes())
        (folder / "article.txt").write_bytes(papers[0].read_bytes())
        (folder / "english.txt").write_text("The council met on Tuesday to talk about bicycles and roads.\n", "utf-8")
        pairs = (FIXTURES / "checks" / "pinned.jsonl").read_text("utf-8").splitlines()[::150]
        (folder / "pairs.jsonl").write_text("".join(f"{line}\n" for line in pairs), "utf-8")
        (folder / "broken.jsonl").write_text(f'{pairs[0]}\n{{"id": 2, "de": "Ja."}}\nnothing\n', "utf-8")
        yield folder


def _otherwise(row: TranslatedSentence) -> TranslatedSentence:
    """Every third sentence is said in other words, every seventh not at all."""
    if row.n % 7 == 0:
        return row.model_copy(update={"en": None, "status": "missing"})
    return row.model_copy(update={"en": f"{row.en} Or 7 of them."}) if row.n % 3 == 0 else row


def commands() -> Made:
    """What each command of fixtures/shown/commands.txt prints and says, how it ends, and what files it makes."""
    with world() as folder, endpoint([everything]) as model, endpoint([judge]) as reader:
        env = {"PATH": os.environ["PATH"], "HOME": str(folder), "COLUMNS": "100", "TZ": "UTC"}
        for line in (FIXTURES / "shown" / "commands.txt").read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                before = _files(folder)
                asked, _, typed = line.replace("READER", reader["url"]).replace("URL", model["url"]).partition(" <<< ")
                done = program(shlex.split(asked), env, folder, said=typed.replace("/", "\n"))
                made = [_text(path, folder) for path, when in _files(folder).items() if before.get(path) != when]
                said = f"{done.returncode}", done.stdout, done.stderr, *made
                yield line, _lasting("\n".join(said), folder)


def _files(folder: Path) -> dict[Path, int]:
    files = (path for path in sorted(folder.rglob("[!.]*")) if path.is_file() and ".cache" not in path.parts)
    return {path: path.stat().st_mtime_ns for path in files}


def _text(path: Path, folder: Path) -> str:
    with suppress(UnicodeDecodeError):  # a database, a Word file
        return f"{path.relative_to(folder)}\n{path.read_text('utf-8')}"
    return f"{path.relative_to(folder)}"


def _lasting(text: str, folder: Path) -> list[str]:
    return _OF_THE_MOMENT.sub("", text.replace(str(folder), "FOLDER")).splitlines()


def assistant() -> Made:
    """What the tools of an assistant answer, and why they refuse."""
    with world() as folder:
        nobody = choose("m", base_url=_NOWHERE)
        session = Session(Setup(
            folder / "archive.db", (folder,), addresses=False, keep=False, choice=lambda: nobody, options=Options,
            cache=None, cache_mode="normal", reading=ReadOptions(), limits=Limits(), most_a_call=None,
        ))  # fmt: skip
        session._keep("note", sample())
        pairs = [*map(json.loads, (folder / "pairs.jsonl").read_text("utf-8").splitlines())]
        questions = [*map(json.loads, (FIXTURES / "archive" / "questions.jsonl").read_text("utf-8").splitlines())]
        with Archive(folder / "archive.db", reads=True) as archive:
            ids = [archive.analysis(number).article.id for number in range(1, 20)]
        asked: dict[str, Iterable[Callable[[], object]]] = {
            **{f"read {part}": [partial(session.read, one, None, part, 1) for one in ids] for part in get_args(Part)},
            "read file": [partial(session.read, None, name, "sentences", n) for name in _NAMED for n in (1, 3, 99)],
            "read what is not there": [
                partial(session.read, *one, "claims", 1)
                for one in ((None, None), ("", None), ("x", None), ("note", "x"))
            ],
            "verify": [partial(session.verify, one, None, (), 1) for one in ids[::5]],
            "verify file": [partial(session.verify, None, name, (), 2) for name in _NAMED],
            "verify pairs": [partial(session.verify, None, None, [(row["de"], row["en"]) for row in pairs], 1)],
            "search": [partial(session.search, Question(**one), 4, skip) for one in questions for skip in (0, 3)],
            "note": [partial(session.read, "note", None, "sentences", n) for n in (1, 40, 9999)],
        }
        for name, calls in asked.items():
            yield name, [line for call in calls for line in _lasting(_answered(call, json.dumps), folder)]


def _answered(call: Callable[[], object], told: Callable[[object], str]) -> str:
    try:
        return told(call())
    except PresseschauError as error:
        return f"{type(error).__name__} {error}"


def library() -> Made:
    """What the functions of `archives` return for an archive, before and after decisions, and for none at all."""
    with world() as folder:
        for name, archive in (
            ("", folder / "archive.db"),
            ("decided, ", folder / "archive.db"),
            ("no ", folder / "no"),
        ):
            if name == "decided, ":
                archives.remember(archive, _decisions(archives.read(archive)))
            for asked, call in {
                "articles": lambda at: [one.model_dump_json(exclude={"provenance"}) for one in archives.read(at)],
                "as stored": lambda at: [
                    one.model_dump_json(exclude={"provenance"}) for one in archives.read(at, reviewed=False)
                ],
                "of a day": lambda at: [one.article.source for one in archives.read(at, Question(since="2026-03-13"))],
                "offers": lambda at: [archives.offers(at, german) for german in _GERMAN],
                "notes": lambda at: (archives.notes(at), archives.notes(at, "Brand"), archives.read_note(at, 1).title),
                "note 2": lambda at: archives.read_note(at, 2),
                "stories": archives.stories,
                "terms": lambda at: archives.terms(at, least=4),
                "terms of few": lambda at: archives.terms(at, Question(outlet="hanse"), articles=2, least=1),
                "found": lambda at: archives.search(at, "Brand", most=2, skip=1),
                "versions": lambda at: archives.versions(at, f"{RICH}.txt"),
                "version 1": lambda at: archives.read_version(at, f"{RICH}.txt", 1),
                "unknown": lambda at: archives.versions(at, "x"),
            }.items():  # fmt: skip
                yield f"{name}{asked}", _lasting(_answered(partial(call, archive), repr), folder)
        yield "made", [f"{path.name}" for path in sorted(folder.iterdir())]


_GERMAN = (
    "Brandstiftung schließe sie aus.",
    "Nach dem Brand in der Lagerhalle der Firma Nordlack in Brunsbek ist die Zahl der Verletzten auf 19 gesunken.",
    "Nein.",
)


def _decisions(analyses: Iterable[Analysis]) -> list[Decision]:
    """Of each article the first sentence is accepted, the second edited, the third rejected, and so on."""
    rows = [row for one in analyses for row in one.translation or () if row.en]
    said = [row.en if at % 3 == 0 else f"{row.en} Or so." if at % 3 == 1 else None for at, row in enumerate(rows)]
    return [decide_again(row, row, english, by="Anna") for row, english in zip(rows, said, strict=True)]


def pages() -> Made:
    """The pages of fixtures/shown/addresses.txt, and the articles to which they lead, as a browser gets them."""
    with world() as folder:
        client = browser(desk(folder / "archive.db"))
        asked = dict.fromkeys((FIXTURES / "shown" / "addresses.txt").read_text("utf-8").split())
        for address in (waiting := [*asked]):
            got = client.get(address, follow_redirects=False)
            new = [link for link in re.findall(r'href="(/article/\d+)"', got.text) if link not in asked]
            asked |= dict.fromkeys(new)
            waiting += dict.fromkeys(new)
            told = (f"{got.status_code}", *(got.headers.get(name, "") for name in ("location", "content-disposition")))
            yield address, [*told, *([] if got.content[:2] == b"PK" else _lasting(got.text, folder))]
        (folder / "archive.db").unlink()
        gone = [client.get(address, follow_redirects=False) for address in asked]
        yield "no archive", [line for got in gone for line in (f"{got.status_code}", *_lasting(got.text, folder))]
        yield "made", [f"{path.name}" for path in sorted(folder.iterdir())]


def watch() -> Made:
    """What a watch over papers, pages and a folder finds and makes in five rounds of two days, and what it keeps."""
    with _in_germany(), TemporaryDirectory() as name, world_in(Path(name)) as world:
        (world.folder / "in").mkdir()
        for path in sorted((FIXTURES / "briefing").glob("b*.txt"))[:2]:
            (world.folder / "in" / path.name).write_bytes(path.read_bytes())
        for at, hours in enumerate((0, 1, 5, 20, 25)):
            world.later(hours=hours)
            world.has = _papers(world, at)
            yield f"round {at}", _seen(repr(asyncio.run(world.round(watch=_watchlist(world)))), world)
        yield "status", _seen(repr(status(world.folder / "archive.db")), world)
        for table, columns in (
            ("watched", "source, kind, address, looked, read, due, failures, fault, ended"),
            ("watch_items", "watched, source, state, reason, address, headline, article, first, changed, due, tries"),
            ("watch_matches", "*"), ("watch_notes", "*"), ("articles", "source, headline, outlet, published, language"),
            ("versions", "source, n, changes"), ("marks", "*"),
        ):  # fmt: skip
            rows = world.rows(f"SELECT {columns} FROM {table} ORDER BY 1, 2")
            yield table, [line for row in rows for line in _seen(repr(row), world)]
        for path in sorted((world.folder / "notes").glob("*")):
            yield path.name, _seen(path.read_text("utf-8"), world)


@contextmanager
def _in_germany() -> Iterator[None]:
    with patch.dict(os.environ, {"TZ": "Europe/Berlin"}):
        tzset()
        yield
    tzset()


def _watchlist(world: World) -> Watchlist:
    feed = SourceRules(address=world.url("a.rss"), sections=("bau",), keep_rest=True, every=timedelta(minutes=30))
    pages = SourceRules(address=world.url("b.rss"), outlet="Das Echo", tasks=("translate",), most_per_day=2)
    broken = SourceRules(address=world.url("c.rss"), kind="feed")
    return Watchlist(
        (feed, pages, broken, SourceRules(folder=world.folder / "in", tasks=("summary",))),
        (SavedSearch(name="Bau", query="bauten"), SavedSearch(name="Feuer", speaker="feuerwehr")),
        (DailyNote(folder=world.folder / "notes", at=time(6), pages=1),),
        tasks=("translate", "claims", "summary"),
    )


def _papers(world: World, at: int) -> dict[str, Sent]:
    """Articles come, are changed, corrected, withdrawn; one paper has them on pages, one breaks and is mended."""
    days = [MONDAY + timedelta(hours=6 * n) for n in range(6)]
    told = [story(n, day, 4 + (at > 1 and n == 2)) for n, day in enumerate(days[: 2 + at], 1)]
    whole = [
        item(one, world.url(f"bau/{one.number}" if one.number % 3 else "sport/3"), f"g{one.number}") for one in told
    ]
    floods = [flood(20 + n, day, 100 + n) for n, day in enumerate(days[: 2 + at])]
    links = [item(one, world.url(f"echo/{one.number}"), text="") for one in floods]
    if at > 2:
        floods[0] = replace(floods[0], text=f"{floods[0].text}\n\n{MISTAKE}")
    read = {f"echo/{one.number}": Sent(page(one), "text/html") for one in floods if not (at > 3 and one.number == 21)}
    mended = Sent("kaputt", status=500) if at < 3 else Sent(rss("Zeit", [item(story(40, days[0]), "/zeit/40")]))
    return {"a.rss": Sent(rss("Der Bote", whole)), "b.rss": Sent(rss("Echo", links)), "c.rss": mended, **read}


def _seen(text: str, world: World) -> list[str]:
    return re.sub(
        r":\d{4,5}/|(?<=etag=')[^']+|(?<=note/1 text )\w+|(?<=prompts )\w{12}",
        "",
        text.replace(str(world.folder), "FOLDER"),
    ).splitlines()


SETS: dict[str, Callable[[], Made]] = {
    "commands": commands, "assistant": assistant, "library": library, "pages": pages, "watch": watch,
}  # fmt: skip
