"""Saved searches: told once, as JSON to a command without a shell; a command that fails is called again, later."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from output.own_analysis import SLUGS, own
from presseschau.library.store import Archive
from presseschau.watching import telling
from presseschau.watching.sources import SavedSearch, SourceRules, Watchlist
from presseschau.watching.telling import called, filled, parts_of
from watch_world import MONDAY, Sent, World, item, rss, story

KEEP = "import sys, pathlib; file = pathlib.Path(sys.argv[1]); file.open('a').write(sys.stdin.read() + '\\n')"


def watch(world: World, *command: str, query: str = "bauten") -> Watchlist:
    source = SourceRules(address=world.url("a.rss"), tasks=("translate",))
    return Watchlist((source,), (SavedSearch(name="Bau", query=query),), on_match=command or None)


def has(world: World, *numbers: int) -> None:
    world.has["a.rss"] = Sent(rss("B", [item(story(n, MONDAY), world.url(f"b/{n}"), f"g{n}") for n in numbers]))


def heard(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


async def test_each_match_is_told_once(world: World) -> None:
    has(world, 1)
    await world.round(watch=Watchlist(watch(world).sources))  # what was there before the search is not told
    file = world.folder / "told"
    command = (sys.executable, "-c", KEEP, str(file))
    world.later(hours=1)
    assert (await world.round(watch=watch(world, *command))).told == 0
    for numbers in ((1, 2, 3), (1, 2, 3), (3, 2, 1)):
        world.later(hours=1)
        has(world, *numbers)
        await world.round(watch=watch(world, *command))
    found = heard(file)
    assert sorted(str(one["source"]) for one in found) == [world.url("b/2"), world.url("b/3")]
    assert (found[0]["search"], found[0]["query"], found[0]["attempt"]) == ("Bau", "bauten", 1)
    assert all("built" in json.dumps(one["sentences"]) for one in found)


async def test_a_command_that_fails_is_said_and_called_again_later(world: World) -> None:
    file = world.folder / "told"
    wanted = f"import os, sys; sys.stderr.write('kein Platz'); sys.exit(not os.path.exists({str(file)!r}))"
    command = (sys.executable, "-c", wanted)
    has(world, 1)
    await world.round(watch=watch(world, *command), asks=False)
    done = await world.round(watch=watch(world, *command))
    assert (done.told, done.done) == (0, 1)
    assert "ended with 1 (kein Platz); it is called again later." in done.said[0]
    world.later(minutes=1)
    assert (await world.round(watch=watch(world, *command))).said == []  # not yet
    file.touch()
    world.later(hours=1)
    assert (await world.round(watch=watch(world, *command))).told == 1
    assert world.rows("SELECT state, tries FROM watch_matches WHERE article != ''") == [("told", 2)]


async def test_a_kill_while_it_runs_has_it_called_once_more(world: World) -> None:
    file = world.folder / "told"
    command = (sys.executable, "-c", KEEP, str(file))
    has(world)
    await world.round(watch=watch(world, *command))
    has(world, 1)
    await world.round(watch=watch(world))  # without a command, and as a kill would leave it:
    with Archive(world.folder / "archive.db") as archive, archive.database.transaction():
        archive.database.run("UPDATE watch_matches SET state = 'begun', tries = 1 WHERE article != ''")
    await world.round(watch=watch(world, *command))
    assert [one["attempt"] for one in heard(file)] == [2]


async def test_searches_that_are_gone_or_fail_hold_no_other_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "_MOST", 4)
    monkeypatch.setattr(telling, "_LOOKED_AT", 2)
    file = world.folder / "told"
    fails = SavedSearch(name="Ach", query="bauten", command=(sys.executable, "-c", "raise SystemExit(1)"))
    tells = SavedSearch(name="Bau", query="bauten", command=(sys.executable, "-c", KEEP, str(file)))
    both = Watchlist(watch(world).sources, (fails, tells))
    has(world)
    await world.round(watch=both)
    with Archive(world.folder / "archive.db") as archive, archive.database.transaction():
        archive.database.run_many(
            "INSERT INTO watch_matches VALUES ('gone', ?, '', 'new', 0, NULL, NULL)", [(f"a{n}",) for n in range(9)]
        )
    has(world, *range(1, 6))
    done = await world.round(watch=both)
    assert (done.matches, done.told) == (10, 2)
    world.later(hours=1)
    await world.round(watch=both)
    world.later(hours=1)
    await world.round(watch=both)
    assert len(heard(file)) == 5


async def test_two_texts_of_one_source_that_is_not_watched_are_told(world: World) -> None:
    """As the desk has them: each was pasted."""
    file = world.folder / "told"
    command = (sys.executable, "-c", KEEP, str(file))
    has(world)
    await world.round(watch=watch(world, *command, query=""))
    for slug in SLUGS[:2]:
        line = own(slug).model_dump_json().replace(f'"source":"{slug}.txt"', '"source":"pasted text"')
        with Archive(world.folder / "archive.db") as archive:
            archive.put([line.encode()])
        for _ in range(2):
            world.later(hours=1)
            await world.round(watch=watch(world, *command, query=""))
    assert [one["article"] for one in heard(file)] == [own(slug).article.id for slug in SLUGS[:2]]


async def test_a_command_that_hangs_or_is_none_blocks_nobody() -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert "did not end within 0.2 seconds" in str(await called(sleeper, b"", 0.2))
    assert "cannot be started" in str(await called(["/gibt/es/nicht"], b""))
    assert await called([sys.executable, "-c", "pass"], b"x" * 1_000_000) is None  # which does not read it


async def test_a_command_has_the_whole_match_when_it_begins() -> None:
    """Were it a pipe, a watch that is killed just then would give it half a line, or none."""
    has = "import os, stat, sys; sys.exit(not stat.S_ISREG(os.fstat(0).st_mode) or len(sys.stdin.read()) != 300_000)"
    assert await called([sys.executable, "-c", has], b"x" * 300_000) is None


def test_arguments_stay_what_they_are() -> None:
    match = {"search": "Bau", "headline": "--help; rm -rf ~ $(id)\n\x07", "source": "-x", "english": None}
    assert filled(parts_of("mail -s 'Neu: {headline}' {source} {english}"), match) == [
        "mail", "-s", "Neu: --help; rm -rf ~ $(id) ", " -x", "{english}",
    ]  # fmt: skip
    with pytest.raises(Exception, match="is empty"):
        parts_of(" ")
    with pytest.raises(Exception, match="cannot be read"):
        parts_of("mail 'x")
