"""What users are used to: completion, -V, a forecast and limits for one article, how long an embedded model takes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from in_process import presseschau
from presseschau.errors import MalformedAnswer
from presseschau.llm.engine import Choice, choose
from presseschau.llm.local.measured import MEASURED, known_speed, remember_speed
from presseschau.llm.local.server import expected_speed, usable_cores
from presseschau.llm.reply import parse
from test_cli import ARTICLE, answer, served

__all__ = ["served"]  # a fixture


def test_the_version_has_a_short_name() -> None:
    assert presseschau("-V").out == presseschau("--version").out
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*\n", presseschau("-V").out)


def test_no_command_loads_what_only_its_run_needs() -> None:
    code = "import sys; from presseschau.cli.app import command_line; command_line(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"pydantic", "asyncio", "presseschau.models", "presseschau.lang"}.isdisjoint(done.stdout.split())


@pytest.mark.parametrize(("typed", "completed"), [("ba", "batch"), ("batch --foll", "--follow")])
def test_a_shell_completes_commands_and_options(typed: str, completed: str) -> None:
    words = f"presseschau {typed}"
    asked = {"_PRESSESCHAU_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    command = [sys.executable, "-m", "presseschau"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **asked}, check=False)
    assert (done.returncode, done.stdout.split()) == (0, [completed])


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("a b.txt", "presseschau article 'a b.txt'"),
        ("folder", "presseschau batch folder -o archive.db"),
        ("https://example.org/a", "presseschau article https://example.org/a"),
        ("none.txt", None),
        ("articel", "Did you mean 'article'?"),
    ],
)
def test_what_is_no_command_but_a_text_is_told_its_command(tmp_path, monkeypatch, word: str, hint: str | None) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a b.txt").write_text("Ein Text.")
    (tmp_path / "folder").mkdir()
    done = presseschau(word)
    assert (done.code, f"No such command '{word}'." in done.err) == (2, True)
    assert hint in done.err if hint else done.err.strip().endswith("'none.txt'.")


def test_several_articles_for_a_command_of_one_are_told_that_of_many() -> None:
    done = presseschau("translate", "a.txt", "b.txt")
    assert (done.code, "presseschau batch FILES -o archive.db" in done.err) == (2, True)
    assert "batch" not in presseschau("serve", "a.db", "b.db").err


def test_a_file_that_is_no_text_is_named(tmp_path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(bytes(range(256)) * 9)
    assert presseschau("read", str(file)).err.startswith(f"presseschau: {file}: This is not text")


@pytest.mark.parametrize("command", ["article", "translate", "summarize", "claims"])
def test_one_article_is_forecast_and_nothing_is_sent(served, tmp_path, command) -> None:
    server = served([answer])
    given = (command, str(ARTICLE), "-m", "m", "--base-url", server.base_url, "--cache", str(tmp_path / "c.sqlite"))
    done = presseschau(*given, "--dry-run", "--price", "1,5")
    requests = 3 if command == "article" else 1
    assert (done.code, done.err, server.requests) == (0, "", [])
    assert f"requests   {requests} to send, 0 answered from the cache" in done.out
    assert "price      1 / 5 USD" in done.out
    assert presseschau(*given, "-q").code == 0
    assert f"requests   0 to send, {requests} answered from the cache" in presseschau(*given, "--dry-run").out


@pytest.mark.parametrize("limit", [("--max-tokens", "10"), ("--max-cost", "0.000001", "--price", "1,5")])
def test_a_limit_holds_for_one_article(served, tmp_path, limit) -> None:
    server = served([answer])
    given = ("article", str(ARTICLE), "-m", "m", "--base-url", server.base_url, "--cache", str(tmp_path / "c.sqlite"))
    done = presseschau(*given, *limit)
    assert (done.code, server.requests) == (5, [])


def _local(tmp_path: Path) -> Choice:
    return choose("local:qwen3-4b", models=tmp_path)


def test_a_forecast_says_how_long_an_embedded_model_takes(tmp_path: Path) -> None:
    choice = _local(tmp_path)
    assert choice.local
    size = choice.local.catalog.size if choice.local.catalog else 0
    assert known_speed(choice.local).speed == expected_speed(size, usable_cores())
    given = ("article", str(ARTICLE), "-m", "local:qwen3-4b", "--models", str(tmp_path), "--no-cache", "--dry-run")
    expected = presseschau(*given)
    assert re.search(r"^time +.+, likely .+, high .+$", expected.out, re.M)
    assert "expected, not measured yet" in expected.out

    taken = known_speed(choice.local).seconds(10_000, 2_000)
    remember_speed(choice.local, 10_000, 2_000, 2 * taken)
    known = known_speed(choice.local)
    assert known.seconds(10_000, 2_000) == pytest.approx(2 * taken, rel=0.01)
    assert f"measured here on {known.measured}" in presseschau(*given).out
    remember_speed(choice.local, 100, 20, 1.0)  # too little to know anything from
    assert known_speed(choice.local) == known


@pytest.mark.parametrize("content", ["", "[]", '{"x": 1}', "FACTOR 0", "FACTOR -1", 'FACTOR "a"', "FACTOR 1e9"])
def test_a_damaged_note_of_a_speed_is_passed_over(tmp_path: Path, content: str) -> None:
    choice = _local(tmp_path)
    assert choice.local
    if content.startswith("FACTOR"):
        content = json.dumps({choice.local.sha256: {"factor": json.loads(content[7:]), "measured": "2026-01-01"}})
    (tmp_path / MEASURED).write_text(content, encoding="utf-8")
    assert known_speed(choice.local).measured is None


def test_the_same_model_under_another_name_goes_on(served, tmp_path: Path) -> None:
    server = served([answer])
    here, renamed = server.base_url, server.base_url.replace("127.0.0.1", "localhost")
    assert renamed != here
    common = ("-m", "m", "--cache", str(tmp_path / "c.sqlite"), "-q")
    archive = ("batch", str(ARTICLE), "-o", str(tmp_path / "out.jsonl"), *common)
    assert presseschau(*archive, "--base-url", here).code == 0
    bought = len(server.requests)

    refused = presseschau(*archive, "--base-url", renamed)
    assert (refused.code, "--same-model OLD_URL" in refused.err) == (4, True)
    assert presseschau(*archive, "--base-url", renamed, "--same-model", here).code == 0
    assert presseschau(*archive, "--base-url", renamed).code == 0  # from now on it is known
    one = ("article", str(ARTICLE), *common, "--base-url", renamed)
    assert presseschau(*one, "--cache-only").code != 0
    assert presseschau(*one, "--cache-only", "--same-model", here).code == 0
    assert presseschau(*one, "--same-model", here).code == 0
    assert presseschau(*one, "--cache-only").code == 0
    assert len(server.requests) == bought
    assert presseschau(*one[:2], "--same-model", here).code == 4


LIBRARY = re.compile(
    r"Input should|Value error|pydantic|Errno|Traceback|Expecting|\w+(?:Error|Exception)\b|type=|<class|codec can"
)
"""Words of Python and of libraries, that say nothing to those who read a message."""
FILES = {
    "a.json": '{"schema": "presseschau/analysis/1"}',
    "b.json": '{"schema": "presseschau/analysis/1", "article": 5}',
    "c.json": '{"schema": "presseschau/note/1", ',
    "d.json": "{",
    "e.json.gz": "kein gzip",
    "r.review.json": '{"x": 1}',
    "cut.csv": 'text;id\n"Der Rat tagte',
    "bad.csv": 'source,target\n"a',
    "bad.xml": "<rss><channel><item><title>A</titel></item>",
    "bad.eml": "From: a@b.de\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset=nix\n\nDer Rat",
    "bad.pdf": "%PDF-1.7\nnichts",
    "bad.zip": "PK\x03\x04nichts",
}


@pytest.mark.parametrize(
    "command",
    [
        "render a.json", "render b.json", "verify c.json", "render d.json", "verify e.json.gz", "review r.json",
        "read d.json", "read cut.csv", "read bad.xml", "read bad.pdf", "read bad.zip", "read bad.eml", "read nix",
        "verify --pairs a.json --glossary bad.csv", "verify --pairs nix.csv", "brief a.json", "brief a.json --pages 3",
        "article cut.csv --max-cost -1", "batch cut.csv --concurrency x", "article cut.csv --lang-check vielleicht",
        "article cut.csv --repair-rounds 7", "read http://[", "read http://nix.invalid/", "read cut.csv --map x",
        "cache stats --cache bad.csv", "article ARTICLE --prompts bad.csv -m m --base-url http://127.0.0.1:1",
        "article cut.csv -m m --base-url http://[::1", "article cut.csv -m m --base-url http://x:99999",
    ],
)  # fmt: skip
def test_messages_are_in_words(tmp_path: Path, command: str) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    words = [str(tmp_path / word) if word in FILES or word == "r.json" else word for word in command.split()]
    done = presseschau(*(str(ARTICLE) if word == "ARTICLE" else word for word in words))
    assert done.code in (1, 2, 4), done
    assert done.err
    assert not LIBRARY.search(done.err), done.err


class _Said(BaseModel):
    n: int
    en: list[str]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "it goes wrong or breaks off at character 1"),
        ("Sure!\x1b[31m Here\nis " + "it " * 40, "not JSON: it begins “Sure! [31m Here is it it"),
        ("Nein.", "not JSON: it begins “Nein.”. If that goes on, try another model."),
        ('{"n": 1}', "en is missing"),
        ('{"n": "x", "en": 5}', "n is not a whole number and 1 more"),
        ('{"n": 1, "en": [], "zu": 2}', "zu is not known here"),
        ('{"n": NaN, "en": []}', "NaN is not JSON"),
        ('{"n": 1, "n": 1, "en": []}', "a key is given twice"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_in_words(text: str, why: str) -> None:
    with pytest.raises(MalformedAnswer, match=re.escape(why)) as raised:
        parse(text, _Said)
    assert not LIBRARY.search(str(raised.value))
