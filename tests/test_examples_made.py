"""What stands in examples/ is what examples/make.py makes today, and the notebook runs."""

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from presseschau import archives

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
DIGEST_OF_DAY = re.compile(rb'"presseschau":\s*"[^"]*"')


def content(file: Path, folder: Path) -> bytes:
    """The file without the version of the program; an archive as the results in it."""
    if file.suffix == ".db":
        archives.export(file, folder / "out.jsonl", reviewed=False)
        file = folder / "out.jsonl"
    return DIGEST_OF_DAY.sub(b"", file.read_bytes())


@pytest.mark.slow
def test_the_examples_are_fresh(tmp_path: Path) -> None:
    made = tmp_path / "made"
    command = [sys.executable, EXAMPLES / "make.py", made]
    subprocess.run(command, env={"PYTHONPATH": str(ROOT / "src")}, check=True, capture_output=True, text=True)
    names = sorted(path.name for path in (EXAMPLES / "results").iterdir())
    assert sorted(path.name for path in made.iterdir()) == names
    other = [n for n in names if content(EXAMPLES / "results" / n, tmp_path) != content(made / n, tmp_path)]
    assert other == [], "run examples/make.py"


def test_the_notebook_is_fresh_and_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    text = (EXAMPLES / "notebook.ipynb").read_text("utf-8")
    assert text == runpy.run_path(str(EXAMPLES / "make.py"))["notebook"](), "run examples/make.py"
    monkeypatch.chdir(EXAMPLES)
    ran: dict[str, object] = {}
    *cells, last = [cell["source"] for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    for cell in cells:
        exec(cell, ran)
    assert capsys.readouterr().out.startswith("18 articles, ")
    assert "<iframe" in eval(last, ran)._repr_html_()
