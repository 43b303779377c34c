"""A note as a Word file, opened again with python-docx: all of it is there, and its citations are real footnotes."""

import io
import sys
import time
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from note_words import evidence, told
from own_analysis import hostile

from note_sample import american, filled_with, nothing, sample, stress
from presseschau.output.docx_file import fit
from presseschau.output.inert import one_line
from presseschau.output.note_docx import note_docx
from presseschau.output.note_outline import outline
from searching import examples

FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


class Opened:
    def __init__(self, made):
        self.document = docx.Document(io.BytesIO(made))
        self.body = self.document.element.body
        with zipfile.ZipFile(io.BytesIO(made)) as file:
            self.files = {entry.filename: file.read(entry) for entry in file.infolist()}
            self.times = {entry.date_time for entry in file.infolist()}
        notes = parse_xml(self.files["word/footnotes.xml"])
        self.notes = {note.get(qn("w:id")): note for note in notes if note.get(qn("w:type")) is None}
        self.separators = {note.get(qn("w:id")) for note in notes if note.get(qn("w:type"))}

    def marks(self):
        return [mark.get(qn("w:id")) for mark in self.body.iter(qn("w:footnoteReference"))]

    def fields(self):
        return [code.text.split() for code in self.body.iter(qn("w:instrText"))]


def text_of(element):
    return "".join(part.text or "" for part in element.iter(qn("w:t")))


@pytest.fixture(scope="module")
def opened():
    return Opened(note_docx(sample()))


@pytest.mark.parametrize("note", [sample(), american()], ids=["british", "american"])
def test_everything_in_the_note_is_there(note):
    opened = Opened(note_docx(note))
    shown = text_of(opened.body)
    assert [words for words in told(note) if one_line(words) not in shown] == []
    small = "".join(map(text_of, opened.notes.values()))
    assert [words for words in evidence(note) if one_line(words) not in small] == []


@pytest.mark.parametrize("note", [sample(), stress(), filled_with("x y")], ids=["sample", "stress", "filled"])
def test_each_cited_claim_is_one_footnote_and_further_mentions_refer_to_it(note):
    opened = Opened(note_docx(note))
    numbers = [str(number) for number in outline(note).numbers.values()]
    assert opened.marks() == numbers  # in the order of first mention, so that Word counts as we do
    assert list(opened.notes) == numbers
    bookmarks = {mark.get(qn("w:name")) for mark in opened.body.iter(qn("w:bookmarkStart"))}
    again = [code[1] for code in opened.fields() if code[0] == "NOTEREF"]
    assert again
    assert set(again) <= bookmarks


def test_a_footnote_gives_claim_german_outlet_date_and_id(opened):
    number = outline(sample()).numbers["5.c1"]
    assert text_of(opened.notes[str(number)]).strip() == (
        "The damage amounts to 3.5 million euros. "
        "Wie Betriebsleiterin Wiebke Asmus der Fördezeitung am Freitag sagte, beläuft er sich auf 3,5 Millionen Euro. "
        "— said by plant manager Wiebke Asmus (“Betriebsleiterin Wiebke Asmus”), carried by Fördezeitung, "
        "14 March 2026, 08:30 [5.c1]"
    )


def test_german_is_marked_as_german(opened):
    styles = opened.document.styles
    assert styles["German"].element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "de-DE"
    number = outline(sample()).numbers["4.c2"]
    runs = [run for run in opened.notes[str(number)].iter(qn("w:r")) if "Bei dem Feuer am Donnerstag" in text_of(run)]
    assert [run.find(f".//{qn('w:rStyle')}").get(qn("w:val")) for run in runs] == ["German"]


def test_the_part_is_declared_related_and_its_separators_are_named_in_the_settings(opened):
    assert FOOTNOTES.encode() in opened.files["[Content_Types].xml"]
    assert b'Target="footnotes.xml"' in opened.files["word/_rels/document.xml.rels"]
    settings_element = opened.document.settings.element
    named = {note.get(qn("w:id")) for note in settings_element.find(qn("w:footnotePr"))}
    assert named == opened.separators == {"-1", "0"}
    tags = [child.tag for child in settings_element]
    assert tags.index(qn("w:footnotePr")) < tags.index(qn("w:compat"))  # the order that the schema asks for


def test_every_style_that_is_used_is_there(opened):
    known = {style.get(qn("w:styleId")) for style in opened.document.styles.element.iter(qn("w:style"))}
    roots = [opened.body, *opened.notes.values()]
    used = {
        mark.get(qn("w:val"))
        for root in roots
        for kind in ("w:pStyle", "w:rStyle", "w:tblStyle")
        for mark in root.iter(qn(kind))
    }
    assert used <= known
    assert {"Story", "ListBullet", "FootnoteText", "FootnoteReference"} <= used


def test_headings_make_an_outline(opened):
    headings = [p.text for p in opened.document.paragraphs if p.style.name in ("heading 1", "Heading 1", "Story")]
    titles = [story.title for story in sample().stories]
    front = ["Bottom line", "Key points", "What is new"]
    assert headings == [*front, *titles, "In brief", "Sources", "Left out of this note", "Method"]


def test_disputed_figures_stand_side_by_side(opened):
    (row,) = [
        row for table in opened.document.tables for row in table.rows if row.cells[0].text == "Damage in euros disputed"
    ]
    values = [cell.paragraphs[0].runs[0].text for cell in row.cells[1:]]
    assert values == ["at least two million", "3.5 million"]
    givers = [cell.paragraphs[1].text for cell in row.cells[1:]]
    assert givers == ["Der Hansebote (dpa), Fördezeitung (copy)", "Kieler Rundschau, Fördezeitung"]


def test_nothing_significant_has_no_footnotes():
    opened = Opened(note_docx(nothing()))
    assert (opened.marks(), opened.notes) == ([], {})
    assert "Nothing significant." in text_of(opened.body)


def test_paper_and_language_are_those_of_the_reader():
    sizes = {}
    for note in (sample(), american()):
        opened = Opened(note_docx(note))
        language = opened.document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val"))
        sizes[language] = round(opened.document.sections[0].page_width.mm)
    assert sizes == {"en-GB": 210, "en-US": 216}


def test_the_same_note_gives_the_same_bytes_at_any_time(monkeypatch):
    first = note_docx(sample())
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert note_docx(sample()) == first
    opened = Opened(first)
    assert opened.times == {(1980, 1, 1, 0, 0, 0)}
    assert b"dcterms:created" not in opened.files["docProps/core.xml"]
    assert b"dcterms:modified" not in opened.files["docProps/core.xml"]


def test_without_python_docx_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(ImportError, match=r"pip install 'presseschau\[docx\]'"):
        note_docx(sample())


@pytest.mark.parametrize("text", hostile())
def test_hostile_text_stays_text(text):
    note = filled_with(text)
    opened = Opened(note_docx(note))
    assert fit(text) in text_of(opened.body)
    assert {code[0] for code in opened.fields()} <= {"NOTEREF"}
    outer = {r.target_ref for r in opened.document.part.rels.values() if r.is_external}
    assert outer <= {text}
    assert not any(target.lower().startswith(("javascript", "data", "file")) for target in outer)


@settings(max_examples=examples(15))
@given(st.text(max_size=20), st.sampled_from(["\ufffe", "\uffff", "\x00", "\x0b", "\u202e", ""]))
def test_any_text_makes_a_file_that_opens(text, odd):
    opened = Opened(note_docx(filled_with(text + odd)))
    assert fit(text) in text_of(opened.body)


def test_nothing_of_the_library_s_own_document_is_left(opened):
    """Its picture would be shown for the note by a file manager, its styles by an old Word."""
    names = set(opened.files)
    assert not {name for name in names if "thumbnail" in name or "stylesWithEffects" in name or "customXml" in name}
