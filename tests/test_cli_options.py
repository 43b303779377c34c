"""What the options promise: help that says all, an effect or a refusal, troubles told once, output that cannot be."""

import json
import os
import pty
import re
import shutil
import subprocess

import pytest
import typer
from typer.testing import CliRunner

from fault_server import completion, error
from presseschau.cli.app import command_line
from presseschau.pipeline.prompts import SHIPPED
from test_cli import ARTICLE, answer, ask, one_sentence, program, served

__all__ = ["program", "served"]  # fixtures


def commands():
    """Every command's words and what it takes."""
    waiting = [((), typer.main.get_command(command_line()))]
    while waiting:
        words, command = waiting.pop()
        waiting += [((*words, name), below) for name, below in getattr(command, "commands", {}).items()]
        yield pytest.param(words, command.params, id=" ".join(words))


@pytest.mark.parametrize(("words", "parameters"), list(commands()))
def test_the_help_shows_every_word_that_was_written(words, parameters):
    shown = CliRunner().invoke(command_line(), [*words, "--help"], env={"COLUMNS": "300", "TERM": "dumb"}).output
    for parameter in parameters:
        assert " ".join((parameter.help or "").split()) in " ".join(shown.split())


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("article", ARTICLE, "--json", "--format", "html"), "--json and --format html"),
        (("read", ARTICLE, "--map", "headlin=title"), "there is no headlin"),
        (("verify", "--pairs", "p.tsv", "r.json"), "--pairs"),
        (("translate", ARTICLE, "-f", "csv"), "csv holds only what 'claims' makes"),
        (("claims", ARTICLE, "-o", "a.tmx"), "tmx holds only what 'translate' makes"),
        (("batch", ARTICLE, "-o", "a.tmx", "--tasks", "claims"), "tmx holds only what 'translate' makes"),
        (("batch", ARTICLE, "artcles/", "-o", "a.jsonl", "-m", "local:x.gguf"), "there is no file or folder artcles/"),
    ],
)
def test_an_option_without_effect_is_exit_2(program, options, says):
    done = program.run(*options)
    assert done.returncode == 2
    assert says in " ".join(done.stderr.split())


@pytest.mark.slow
def test_prompts_of_ones_own_are_used_and_a_folder_without_any_is_refused(program, served, tmp_path):
    server = served([answer])
    done = ask(program, server, "translate", ARTICLE, "--prompts", str(tmp_path))
    assert (done.returncode, server.requests) == (4, [])
    assert "holds no prompt" in done.stderr
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/system.txt").write_text("You are a careful translator from Graz.", "utf-8")
    assert ask(program, server, "translate", ARTICLE, "--prompts", str(tmp_path)).returncode == 0
    assert "from Graz" in server.requests[0].json["messages"][0]["content"]


def test_metrics_that_cannot_be_written_are_exit_74_before_anything_is_sent(program, served):
    server = served([answer])
    done = ask(program, server, "article", ARTICLE, "--metrics", "none/m.json")
    assert (done.returncode, server.requests) == (74, [])


@pytest.mark.slow
def test_each_trouble_is_said_once_and_at_the_end_what_is_missing(program, served):
    calls = iter(range(100))

    def faulty(seen):
        if next(calls) < 3:
            return error(500, "the server stumbled", retry_after="0")
        refuses = "Task: say in" in seen.json["messages"][-1]["content"]
        return completion(None, refusal="No.") if refuses else answer(seen)

    done = ask(program, served([faulty]), "article", ARTICLE, "-o", "page.html")
    assert done.returncode == 3
    assert done.stderr.count("the server stumbled") == 1
    assert re.search(r"presseschau: claims.*refused", one_sentence(done))


@pytest.mark.slow
def test_on_a_terminal_too_what_is_missing_is_said(program, served):
    server = served([completion(None, refusal="No.")])
    command = program.command("claims", ARTICLE, "-o", "page.html", "-m", "scripted", "--base-url", server.base_url)
    ours, theirs = pty.openpty()
    done = subprocess.run(command, stdout=theirs, stderr=theirs, env=program.environment, cwd=program.folder)
    os.close(theirs)
    said = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 1
    assert "claims" in said.strip().splitlines()[-1]


def test_a_dry_run_says_why_something_is_skipped(program):
    (program.folder / "in").mkdir()
    (program.folder / "in/english.txt").write_text("The council met on Monday and it rejected the plan. " * 9)
    (program.folder / "in/report.7z").write_bytes(b"7z\xbc\xaf\x27\x1c")
    done = program.run("batch", "in", "--dry-run", "-m", "x", "--base-url", "http://127.0.0.1:1/v1")
    assert done.returncode == 1
    assert re.search(r"^skipped +(language 1, format 1|format 1, language 1)$", done.stdout, re.M)
    assert re.findall(r"presseschau: (\S+): skipped: .", done.stderr) == ["in/english.txt", "in/report.7z"]


@pytest.mark.slow
@pytest.mark.parametrize("words", [("--version",), ("batch", ARTICLE, "--dry-run", "-m", "x")])
@pytest.mark.parametrize("redirection", [">/dev/full", ">&-"])
def test_output_that_cannot_be_written_is_exit_74(program, words, redirection):
    command = " ".join(program.command(*words)) + f" {redirection}"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=program.folder, timeout=60,
        env={**program.environment, "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"},
    )  # fmt: skip
    assert done.returncode == 74
    assert "cannot be written" in one_sentence(done)


@pytest.mark.slow
def test_doctor_on_a_scripted_endpoint(program, served):
    done = ask(program, served([completion(json.dumps({"sentences": [{"n": 1, "en": "Good morning."}]}))]), "doctor")
    assert done.returncode == 0
    assert "Good morning." in done.stdout


@pytest.mark.slow
def test_a_prompt_folder_of_an_earlier_version_works_and_what_it_lacks_is_said_once(program, served, tmp_path):
    """Five prompts came since; it has changed one of its own."""
    folder = tmp_path / "mine"
    shutil.copytree(SHIPPED, folder)
    for name in (
        "forms/hy-mt2",
        "repair/meaning.opposite",
        "repair/agent.changed",
        "repair/number.moved",
        "shared/terms",
    ):
        (folder / f"{name}.txt").unlink()
    task = folder / "translate/task.txt"
    task.write_text(task.read_text("utf-8") + "\nIn my own words.\n", "utf-8")
    server = served([answer])
    done = ask(program, server, "article", ARTICLE, "--prompts", str(folder))
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("ours stand in") == 1
    assert "has no forms/hy-mt2, repair/agent.changed, repair/meaning.opposite and 2 more" in done.stderr
    assert any("In my own words." in seen.json["messages"][-1]["content"] for seen in server.requests)
    whole = tmp_path / "whole"
    shutil.copytree(SHIPPED, whole)
    assert "ours" not in ask(program, server, "article", ARTICLE, "--prompts", str(whole)).stderr
