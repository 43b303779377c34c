"""Notes from an archive: of the days that are named, kept in it, each followed by the next of its series."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import days_world
import presseschau
from briefing_world import engine
from continuity_world import HERE
from in_process import presseschau as program
from note_server import endpoint, good
from presseschau import NoteRequest, archives, history, note_of_day, results
from presseschau.briefing.days import FORMS, is_since, is_until, made_at, moment
from presseschau.errors import InputError, MalformedAnswer, NoArticlesError
from presseschau.library import noted
from presseschau.library.store import Archive
from presseschau.library.versions import TextChanges, keep_version
from presseschau.models import Analysis
from scripted import ScriptedEngine


def silent() -> ScriptedEngine:
    """A model that gives no usable answer: the note is made by code alone."""
    return ScriptedEngine(lambda request: MalformedAnswer("no answer"))


MORNING = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
FIRE = NoteRequest(topic="fire, Brand")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with Archive(tmp_path / "archive.db") as made:
        made.put((HERE / "out.jsonl").read_bytes().splitlines())
    return tmp_path / "archive.db"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-03-13"),  # 23:30 UTC is past midnight in Germany
        ("Yesterday", "2026-03-12"),
        ("3  days ago", "2026-03-10"),
        ("1 day ago", "2026-03-12"),
        ("2026-03-01", "2026-03-01"),
        ("2026-03-01 06:00", "2026-03-01T06:00"),
        ("2026-03-01T06:00:59", "2026-03-01T06:00"),
        ("2026-03-01T06:00Z", "2026-03-01T07:00"),
        ("2026-07-01T06:00Z", "2026-07-01T08:00"),
    ],
)
def test_days_as_people_name_them(text: str, day: str) -> None:
    assert moment(text, datetime(2026, 3, 12, 23, 30, tzinfo=UTC)) == day


@pytest.mark.parametrize("text", ["", "tomorrow", "days ago", "-1 days ago", "2026-02-30", "9999 days", "12.03.2026"])
def test_what_is_no_day_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(ValueError, match=FORMS.split(",")[0]):
        moment(text)


def test_an_hour_counts_where_the_paper_prints_one() -> None:
    for published, since, until in (
        ("2026-03-12", True, True),
        ("2026-03-12T05:59", False, True),
        ("2026-03-12T06:00:30", True, True),
        ("2026-03-12T06:01", True, False),
        ("2026-03-12T05:30Z", True, False),
        ("2026-03-13", True, False),
        ("2026-03-11T23:00", False, True),
    ):
        assert is_since(published, "2026-03-12T06:00") == since, published
        assert is_until(published, "2026-03-12T06:00") == until, published
    assert is_since("2026-03-12T00:00", "2026-03-12")
    assert is_until("2026-03-12T23:59", "2026-03-12")
    assert not is_until("2026-03-13T00:00", "2026-03-12")


def test_a_german_day_begins_in_germany() -> None:
    assert made_at(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == ("2026-07-01T22:30:00Z", "2026-07-01T22:00:00Z")


async def test_a_note_is_kept_to_the_byte_and_asks_nothing_about_the_articles(archive: Path, tmp_path: Path) -> None:
    asked = engine()
    done = await note_of_day(archive, asked, FIRE, now=MORNING, out=tmp_path / "note.json")
    assert {request.task for request in asked.requests} == {"note"}
    assert done.complete
    (stored,) = archives.notes(archive)
    assert (stored.id, stored.made, stored.title) == (done.number, "2026-03-12T17:00:00Z", "Fire, Brand")
    assert archives.read_note(archive, stored.id) == done.note == results.read_note(tmp_path / "note.json")
    assert [item for item in results.verify(done.note) if item.severity == "error"] == []
    with Archive(archive, reads=True) as opened:
        (line,) = opened.database.all("SELECT note FROM notes")
    assert line[0] == done.note.model_dump_json()


async def test_the_last_one_is_of_the_same_series_and_of_an_earlier_day(archive: Path) -> None:
    async def made(request: NoteRequest, hours: int, **more: bool) -> presseschau.DayNote:
        return await note_of_day(archive, engine(), request, now=MORNING + timedelta(hours=hours), **more)

    first = await made(FIRE, 0)
    again = await made(FIRE, 2)
    assert (first.number, first.last, again.number, again.last) == (1, None, 1, None)
    other = await made(NoteRequest(topic="fire, Brand", outlets=("Der Hansebote",)), 24)
    assert (other.number, other.last) == (2, None)
    shown = await made(FIRE, 24, keep=False)
    assert (shown.number, shown.last) == (None, 1)
    tomorrow = await made(NoteRequest(topic=" FIRE,  brand"), 25)
    assert (tomorrow.number, tomorrow.last) == (3, 1)
    evening = await made(FIRE, 28)
    assert (evening.number, evening.last) == (3, 1)
    assert [one.id for one in archives.notes(archive)] == [3, 2, 1]
    assert [one.id for one in archives.notes(archive, "fire, brand")] == [3, 2, 1]
    assert archives.drop_note(archive, 3)
    assert not archives.drop_note(archive, 3)
    assert (await made(FIRE, 48)).last == 1
    with pytest.raises(InputError, match="no note with the number 3"):
        archives.read_note(archive, 3)


async def test_a_day_without_an_article_is_no_base_of_the_next_note(archive: Path) -> None:
    cause = NoteRequest(topic="Ladegerät")  # nobody speaks of it on the first day
    told = await note_of_day(archive, silent(), cause, now=MORNING)
    first_day = replace(cause, since="2026-03-12", until="2026-03-12")
    nothing = await note_of_day(archive, silent(), first_day, now=MORNING + timedelta(days=1))
    again = await note_of_day(archive, silent(), cause, now=MORNING + timedelta(days=2))
    assert (nothing.note.stories, nothing.note.others) == ((), ())
    assert (told.number, nothing.number, again.number, again.last) == (1, None, 2, 1)
    assert again.note.since_last is not None
    assert {one.state for one in again.note.since_last.stories} == {"unchanged"}
    assert [one.id for one in archives.notes(archive)] == [2, 1]


async def test_a_note_without_an_article_that_an_older_version_kept_is_no_state_to_go_on_from(archive: Path) -> None:
    cause = NoteRequest(topic="Ladegerät")
    nothing = await note_of_day(archive, silent(), replace(cause, until="2026-03-12"), now=MORNING, keep=False)
    with Archive(archive) as opened:
        told = nothing.note.model_dump_json().encode()
        noted.keep(opened, told, made=nothing.note.made or "", series=noted.series("Ladegerät", (), None), day="9999")
    first = await note_of_day(archive, silent(), cause, now=MORNING + timedelta(days=1))
    assert (first.last, first.note.since_last, first.note.changes) == (None, None, ())


async def test_a_note_of_chosen_articles_is_no_last_note_of_the_others(archive: Path) -> None:
    chosen = await note_of_day(archive, silent(), NoteRequest(articles=(1, 2)), now=MORNING)
    await note_of_day(archive, silent(), NoteRequest(articles=(1, 2)), now=MORNING)
    assert len(archives.notes(archive)) == 2
    of_all = await note_of_day(archive, silent(), NoteRequest(), now=MORNING + timedelta(days=1))
    assert (chosen.last, of_all.last, of_all.note.since_last) == (None, None, None)


async def test_the_days_are_those_of_the_clock_that_is_given(archive: Path) -> None:
    done = await note_of_day(archive, engine(), NoteRequest(since="today", until="today"), now=MORNING)
    assert {source.published[:10] for source in done.note.sources} == {"2026-03-12"}
    assert done.note.since == "2026-03-12"
    request = NoteRequest(since="yesterday", until="today")
    with pytest.raises(InputError, match="holds no article from 2027-03-11 until 2027-03-12"):
        await note_of_day(archive, engine(), request, now=MORNING + timedelta(days=365))


async def test_an_hour_of_another_zone_is_of_the_german_day(archive: Path) -> None:
    """Feeds print GMT: 23:30 there is the next day here."""
    with Archive(archive) as opened:
        line = opened.read(1)
        first = Analysis.model_validate_json(line).article.published
        opened.put([line.replace(f'"published":"{first}"'.encode(), b'"published":"2026-06-30T22:30:00+00:00"')])
    done = await note_of_day(archive, silent(), NoteRequest(since="2026-07-01", until="2026-07-01"), now=MORNING)
    assert [source.published for source in done.note.sources] == ["2026-06-30T22:30:00+00:00"]
    with pytest.raises(NoArticlesError):
        await note_of_day(archive, silent(), NoteRequest(since="2026-06-30", until="2026-06-30"), now=MORNING)


async def test_nobody_waits_while_stories_are_told_apart_and_two_who_do_agree(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow, asked = history.follow, []

    def slow(*given: Any) -> Any:
        asked.append(given)
        if len(asked) == 1:
            with Archive(archive) as other:
                history._identified(other, given[0], None, "2026-03-12T16:59:00Z")
        return follow(*given)

    monkeypatch.setattr(history, "follow", slow)
    done = await note_of_day(archive, silent(), FIRE, now=MORNING)
    assert done.note.stories
    assert all(story.articles for story in archives.stories(archive))


async def test_an_archive_that_cannot_be_written_gives_a_note_that_is_not_kept(archive: Path) -> None:
    before = (HERE / "archive-1.db").read_bytes()
    done = await note_of_day(HERE / "archive-1.db", engine(), FIRE, now=MORNING, keep=False)
    assert done.note.sources
    assert (done.number, (HERE / "archive-1.db").read_bytes()) == (None, before)
    with pytest.raises(InputError, match="does not exist"):
        await note_of_day(archive.parent / "none/archive.db", engine(), FIRE)


def test_the_command_keeps_the_note_says_so_and_says_whose_days(archive: Path, tmp_path: Path) -> None:
    with endpoint([good]) as server:
        asked = ("-m", "m", "--base-url", server["url"], "--cache", str(tmp_path / "cache.sqlite"))
        page = program("brief", str(archive), "-o", str(tmp_path / "note.html"), "--since", "9000 days ago", *asked)
        shown = program("brief", str(archive), "--no-keep", "--since", "2026-03-12 06:00", "-f", "json", *asked)
    assert (page.code, shown.code) == (0, 0), (page.err, shown.err)
    assert "is kept in" in page.err
    assert "German time" in page.err
    assert "kept" not in shown.err
    (stored,) = archives.notes(archive)
    assert archives.read_note(archive, stored.id) == results.read_note(tmp_path / "note.html")
    assert program("verify", str(tmp_path / "note.html")).code == 0
    nothing = program("brief", str(archive), "--since", "today", "-o", str(tmp_path / "today.html"), *asked)
    assert (nothing.code, "holds no article from" in nothing.err, (tmp_path / "today.html").exists()) == (
        7,
        True,
        False,
    )
    refused = program("brief", str(HERE / "out.jsonl"), "--no-keep", *asked)
    assert (refused.code, "--no-keep is for a note from an archive" in refused.err) == (2, True)


async def test_a_story_keeps_number_and_title_from_note_to_note(tmp_path: Path) -> None:
    path, numbers = tmp_path / "archive.db", {}
    for day in (21, 22, 23, 24):
        with Archive(path) as opened:
            of_day = [one for name, one in days_world.analyses().items() if name.startswith(str(day))]
            opened.put(one.model_dump_json().encode() for one in of_day)
        now = datetime(2026, 9, day, 20, 0, tzinfo=UTC)
        done = await note_of_day(path, silent(), NoteRequest(since="today"), now=now)
        for story in (*done.note.stories, *done.note.others):
            for n in story.sources:
                numbers[next(s for s in done.note.sources if s.n == n).id] = (story.story, story.title)
        assert [item for item in results.verify(done.note) if item.severity == "error"] == []
    told = {name: numbers[one.article.id] for name, one in days_world.analyses().items()}
    for letter in "wks":
        assert len({number for name, (number, _) in told.items() if name[3] == letter}) == 1, letter
    assert len({number for number, _ in told.values()}) == 4
    assert len({told[name] for name in ("21-k1-landesfunk-mitte", "22-k2-harburger-kurier")}) == 1
    stored = {one.id: one for one in archives.stories(path)}
    water = stored[told["24-w4-harburger-kurier"][0]]
    assert (water.first, water.last, water.articles) == ("2026-09-21", "2026-09-24", 4)
    assert water.title in water.called
    with Archive(path) as opened:  # analysed again: the article stays where it was
        opened.put([days_world.analyses()["22-w3-weserblick"].model_dump_json().replace("leaking", "leaky").encode()])
    assert {one.id: one.articles for one in archives.stories(path)} == {one.id: one.articles for one in stored.values()}


@pytest.mark.parametrize(("other", "states"), [(False, ["unchanged"]), (True, ["new"])])
async def test_a_changed_article_stays_in_its_story_while_most_of_it_stands(
    other: bool, states: list[str], tmp_path: Path
) -> None:
    path, every = tmp_path / "archive.db", days_world.analyses()
    old, now = every["21-s1-weserblick"], datetime(2026, 9, 21, 20, 0, tzinfo=UTC)
    newer = every["21-w2-harburger-kurier"] if other else old  # the page tells of another event, or has another end
    *kept, last = newer.article.sentences
    sentences = newer.article.sentences if other else (*kept, last.model_copy(update={"text": "Anders."}))
    changed = {"id": "f" * 64, "source": old.article.source, "sentences": sentences}
    newer = newer.model_copy(update={"article": newer.article.model_copy(update=changed)})
    with Archive(path) as opened:
        opened.put([old.model_dump_json().encode()])
    await note_of_day(path, silent(), now=now)
    with Archive(path) as opened:
        line, changes = old.model_dump_json().encode(), TextChanges()
        keep_version(opened, old.article.source, line, "2026-09-21T18:00:00Z", "2026-09-22T08:00:00Z", changes)
        opened.database.run("DELETE FROM articles")
        opened.put([newer.model_dump_json().encode()])
    second = (await note_of_day(path, silent(), now=now + timedelta(days=1))).note
    assert second.since_last is not None
    assert [one.state for one in second.since_last.stories if one.state != "ended"] == states
    assert len(archives.stories(path)) == 1 + other
