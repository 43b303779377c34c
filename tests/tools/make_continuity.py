"""Makes fixtures/continuity: what a version of presseschau leaves on a disk, for later versions to go on with.

    git worktree add BASE COMMIT
    PYTHONPATH=BASE/src python tests/tools/make_continuity.py

It was made by commit 2a7fbd4, the last before the house was rebuilt, and is not to be made anew because a test fails:
then users' own files fail as well. Make it in another folder (FOLDER after the command) for a later version, beside it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from archive_world import write_articles
from batch_server import BatchServer
from continuity_world import BATCHES, ENGINE, FIXTURES, HERE, KNOWN, PROMPTS, RUN, reply, serving
from fault_server import FaultServer, Reply, Seen

CACHE = ("--cache", "cache.sqlite")
SENTENCES = 9
DECIDED = "a\ne\nFourteen injured in a warehouse fire.\nr\n"
DECISIONS = DECIDED + "s\n" * (SENTENCES - 3) + DECIDED
"""About the first article: the first sentence and claim are accepted, the second edited, the third rejected."""


class Maker:
    """Runs presseschau in `folder`; `environment` is where its engine is."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, **environment}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "presseschau", *arguments],
            cwd=self.folder, env=self.environment, stdin=subprocess.PIPE, text=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def run(self, *arguments: str, said: str = "", code: int = 0) -> None:
        process = self.start(*arguments)
        process.communicate(said, timeout=100)
        if process.returncode != code:
            raise SystemExit(f"{' '.join(arguments)} ended with {process.returncode}")


def world(folder: Path) -> None:
    """The articles, and the prompts of the version that runs."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "articles").mkdir(parents=True)
    for name in KNOWN:
        shutil.copy(FIXTURES / "briefing" / f"{name}.txt", folder / "articles")
    Maker(folder, {}).run("prompts", "copy", "prompts")


def finished(folder: Path) -> None:
    """A result, a run, decisions about both, two notes, and the cache of all that was asked for them."""
    with serving(FaultServer([reply])) as environment:
        made = Maker(folder, environment)
        made.run("article", "articles/a1-hansebote.txt", *ENGINE, *PROMPTS, *CACHE, "-o", "analysis.json")
        made.run(*RUN, *CACHE, "-o", "out.jsonl")
        with (folder / "out.jsonl").open(encoding="utf-8") as lines:
            (folder / "first.jsonl").write_text("".join(list(lines)[:3]), "utf-8")
        note = (*ENGINE, *PROMPTS, *CACHE)
        made.run("brief", "first.jsonl", *note, "-o", "note.json")
        made.run("render", "note.json", "-o", "note.html")
        made.run("brief", "out.jsonl", "--previous", "note.json", *note, "-o", "next.json")
        made.run("render", "next.json", "-o", "next.docx")
        made.run("review", "analysis.json", "--all", said=DECISIONS)
        made.run("review", "out.jsonl", "--all", said=DECISIONS)


def begun(folder: Path) -> None:
    """A run that was killed when three of six articles were done."""
    (folder / "begun").mkdir()
    out = folder / "begun" / "out.jsonl"

    def until_three(seen: Seen) -> Reply:
        if out.exists() and out.read_bytes().count(b"\n") >= 3:
            process.kill()
        return reply(seen)

    with serving(FaultServer([until_three])) as environment:
        process = Maker(folder, environment).start(*RUN, "--no-cache", "-o", "begun/out.jsonl")
        process.communicate(timeout=100)


def handed_over(folder: Path) -> None:
    """A run by OpenAI Batch, killed while its one batch was in progress."""
    (folder / "batches").mkdir()
    write_articles(folder / "in.jsonl", range(4))

    def kill(method: str, path: str) -> Reply | None:
        if method == "GET" and path.startswith("/batches/"):
            process.kill()
        return None

    with serving(BatchServer(after=kill)) as environment:
        process = Maker(folder, environment).start(*BATCHES, "--no-cache", "-o", "batches/out.jsonl")
        process.communicate(timeout=100)


if __name__ == "__main__":
    made_in = Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else HERE
    world(made_in)
    finished(made_in)
    begun(made_in)
    handed_over(made_in)
    for path in sorted(made_in.rglob("*")):
        if path.is_file() and "prompts" not in path.parts:
            print(f"{path.stat().st_size:8} {path.relative_to(made_in)}")
