"""`render` with a note: every form of it, and what it refuses."""

import json

import pytest
from typer.testing import CliRunner

from note_sample import sample
from presseschau.cli.app import command_line
from presseschau.errors import InputError
from presseschau.output.inert import note_json
from presseschau.output.note_docx import note_docx
from presseschau.output.note_markdown import note_markdown
from presseschau.output.note_page import note_page


@pytest.fixture
def stored(tmp_path):
    path = tmp_path / "note.json"
    path.write_text(note_json(sample()), encoding="utf-8")
    return path


def run(*arguments, **given):
    return CliRunner().invoke(command_line(), ["render", *map(str, arguments)], **given)


@pytest.mark.parametrize(
    ("ending", "made"), [("md", note_markdown), ("html", note_page), ("json", note_json), ("docx", note_docx)]
)
def test_a_stored_note_is_written_in_each_form(stored, tmp_path, ending, made):
    target = tmp_path / f"again.{ending}"
    assert run(stored, "-o", target).exit_code == 0
    wanted = made(sample())
    assert target.read_bytes() == (wanted if isinstance(wanted, bytes) else wanted.encode())


def test_a_note_comes_out_of_its_page_and_from_standard_input(tmp_path):
    page = tmp_path / "note.html"
    page.write_text(note_page(sample()), encoding="utf-8")
    assert json.loads(run(page, "-f", "json").stdout) == json.loads(note_json(sample()))
    assert run("-", input=note_json(sample())).stdout == note_markdown(sample())


@pytest.mark.parametrize("form", ["csv", "tmx", "jsonl", "jsonld"])
def test_a_note_has_no_form_of_claims_or_pairs(stored, form):
    assert "a note has no" in run(stored, "-f", form).stderr


def test_a_word_file_does_not_go_to_the_terminal(stored):
    assert "-o FILE.docx" in " ".join(run(stored, "-f", "docx").stderr.split())


def test_a_damaged_note_is_refused_with_its_place(stored):
    stored.write_text(stored.read_text(encoding="utf-8").replace('"bottom_line"', '"bottom"', 1), encoding="utf-8")
    assert isinstance(run(stored).exception, InputError)
