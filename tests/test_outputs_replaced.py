"""What `-o` may take the place of: never an input, and unasked only what presseschau made."""

import io
import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

import presseschau
from archive_world import german, write_articles
from fault_server import completion
from note_sample import sample
from output.own_analysis import RICH, own
from presseschau import results
from presseschau.cli.app import command_line
from presseschau.cli.options import NoteFormat
from presseschau.errors import PresseschauError
from presseschau.output import FORMATS, rendered
from presseschau.output.inert import note_json
from presseschau.output.schemas import made_here
from presseschau.output.tables import table_csv
from presseschau.results import render
from test_cli import ARTICLE, ROOT, answer, ask, program, served

__all__ = ["program", "served"]  # fixtures
ENGINE = ("-m", "m", "--base-url", "http://127.0.0.1:9/v1")
UNREVIEWED = "Machine translation, not reviewed by a person."
NOTE = sample().model_copy(update={"method": sample().method.model_copy(update={"notice": UNREVIEWED})})
ANALYSIS = own(RICH).model_copy(
    update={"provenance": own(RICH).provenance.model_copy(update={"notice": f"{UNREVIEWED} Of a kind."})}
)
FOREIGN = {
    "notes.md": "# Meine Notizen\n\nMachine translation, not reviewed by a person, says my neighbour.\n",
    "list.csv": '"id","claim"\n"1","mine"\n',
    "page.html": '<!doctype html>\n<html lang="de"><title>Die Woche · presseschau</title><p>Ein Text.</p></html>\n',
    "data.json": '{"schema": "another/analysis/1", "text": "presseschau/analysis/1"}',
    "lines.jsonl": json.dumps({"article": "a", "source": "b", "text": german(1)}) + "\n",
    "memory.tmx": '<?xml version="1.0"?>\n<tmx version="1.4">\n<header creationtool="another"/><body/></tmx>\n',
    "graph.jsonld": '{"@context": "https://schema.org", "@graph": [{"@type": "NewsArticle", "@id": "#it"}]}',
    "out.review.json": '{"schema_version": "presseschau/review/1", "decisions": []}',
    "out.manifest.json": '{"schema": "presseschau/run/1"}',
}


def run(folder, *arguments):
    """What the command does; `code` is what the program returns for it, `said` what it says."""
    done = CliRunner().invoke(command_line(), [str(folder / a) if isinstance(a, Path) else a for a in arguments])
    known = isinstance(done.exception, PresseschauError)
    done.code, done.said = (done.exception.exit_code, str(done.exception)) if known else (done.exit_code, done.stderr)
    return done


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "result.json").write_text(rendered(ANALYSIS, "json"))
    (tmp_path / "note.json").write_text(note_json(NOTE))
    (tmp_path / "results").mkdir()
    (tmp_path / "results/a.json").write_text(rendered(ANALYSIS, "json"))
    (tmp_path / "archive").mkdir()
    for number in range(2):
        (tmp_path / f"archive/{number}.txt").write_text(german(number))
    (tmp_path / "article.html").write_text(f"<html><body><h1>Bericht</h1><p>{german(3)}</p></body></html>")
    (tmp_path / "terms.csv").write_text("source,target,forbidden,note\nBahnhof,station,,\n")
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    return tmp_path


def bytes_of(content):
    return content.encode() if isinstance(content, str) else content


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_of_a_result_is_known_again(form):
    assert made_here(io.BytesIO(bytes_of(rendered(ANALYSIS, form))))


@pytest.mark.parametrize("form", NoteFormat)
def test_every_form_of_a_note_is_known_again(form):
    assert made_here(io.BytesIO(bytes_of(render(NOTE, form))))


@pytest.mark.parametrize(("name", "since"), [("claims", 4), ("sentences", 3)])
def test_a_table_of_an_earlier_version_is_known_too(name, since):
    table = "".join(table_csv([ANALYSIS], name))
    heading, _, rest = table.partition("\n")
    before = ",".join(heading.split(",")[:-since])
    assert before.endswith(('"metadata"', '"decided"'))
    assert made_here(io.BytesIO(f"{before}\n{rest}".encode()))


def test_what_others_made_is_not(folder):
    with zipfile.ZipFile(folder / "mine.docx", "w") as file:
        file.writestr("docProps/core.xml", "<dc:creator>me</dc:creator>")
    (folder / "half.docx").write_bytes(b"PK\x03\x04 and no more")
    (folder / "read.json").write_text(ANALYSIS.article.model_dump_json())
    for name, text in FOREIGN.items():
        (folder / name).write_text(text)
    others = [*FOREIGN, "mine.docx", "half.docx", "read.json", "article.html", "terms.csv"]
    texts = [
        *(ROOT / "fixtures/articles/own").iterdir(),
        *(ROOT / "fixtures/ingest/html").glob("*.html"),
        ROOT / "README.md",
    ]
    for path in [*(folder / name for name in others), *texts]:
        with path.open("rb") as file:
            assert not made_here(file), path


@pytest.mark.fault("terminal", "refused without --force", name="-o names a file of somebody else", by="-")
@pytest.mark.parametrize("name", FOREIGN)
def test_what_others_made_is_replaced_only_when_told(folder, name):
    (folder / name).write_text(FOREIGN[name])
    form = () if name.count(".") == 1 else ("-f", "json")
    refused = run(folder, "render", Path("result.json"), "-o", Path(name), *form)
    assert (refused.code, (folder / name).read_text()) == (2, FOREIGN[name])
    assert "--force" in refused.said
    for force in (("--force",), ()):  # what is there after the first time is a result
        assert run(folder, "render", Path("result.json"), "-o", Path(name), *form, *force).code == 0
    assert UNREVIEWED in (folder / name).read_text() or name.endswith(("json", "jsonl"))


@pytest.mark.parametrize("form", [*FORMATS, "docx"])
def test_a_result_takes_the_place_of_a_result(folder, form):
    result = Path("note.json" if form == "docx" else "result.json")
    (folder / f"out.{form}").touch()
    for _ in range(3):  # over nothing, then over itself
        done = run(folder, "render", result, "-o", Path(f"out.{form}"))
        assert done.code == 0, done.said


INPUTS = {
    "article": (("article", Path("article.html"), *ENGINE), "article.html"),
    "result": (("render", Path("result.json")), "result.json"),
    "note": (("render", Path("note.json")), "note.json"),
    "glossary": (("translate", ARTICLE, "--glossary", Path("terms.csv"), "-f", "md", *ENGINE), "terms.csv"),
    "prompts": (("claims", ARTICLE, "--prompts", Path("prompts"), "-f", "csv", *ENGINE), "prompts/claims/task.txt"),
    "previous": (("brief", Path("results"), "--previous", Path("note.json"), *ENGINE), "note.json"),
    "of a note": (("brief", Path("results/a.json"), *ENGINE), "results/a.json"),
    "in a folder": (("brief", Path("results"), *ENGINE), "results/a.json"),
    "terms of a note": (("brief", Path("results"), "--glossary", Path("terms.csv"), "-f", "md", *ENGINE), "terms.csv"),
    "metrics": (("article", ARTICLE, "--metrics", Path("same.json"), *ENGINE), "same.json"),
}


@pytest.mark.fault("terminal", "refused, exit 2", name="-o names an input", by="-")
@pytest.mark.parametrize("name", ["itself", "link", "hard link", "another way"])
@pytest.mark.parametrize("case", INPUTS)
def test_an_input_is_never_replaced(folder, case, name):
    arguments, target = INPUTS[case]
    if case == "metrics":
        (folder / target).write_text(rendered(ANALYSIS, "json"))
    before = (folder / target).read_bytes()
    output = folder / target
    if name == "another way":
        output = folder / "results" / ".." / target
    elif name != "itself":
        output = folder / f"other{output.suffix}"
        (output.symlink_to if name == "link" else output.hardlink_to)(folder / target)
    for force in ((), ("--force",)):
        done = run(folder, *arguments, *force, "-o", str(output))
        assert done.code == 2, done.output
        assert (output.read_bytes(), (folder / target).read_bytes()) == (before, before)


@pytest.mark.fault("terminal", "exit 1; the file stays, and the run says so", name="nothing made for -o FILE", by="-")
@pytest.mark.parametrize(
    ("name", "held", "stays"),
    [("out.html", ARTICLE, True), ("out.json", ARTICLE, True), ("out.json", "another", False), ("out.md", None, False)],
)
def test_a_run_that_made_nothing_leaves_an_earlier_result(folder, served, name, held, stays):
    server = served([completion("Sure! Here is your translation.")])
    engine = ("-m", "m", "--base-url", server.base_url, "--no-cache")
    before = b""
    if held is not None:
        article = presseschau.read(held) if held == ARTICLE else ANALYSIS.article
        results.write(ANALYSIS.model_copy(update={"article": article}), folder / name)
        before = (folder / name).read_bytes()
    done = run(folder, "translate", ARTICLE, *engine, "-o", Path(name))
    assert (done.code, (folder / name).read_bytes() == before) == (1, stays)
    assert ("is left as it was" in done.said) == stays


@pytest.mark.parametrize("form", ["html", "md", "txt", "csv", "docx"])
def test_what_is_made_to_be_read_is_no_result_and_says_what_is(folder, form):
    results.write(ANALYSIS, folder / f"made.{form}")
    for command in ("verify", "render", "review"):
        done = run(folder, command, Path(f"made.{form}"))
        assert (done.code, "made by presseschau to be read" in done.said) == (1, True), (command, done.said)
    (folder / "cut.json").write_text(rendered(ANALYSIS, "json")[:999])
    assert "cut short" in run(folder, "verify", Path("cut.json")).said


@pytest.mark.slow
def test_a_note_may_lie_among_its_results(folder, served, program):
    """It is not read there."""
    shutil.copy(ROOT / "fixtures/articles/own/quartal-halvensen.txt", folder / "a.txt")
    server = served([answer])
    assert ask(program, server, "article", "a.txt", "-o", "results/a.json").returncode == 0
    for _ in range(2):
        done = ask(program, server, "brief", "results", "-o", "results/note.html")
        assert done.returncode in (0, 3), done.stderr
        assert (folder / "results/note.html").exists()


@pytest.mark.slow
def test_the_demonstration_runs_twice(program, served):
    """As `make demo` does; the page in place is that of an older version, without today's mark."""
    server = served([answer])
    for number in range(3):
        assert ask(program, server, "article", ARTICLE, "--output", "demo.html").returncode == 0
        page = program.folder / "demo.html"
        text = page.read_text()
        assert '<meta name="generator" content="presseschau">' in text
        page.write_text(text.replace('<meta name="generator" content="presseschau">\n', "") if not number else text)


@pytest.mark.slow
def test_metrics_take_the_place_of_metrics_only(program, served):
    server = served([answer])
    (program.folder / "mine.json").write_text('{"seconds": 1}')
    for _ in range(2):
        assert ask(program, server, "translate", ARTICLE, "--metrics", "took.json").returncode == 0
    done = ask(program, server, "translate", ARTICLE, "--metrics", "mine.json")
    assert (done.returncode, (program.folder / "mine.json").read_text()) == (2, '{"seconds": 1}')


def test_what_is_no_file_is_not_replaced_by_one(folder):
    os.mkfifo(folder / "pipe")
    done = run(folder, "render", Path("result.json"), "-f", "md", "-o", Path("pipe"))
    assert (done.code, (folder / "pipe").is_fifo()) == (74, True)


@pytest.mark.fault("terminal", "refused, exit 2", name="-o with an ending that is no format", by="-")
@pytest.mark.parametrize("name", ["x.docx", "x.md", "x.html", "x.txt", "x.jsonl.gz"])
def test_an_ending_that_batch_has_no_format_for_is_refused(folder, name):
    done = run(folder, "batch", Path("archive"), "-o", Path(name), *ENGINE)
    assert (done.code, (folder / name).exists()) == (2, False), done.output
    assert ("folder" in done.said) == name.endswith((".md", ".html"))


def test_several_results_go_to_a_folder_that_is_called_like_one(folder):
    (folder / "all.jsonl").write_text(2 * (ANALYSIS.model_dump_json() + "\n"))
    for options in (("x.md",), ("x.md", "-f", "md"), ("x.docx",)):
        done = run(folder, "render", Path("all.jsonl"), "-o", Path(options[0]), *options[1:])
        assert (done.code, (folder / "x.md").exists()) == (2, False)
    assert run(folder, "render", Path("all.jsonl"), "-o", Path("pages"), "-f", "md").code == 0
    (page, *_) = sorted((folder / "pages").glob("0*.md"))
    page.write_text("my own words")
    assert run(folder, "render", Path("all.jsonl"), "-o", Path("pages"), "-f", "md").code == 2
    assert page.read_text() == "my own words"
    page.unlink()
    index = folder / "pages" / "index.md"
    assert run(folder, "render", Path("all.jsonl"), "-o", Path("pages"), "-f", "md").code == 0  # ours: it is replaced
    index.write_text("my own words")
    assert run(folder, "render", Path("all.jsonl"), "-o", Path("pages"), "-f", "md").code == 2
    assert index.read_text() == "my own words"


BATCH = {
    "file": (("batch", Path("archive/0.txt")), "archive/0.txt"),
    "in a folder": (("batch", Path("archive")), "archive/0.txt"),
    "of a folder, by a hard link": (("batch", Path("archive")), "linked.jsonl"),
    "glossary": (("batch", Path("archive"), "--glossary", Path("terms.csv")), "terms.csv"),
    "beside": (("batch", Path("all.d/failed.jsonl"), "-o", Path("all")), "all.d/failed.jsonl"),
}


@pytest.mark.parametrize("case", BATCH)
def test_batch_writes_over_no_input(folder, case):
    (folder / "linked.jsonl").hardlink_to(folder / "archive/0.txt")
    (folder / "all.d").mkdir()
    write_articles(folder / "all.d/failed.jsonl", [1])
    arguments, target = BATCH[case]
    before = (folder / target).read_bytes()
    output = () if "-o" in arguments else ("-o", Path(target))
    done = run(folder, *arguments, *output, "-f", "jsonl", "--overwrite", *ENGINE)
    assert done.code == (2 if case == "glossary" else 74), done.output
    assert (folder / target).read_bytes() == before


def test_what_lies_beside_an_output_of_batch_is_replaced_only_when_told(folder):
    (folder / "out.d").mkdir()
    kept = folder / "out.d/manifest.json"
    kept.write_text('{"files": 3}')
    done = run(folder, "batch", Path("archive"), "-o", Path("out"), *ENGINE)
    assert (done.code, kept.read_text()) == (74, '{"files": 3}')
    assert "--overwrite" in done.said
    kept.write_text('{\n  "schema": "presseschau/run/1"}')
    done = run(folder, "batch", Path("archive"), "-o", Path("out"), "--cache-only", *ENGINE)
    assert (done.code, json.loads(kept.read_text())["items"]) == (4, 0)
