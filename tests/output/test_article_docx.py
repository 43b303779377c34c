"""Articles as Word files (side by side, with footnotes, in a template), as text, in notebooks; an index of pages."""

from __future__ import annotations

import io
import sys
import types
import zipfile
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
from docx.shared import Mm
from own_analysis import RICH, SLUGS, filled_with, hostile, own

from in_process import presseschau
from note_sample import sample
from presseschau import notebook, results
from presseschau.errors import ConfigurationError, InputError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def opened(made: bytes):
    return docx.Document(io.BytesIO(made))


def footnotes(made: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        root = ElementTree.fromstring(file.read("word/footnotes.xml"))
    return ["".join(node.itertext()).strip() for node in root.iter(f"{W}footnote") if not node.get(f"{W}type")]


def words(document) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_both_languages_stand_side_by_side_in_order() -> None:
    analysis = own(RICH)
    document = opened(results.render(analysis, "docx"))
    (table,) = document.tables
    cells = [[cell.paragraphs[0].text for cell in row.cells] for row in table.rows]
    assert [cell[0] for cell in cells] == [str(row.n) for row in analysis.translation]
    assert [cell[1] for cell in cells] == [row.de for row in analysis.translation]
    for cell, row in zip(cells, analysis.translation, strict=True):
        assert cell[2].startswith(row.en or "not translated")
    whole = "\n".join(cell.text for row in table.rows for cell in row.cells)
    for row in analysis.translation:
        for finding in row.findings:
            assert (finding.message in whole) == (finding.severity != "info")
    assert analysis.summary.bottom_line in words(document)
    assert all(claim.text in words(document) for claim in analysis.claims)
    assert document.paragraphs[0].text == analysis.translation[0].en


def test_the_english_has_the_german_in_its_footnotes() -> None:
    analysis = own(RICH)
    made = results.render(analysis, "docx-english")
    notes, text = footnotes(made), words(opened(made))
    cited = [row for row in analysis.translation if row.role != "headline"]
    assert len(notes) == len(cited)
    for note, row in zip(notes, cited, strict=True):
        assert note.startswith(row.de)
        assert (row.en or "not translated") in text
    assert not opened(made).tables


@pytest.mark.parametrize("format", ["docx", "docx-english"])
@pytest.mark.parametrize("slug", SLUGS)
def test_each_article_is_made_twice_alike_and_known_as_ours(slug: str, format: str, tmp_path: Path) -> None:
    out = tmp_path / "out.docx"
    results.write(own(slug), out, format)
    assert out.read_bytes() == results.render(own(slug), format)
    from presseschau.output.schemas import made_here

    with out.open("rb") as file:
        assert made_here(file)


@pytest.mark.parametrize("text", hostile())
def test_nothing_that_an_article_holds_breaks_the_file(text: str) -> None:
    for format in ("docx", "docx-english"):
        made = results.render(filled_with(text), format)
        opened(made)
        with zipfile.ZipFile(io.BytesIO(made)) as file:
            assert b'TargetMode="External"' not in file.read("word/_rels/document.xml.rels")


def test_parts_that_are_missing_are_said_to_be() -> None:
    bare = own(RICH).model_copy(update={"translation": None, "summary": None, "claims": None})
    document = opened(results.render(bare, "docx"))
    assert [row.cells[1].text for row in document.tables[0].rows] == [s.text for s in bare.article.sentences]
    assert "Translation" in words(opened(results.render(bare, "docx-english")))


@pytest.fixture
def template(tmp_path: Path) -> Path:
    made = docx.Document()
    made.add_paragraph("This text of the template goes.")
    made.sections[0].page_width, made.sections[0].left_margin = Mm(148), Mm(20)
    made.sections[0].header.paragraphs[0].text = "Our letterhead"
    made.styles["Title"].font.name = "Comic Sans MS"
    made.save(tmp_path / "ours.docx")
    return tmp_path / "ours.docx"


def test_a_template_gives_paper_styles_and_letterhead(template: Path, tmp_path: Path) -> None:
    result, note = tmp_path / "result.json", tmp_path / "note.json"
    results.write(own(RICH), result)
    results.write(sample(), note)
    for source, first in ((result, own(RICH).translation[0].en), (note, None)):
        out = tmp_path / f"{source.stem}.docx"
        ended = presseschau("render", str(source), "-o", str(out), "--template", str(template))
        assert (ended.code, ended.err) == (0, "")
        document = docx.Document(str(out))
        assert round(document.sections[0].page_width.mm) == 148
        assert document.sections[0].header.paragraphs[0].text == "Our letterhead"
        assert document.styles["Title"].font.name == "Comic Sans MS"
        assert "This text of the template goes." not in words(document)
        assert first is None or document.paragraphs[0].text == first
        for table in document.tables:  # no table is wider than the line
            assert (
                sum(cell.width for cell in table.rows[0].cells)
                <= Mm(148 - 20) - document.sections[0].right_margin + 1000
            )
    assert template.stat().st_size  # it is read, never written


def test_a_template_that_is_none_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.docx"
    wrong.write_text("no Word file")
    with pytest.raises(InputError, match="is not a Word file"):
        results.render(own(RICH), "docx", wrong)
    with pytest.raises(InputError, match="cannot be read"):
        results.render(own(RICH), "docx", tmp_path / "none.docx")
    results.write(own(RICH), tmp_path / "r.json")
    assert presseschau("render", str(tmp_path / "r.json"), "-f", "docx").code == 2  # not to the terminal


def test_plain_text_holds_all_that_a_reader_wants() -> None:
    analysis = own(RICH)
    text = results.render(analysis, "txt")
    assert text.startswith(analysis.translation[0].en.upper())
    for row in analysis.translation[1:]:
        assert (row.en or f"[not translated: {row.de}]") in text
    assert analysis.summary.bottom_line in text
    assert "TO BE CHECKED" in text
    assert analysis.provenance.notice in text


def test_a_folder_of_pages_has_an_index(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("".join(own(slug).model_dump_json() + "\n" for slug in SLUGS))
    for form in ("html", "md", "txt", "docx"):
        assert presseschau("render", str(out), "-o", str(tmp_path / form), "-f", form).code == 0
        assert len(list((tmp_path / form).glob(f"0*.{form}"))) == len(SLUGS)
    for form in ("html", "md"):
        index = (tmp_path / form / f"index.{form}").read_text("utf-8")
        for file in (tmp_path / form).glob(f"0*.{form}"):
            assert file.name in index
    assert own(RICH).translation[0].en in (tmp_path / "html/index.html").read_text("utf-8")


def test_a_notebook_shows_the_page_in_a_frame_without_scripts() -> None:
    for result, title in ((own(RICH), own(RICH).translation[0].en), (sample(), sample().title)):
        shown = result._repr_html_()
        assert shown.startswith("<iframe sandbox srcdoc=")
        assert shown.count("<") == 2  # the page stands in an attribute, escaped
        assert title in unescape(unescape(shown))


def test_progress_in_a_notebook_is_one_line_that_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="no IPython"):
        notebook.progress()
    shown: list[str] = []
    display = types.ModuleType("IPython.display")
    display.HTML = str
    display.display = lambda html, display_id: types.SimpleNamespace(update=shown.append)
    monkeypatch.setitem(sys.modules, "IPython", types.ModuleType("IPython"))
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    listener = notebook.progress()
    for done in range(1, 101):
        listener(done, 100)
    assert shown[-1] == '<progress value="100" max="100"></progress> 100 of 100'
    assert len(shown) < 10
