"""Hostile files, answers and surroundings end in a sentence and a documented exit code, never in a traceback."""

import json

import pytest

from fault_server import Reply, completion
from presseschau.llm.retry import Timing
from test_cli import ARTICLE, one_sentence, program, served

__all__ = ["program", "served"]  # fixtures


async def at_once(timing, seconds):
    """No try is waited for."""


DIGITS = "9" * 5_000
NESTED = {
    "a list": "[" * 100_000,
    "objects": '{"a":' * 5_000 + "1" + "}" * 5_000,
    "a result": '{"schema":"presseschau/analysis/1","article":' + "[" * 100_000 + "}",
    "a note": '{"schema":"presseschau/note/1","x":' + "[" * 100_000 + "]" * 100_000 + "}",
    "a number": '{"schema":' + DIGITS + "}",
}


@pytest.mark.fault("input", "exit 1 with a sentence", name="a result to render or verify")
@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED)
@pytest.mark.parametrize(("command", "name"), [("verify", "r.json"), ("render", "r.jsonl")])
def test_results_that_no_reader_can_take_are_exit_1(program, command, name, text):
    (program.folder / name).write_text(text)
    done = program.run(command, program.folder / name)
    assert (done.returncode, done.stdout) == (1, "")
    one_sentence(done)


@pytest.mark.fault("input", "one bad row", name="verify --pairs")
@pytest.mark.parametrize(
    "bad", [NESTED["a list"], '{"id":' + DIGITS + ',"de":"Ja.","en":"Yes."}', '{"de":{"a":' * 9_000]
)
def test_a_pair_that_no_reader_can_take_is_one_bad_row(program, bad):
    good = '{"id":"2","de":"Es regnet.","en":"It rains."}'
    (program.folder / "p.jsonl").write_text(f"{bad}\n{good}\n")
    done = program.run("verify", "--pairs", program.folder / "p.jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, [row["id"] for row in rows]) == (6, ["1", "2"])
    assert [finding["code"] for finding in rows[0]["findings"]] == ["input.row"]
    assert rows[1]["findings"] == []


@pytest.mark.parametrize("number", [DIGITS, ".".join(["999"] * 2_000), f"3,{DIGITS}"])
def test_a_number_without_end_is_read_in_a_pair(program, number):
    (program.folder / "p.tsv").write_text(f"Es sind {number} Menschen.\tIt rains.\nEs sind 12.\tThere are 13.\n")
    done = program.run("verify", "--pairs", program.folder / "p.tsv")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, len(rows)) == (6, 2)
    assert "Traceback" not in done.stderr


@pytest.mark.fault("network", "exit 4, without the password", name="a malformed proxy with a password")
def test_a_proxy_that_is_no_address_is_exit_4_and_its_password_is_not_shown(program):
    proxy = {"HTTP_PROXY": "http://me:geheim@[::1"}
    done = program.run("translate", ARTICLE, "-m", "m", "--base-url", "http://192.0.2.1/v1", "-q", **proxy)
    assert (done.returncode, done.stdout) == (4, "")
    assert "HTTP_PROXY" in one_sentence(done)
    assert "geheim" not in done.stderr


def test_a_batch_says_it_as_well(program):
    done = program.run(
        "batch", ARTICLE, "-o", program.folder / "o.jsonl", "-m", "m", "--engine", "openai-batch", "-q",
        "--base-url", "http://192.0.2.1/v1", ALL_PROXY="http://[",
    )  # fmt: skip
    assert done.returncode == 4
    assert "ALL_PROXY" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.fault("answers", "a sentence, exit {code}", name="on the command line")
@pytest.mark.parametrize(
    ("reply", "code", "says"),
    [
        (completion('{"sentences":' + "[" * 100_000), 1, "nested too deeply"),
        (completion('{"sentences":[{"n":' + DIGITS + ',"en":"x"}]}'), 1, "thousands of digits"),
        (Reply(200, b"[" * 100_000), 75, "nested too deeply"),
        (Reply(200, b'{"choices":[],"usage":' + DIGITS.encode() + b"}"), 75, "thousands of digits"),
    ],
    ids=["nested", "a number", "nested around it", "a number around it"],
)
def test_answers_that_no_reader_can_take_are_said_in_a_sentence(program, served, monkeypatch, reply, code, says):
    monkeypatch.setattr(Timing, "pause", at_once)
    server = served([reply])
    done = program.run("translate", ARTICLE, "-m", "m", "--base-url", server.base_url, "-q", "--repair-rounds", "0")
    assert done.returncode == code
    assert says in one_sentence(done)
