"""Notes of the desk: chosen from the archive, priced, made as `brief` makes them, opened to their German, saved."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from briefing_world import analysed, articles, engine
from desk_work import Work, at_work
from in_process import presseschau
from note_server import everything
from presseschau import results
from presseschau.desk.jobs import Jobs
from presseschau.errors import OutputError
from presseschau.library.noted import entries as noted_of
from presseschau.library.store import Archive
from presseschau.notes import Note

ARTICLES = 6
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@cache
def lines() -> list[bytes]:
    some = list(articles().values())[:ARTICLES]
    return [one.model_dump_json().encode() for one in analysed(some, engine())]


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Work]:
    with Archive(tmp_path / "archive.db") as archive:
        archive.put(lines())
    with at_work(tmp_path, [everything]) as made:
        yield made


def ask(work: Work, at: str = "/notes/new", **fields: object):
    page = work.client.get(at).text
    given = {"pages": "2", "english": "british", "csrf": re.findall(r'name="csrf" value="([^"]+)"', page)[-1]}
    return work.client.post("/notes", data={**given, **fields})


def made(work: Work, **fields: object) -> int:
    """The number of the note that is asked for."""
    answer = ask(work, **fields)
    at = answer.url.path
    job = int(at.rpartition("/")[2])
    work.until("offered", job)
    assert work.requests == []
    work.press("start", at)
    number = work.until("done", job).result
    assert number is not None
    return number


def test_a_note_is_the_one_that_brief_makes_and_every_line_opens_its_german(work: Work) -> None:
    number = made(work, article=[str(n) for n in range(1, ARTICLES + 1)], title="Der Brand")
    page = work.client.get(f"/notes/{number}").text
    saved = {form: work.client.get(f"/notes/{number}/save/{form}") for form in ("json", "html", "md", "docx")}
    note = Note.model_validate_json(saved["json"].content)

    said = presseschau(
        "brief", str(work.desk.archive), "-m", "m", "--base-url", work.url, "--price", "1,2", "--cache",
        str(work.desk.given.cache), "--title", "Der Brand", "--no-keep", "-f", "json", "-q",
    )  # fmt: skip
    times = {"made": None, "seal": None}  # the seal is of the time, too
    assert json.loads(note.model_dump_json()) | times == json.loads(said.out) | times

    cited = set(re.findall(r'class="ref" href="#([^"]+)"', page))
    shown = set(re.findall(r'<li class="reference[^"]*" id="([^"]+)"', page))
    assert cited
    assert cited <= shown
    for source in note.sources:
        assert any(sentence.de.split()[0] in page for sentence in source.sentences)
    assert re.search(r'<a href="/article/\d+#s\d+">Read the article</a>', page)
    for form, answer in saved.items():
        want = results.render(note, form)
        assert answer.content == (want if isinstance(want, bytes) else want.encode())
        day = note.made and note.made[:10]
        assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''note-{day}-der-brand.{form}"
    assert f'href="/notes/{number}"' in work.client.get("/notes").text


def test_what_a_search_finds_is_ticked_and_all_of_it_can_be_taken(work: Work) -> None:
    page = work.client.get("/notes/new?q=Brunsbek").text
    boxes = re.findall(r'name="article" value="(\d+)"( checked)?', page)
    assert boxes
    assert all(checked for _, checked in boxes)
    assert not re.search(r'name="article" value="\d+" checked', work.client.get("/notes/new").text)
    assert "is no day: write" in work.client.get("/notes/new?since=gestern").text
    answer = ask(work, all="1", q="Brunsbek")
    job = work.until("offered", int(answer.url.path.rpartition("/")[2]))
    assert sorted(job.wanted["articles"]) == sorted(int(number) for number, _ in boxes)


@pytest.mark.parametrize(
    ("fields", "said"),
    [({}, "Tick the articles"), ({"article": "1", "topic": "???"}, "no word"), ({"article": "1", "pages": "9"}, "")],
)
def test_what_is_missing_is_said_and_what_was_chosen_stays(work: Work, fields: dict[str, str], said: str) -> None:
    answer = ask(work, title=EVIL, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert ('value="1" checked' in answer.text) == ("article" in fields)
    assert work.all() == []


def test_script_in_every_field_of_a_note_is_inert(work: Work) -> None:
    number = made(work, article=["1", "2"], title=EVIL)
    pages = ["/notes", f"/notes/{number}", "/notes/new", f"/notes/new?q=%22{EVIL.replace(' ', '+')}"]
    for at in pages:
        page = work.client.get(at).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_an_earlier_note_is_held_against_and_one_is_taken_out(work: Work) -> None:
    first = made(work, article=["1", "2"])
    work.requests.clear()
    second = made(work, article=[str(n) for n in range(1, ARTICLES + 1)], previous=str(first))
    note = Note.model_validate_json(work.client.get(f"/notes/{second}/save/json").content)
    assert note.since_last is not None
    assert "Since" in work.client.get(f"/notes/{second}").text
    work.press("remove", f"/notes/{first}")
    assert work.client.get(f"/notes/{first}").status_code == 404
    assert work.client.get(f"/notes/{second}").status_code == 200
    assert work.client.get(f"/notes/{second}/save/exe").status_code == 404


def test_a_desk_that_ends_as_the_note_is_kept_keeps_it_once(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    noted, full = Jobs.made_note, [True]

    def made_note(jobs: Jobs, job: int, number: int) -> None:
        if full.pop() if full else False:
            raise OutputError("The process ends here.")
        noted(jobs, job, number)

    monkeypatch.setattr(Jobs, "made_note", made_note)
    job = int(ask(work, article=["1", "2"]).url.path.rpartition("/")[2])
    work.until("offered", job)
    work.press("start", f"/inbox/{job}")
    work.wait(lambda: work.desk.queue.now.held is not None)
    with Archive(work.desk.archive, reads=True) as archive:
        assert list(noted_of(archive)) == []
    work.press("go-on", "/inbox")
    number = work.until("done", job).result
    with Archive(work.desk.archive, reads=True) as archive:
        assert [one.id for one in noted_of(archive)] == [number]


def test_the_articles_of_a_story_can_be_chosen(work: Work) -> None:
    made(work, article=[str(n) for n in range(1, ARTICLES + 1)])  # that makes the stories known
    page = work.client.get("/notes/new").text
    story, count = re.search(r'<option value="(\d+)">[^<]+ \((\d+)\)</option>', page).groups()
    chosen = work.client.get(f"/notes/new?story={story}").text
    assert len(re.findall(r'name="article" value="\d+" checked', chosen)) == int(count) > 1
    assert "Choose one of the stories" in work.client.get("/notes/new?story=x").text
