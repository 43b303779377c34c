"""Makes everything in examples/results and the notebook: run it again when results look otherwise.

    PYTHONPATH=src python examples/make.py [FOLDER]
    PYTHONPATH=src python examples/make.py --sample FILE.db     # an archive to look at; `make desk` opens it

The articles are those of fixtures/briefing, written for this project; the answers were written by hand and are served
over loopback HTTP, so no model is asked. What the program makes of them is what it makes of any model's answers.
The archive to look at has four articles more, that the demonstration model translated, from its recorded answers
(fixtures/models), with all its mistakes.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from in_process import presseschau  # noqa: E402
from note_server import endpoint, everything  # noqa: E402
from presseschau.analysis import analyze  # noqa: E402
from presseschau.errors import ProviderDownError  # noqa: E402
from presseschau.llm.cache import cache_key  # noqa: E402
from presseschau.llm.local.catalog import catalog  # noqa: E402
from presseschau.measuring.articles import labelled_articles  # noqa: E402
from presseschau.models import Analysis, Answer, EngineInfo, Request, Usage  # noqa: E402

RESULTS = ROOT / "examples" / "results"
MODEL = "answers-written-by-hand"
ARTICLE = "b1-sundkurier.txt"


def make(results: Path) -> None:
    """An article, an archive, a note, each in the forms that readers open."""
    shutil.rmtree(results, ignore_errors=True)
    results.mkdir(parents=True)
    article, archive, note = results / "article.json", results / "archive.db", results / "note.json"
    with finished() as run:
        said("article", ARTICLE, "-o", article, "--quiet")
        without_port(article)
        for ending in ("html", "md", "docx", "xlf"):
            said("render", article, "-o", article.with_suffix(f".{ending}"))
        said("import", archive, run)
        said("render", archive, "-o", results / "claims.csv")
        said("brief", run, "-o", note, "--quiet")
        for ending in ("html", "docx"):
            said("render", note, "-o", note.with_suffix(f".{ending}"))


@contextmanager
def finished() -> Iterator[Path]:
    """The articles, analysed; while it is open, the endpoint answers."""
    with tempfile.TemporaryDirectory() as scratch, endpoint([everything]) as server:
        os.environ |= {"XDG_CACHE_HOME": scratch, "OPENAI_BASE_URL": server["url"], "PRESSESCHAU_MODEL": MODEL}
        os.chdir(ROOT / "fixtures/briefing")  # so that sources are names, not paths of this machine
        run = Path(scratch) / "run.jsonl"
        said("batch", *sorted(path.name for path in Path().glob("*.txt")), "-o", run, "--quiet")
        without_port(run)
        yield run


def without_port(made: Path) -> None:
    """It is another each time."""
    url = os.environ["OPENAI_BASE_URL"]
    made.write_text(made.read_text("utf-8").replace(url, "http://127.0.0.1/v1"), "utf-8")


def sample(archive: Path) -> str:
    """An archive to look at: what was new in it, or known."""
    with finished() as run:
        with run.open("a", encoding="utf-8") as lines:
            lines.writelines(f"{one.model_dump_json()}\n" for one in asyncio.run(recorded()))
        return said("import", archive, run)


async def recorded() -> list[Analysis]:
    """What the demonstration model made of four articles."""
    engine = Recorded()
    return [await analyze(labelled.article, engine) for labelled in labelled_articles(quick=True)]


class Recorded:
    """The demonstration model, as far as its answers were recorded."""

    def __init__(self) -> None:
        rows = (ROOT / "fixtures" / "models" / "answers.jsonl").read_text("utf-8").splitlines()
        about, *answers = map(json.loads, rows)
        known = next(model for model in catalog() if about["model"] == f"local:{model.name}")
        self.info = EngineInfo(
            about["model"], about["identity"], known.context_tokens, english_first=True,
            translates_only=known.purpose == "translates", form=known.form, notice=known.note,
            demonstration=known.small_demo,
        )  # fmt: skip
        self.answers = {row["key"]: row for row in answers}

    def count_tokens(self, text: str) -> int:
        return len(text) // 3

    async def ask(self, request: Request[Any]) -> Answer[Any]:
        found = self.answers.get(cache_key(self.info.identity, request))
        if found is None:
            raise ProviderDownError("This answer of the demonstration model was not recorded.")
        used = Usage(prompt_tokens=found["prompt_tokens"], completion_tokens=found["completion_tokens"], requests=1)
        return Answer(request.answer.model_validate_json(found["answer"]), found["answer"], used, cached=True)


def said(*arguments: str | Path) -> str:
    ended = presseschau(*map(str, arguments))
    if ended.code != 0:
        raise SystemExit(f"{arguments} ended with {ended.code}: {ended.err}")
    return ended.err.removeprefix("presseschau: ")


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
    if sys.argv[1:2] == ["--sample"]:
        print(sample(Path(sys.argv[2]).resolve()), end="")
        sys.exit()
    make(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else RESULTS)
    (ROOT / "examples" / "notebook.ipynb").write_text(notebook(), "utf-8")
