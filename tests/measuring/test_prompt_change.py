"""A changed prompt is compared on recorded answers: without a model as long as what is shipped is what was
recorded; and better is told from worse."""

from __future__ import annotations

import shutil
import sys

import pytest

from labelled_server import as_labelled
from note_server import endpoint
from presseschau.facts.chrf import Interval
from presseschau.pipeline.prompts import SHIPPED


@pytest.fixture
def script(monkeypatch, request):
    monkeypatch.syspath_prepend(str(request.config.rootpath / "tests" / "measure"))
    import prompt_change

    return prompt_change


@pytest.fixture
def run(script, monkeypatch, tmp_path, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["prompt_change.py", str(tmp_path / "mine"), *arguments])
        monkeypatch.chdir(tmp_path)
        script.main()
        return capsys.readouterr().out.splitlines()

    shutil.copytree(SHIPPED, tmp_path / "mine")
    return run


def test_what_is_shipped_is_what_was_recorded(run):
    """If this fails, a prompt of the demonstration model was changed: compare it with the one before
    (tests/measure/prompt_change.py), and record its answers if it is kept (--record)."""
    files, figures, difference = run("--rounds", "0", "--cache-only")
    assert files == "files that differ: none"
    assert figures == "shipped: chrF 40.4 (35.6 to 44.7); changed: 40.4 (35.6 to 44.7)"
    assert "0 of 58 sentences" in difference


@pytest.mark.parametrize(("wording", "found"), [("worse", "worse"), ("better", "better"), ("same", "not told apart")])
def test_a_change_is_told_from_what_it_does(run, tmp_path, wording, found):
    def answer(seen):
        asked = seen.json["messages"][-1]["content"]
        rough = {"worse": "WORSE" in asked, "better": "BETTER" not in asked}.get(wording, False)
        return as_labelled(lambda n, english: english.replace("e", "o") if rough and n % 3 else english)(seen)

    with (tmp_path / "mine" / "translate" / "task.txt").open("a") as file:
        file.write(f"\n{wording.upper()}\n")
    with endpoint([answer]) as server:
        said = run("-m", "m", "--base-url", server["url"], "--rounds", "0")
    assert said[0] == "files that differ: translate/task"
    assert found in said[2]


def test_a_verdict_needs_the_whole_interval(script):
    assert script.verdict(Interval(value=1, low=0.1, high=2)) == "better"
    assert script.verdict(Interval(value=1, low=-0.1, high=2)).startswith("not told apart")
    assert script.verdict(Interval(value=-1, low=-2, high=-0.1)) == "worse"


def test_the_most_agreed_of_four_recorded_answers(script, monkeypatch, tmp_path, capsys):
    """The difference depends on what the checks find today; the recorded answers are those of today's prompt."""
    import consensus

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["consensus.py", "--samples", "4"])
    consensus.main()
    said = capsys.readouterr().out
    assert "16 requests, 16 from the cache" in said
    assert "one answer: chrF 40.4 (35.6 to 44.7)" in said
    assert "difference " in said
