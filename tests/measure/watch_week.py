"""A week of `watch` in a simulated time: papers that repeat, lie, break, move, end and grow without end, and kills.

Usage: python tests/measure/watch_week.py [--days N] [--kills N] [--seed N] [--keep FOLDER]

The week is that in which the clocks go back (19 to 26 October 2026). A process of its own watches on a clock that jumps
from round to round, every half hour; it is killed with SIGKILL at random moments of the week and started again. Counted
is what the papers published, what is in the archive, what the model was asked and paid, and what the notes say.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
os.environ["TZ"] = "Europe/Berlin"
time.tzset()

import watch_world as world  # noqa: E402
from archive_world import asked_for, numbered  # noqa: E402
from fault_server import Reply, Seen  # noqa: E402
from watch_world import BERLIN, MISTAKE, MONDAY, JumpingClock, Press, Sent, Story, item, page, rss  # noqa: E402

LIMIT = 0.045  # US dollars a day, at a dollar a million tokens
AT_ONCE = 8
HOUR = timedelta(hours=1)
END = MONDAY + timedelta(days=7)
BURST = MONDAY + timedelta(days=2, hours=7)
COMMAND = "import sys, pathlib; pathlib.Path(sys.argv[1]).open('a').write(sys.stdin.read() + '\\n')"


# --- what the papers have ---------------------------------------------------------------------------------------------


def changed(one: Story, now: datetime) -> Story:
    """Of eight articles one has another figure and a further sentence after six hours, one corrects itself later."""
    age = now - one.published
    if one.number % 8 == 3 and age >= 6 * HOUR:
        figure = str(10 * one.number + 1_000)
        text = one.text.replace(f"{figure} Euro", f"{int(figure) + 7} Euro")
        more = f"Am Montag bauten 7 Bauern für {10 * one.number + 1_008} Euro eine neue Halle."
        return Story(one.number, one.headline, f"{text}\n\n{more}", one.published)
    if one.number % 8 == 5 and age >= 9 * HOUR:
        return Story(one.number, one.headline, f"{one.text}\n\n{MISTAKE}", one.published)
    return one


def published(name: str, now: datetime, most: int = 10_000) -> list[Story]:
    """What a paper has published until now, as it reads now, the newest first."""
    every, first = {
        "bote": (3, 1000), "echo": (8, 2000), "lies": (6, 3000), "broken": (6, 4000), "moved": (12, 5000),
        "endless": (12, 6000), "folder": (8, 7000),
    }[name]  # fmt: skip
    start = MONDAY - every * HOUR / 2
    return [changed(one, now) for one in world.since(start, now, every * HOUR, first, most)]


def burst(now: datetime) -> list[Story]:
    return [world.story(8000 + i, BURST) for i in range(40)] if now >= BURST else []


def houses(day: int) -> int:
    return 120 + 15 * day


def floods(now: datetime) -> list[Story]:
    """The story that goes on: an article a day, and more houses every day."""
    start = MONDAY - 2 * HOUR
    days = range(max(0, int((now - start) / (24 * HOUR)) + 1))
    return [world.flood(9000 + day, start + 24 * HOUR * day, houses(day)) for day in days][::-1]


def answers(paper: Press, path: str, now: datetime) -> Sent:
    name, _, number = path.partition("/")
    found = {one.number: one for one in published("echo", now)} if name == "echo" else {}
    if name == "bote.rss":
        own = world.shuffled(published("bote", now, 24), now)
        return Sent(rss("Der Bote", [item(one, paper.url(f"bote/{one.number}"), f"b{one.number}") for one in own]))
    if name == "echo.rss":
        tracked = f"?utm_source=rss&utm_campaign={now:%H%M}"
        teaser = "<description>Lesen Sie mehr ...</description>"
        return Sent(rss("Das Echo", [
            item(one, paper.url(f"echo/{one.number}{tracked}"), f"{now:%j}-{one.number}", text=teaser)
            for one in published("echo", now, 8)
        ]))  # fmt: skip
    if name == "echo" and int(number or 0) in found:
        one = found[int(number)]
        gone = one.number % 3 == 1 and now - one.published > 24 * HOUR
        return Sent(status=410) if gone else Sent(page(one), "text/html; charset=utf-8")
    if name == "kurier.json":
        copies = [one for one in published("bote", now - HOUR, 24) if one.number % 2 == 0]
        rows = [{"id": f"k{one.number}", "url": paper.url(f"kurier/{one.number}"), "title": one.headline,
                 "content_html": one.html} for one in copies]  # fmt: skip
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Der Kurier", "items": rows}
        return Sent(json.dumps(feed), "application/feed+json")
    if name == "lies.rss":
        return Sent(rss("Wahrheit", [
            item(one, f"/lies/{one.number}", "1", title=f"&lt;b&gt;{one.headline}&lt;/b&gt;",
                 published=("Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 01 Jan 2087 00:00:00 GMT")[one.number % 2])
            for one in world.shuffled(published("lies", now, 10), now)
        ]))  # fmt: skip
    if name == "broken.rss":
        whole = rss(
            "Scherben", [item(one, paper.url(f"broken/{one.number}"), "x") for one in published("broken", now, 20)]
        )
        bad = (
            Sent(whole[: len(whole) * 2 // 3]), Sent("kaputt", status=500), Sent(whole, "text/html"), Sent(whole),
            Sent("<html><body>Wartung</body></html>", "text/html"), Sent(""),
        )  # fmt: skip
        return random.Random(now.isoformat()).choice(bad)
    if name == "flut.rss":
        links = ((one, paper.url(f"flut.rss/{one.number}")) for one in floods(now))
        return Sent(rss("Tagblatt", [item(one, link, f"f{one.number}") for one, link in links]))
    day = (now - MONDAY).days
    if name == "moved.rss" and day >= 2:
        return Sent(status=301, headers={"Location": "/moved2.rss"})
    if name == "moved2.rss" and day >= 5:
        return Sent(status=410)
    if name in ("moved.rss", "moved2.rss"):
        own = published("moved", now, 10)
        return Sent(rss("Umzug", [item(one, paper.url(f"moved/{one.number}"), f"m{one.number}") for one in own]))
    if name == "loop.rss":
        return Sent(status=302, headers={"Location": "/loop.rss"})
    if name == "endless.rss":
        own = published("endless", now)
        feed = rss("Ohne Ende", [item(one, paper.url(f"endless/{one.number}"), f"e{one.number}") for one in own])
        return Sent(feed.replace("</channel></rss>", ""), endless=True)
    if name == "burst.rss":
        own = burst(now)
        return Sent(rss("Eilmeldung", [item(one, paper.url(f"burst/{one.number}"), f"u{one.number}") for one in own]))
    return world.NOTHING


def write_folder(folder: Path, now: datetime) -> None:
    for one in published("folder", now):
        text = f"{one.headline}\n\n{one.text}\n"
        path = folder / f"{one.number}.txt"
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


# --- the process that watches -----------------------------------------------------------------------------------------


def clock_of(folder: Path) -> datetime:
    try:
        return datetime.fromisoformat((folder / "now").read_text())
    except FileNotFoundError:
        return MONDAY


def child(folder: Path, paper: str, model: str, end: datetime) -> None:
    """Watches until the end, or until it is killed."""
    from presseschau.analysis import Options
    from presseschau.archive.prices import Limits
    from presseschau.ingest import ReadOptions
    from presseschau.library.store import Archive
    from presseschau.llm.engine import choose
    from presseschau.watching import looking
    from presseschau.watching.buying import Allowance
    from presseschau.watching.clock import locked
    from presseschau.watching.sources import DailyNote, SavedSearch, SourceRules, Watchlist
    from presseschau.watching.watcher import Round, Watcher

    looking.MOST_BYTES = 300_000

    def moved(now: datetime) -> None:
        write_folder(folder / "in", now)
        draft = folder / "now.new"
        draft.write_text(now.isoformat())
        draft.replace(folder / "now")

    clock = JumpingClock(clock_of(folder), end, moved)
    moved(clock.time)
    names = (
        *("bote.rss", "echo.rss", "kurier.json", "lies.rss", "broken.rss", "moved.rss", "loop.rss"),
        *("burst.rss", "flut.rss"),
    )
    sources = [SourceRules(address=f"{paper}{name}") for name in names]
    sources += [SourceRules(address=f"{paper}endless.rss", every=6 * HOUR), SourceRules(folder=folder / "in")]
    command = (sys.executable, "-c", COMMAND, str(folder / "told"))
    watch = Watchlist(
        tuple(sources), (SavedSearch(name="Schule", query="Schule"),),
        (DailyNote(folder=folder / "notes", topic="flood"),),
        on_match=command,
    )  # fmt: skip

    def tell(done: Round) -> None:
        with (folder / "rounds").open("a") as file:
            print(done.at.isoformat(), done.looked, done.done, done.waiting, done.error, file=file)

    with locked(folder / "archive.db"), Archive(folder / "archive.db") as archive:
        watcher = Watcher(
            archive, watch, choose("m", base_url=model), Options(risk=False),
            Allowance(Limits(max_cost=LIMIT, price=(1.0, 1.0))), folder / "cache.sqlite3",
            read=ReadOptions(allow_private=True), clock=clock, polite=world.polite(clock),
        )  # fmt: skip
        asyncio.run(watcher.rounds(tell))


# --- the week ---------------------------------------------------------------------------------------------------------


def run(folder: Path, days: int, kills: int, seed: int) -> bool:
    chance = random.Random(seed)
    end = MONDAY + timedelta(days=days)
    (folder / "in").mkdir()
    seen: list[tuple[datetime, Seen]] = []

    def asked(request: Seen) -> Reply:
        seen.append((clock_of(folder), request))
        return world.answer(request)

    moments = sorted(MONDAY + (end - MONDAY) * chance.random() * 0.98 for _ in range(kills))
    killed, starts = 0, 0
    with world.press(answers, lambda: clock_of(folder)) as paper, world.model(asked) as model:
        command = [sys.executable, __file__, "--child", str(folder), paper.url(""), model.base_url, end.isoformat()]
        while True:
            starts += 1
            with (folder / "errors").open("a") as errors:
                process = subprocess.Popen(command, stderr=errors)
            while process.poll() is None:
                time.sleep(0.01)
                if killed < kills and clock_of(folder) >= moments[killed]:
                    time.sleep(chance.uniform(0, 0.3))
                    process.kill()
                    process.wait()
                    killed += 1
            if process.returncode == 0:
                break
            if process.returncode != -9:
                print((folder / "errors").read_text()[-3000:], file=sys.stderr)
                return False
    rounds = len((folder / "rounds").read_text().splitlines())
    print(f"{days} days, {rounds} rounds ended, {killed} kills, {starts} starts")
    return all([
        items(folder, end), bought(seen, kills), budget(seen), notes(folder, days), told(folder, kills), visits(paper),
    ])  # fmt: skip


def items(folder: Path, end: datetime) -> bool:
    """Every article once, as it reads at the end; copies are the same as what they copy."""
    settled = end - 13 * HOUR
    wanted = {one.number: one for name in ("bote", "echo", "lies", "broken", "endless", "folder")
              for one in published(name, end) if one.published <= settled - 24 * HOUR * (name == "broken")}  # fmt: skip
    five = min(end, MONDAY + timedelta(days=4, hours=23))  # then it is gone for good
    wanted |= {one.number: one for one in published("moved", five) if one.published <= min(settled, five)}
    wanted |= {one.number: one for one in (*burst(settled), *floods(settled))}
    with closing(sqlite3.connect(folder / "archive.db")) as database, database:
        rows = database.execute(
            "SELECT a.id, a.source, group_concat(s.german, ' ') FROM articles a JOIN sentences s ON s.article = a.id "
            "GROUP BY a.id"
        ).fetchall()
        states = dict(database.execute("SELECT state, count(*) FROM watch_items GROUP BY state"))
        versions = database.execute("SELECT count(*) FROM versions").fetchone()[0]
        marks = dict(database.execute("SELECT mark, count(*) FROM marks GROUP BY mark"))
        beside = dict(database.execute("SELECT source, rest FROM articles"))
        asked = dict(database.execute("SELECT source, summary IS NOT NULL FROM articles"))
    text: dict[int, list[str]] = defaultdict(list)
    for _, source, german in rows:
        german = f"{german} {beside[source]}"
        found = re.search(r"Bericht (\d+)", german) or re.search(r"rss/(\d+)$", source)
        text[int(found[1]) if found else -1].append(german)
        assert asked[source], source
    missing = [number for number in wanted if number not in text]
    twice = [number for number, many in text.items() if len(many) > 1]
    stale = [
        number for number, one in wanted.items()
        if number in text and not _reads_so(one, text[number][0])
        and not (number // 1000 == 2 and number % 3 == 1)  # its page went before it was changed
    ]  # fmt: skip
    print(
        f"articles published {len(wanted):,}, in the archive {len(rows):,}: missing {missing or 0}, "
        f"twice {twice or 0}, not as they read last {stale or 0}"
    )
    print(f"items {states}; earlier versions kept {versions}; marks {marks}")
    return not missing and not twice and not stale


def _reads_so(one: Story, german: str) -> bool:
    """Does the archive have the text, and of one that corrects itself the correction beside it?"""
    own = one.text.replace(MISTAKE, "")
    there = re.sub(r"\W+", "", own) in re.sub(r"\W+", "", german)
    return there and (MISTAKE not in one.text or MISTAKE[-25:] in german)


def bought(seen: list[tuple[datetime, Seen]], kills: int) -> bool:
    """Requests bought once, but for those that were under way at a kill; no German sentence asked for twice."""
    times = Counter(request.raw for _, request in seen)
    again = sum(count - 1 for count in times.values())
    sentences: Counter[str] = Counter()
    for raw in times:
        said = json.loads(raw)["messages"][-1]["content"]
        if re.search(r"sentences? [\d, -]+ into", said) and "briefing note" not in said:
            german = numbered(said)
            sentences.update(german[n] for n in asked_for(said) if " bauten " in german[n])  # no two articles have one
    twice = [text for text, count in sentences.items() if count > 1]
    print(
        f"requests {len(seen):,}, bought again {again} (up to {3 * AT_ONCE} are on their way at each of {kills} kills)"
    )
    print(
        f"German sentences translated {len(sentences):,}, asked for in two different requests {len(twice)} {twice[:3]}"
    )
    return again <= 3 * AT_ONCE * kills and not twice


def budget(seen: list[tuple[datetime, Seen]]) -> bool:
    """What was sold by day, at the price that was said."""
    sold: Counter[str] = Counter()
    for now, request in seen:
        sold[f"{now.astimezone(BERLIN):%a %d}"] += json.loads(world.answer(request).body)["usage"]["total_tokens"]
    days = ", ".join(f"{day} {tokens / 1e6:.4f}" for day, tokens in sold.items())
    print(f"US dollars by day, limit {LIMIT}: {days}")
    return max(sold.values()) / 1e6 <= LIMIT


def notes(folder: Path, days: int) -> bool:
    """A note a day, which says of the story that goes on what is different since the last note."""
    found = sorted((folder / "notes").glob("*.md"))
    naming, changing = [], 0
    for note in found[1:]:
        day = (datetime.fromisoformat(note.name[:10]).replace(tzinfo=BERLIN) - MONDAY).days + 1
        then, now = f"{houses(day - 1)} houses", f"{houses(day)} houses"
        text = note.read_text("utf-8")
        since = text.partition("## Since the last note")[2].partition("\n## ")[0]
        naming.append(now in since and then in text)
        changing += f"**{then}**" in since and f"**{now}**" in since
    print(
        f"notes {len(found)} in {days} days; of {len(naming)} with one before it {sum(naming)} say what is new in the "
        f"story and give the earlier figure, {changing} as changed from and to"
    )
    return len(found) == days and all(naming)


def told(folder: Path, kills: int) -> bool:
    """Every match told once; once more only where a kill came between."""
    with closing(sqlite3.connect(folder / "archive.db")) as database, database:
        wanted = {source for (source,) in database.execute(
            "SELECT source FROM articles JOIN sentences ON sentences.article = articles.id "
            "WHERE german LIKE '%Schule%'"
        )}  # fmt: skip
    path = folder / "told"
    calls = (
        Counter(json.loads(line)["source"] for line in path.read_text().splitlines()) if path.exists() else Counter()
    )
    again = sum(count - 1 for count in calls.values())
    print(f"matches {len(wanted)}, told {len(calls)}, told again after a kill {again}")
    return wanted <= set(calls) and again <= 4 * kills


def visits(paper: Press) -> bool:
    """How often the papers were asked, and how many answers were 'nothing new'."""
    feeds = Counter(path.partition("?")[0] for path, _ in paper.seen)
    known = sum(is_known for _, is_known in paper.seen)
    pages = sum(count for path, count in feeds.items() if path.startswith("echo/"))
    shown = ", ".join(f"{path} {feeds[path]}" for path in sorted(feeds) if path.endswith(("rss", "json")))
    print(f"looks {shown}; pages {pages}; asked for what is newer {known} of {len(paper.seen)}")
    return feeds["loop.rss"] < 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a new folder for the archive and the notes")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        folder, paper, model, end = given.child
        child(Path(folder), paper, model, datetime.fromisoformat(end))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = given.keep or Path(name)
        folder.mkdir(exist_ok=True)
        began = time.monotonic()
        good = run(folder, given.days, given.kills, given.seed)
        print(f"{time.monotonic() - began:.0f} s; {'as it should be' if good else 'NOT as it should be'}")
    sys.exit(not good)


if __name__ == "__main__":
    main()
