"""Makes everything in examples/results and the notebook: run it again when results look otherwise.

    PYTHONPATH=src python examples/make.py [FOLDER]

The articles are those of fixtures/briefing, written for this project; the answers were written by hand and are served
over loopback HTTP, so no model is asked. What the program makes of them is what it makes of any model's answers.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from in_process import presseschau  # noqa: E402
from note_server import endpoint, everything  # noqa: E402

RESULTS = ROOT / "examples" / "results"
MODEL = "answers-written-by-hand"
ARTICLE = "b1-sundkurier.txt"


def make(results: Path) -> None:
    """An article, an archive, a note, each in the forms that readers open."""
    shutil.rmtree(results, ignore_errors=True)
    results.mkdir(parents=True)
    article, archive, note = results / "article.json", results / "archive.db", results / "note.json"
    with tempfile.TemporaryDirectory() as scratch, endpoint([everything]) as server:
        os.environ |= {"XDG_CACHE_HOME": scratch, "OPENAI_BASE_URL": server["url"], "PRESSESCHAU_MODEL": MODEL}
        os.chdir(ROOT / "fixtures/briefing")  # so that sources are names, not paths of this machine
        run = Path(scratch) / "run.jsonl"
        said("batch", *sorted(path.name for path in Path().glob("*.txt")), "-o", run, "--quiet")
        said("article", ARTICLE, "-o", article, "--quiet")
        for made in (run, article):  # the port is another each time
            made.write_text(made.read_text("utf-8").replace(server["url"], "http://127.0.0.1/v1"), "utf-8")
        for ending in ("html", "md", "docx", "xlf"):
            said("render", article, "-o", article.with_suffix(f".{ending}"))
        said("import", archive, run)
        said("render", archive, "-o", results / "claims.csv")
        said("brief", run, "-o", note, "--quiet")
        for ending in ("html", "docx"):
            said("render", note, "-o", note.with_suffix(f".{ending}"))


def said(*arguments: str | Path) -> None:
    ended = presseschau(*map(str, arguments))
    if ended.code != 0:
        raise SystemExit(f"{arguments} ended with {ended.code}: {ended.err}")


BOOK = """\
# A finished archive

18 articles about three invented events. Run it in `examples/`; no model is asked.
---
from presseschau import results

analyses = list(results.read_results("results/archive.db"))
print(len(analyses), "articles,", sum(len(one.claims or ()) for one in analyses), "claims")
---
Every claim says who says it, how sure it is, and in which German sentence it stands.
---
for claim in analyses[6].claims[:3]:
    print(claim.text)
    print("   ", claim.speaker or "the paper", "-", claim.stance)
    for evidence in claim.evidence:
        print("   ", evidence.n, evidence.text)
---
Who speaks most?
---
from collections import Counter

speakers = Counter(claim.speaker for one in analyses for claim in one.claims if claim.speaker)
speakers.most_common(5)
---
The checks, without a model, on a sentence that was spoilt: a figure is another one.
---
from presseschau import check_pair

check_pair("Die Werft streicht 420 Stellen.", "The shipyard is cutting 240 jobs.")
---
A result as the last line of a cell is its page.
---
analyses[6]
"""
"""Text and code by turns."""


def notebook() -> str:
    """The cells of BOOK, without outputs."""
    cells = []
    for number, text in enumerate(BOOK.split("\n---\n")):
        ran = {"execution_count": None, "outputs": []} if number % 2 else {}
        kind = "code" if number % 2 else "markdown"
        cells.append({"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": text.strip()} | ran)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=1) + "\n"


if __name__ == "__main__":
    make(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else RESULTS)
    (ROOT / "examples" / "notebook.ipynb").write_text(notebook(), "utf-8")
