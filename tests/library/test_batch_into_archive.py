"""`batch -o archive.db`: what a run would write as JSONL lies in the archive; a kill at any moment loses nothing."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from archive_world import german, times_asked, translated, write_articles
from fault_server import FaultServer
from presseschau import archives, results
from presseschau.analysis import Options
from presseschau.archive.many import analyze_many
from presseschau.errors import OutputError
from presseschau.library.store import Archive
from presseschau.llm.engine import choose
from presseschau.llm.retry import Policy
from presseschau.pipeline.decisions import Decision, Decisions


class Desk:
    def __init__(self, folder: Path, server: FaultServer) -> None:
        self.folder, self.server = folder, server

    async def run(self, out: str, *sources: Path, **more: Any) -> Any:
        return await analyze_many(
            [*map(str, sources)], self.folder / out, choose("m", base_url=self.server.base_url),
            cache=self.folder / "cache.sqlite", policy=Policy(attempts=2, base=0.001, cap=0.002, patience=0.05),
            **{"options": Options(tasks=("translate",)), **more},
        )  # fmt: skip

    def archived(self) -> list[bytes]:
        with Archive(self.folder / "archive.db", reads=True) as archive:
            return [archive.read(number) for number in archive.numbers()]

    def runs(self) -> list[Any]:
        with Archive(self.folder / "archive.db", reads=True) as archive:
            return archive.runs()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with FaultServer([translated]) as server:
        yield Desk(tmp_path, server)


async def test_the_archive_holds_what_jsonl_holds_and_the_run(desk: Desk) -> None:
    articles = write_articles(desk.folder / "in.jsonl", range(12))
    await desk.run("out.jsonl", articles)
    report = await desk.run("archive.db", articles, format="db")
    assert sorted(desk.archived()) == sorted((desk.folder / "out.jsonl").read_bytes().splitlines())
    (run,) = desk.runs()
    assert (run["state"], run["counts"]["done"], run["model"], run["sources"]) == ("complete", 12, "m", [str(articles)])
    assert run["requests"] == report.spent.requests == 0  # the answers were in the cache
    assert run["ended"]
    journal = next(desk.folder.glob("archive.db.d/*/journal"))
    assert b"gebaut" not in journal.read_bytes()
    assert journal.stat().st_size < 60_000


async def test_other_sources_are_another_run_into_the_same_archive(desk: Desk) -> None:
    first, second = (write_articles(desk.folder / f"{n}.jsonl", range(n, n + 3)) for n in (0, 100))
    await desk.run("archive.db", first, format="db")
    await desk.run("archive.db", second, format="db")
    assert len(desk.archived()) == 6
    assert [run["sources"] for run in desk.runs()] == [[str(second)], [str(first)]]
    assert [run["counts"]["done"] for run in desk.runs()] == [3, 3]
    assert desk.runs()[0]["requests"] == 3
    asked = len(desk.server.requests)
    assert (await desk.run("archive.db", first, format="db")).complete
    assert (len(desk.server.requests), len(desk.archived())) == (asked, 6)


async def test_near_duplicates_are_found_in_what_the_archive_holds(desk: Desk) -> None:
    folder = desk.folder / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(german(1, 12), "utf-8")
    (folder / "b.txt").write_text(german(1, 12).replace("Bericht 1 ", "Bericht 2 "), "utf-8")
    report = await desk.run("archive.db", folder, format="db")
    (line,) = next(desk.folder.glob("archive.db.d/*/duplicates.jsonl")).read_text("utf-8").splitlines()
    assert (report.near, json.loads(line)["only_there"]) == (1, ["Bericht 1 aus dem Dorf"])


async def test_the_format_and_the_name_go_together(desk: Desk) -> None:
    articles = write_articles(desk.folder / "in.jsonl", range(1))
    for out, format in (("archive.db", "jsonl"), ("out.jsonl", "db")):
        with pytest.raises(OutputError, match=r"an archive \(\.db, .*\) has the format db"):
            await desk.run(out, articles, format=format)
    (desk.folder / "archive.db").write_text("something else, of some length" * 100)
    with pytest.raises(OutputError, match="is not a database"):
        await desk.run("archive.db", articles, format="db")


@pytest.mark.fault("machine", "the same command ends as an undisturbed run", name="kill -9 of `batch -o archive.db`")
@pytest.mark.slow
async def test_killed_again_and_again_the_same_command_ends_as_an_undisturbed_run(desk: Desk) -> None:
    articles = write_articles(desk.folder / "in.jsonl", range(60))
    command = [
        sys.executable, "-m", "presseschau", "batch", str(articles), "-o", str(desk.folder / "archive.db"), "-m", "m",
        "--tasks", "translate", "--base-url", desk.server.base_url, "--cache", str(desk.folder / "cache.sqlite"), "-q",
        "--concurrency", "4",
    ]  # fmt: skip
    for kill in range(4):
        wanted = len(desk.server.requests) + 5 + 4 * kill
        child = await asyncio.create_subprocess_exec(*command)
        while len(desk.server.requests) < wanted and child.returncode is None:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        if child.returncode is None:
            child.kill()
        await child.wait()
    await desk.run("archive.db", articles, format="db")
    await desk.run("out.jsonl", articles)
    assert len(desk.archived()) == 60
    assert sorted(desk.archived()) == sorted((desk.folder / "out.jsonl").read_bytes().splitlines())
    assert max(times_asked(desk.server.requests).values()) <= 2  # once, and again what was under way when it was killed


async def test_an_archive_among_the_inputs_is_passed_over(desk: Desk) -> None:
    folder = desk.folder / "in"
    folder.mkdir()
    write_articles(folder / "in.jsonl", range(3))
    await desk.run("in/archive.db", folder, format="db")
    again = await desk.run("in/archive.db", folder, format="db")
    assert (again.items, again.counts["done"]) == (3, 3)


async def test_what_people_wrote_in_an_archive_holds_in_another_run(desk: Desk) -> None:
    articles = write_articles(desk.folder / "in.jsonl", range(3))
    await desk.run("archive.db", articles, format="db")
    row = next(results.read_results(desk.folder / "archive.db")).translation[1]
    decisions = Decisions().with_one(Decision.on(row, "edited", "A person wrote this."))
    results.write_decisions(desk.folder / "archive.db", decisions)
    options = Options(tasks=("translate",), memory=archives.read_memory(desk.folder / "archive.db"))
    await desk.run("out.jsonl", articles, options=options)
    first, *others = results.read_results(desk.folder / "out.jsonl")
    assert (first.translation[1].en, first.translation[1].status) == ("A person wrote this.", "human")
    assert {row.status for one in others for row in one.translation} == {"ok"}
