"""The driver of the measuring scripts (`make bench`) knows all of them, and says what it cannot run."""

import subprocess
import sys
from pathlib import Path

import pytest

MEASURE = Path(__file__).parent / "measure"
NEED_A_MODEL = {"archive_model.py", "consensus.py", "english_first.py", "prompt_change.py", "translation_quality.py"}
NO_SCRIPTS = {
    "all.py", "executed.py", "figures.py", "outside.py", "pairs.py", "plain_prompt.py", "planted_numbers.py",
    "rival_methods.py",
}  # fmt: skip


def driver(*arguments):
    return subprocess.run(
        [sys.executable, str(MEASURE / "all.py"), *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_every_script_that_needs_no_model_is_run():
    named = {line.split()[1] for line in driver("--list").stdout.splitlines()}
    assert named == {path.name for path in MEASURE.glob("*.py")} - NEED_A_MODEL - NO_SCRIPTS


def test_a_script_without_its_data_says_so_and_is_left_out(tmp_path):
    done = driver("--only", "names", "stances", "--data", tmp_path, "--out", tmp_path / "out")
    assert "not run: names.py: there is no pud-parallel, wmt22-deen" in done.stdout
    assert done.stdout.endswith("1 of 2 scripts ran, 0 failed\n")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["stances.txt"]


def test_a_script_alone_says_what_is_missing(tmp_path):
    alone = [sys.executable, str(MEASURE / "speakers.py"), "--data", str(tmp_path)]
    done = subprocess.run(alone, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "train_sample.jsonl is missing" in done.stderr
    assert "PRESSESCHAU_DATA" in done.stderr


@pytest.mark.parametrize(("name", "exit_code"), [("stances", 1), ("check_speed", 0)])
def test_two_runs_are_compared_line_by_line(tmp_path, name, exit_code):
    for folder, figure in (("before", 7), ("after", 8)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.txt").write_text(f"title\nright {figure} of 9\n", "utf-8")
    done = driver("--compare", tmp_path / "before", tmp_path / "after")
    assert "   before  right 7 of 9\n   after   right 8 of 9\n" in done.stdout
    assert "title" not in done.stdout
    assert done.returncode == exit_code
