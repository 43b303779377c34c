"""What an earlier version left on the disk is read and gone on with, and nothing that was paid for is paid again.

fixtures/continuity was made by commit 2a7fbd4 (tests/tools/make_continuity.py). Only the command line is used here.
A test that fails says that users' own runs, caches, reviews and notes fail too: mend the program, never the fixture.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from batch_server import Batch, BatchServer
from continuity_world import BATCHES, ENGINE, HERE, KNOWN, PROMPTS, RUN, asked_about, reply, serving
from fault_server import FaultServer, Reply
from in_process import presseschau

FIRST = "articles/a1-hansebote.txt"
EDITED = "Fourteen injured in a warehouse fire."
NOTE = (*ENGINE, *PROMPTS, "--cache", "cache.sqlite", "--cache-only")
COMMENTS = re.compile(r"--[^\n]*")


@dataclass
class Program:
    """The program as a user runs it, in this process, in a folder with a copy of the fixtures."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch

    def run(self, *arguments: str, said: str = "", code: int = 0) -> str:
        """What it prints; it must end with `code`."""
        ended = presseschau(*arguments, said=said)
        assert ended.code == code, ended.err
        return ended.out

    def serve(self, environment: dict[str, str]) -> None:
        for name, value in environment.items():
            self.monkeypatch.setenv(name, value)

    def json(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text("utf-8"))

    def lines(self, name: str) -> list[bytes]:
        return (self.folder / name).read_bytes().splitlines()


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    folder = tmp_path / "user"
    shutil.copytree(HERE, folder)
    monkeypatch.chdir(folder)
    for name in ("PRESSESCHAU_MODEL", "PRESSESCHAU_PROMPTS", "PRESSESCHAU_CACHE", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return Program(folder, monkeypatch)


@pytest.fixture
def server(program: Program) -> Iterator[FaultServer]:
    """It knows every answer; a test says how often it may be asked."""
    made = FaultServer([reply])
    with serving(made) as environment:
        program.serve(environment)
        yield made


def holds(new: Any, old: Any) -> bool:
    """Everything of `old` is in `new`; objects may have got fields."""
    if isinstance(old, dict):
        return isinstance(new, dict) and all(name in new and holds(new[name], old[name]) for name in old)
    if isinstance(old, list):
        return isinstance(new, list) and len(new) == len(old) and all(map(holds, new, old))
    return bool(new == old)


# --- results, reviews, notes ------------------------------------------------------------------------------------------


def test_a_result_is_read_whole(program: Program) -> None:
    Path("analysis.review.json").unlink()

    assert holds(json.loads(program.run("render", "analysis.json", "-f", "json")), program.json("analysis.json"))
    assert json.loads(program.run("verify", "analysis.json"))["id"] == program.json("analysis.json")["article"]["id"]


@pytest.mark.parametrize("form", ["md", "html", "csv", "jsonl", "jsonld", "tmx"])
def test_a_result_is_shown_in_every_form(program: Program, form: str) -> None:
    shown = program.run("render", "analysis.json", "-f", form)

    assert EDITED in re.sub("</?mark[^>]*>", "", shown)  # what is found in a person's English is marked as in any other
    assert "Hauke Brodersen" in shown


def test_a_run_is_read_line_by_line(program: Program) -> None:
    Path("out.review.json").unlink()
    for line in map(json.loads, program.lines("out.jsonl")):
        shown = program.run("render", "out.jsonl", "--article", line["article"]["source"], "-f", "json")
        assert holds(json.loads(shown), line)

    assert len(program.run("verify", "out.jsonl").splitlines()) == len(KNOWN)


@pytest.mark.parametrize("result", ["analysis.json", "out.jsonl"])
def test_a_review_is_read_and_added_to(program: Program, result: str) -> None:
    shown = json.loads(program.run("render", result, "--article", FIRST, "-f", "json"))
    rows = [(row["en"], row["status"]) for row in shown["translation"][1:3]]
    assert rows == [(EDITED, "human"), (None, "missing")]
    assert (shown["claims"][1]["text"], shown["claims"][1]["status"]) == (EDITED, "human")

    program.run("review", result, "--all", "--article", FIRST, said="e\nMine.\n")
    review = program.json(f"{Path(result).stem}.review.json")
    assert review["schema_version"] == "presseschau/review/1"
    assert holds(
        review["decisions"][:6], json.loads((HERE / f"{Path(result).stem}.review.json").read_text())["decisions"]
    )
    assert [d["english"] for d in review["decisions"][6:]] == ["Mine."]


@pytest.mark.parametrize("note", ["note.json", "note.html", "next.json"])
def test_a_note_is_read_and_holds(program: Program, note: str) -> None:
    found = json.loads(program.run("verify", note))["findings"]
    assert [one["code"] for one in found if one["severity"] == "error"] == []
    stored = note.replace(".html", ".json")
    assert holds(json.loads(program.run("render", note, "-f", "json")), program.json(stored))


def test_a_note_says_the_same_on_its_page_and_in_word(program: Program) -> None:
    program.run("render", "note.json", "-o", "again.html")
    program.run("render", "next.json", "-o", "again.docx")

    assert Path("again.html").read_bytes() == Path("note.html").read_bytes()
    then = [words.replace("before, in German", "the paper, in German") for words in words_of("next.docx")]
    assert words_of("again.docx") == then  # but for what a correction's German is called


def words_of(name: str) -> list[str]:
    """The text of a Word file, by runs."""
    with zipfile.ZipFile(name) as file:
        parts = sorted(part for part in file.namelist() if re.fullmatch(r"word/(?:document|footnotes)\.xml", part))
        return [text for part in parts for text in re.findall(r"<w:t[^>]*>([^<]*)", file.read(part).decode())]


# --- runs that go on --------------------------------------------------------------------------------------------------


def test_a_run_that_is_done_asks_nothing_and_stays_as_it_is(program: Program, server: FaultServer) -> None:
    Path("out.review.json").unlink()
    program.run(*RUN, "--no-cache", "-o", "out.jsonl")

    assert server.requests == []
    assert program.lines("out.jsonl") == (HERE / "out.jsonl").read_bytes().splitlines()


def test_a_run_begun_asks_only_for_what_is_missing(program: Program, server: FaultServer) -> None:
    done = program.lines("begun/out.jsonl")
    assert len(done) == 3
    program.run(*RUN, "--no-cache", "-o", "begun/out.jsonl")

    assert Counter(map(asked_about, server.requests)) == dict.fromkeys(list(KNOWN)[3:], 3)
    lines = program.lines("begun/out.jsonl")
    assert lines[:3] == done
    whole = program.lines("out.jsonl")
    assert [*map(article_in, lines)] == [*map(article_in, whole)]
    assert [said(line) for line in lines] == [said(line) for line in whole]
    assert program.json("begun/out.jsonl.manifest.json")["spent"]["invocations"] == 2


def article_in(line: bytes) -> dict[str, Any]:
    """The article of a result, without what only a later version says of it: that a note stays German."""
    article = json.loads(line)["article"]
    return article | {"findings": [one for one in article["findings"] if one["code"] != "input.notice"]}


def said(line: bytes) -> list[str]:
    result = json.loads(line)
    return [one["en"] for one in result["translation"]] + [one["text"] for one in result["claims"]]


@pytest.mark.timeout(30)
def test_a_batch_under_way_is_collected_and_nothing_is_handed_over_again(program: Program) -> None:
    content = Path("batches/out.jsonl.batches/requests-1.jsonl").read_bytes()
    server = BatchServer()
    server.files["file-in-1"] = content
    digest = hashlib.sha256(content).hexdigest()
    server.batches.append(Batch("batch_0", digest, 2_000_000_000, "file-in-1", status="in_progress", requests=4))
    with serving(server) as environment:
        program.serve(environment)
        program.run(*BATCHES, "--no-cache", "-o", "batches/out.jsonl")

    assert [path for method, path in server.calls if method == "POST"] == []
    assert sorted(server.paid.values()) == [1, 1, 1, 1]
    assert len(program.lines("batches/out.jsonl")) == 4


def test_decisions_win_when_a_run_is_made_anew_from_the_cache(program: Program, server: FaultServer) -> None:
    program.run(*RUN, "--cache", "cache.sqlite", "-o", "out.jsonl", "--overwrite")

    # One rule reads more since: "werde noch geprüft" goes on with the police of the sentence before.
    (again,) = server.requests
    assert "Sentence 6 reports words of police" in again.json["messages"][-1]["content"]
    first = json.loads(program.lines("out.jsonl")[0])
    assert [row["en"] for row in first["translation"][1:3]] == [EDITED, None]
    assert [claim["text"] for claim in first["claims"] if claim["status"] == "human"][1:] == [EDITED]


# --- the answer cache -------------------------------------------------------------------------------------------------


def test_the_cache_answers_for_an_article(program: Program, server: FaultServer) -> None:
    Path("analysis.review.json").unlink()
    program.run("article", FIRST, *NOTE, "-o", "again.json")

    assert server.requests == []
    again, before = program.json("again.json"), program.json("analysis.json")
    assert holds({**again, "provenance": None}, {**before, "provenance": None})


def test_the_cache_answers_for_a_note_and_the_previous_one_is_compared(program: Program, server: FaultServer) -> None:
    program.run("brief", "first.jsonl", *NOTE, "-o", "again.json")
    assert holds(shown(program.json("again.json")), shown(program.json("note.json")))
    for previous in ("note.json", "note.html"):
        program.run("brief", "out.jsonl", "--previous", previous, *NOTE, "-o", "again.json")
        assert holds(shown(program.json("again.json")), shown(program.json("next.json")))

    assert program.json("next.json")["changes"]
    assert server.requests == []


def shown(note: Any) -> Any:
    """What a reader sees of a note, but for which of the single sources there is room for: they are ranked since."""
    seen = {name: note[name] for name in ("title", "bottom_line", "key_points", "changes", "stories", "left_out")}
    return {**seen, "stories": [{**story, "single_source": None} for story in note["stories"]]}


def test_what_is_asked_has_the_keys_that_it_had(program: Program, server: FaultServer) -> None:
    """The pinned recipe of the keys: engine, messages, schema and sampling, and KEY_VERSION 1."""
    program.run("article", FIRST, *ENGINE, *PROMPTS, "--cache", "new.sqlite", "-o", "again.json")

    new, stored = keys("new.sqlite"), keys("cache.sqlite")
    assert len(server.requests) == len(new) == 3
    assert new <= stored
    assert {key.partition(":")[0] for key in stored} == {"1"}


def keys(name: str) -> set[str]:
    with closing(sqlite3.connect(name)) as file:
        return {key for (key,) in file.execute("SELECT key FROM answers")}


def test_the_cache_is_sound(program: Program) -> None:
    assert json.loads(program.run("cache", "stats", "--cache", "cache.sqlite", "--json"))["answers"] == 22
    assert "poisoned: 0" in program.run("cache", "verify", "--cache", "cache.sqlite")


# --- the databases ----------------------------------------------------------------------------------------------------


def test_the_databases_have_the_tables_that_they_had(program: Program) -> None:
    """A new cache, journal and ledger against those of the fixtures: tables, indexes, ids, versions."""

    def at_once(method: str, path: str) -> Reply | None:
        for batch in server.batches:
            batch.status = "in_progress"  # else its end is waited for
        return None

    server = BatchServer(before=at_once)
    with serving(server) as environment:
        program.serve(environment)
        program.run(*BATCHES, "--cache", "new.sqlite", "-o", "new.jsonl")

    assert tables("new.sqlite") == tables("cache.sqlite")
    assert tables("new.jsonl.d/journal") == tables("out.jsonl.journal")
    assert tables("new.jsonl.d/batches/ledger.sqlite") == tables("batches/out.jsonl.batches/ledger.sqlite")


def tables(name: str) -> list[Any]:
    """Everything that is declared in a database, without comments and blanks; its application and its version."""
    with closing(sqlite3.connect(name)) as file:
        declared = file.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        marks = [file.execute(f"PRAGMA {mark}").fetchone()[0] for mark in ("application_id", "user_version")]
    assert len(declared) >= 4
    return [*marks, *((*rest, "".join(COMMENTS.sub("", sql or "").split())) for *rest, sql in declared)]
