"""What is different from the last note: figures of one thing alone, each side cited; who changes a line is found."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document

import days_world
from note_sample import sample
from presseschau import NoteRequest, note_of_day, results
from presseschau.briefing.changes import gone, new_claims, same_article
from presseschau.briefing.since import LaterVersion, NoteSide, changed_figures, since_last
from presseschau.errors import MalformedAnswer
from presseschau.library.store import Archive
from presseschau.library.versions import TextChanges, keep_version, set_mark
from presseschau.models import Analysis, Claim, Evidence
from presseschau.notes import Change, Note, Source, SourceClaim, SourceSentence, sealed
from presseschau.output.note_markdown import note_markdown
from scripted import ScriptedEngine

CASES = [json.loads(line) for line in (days_world.FOLDER.parent / "since.jsonl").read_text("utf-8").splitlines()]


def side(rows: list[list[str]], first: int, published: str) -> NoteSide:
    sources, claims = [], []
    for n, (outlet, german, english) in enumerate(rows, first):
        sentence = SourceSentence(n=1, role="body", de=german, en=english, start=0, end=len(german))
        sources.append(Source(n=n, id=str(n), outlet=outlet, published=published, sentences=(sentence,)))
        evidence = (Evidence(n=1, start=0, end=len(german), text=german),)
        claim = Claim(id="c1", text=english.strip(), sentences=(1,), evidence=evidence)
        claims.append(SourceClaim(id=f"{n}.c1", source=n, claim=claim))
    return NoteSide(tuple(sources), tuple(claims))


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_a_figure_has_changed_only_if_it_is_of_one_thing_and_somebody_says_so(case: dict[str, Any]) -> None:
    then, now = side(case["then"], 11, "2026-09-21"), side(case["now"], 1, "2026-09-22")
    found = list(changed_figures(now, then))
    assert [list(one.figures or ()) for one in found] == case["changed"]
    for one in found:
        assert one.claims == ("1.c1",)
        assert set(one.earlier) <= {claim.id for claim in then.claims}


@pytest.mark.parametrize("tail", [", sagte Polizeisprecherin Anja Krug.", ", teilte der Deichverband Elsfleth mit."])
def test_what_one_speaker_says_twice_is_told_apart_by_what_is_said(tail: str) -> None:
    then = side(
        [["Bote", f"Die Sperrung dauert bis Freitag{tail}", "The closure lasts until Friday."]], 1, "2026-09-21"
    )
    same = side([["Kurier", f"Bis Freitag dauert die Sperrung{tail}", "The closure is until Friday."]], 2, "2026-09-22")
    other = side([["Bote", f"Die Ursache ist noch unklar{tail}", "The cause is still unclear."]], 3, "2026-09-22")
    assert [one.claims for one in new_claims([*same.claims, *other.claims], then.sources)] == [("3.c1",)]
    assert list(gone(then.claims, other.sources[0])) == list(then.claims)
    assert list(gone(then.claims, same.sources[0])) == []


def silent() -> ScriptedEngine:
    return ScriptedEngine(lambda request: MalformedAnswer("no answer"))


async def days(path: Path, *wanted: int, since: str = "today") -> list[Note]:
    made = []
    for day in wanted:
        with Archive(path) as opened:
            every = days_world.analyses().items()
            opened.put(one.model_dump_json().encode() for name, one in every if name.startswith(str(day)))
        now = datetime(2026, 9, day, 20, 0, tzinfo=UTC)
        made.append((await note_of_day(path, silent(), NoteRequest(since=since), now=now)).note)
    return made


def told(note: Note) -> dict[str, list[Change]]:
    assert note.since_last is not None
    return {f"{one.state}: {one.title}": list(one.changes) for one in note.since_last.stories}


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Note:
    """The note of the second day."""
    return asyncio.run(days(tmp_path_factory.mktemp("days") / "archive.db", 21, 22))[1]


async def test_from_day_to_day_each_change_cites_both_days(tmp_path: Path) -> None:
    first, second, third, fourth = await days(tmp_path / "archive.db", 21, 22, 23, 24)
    assert first.since_last is None
    assert second.since_last is not None
    assert second.since_last.day == "2026-09-21"
    assert second.since_last.seal == first.seal
    figures = [one for lines in told(second).values() for one in lines if one.figures]
    assert [(one.about, one.figures) for one in figures] == [
        ("households", ("Around 12,000 households", "18,000 households")),
        ("people", ("4 people", "11 people")),
    ]
    claims, sources = ({one.id: one for one in second.claims}, {one.n: one for one in second.sources})
    for one in figures:
        assert {sources[claims[c].source].published[:10] for c in one.earlier} == {"2026-09-21"}
        assert {sources[claims[c].source].published[:10] for c in one.claims} == {"2026-09-22"}
        assert all(sources[claims[c].source].earlier for c in one.earlier)
    assert {state.partition(":")[0] for state in told(third)} == {"new", "changed", "ended"}
    again = next(one for one in fourth.since_last.stories if one.state == "again")
    assert (again.last, again.changes[0].kind) == ("2026-09-22", "new")
    assert "11 people were treated in hospital for diarrhoea." not in {one.text for one in again.changes}
    for note in (first, second, third, fourth):
        assert [item for item in results.verify(note) if item.severity == "error"] == []
        assert Note.model_validate_json(note.model_dump_json()) == note


def test_a_story_that_became_two_is_said(second: Note) -> None:
    """Most of a story goes on; an article of it, in a later version, tells of another event."""
    first, other = (*second.stories, *second.others)[:2]
    told_as_one = first.model_copy(update={"sources": (*first.sources, *other.sources)})
    last = second.model_copy(update={"stories": (told_as_one,), "others": ()})
    other = other.model_copy(update={"story": 999})
    was = next(source for source in second.sources if source.n == other.sources[0])
    now = [s.model_copy(update={"id": "f" * 64}) if s is was else s for s in second.sources]
    later = {was.id: LaterVersion("f" * 64)}
    since = since_last([first, other], second.claims, now, last, later).since
    found = next(one for one in since.stories if one.story == 999)
    assert (found.state, found.split_from) == ("new", first.title)
    assert since_last([other], second.claims, now, last, later).since.stories[0].split_from is None
    shown = note_markdown(second.model_copy(update={"since_last": since}))
    assert f"told until now in “{first.title}”, which is two stories now" in shown


async def test_days_that_overlap_cite_the_article_that_is_there(tmp_path: Path) -> None:
    *_, last = await days(tmp_path / "archive.db", 23, 24, since="yesterday")
    (jobs,) = [one for lines in told(last).values() for one in lines if one.figures]
    assert jobs.figures == ("520 of the 640 jobs", "545 jobs")
    assert not any(source.earlier for source in last.sources)
    assert "unchanged: Tram hits cyclist in Grabenstedt" in told(last)


async def test_an_article_that_was_analysed_again_is_cited_by_the_claim_that_was_meant(tmp_path: Path) -> None:
    """By another model, whose first claim is another one."""
    await days(tmp_path / "archive.db", 23, since="yesterday")
    with Archive(tmp_path / "archive.db") as opened:
        for name, one in days_world.analyses().items():
            if name.startswith("23") and one.claims:
                others = [claim.model_copy(update={"id": f"c{n}"}) for n, claim in enumerate(one.claims[::-1], 1)]
                opened.put([one.model_copy(update={"claims": tuple(others)}).model_dump_json().encode()])
    (last,) = await days(tmp_path / "archive.db", 24, since="yesterday")
    (jobs,) = [one for lines in told(last).values() for one in lines if one.figures]
    claims = {one.id: one.claim for one in last.claims}
    assert jobs.before in {claims[one].text for one in jobs.earlier}
    assert [item for item in results.verify(last) if item.severity == "error"] == []


def spoilt(change: Change, **other: Any) -> Change:
    return change.model_copy(update=other)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: spoilt(one, figures=(one.figures[0], "19,000 households")),
        lambda one: spoilt(one, figures=("Around 11,000 households", one.figures[1])),
        lambda one: spoilt(one, figures=one.figures[::-1]),
        lambda one: spoilt(one, earlier=()),
        lambda one: spoilt(one, earlier=("77.c1",)),
        lambda one: spoilt(one, earlier=one.claims),
        lambda one: spoilt(one, before="Around 10 households were affected."),
        lambda one: spoilt(one, text="18,000 households are dry."),
        lambda one: spoilt(one, kind="withdrawn"),
    ],
)
def test_a_line_that_was_changed_is_found(second: Note, spoil: Any) -> None:
    note = second
    assert note.since_last is not None
    stories = [
        one.model_copy(
            update={"changes": tuple(spoil(c) if c.about == "households" else c for c in one.changes)}
        )
        for one in note.since_last.stories
    ]  # fmt: skip
    since = note.since_last.model_copy(update={"stories": tuple(stories)})
    changed = sealed(note.model_copy(update={"since_last": since}))
    assert [item.code for item in results.verify(changed) if item.severity == "error"]
    assert "note.tampered" in {item.code for item in results.verify(note.model_copy(update={"since_last": since}))}


@pytest.mark.parametrize("form", ["md", "html"])
def test_every_form_shows_it_and_is_verified(second: Note, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"note.{form}"
    results.write(second, path)
    text = path.read_text("utf-8")
    assert "Since the last note (21 September 2026)" in text
    assert "of the last note" in text
    for _, findings in results.verify_stored(path):
        assert [item for item in findings if item.severity == "error"] == []
    path.write_text(text.replace("18,000 households", "81,000 households"), "utf-8")
    assert [item for _, findings in results.verify_stored(path) for item in findings if item.severity == "error"]


def test_word_says_it_too(second: Note, tmp_path: Path) -> None:
    results.write(second, tmp_path / "note.docx")
    document = Document(str(tmp_path / "note.docx"))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "Since the last note (21 September 2026)" in [paragraph.text for paragraph in document.paragraphs]
    figures = re.compile(r"households: Around 12,000 households[\d,]* → 18,000 households")
    assert any(map(figures.search, cells))


def changed(analysis: Analysis, **other: Any) -> Analysis:
    return analysis.model_copy(update={"article": analysis.article.model_copy(update=other)})


async def test_what_an_outlet_withdrew_or_no_longer_says(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    (first,) = await days(path, 21)
    every = days_world.analyses()
    old, tram = every["21-w2-harburger-kurier"], every["21-s1-weserblick"]
    newer = every["24-w4-harburger-kurier"]
    newer = changed(newer, source=old.article.source, published="2026-09-22T08:00")
    with Archive(path) as opened:
        line = old.model_dump_json().encode()
        keep_version(opened, old.article.source, line, "2026-09-21T18:00:00Z", "2026-09-22T08:00:00Z", TextChanges())
        opened.database.run("DELETE FROM articles WHERE source = ?", old.article.source)
        opened.put([newer.model_dump_json().encode()])
        set_mark(opened, tram.article.source, "withdrawn", "Der Artikel wurde entfernt.", "2026-09-22T09:00:00Z")
    (second,) = await days(path, 22)
    gone = {one.before: one for lines in told(second).values() for one in lines if one.kind == "withdrawn"}
    assert {one.text.partition(" ")[2] for one in gone.values()} == {
        "Kurier no longer reports this in its present version of the article.",
        "has withdrawn this article.",
    }
    assert all(one.earlier and not one.claims for one in gone.values())
    assert [item for item in results.verify(second) if item.severity == "error"] == []
    assert first.since_last is None


async def test_the_same_articles_bring_no_news(tmp_path: Path) -> None:
    first, second = await days(tmp_path / "archive.db", 21, 22, since="2026-09-21")
    same = first.model_copy(update={"made": second.made})
    found = since_last((*first.stories, *first.others), first.claims, first.sources, same, {"x": LaterVersion()})
    assert {one.state for one in found.since.stories} == {"unchanged"}
    assert (found.sources, found.claims) == ((), ())


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ({"link": "a"}, {"link": "a"}, True),
        ({"link": "a"}, {"link": "b"}, False),
        ({"link": "a"}, {"link": None}, True),  # by outlet and headline
        ({"link": None}, {"link": "b"}, True),
        ({"link": None}, {"outlet": "Echo"}, False),
        ({"link": None}, {"headline_de": "Regen"}, False),
        ({"link": None, "outlet": None}, {"outlet": None}, False),
        ({"link": None, "headline_de": None}, {"headline_de": None}, False),
    ],
)
def test_a_version_of_an_article_is_known_by_its_link_or_by_outlet_and_headline(old, new, same):
    one = sample().sources[0].model_copy(update={"outlet": "Blatt", "headline_de": "Brand"})
    assert same_article(one.model_copy(update=old), one.model_copy(update=new)) is same
