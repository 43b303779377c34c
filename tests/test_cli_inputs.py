"""From the command line: what is no article in prose is refused by name, and in an archive skipped unpaid."""

import gzip
import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from archive_world import german, translated
from in_process import presseschau
from made_files import pdf, set_lines
from test_cli import answer, ask, one_sentence, program, served

__all__ = ["program", "served"]  # fixtures

UNREAD = Path(__file__).resolve().parents[1] / "fixtures" / "ingest" / "unread"


@pytest.mark.parametrize(
    ("command", "name"),
    [("article", "own.xml"), ("translate", "a.ass"), ("read", "transcript.txt"), ("read", "headers.txt")],
)
def test_what_is_no_article_is_refused_by_name(program, served, command, name):
    server = served([answer])
    done = program.run("read", UNREAD / name) if command == "read" else ask(program, server, command, UNREAD / name)
    assert (done.returncode, done.stdout, server.requests) == (1, "", [])
    assert re.search(r"(This is .*, which is not read\.) .+\.$", one_sentence(done))


def test_what_is_no_article_is_skipped_in_an_archive_unpaid(program, served):
    (program.folder / "in").mkdir()
    for name in ("own.xml", "a.ris", "a.ass", "code.txt"):
        shutil.copy(UNREAD / name, program.folder / "in")
    done = program.run("batch", "in", "--dry-run", "-m", "x", "--base-url", "http://127.0.0.1:1/v1")
    assert done.returncode == 1
    assert re.search(r"^articles +0 \(4 skipped, 0 duplicates\)$", done.stdout, re.M)
    assert re.search(r"^skipped +format 3, article 1$", done.stdout, re.M)
    server = served([answer])
    done = ask(program, server, "batch", "in", "-o", "out.jsonl")
    assert (done.returncode, server.requests) == (1, [])
    failed = [
        json.loads(line) for line in (program.folder / "out.jsonl.d/failed.jsonl").read_text("utf-8").splitlines()
    ]
    assert sorted(line["class"] for line in failed) == ["article", "format", "format", "format"]
    assert all("which is not read." in line["message"] for line in failed)
    named = re.findall(r"presseschau: (\S+): skipped: .* is not read\.", done.stderr)
    assert named == [line["source"] for line in failed]
    assert "The whole list is in out.jsonl.d/failed.jsonl." in done.stderr


@pytest.mark.parametrize("more", [("--dry-run",), ("-o", "out.jsonl")])
def test_a_folder_without_a_file_is_said_to_be_empty(tmp_path, monkeypatch, more):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    done = presseschau("batch", "in", "-m", "x", "--base-url", "http://127.0.0.1:9/v1", "--no-cache", *more)
    assert (done.code, "There is nothing to read" in done.err) == (1, True)


def test_of_many_skipped_the_first_five_are_named(program, served):
    for at in range(7):
        (program.folder / f"{at}.ris").write_bytes((UNREAD / "a.ris").read_bytes())
    done = ask(program, served([answer]), "batch", *(f"{at}.ris" for at in range(7)), "-o", "out.jsonl")
    assert re.findall(r"(\d)\.ris: skipped: ", done.stderr) == list("01234")
    assert "2 more, and why, are in out.jsonl.d/failed.jsonl." in done.stderr
    trial = ask(program, served([answer]), "batch", *(f"{at}.ris" for at in range(7)), "--dry-run")
    assert re.findall(r"(\d)\.ris: skipped: ", trial.stderr) == list("01234")
    assert "2 more are skipped." in trial.stderr


HARMLESS = {
    "LICENSE": b"Permission is hereby granted, free of charge, to any person obtaining a copy of this software.",
    "pic.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "a.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><text>Hallo</text></svg>',
    "style.css": b"body { color: red; }\np { margin: 0; }\n.a { b: c; }\n",
    "empty.txt": b"",
    "data.sqlite": b"SQLite format 3\0" + bytes(300),
}


def _zipped(name, data, flags=0):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, data)
    whole = bytearray(file.getvalue())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(mark) + at] |= flags
    return bytes(whole)


def _lines(*numbers):
    return b"".join(json.dumps({"text": german(n)}).encode() + b"\n" for n in numbers)


UNREADABLE = {
    "a.zip": (_zipped("a.txt", german(3).encode(), flags=1), "encrypted", 0),
    "columns.pdf": (pdf([[line for x in (50, 320) for line in set_lines([german(4)[:40]] * 9, x=x)]]), "format", 0),
    "a.ris": (b"TY  - NEWS\nT1  - Der Rat tagte\nER  - \n", "format", 0),
    "cut.jsonl.gz": (gzip.compress(_lines(*range(10, 40)))[:-400], "damaged", 10),
}


@pytest.mark.parametrize("unreadable", [None, *UNREADABLE])
def test_the_exit_code_tells_what_is_no_article_from_what_could_not_be_read(tmp_path, served, unreadable):
    (tmp_path / "in").mkdir()
    for name, data in HARMLESS.items():
        (tmp_path / "in" / name).write_bytes(data)
    (tmp_path / "in" / "z.txt").write_text(german(1), encoding="utf-8")
    reason, at_least = None, 0
    if unreadable:
        data, reason, at_least = UNREADABLE[unreadable]
        (tmp_path / "in" / unreadable).write_bytes(data)
    server = served([translated])
    common = ("batch", str(tmp_path / "in"), "-m", "m", "--base-url", server.base_url, "--tasks", "translate", "-q")
    done = presseschau(*common, "-o", str(tmp_path / "out.jsonl"), "--no-cache")
    manifest = json.loads((tmp_path / "out.jsonl.d/manifest.json").read_text(encoding="utf-8"))
    assert done.code == (3 if unreadable else 0), (done, manifest)
    assert manifest["skipped"].get(reason, 0) == (1 if unreadable else 0)
    assert manifest["counts"]["done"] == len(server.requests) > at_least
    counted = presseschau(*common, "--dry-run", "--no-cache")
    assert f"articles   {len(server.requests):,} (" in counted.out
    assert len(server.requests) == manifest["counts"]["done"]
