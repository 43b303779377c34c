"""From the command line: what is no article in prose is refused by name, and in an archive skipped unpaid."""

import json
import re
import shutil
from pathlib import Path

import pytest

from test_cli import answer, ask, one_sentence, program, served

__all__ = ["program", "served"]  # fixtures

UNREAD = Path(__file__).resolve().parents[1] / "fixtures" / "ingest" / "unread"


@pytest.mark.parametrize(
    ("command", "name"),
    [("article", "own.xml"), ("translate", "a.srt"), ("read", "transcript.txt"), ("read", "a.rtf")],
)
def test_what_is_no_article_is_refused_by_name(program, served, command, name):
    server = served([answer])
    done = program.run("read", UNREAD / name) if command == "read" else ask(program, server, command, UNREAD / name)
    assert (done.returncode, done.stdout, server.requests) == (1, "", [])
    assert re.search(r"(This is .*, which is not read\.) .+\.$", one_sentence(done))


def test_what_is_no_article_is_skipped_in_an_archive_unpaid(program, served):
    (program.folder / "in").mkdir()
    for name in ("own.xml", "a.ris", "a.srt", "code.txt"):
        shutil.copy(UNREAD / name, program.folder / "in")
    done = program.run("batch", "in", "--dry-run", "-m", "x", "--base-url", "http://127.0.0.1:1/v1")
    assert done.returncode == 1
    assert re.search(r"^articles +0 \(4 skipped, 0 duplicates\)$", done.stdout, re.M)
    assert re.search(r"^skipped +format 3, article 1$", done.stdout, re.M)
    server = served([answer])
    done = ask(program, server, "batch", "in", "-o", "out.jsonl")
    assert (done.returncode, server.requests) == (1, [])
    failed = [json.loads(line) for line in (program.folder / "out.jsonl.failed.jsonl").read_text("utf-8").splitlines()]
    assert sorted(line["class"] for line in failed) == ["article", "format", "format", "format"]
    assert all("which is not read." in line["message"] for line in failed)
