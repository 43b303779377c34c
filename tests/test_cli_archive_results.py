"""What `batch` wrote, in the commands that read results: one article of it, all, from a pipe, in a folder."""

import csv
import json
import shutil

import pytest

from archive_world import translated, write_articles
from fault_server import FaultServer
from note_sample import sample
from presseschau.archive.many import analyze_many
from presseschau.ingest.sources import BESIDE_OUTPUT
from presseschau.llm.engine import choose
from presseschau.models import Analysis
from presseschau.output.note_page import note_page
from test_cli import Program, ask, program, served

__all__ = ["program", "served"]  # fixtures
ENGINE = ("-m", "x", "--base-url", "http://127.0.0.1:1/v1", "--cache-only")


@pytest.fixture
async def archive(tmp_path):
    """A program whose folder holds what `batch` makes of three articles."""
    write_articles(tmp_path / "in.jsonl", range(3))
    async with FaultServer([translated]) as server:
        choice = choose("scripted", base_url=server.base_url)
        report = await analyze_many([tmp_path / "in.jsonl"], tmp_path / "out.jsonl", choice, cache=None)
    assert report.usable == 0  # this server knows nothing of claims and summaries: those parts have failed
    return Program(tmp_path)


def results(folder):
    return [Analysis.model_validate_json(line) for line in (folder / "out.jsonl").read_bytes().splitlines()]


def test_one_article_is_rendered_by_its_id_or_its_source(archive):
    second = results(archive.folder)[1]
    for name in (second.article.id[:9], second.article.source):
        done = archive.run("render", "out.jsonl", "--article", name, "--format", "json")
        assert Analysis.model_validate_json(done.stdout) == second


def test_several_are_not_put_into_one_page(archive):
    for options in ([], ["-o", "pages"]):
        done = archive.run("render", "out.jsonl", *options)
        assert (done.returncode, "--article" in done.stderr) == (2, True)


@pytest.mark.slow
def test_all_are_rendered_into_a_folder_or_a_table(archive):
    assert archive.run("render", "out.jsonl", "-o", "pages", "-f", "html").returncode == 0
    *pages, index = sorted(page.name for page in (archive.folder / "pages").iterdir())
    assert index == "index.html"
    assert all(result.article.id[:12] in page for result, page in zip(results(archive.folder), pages, strict=True))
    assert archive.run("render", "out.jsonl", "-o", "pairs.tmx").returncode == 0
    assert (archive.folder / "pairs.tmx").read_text().count("<tu ") == sum(
        len(result.translation) for result in results(archive.folder)
    )
    assert archive.run("render", "out.jsonl", "-o", "claims.csv").returncode == 0
    assert len(list(csv.reader((archive.folder / "claims.csv").read_text().splitlines()))) == 1  # the header


@pytest.mark.slow
def test_results_come_through_a_pipe(archive):
    lines = (archive.folder / "out.jsonl").read_text()
    assert len(archive.run("verify", "-", input=lines).stdout.splitlines()) == 3
    done = archive.run("brief", "-", *ENGINE, input=lines)
    assert (done.returncode, done.stderr.count("Bericht ")) == (1, 3)  # read, and none of them has a claim


@pytest.mark.parametrize("arguments", [["verify", "empty.jsonl"], ["verify", "--pairs", "empty.jsonl"]])
def test_nothing_checked_is_not_sound(program, arguments):
    (program.folder / "empty.jsonl").touch()
    assert program.run(*arguments).returncode == 1


def test_a_damaged_line_is_named(archive):
    out = archive.folder / "out.jsonl"
    out.write_bytes(out.read_bytes()[:-200])
    assert "out.jsonl, line 3 is not a result" in archive.run("verify", "out.jsonl").stderr


@pytest.mark.slow
def test_a_page_of_ours_is_no_article(archive):
    """It holds German; read as an article the next note would cite the last one."""
    results = archive.folder / "results"
    results.mkdir()
    shutil.move(archive.folder / "out.jsonl", results)
    (results / "note.html").write_text(note_page(sample()))
    assert archive.run("render", "results/out.jsonl", "-o", "results", "-f", "md").returncode == 0
    done = archive.run("brief", "results", *ENGINE)
    assert (done.returncode, done.stderr.count("Bericht "), done.stderr.count("results/")) == (1, 3, 0)
    assert "--previous" in archive.run("brief", "results/note.html", *ENGINE).stderr


@pytest.mark.slow
def test_an_output_among_its_inputs_is_not_read(program, served):
    """`batch in -o in/out.jsonl`, twice: the second run finds everything done."""
    (program.folder / "in").mkdir()
    for number in range(2):
        write_articles(program.folder / f"in/{number}.jsonl", [number])
    server = served([translated])
    for _ in range(2):
        done = ask(program, server, "batch", "in", "-o", "in/out.jsonl", "--tasks", "translate", "-q")
        assert (done.returncode, done.stderr.count("2 items: 2 done")) == (0, 1), done.stderr
        assert len(server.requests) == 2
    (program.folder / "in/out.review.json").write_text("{}")
    for options in ([], ["-o", "in/another.jsonl"]):
        dry = ask(program, server, "batch", "in", *options, "--tasks", "translate", "--dry-run")
        assert "2 (0 skipped" in dry.stdout
    assert {path.name for path in (program.folder / "in").iterdir() if not path.name.endswith(BESIDE_OUTPUT)} == {
        "0.jsonl", "1.jsonl", "out.jsonl", "out.jsonl.d",
    }  # fmt: skip


def test_an_input_is_not_overwritten(program):
    path = write_articles(program.folder / "in.jsonl", [1])
    done = program.run("batch", "in.jsonl", "-o", "in.jsonl", "--overwrite", *ENGINE)
    assert done.returncode == 74
    assert json.loads(path.read_text())


@pytest.mark.parametrize("kind", ["analysis", "note"])
def test_another_version_of_a_file_is_named_as_such(program, kind):
    """Whatever else is different in it."""
    schema = f"presseschau/{kind}/0"
    (program.folder / "old.json").write_text(json.dumps({"schema": schema, "otherwise": 1}))
    for command in ("render", "verify"):
        done = program.run(command, "old.json")
        assert (done.returncode, schema in done.stderr) == (1, True)
