"""Documents of several pages or parts (PDF, RTF, EPUB, OpenDocument, subtitles): what is read, and what is refused by
name. Whole files: `test_readers`; hostile ones: `test_hostile`."""

from __future__ import annotations

import io
import sys
from itertools import chain
from pathlib import Path

import pypdf
import pytest

from made_files import epub, odt, packed, pdf, set_lines
from presseschau.errors import ConfigurationError
from presseschau.ingest import Document, ReadOptions, Skipped, iter_documents, read_document
from presseschau.ingest.ahead import require_extras
from presseschau.ingest.document import Item
from presseschau.ingest.formats.office import text_of

SENTENCE = "Der Rat hat am Montag den Bau der Brücke beschlossen."
COLUMN = [
    "Der Rat hat am Montag den Bau",
    "der neuen Brücke beschlossen. Sie",
    "kostet zwölf Millionen Euro und",
    "soll im Mai fertig sein, wie die",
    "Stadt am Abend mitteilte. Auch der",
    "Landkreis zahlt einen Teil davon.",
]


def items_of(data: bytes, options: ReadOptions | None = None) -> list[Item]:
    return list(iter_documents("-", stdin=io.BytesIO(data), options=options))


def refusal(data: bytes, options: ReadOptions | None = None) -> tuple[str, str]:
    (item,) = items_of(data, options)
    assert isinstance(item, Skipped)
    return item.reason, item.detail


@pytest.mark.parametrize("by_rows", [False, True])
@pytest.mark.parametrize("columns", [2, 3, 4])
def test_several_columns_are_refused_by_name(columns: int, by_rows: bool) -> None:
    width = 480 / columns
    set_ = [set_lines(COLUMN * 2, x=50 + width * n, size=9 if columns < 4 else 6.5) for n in range(columns)]
    lines = list(chain.from_iterable(zip(*set_, strict=True) if by_rows else set_))
    reason, detail = refusal(pdf([set_lines([SENTENCE]), lines]))
    assert reason == "format"
    assert "set in several columns (page 2)" in detail


def test_one_column_with_a_list_a_table_and_a_picture_beside_is_read() -> None:
    lines = [f"{SENTENCE} Er tagte lange." for _ in range(20)]
    table = [
        *set_lines(["Kosten", "Länge", "Breite", "Höhe"], top=300),
        *set_lines(["12 Mio.", "9 m", "4 m", "2 m"], x=400, top=300),
    ]
    (item,) = items_of(pdf([[*set_lines(lines), *table]]))
    assert isinstance(item, Document)
    assert read_document(item).sentences[0].text == SENTENCE


def test_encrypted_scanned_and_cut_files_are_refused_by_name() -> None:
    whole = pdf([set_lines([SENTENCE])])
    writer, locked = pypdf.PdfWriter(clone_from=io.BytesIO(whole)), io.BytesIO()
    writer.encrypt("geheim", algorithm="RC4-128")
    writer.write(locked)
    assert refusal(locked.getvalue()) == ("encrypted", "The PDF file is encrypted. Save it without a password.")
    reason, detail = refusal(pdf([[], []]))
    assert (reason, "scan" in detail) == ("format", True)
    assert refusal(whole[:300])[0] == "damaged"
    odf = packed(
        {"content.xml": "\x00", "META-INF/manifest.xml": "<m:encryption-data/>"},
        "application/vnd.oasis.opendocument.text",
    )
    assert refusal(odf) == ("encrypted", "The file is encrypted.")
    book = epub({"a.xhtml": f"<p>{SENTENCE * 3}</p>"})
    assert [item for item in items_of(book) if isinstance(item, Document)]
    assert refusal(_with(book, "META-INF/rights.xml"))[0] == "encrypted"


def _with(archive: bytes, name: str) -> bytes:
    import zipfile

    data = io.BytesIO(archive)
    with zipfile.ZipFile(data, "a") as opened:
        opened.writestr(name, "<rights/>")
    return data.getvalue()


def test_a_file_of_which_some_pages_are_scanned_is_incomplete() -> None:
    (item,) = items_of(pdf([set_lines([SENTENCE]), []]))
    assert isinstance(item, Document)
    (finding,) = item.findings
    assert (finding.code, "1 of 2 pages" in finding.message) == ("input.incomplete", True)


def test_paragraphs_go_on_over_pages_and_heads_are_beside() -> None:
    pages = [
        set_lines(["Musterblatt Nr. 7", "", "", f"{SENTENCE} Das Geld dafür gibt das Land im kom-"])
        + set_lines(["- 1 -"], x=280, top=30),
        set_lines(["Musterblatt Nr. 7", "", "", "menden Jahr."]) + set_lines(["- 2 -"], x=280, top=30),
    ]
    (item,) = items_of(pdf(pages))
    assert isinstance(item, Document)
    assert item.text == f"{SENTENCE} Das Geld dafür gibt das Land im kommenden Jahr."
    assert [text for _, text in item.beside] == ["Musterblatt Nr. 7", "- 1 -", "Musterblatt Nr. 7", "- 2 -"]


def test_files_that_are_not_streams_are_capped() -> None:
    small = ReadOptions(max_whole=900)
    book = epub({"a.xhtml": f"<p>{SENTENCE * 3}</p>"})
    for data in (
        pdf([set_lines([SENTENCE])] * 3),
        b"{\\rtf1 " + b"a" * 900 + b"}",
        book,
        odt([str(n**9) for n in range(99)]),
    ):
        reason, detail = refusal(data, small)
        assert (reason, "larger than 900 bytes" in detail) == ("large", True)
    assert ReadOptions().max_whole == ReadOptions().max_json == 50 * 1024 * 1024


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (b"{\\rtf1\\ansi\\ansicpg1252 K\\'f6ln {\\b und} M\\u252?nchen\\par}", "Köln und München"),
        (b"{\\rtf1\\ansi\\ansicpg1250 \\'9akoda}", "škoda"),
        (b"{\\rtf1\\uc2 M\\u252\\'81\\'81nchen \\u8222??ja\\u8220??}", "München „ja“"),
        (b"{\\rtf1{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset204 B;}}\\f1 \\'c4\\'e0\\f0 ja}", "Даja"),
        (b"{\\rtf1 a\\~b\\_c\\-d\\{e\\}\\\\}", "a\xa0b-cd{e}\\"),
        (b"{\\rtf1 {\\v weg}da{\\*\\unbekannt weg}{\\footnote weg}{\\header weg}}", "da"),
        (b"{\\rtf1 {\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt Rat}} tagt}", "Rat tagt"),
        (b"{\\rtf1 a{\\pict\\bin5 }}}}}}b}", "ab"),
        (b"{\\rtf1 a\\line b\\tab c\r\nd}", "a\nb cd"),
        (b"{\\rtf1 \\u55357?\\u56832?}", "😀"),
        (b"{\\rtf1 \\uc9 \\u228 123456789}", "ä9"),
    ],
)
def test_rtf(rtf: bytes, text: str) -> None:
    assert text_of(rtf).strip() == text


def test_text_behind_what_is_left_out_stays() -> None:
    """A note or a comment within a paragraph costs nothing of it."""
    content = odt(["Anfang NOTE Ende."])
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read("content.xml").decode()
    body = body.replace("NOTE", "<text:note><text:p>Fußnote</text:p></text:note><!-- x --><text:s/>und")
    (item,) = items_of(packed({"content.xml": body}, "application/vnd.oasis.opendocument.text"))
    assert isinstance(item, Document)
    assert (item.text or "").split() == ["Anfang", "und", "Ende."]


def test_a_missing_extra_is_said_with_what_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE)
    require_extras([tmp_path])
    for module in [name for name in sys.modules if name.partition(".")[0] == "pypdf"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "pypdf", None)
    require_extras([tmp_path, "https://example.org/a.pdf", tmp_path / "missing"])
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x").write_bytes(pdf([set_lines([SENTENCE])]))
    for read in (lambda: require_extras([tmp_path]), lambda: list(iter_documents(tmp_path))):
        with pytest.raises(ConfigurationError, match=r"pip install 'presseschau\[pdf\]'"):
            read()
    assert ConfigurationError.exit_code == 4
    (tmp_path / "b" / "x").write_bytes(packed({"y.PDF": b"%PDF-1.7"}))
    with pytest.raises(ConfigurationError, match="pypdf"):
        require_extras([tmp_path])


def test_a_mail_in_pieces_is_read_whole() -> None:
    mail = (
        "From: a@e.example\nSubject: Rat\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\n\nAnfang.\n--b\nContent-Type: image/png\n\nx\n--b\nContent-Type: text/plain\n\nEnde.\n--b--\n"
    )
    (item,) = items_of(mail.encode())
    assert isinstance(item, Document)
    assert item.text == "Rat\n\nAnfang.\n\nEnde."
    (item,) = items_of(
        mail.replace("--b\n\nAnfang.", "--b\nContent-Type: text/html\n\n<p>Anfang.")
        .replace("text/plain", "text/html")
        .encode()
    )
    assert isinstance(item, Document)
    assert (item.text or "").split() == ["Rat", "Anfang.", "Ende."]


def test_an_export_of_nexis_as_pdf_is_read_without_heads_and_feet() -> None:
    first = ["Stadtwerke senken Preis", "Elbe-Rundschau", "16. November 2026 Montag", "Copyright 2026 Elbe",
             "Length: 143 words", "Byline: Kim Albers", "", "Body", "",
             "Die Stadtwerke senken den Gaspreis zum Januar um acht Prozent, sagte der",
             "Sprecher der Stadtwerke am Montagabend nach einer Sitzung des Rates in"]  # fmt: skip
    second = ["Wuppertal.", "", "Load-Date: November 16, 2026", "", "End of Document"]
    third = ["Tierheim sucht Helfer", "Elbe-Bote", "15. November 2026 Sonntag", "Length: 20 words", "Body", "",
             "Das Tierheim sucht Helfer.", "", "Load-Date: November 15, 2026", "End of Document"]  # fmt: skip
    pages = [
        set_lines([f"Page {n} of 3", "", *lines]) + set_lines(["Kim Muster"], top=30)
        for n, lines in enumerate((first, second, third), 1)
    ]
    one, other, around = items_of(pdf(pages))
    assert isinstance(one, Document)
    assert isinstance(other, Document)
    assert one.metadata["author"] == "Kim Albers"
    assert (one.text or "").endswith("um acht Prozent, sagte der Sprecher der Stadtwerke am Montagabend nach einer"
                                     " Sitzung des Rates in Wuppertal.")  # fmt: skip
    assert other.text == "Tierheim sucht Helfer\n\nDas Tierheim sucht Helfer."
    assert isinstance(around, Skipped)
    assert (around.reason, "6 lines" in around.detail) == ("passed", True)


def test_a_chapter_with_a_kicker_has_the_headline_of_its_heading() -> None:
    body = f"<p class='k'>Verkehr</p><h2>Rat baut<br/>eine Brücke</h2><p>Von Kim Muster</p><p>{SENTENCE * 2}</p>"
    (item,) = items_of(epub({"a.xhtml": body}))
    assert isinstance(item, Document)
    assert dict(item.metadata) == {"headline": "Rat baut eine Brücke", "author": "Kim Muster"}
    assert read_document(item).sentences[1].text == SENTENCE
