"""From the command line: what is no article in prose is refused by name, and in an archive skipped unpaid."""

import json
import re
from pathlib import Path

import pytest

from test_cli import answer, ask, one_sentence, program, served

__all__ = ["program", "served"]  # fixtures

UNREAD = Path(__file__).resolve().parents[1] / "fixtures" / "ingest" / "unread"


@pytest.mark.parametrize(
    ("command", "name"),
    [("article", "rss.xml"), ("translate", "nexis-layout.html"), ("read", "transcript.txt"), ("read", "a.rtf")],
)
def test_what_is_no_article_is_refused_by_name(program, served, command, name):
    server = served([answer])
    done = program.run("read", UNREAD / name) if command == "read" else ask(program, server, command, UNREAD / name)
    assert (done.returncode, done.stdout, server.requests) == (1, "", [])
    assert re.search(r"(This is .*, which is not read\.) .+\.$", one_sentence(done))


def test_what_is_no_article_is_skipped_in_an_archive_unpaid(program, served):
    server = served([answer])
    done = program.run("batch", UNREAD, "--dry-run", "-m", "x", "--base-url", "http://127.0.0.1:1/v1")
    files = [path for path in UNREAD.iterdir() if path.name not in ("README.md", "expected.json")]
    assert done.returncode == 1
    assert re.search(rf"^articles +0 \({len(files) + 2} skipped, 0 duplicates\)$", done.stdout, re.M)
    assert re.search(rf"^skipped +format {len(files)}, ", done.stdout, re.M)
    done = ask(program, server, "batch", UNREAD, "-o", "out.jsonl")
    assert (done.returncode, server.requests) == (1, [])
    failed = [json.loads(line) for line in (program.folder / "out.jsonl.failed.jsonl").read_text("utf-8").splitlines()]
    assert sum(line["class"] == "format" and "which is not read." in line["message"] for line in failed) == len(files)
