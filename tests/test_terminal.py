"""Nothing from a file, its name or a server acts on the terminal."""

import json
import os
import pty
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import presseschau.cli
from fault_server import completion, error
from presseschau.cli.terminal import shown
from test_cli import ARTICLE, answer, ask, program, served

__all__ = ["program", "served"]  # fixtures
HOSTILE = "\x1b]0;mine\x07\x1b[2J\u202etxt.exe\u2066\u200b"
SAID = r"\u001b]0;mine\u0007\u001b[2J\u202etxt.exe\u2066\u200b"
SEEN = "Ärger über „Straßenbahn“ – 5 €, Žižek, 東京, 🚋\n\tim Café"


def raw(said):
    """What of it a terminal would obey or hide, but for line ends, tabs and the sequences of our own display."""
    return [c for c in said if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in "\n\t"]


@pytest.mark.fault("terminal", "named instead of printed", name="control, direction and zero-width characters", by="-")
@given(st.text(st.characters(exclude_categories=())))
def test_nothing_is_left_that_acts_or_is_not_seen(text):
    found = shown(text)
    assert not raw(found)
    assert shown(found) == found


def test_what_people_read_stays_and_the_rest_is_named():
    assert shown(SEEN) == SEEN
    assert shown(HOSTILE) == SAID
    assert shown("M\udcfcnchen \ud83d \U000e0041\ufe0f\x9b\r") == r"M\xfcnchen \ud83d \U000e0041\ufe0f\u009b\u000d"


@pytest.mark.parametrize(
    "said",
    [
        "print(text, file=sys.stderr)",
        "logging.getLogger('a.library').warning(text)",
        "warnings.warn(text)",
        "threading.Thread(target=print, args=(text,), kwargs={'file': sys.stderr}).start()",
        "raise ValueError(text)",
    ],
)
def test_whoever_writes_to_stderr_writes_nothing_raw(said):
    code = (
        "import logging, sys, threading, warnings\nfrom presseschau.cli.terminal import guard_stderr\n"
        f"guard_stderr()\nguard_stderr()\ntext = {HOSTILE!r}\n{said}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert SAID in done.stderr
    assert not raw(done.stderr)


@pytest.fixture
def hostile(program):
    """A folder with files of which the one speaks no German and the other's name is not even text."""
    folder = program.folder / "in"
    folder.mkdir()
    (folder / f"{HOSTILE}.txt").write_text("The council met on Monday and rejected the plan. " * 9)
    (folder / os.fsdecode(b"M\xfcnchen\x1b[2J.txt")).write_text(ARTICLE.read_text())
    return folder


@pytest.mark.fault("terminal", "cleaned", name="escapes in the name of a file", by="-")
@pytest.mark.slow
def test_names_of_files_are_shown(program, hostile):
    for arguments in (
        ("read", hostile / f"{HOSTILE}.txt"),
        ("article", hostile / "none.txt", "-o", hostile / f"{HOSTILE}.json"),
        ("render", hostile / f"{HOSTILE}.txt"),
        ("batch", f"{HOSTILE}.txt", "-o", "x.jsonl"),
        ("cache", "stats", "--cache", f"{HOSTILE}.sqlite3"),
        ("verify", "--pairs", hostile / f"{HOSTILE}.txt"),
        ("brief", hostile / f"{HOSTILE}.txt", "--cache-only", "-m", HOSTILE, "--base-url", "http://127.0.0.1:9/v1"),
    ):
        done = program.run(*arguments)
        assert done.returncode != 0
        assert done.stderr.strip()
        assert not raw(done.stderr), done.stderr


@pytest.mark.fault("terminal", "cleaned", name="escapes in what a server says", by="-")
@pytest.mark.slow
@pytest.mark.parametrize("reply", [error(400, HOSTILE), error(404, HOSTILE), completion(None, refusal=HOSTILE)])
def test_what_a_server_says_is_shown(program, served, reply):
    server = served([reply])
    done = ask(program, server, "translate", ARTICLE, "--no-cache")
    told = program.run("doctor", "-m", HOSTILE, "--base-url", server.base_url)
    for said in (done.stderr, told.stdout):
        assert "mine" in said
        assert not raw(said), said


@pytest.mark.slow
def test_on_a_terminal_too(program, hostile, served):
    """There the display moves by its own escape sequences; none of the others' comes through."""
    server = served([error(400, f"Not {HOSTILE}", "unknown"), completion(None, refusal=HOSTILE), answer])
    command = program.command(
        "batch",
        hostile,
        "-o",
        f"{HOSTILE}.jsonl",
        "-m",
        "scripted",
        "--base-url",
        server.base_url,
        "--tasks",
        "translate",
    )
    said = on_terminal(command, program)
    assert "1 skipped" in said
    for part in ("\x1b]0;", "\u202e", "\u2066", "\u200b", "\x07", "M\ufffd", "\x1b[2Jtxt", "\x1b[2J.txt"):
        assert part not in said
    said = on_terminal(program.command("read", ARTICLE, "--json"), program)
    assert json.loads(said)["id"]
    result = program.folder / "result.json"
    assert ask(program, server, "translate", ARTICLE, "-o", result).returncode == 0
    found = json.loads(result.read_text())
    found["article"]["outlet"] = found["translation"][1]["en"] = HOSTILE
    result.write_text(json.dumps(found))
    for form in ("md", "html", "json", "tmx"):
        assert not [c for c in raw(on_terminal(program.command("render", result, "-f", form), program)) if c != "\r"]
    assert HOSTILE in json.loads(program.run("render", result, "-f", "json").stdout)["article"]["outlet"]


def on_terminal(command, program):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=program.environment, cwd=program.folder
    )
    os.close(theirs)
    said = b""
    try:
        while piece := os.read(ours, 65_536):
            said += piece
    except OSError:  # the other end was closed
        pass
    os.close(ours)
    process.wait(60)
    return said.decode(errors="replace")


def test_every_moving_display_goes_through_the_one_place():
    for path in Path(presseschau.cli.__file__).parent.glob("*.py"):
        text = path.read_text()
        assert ("Console(" in text or "sys.__std" in text) == (path.name == "terminal.py"), path
        assert "print(" not in text.replace("fingerprint(", "") or "file=sys.stderr" in text, path
