"""Feeds, mail, exports and whatever else is no single article in prose are refused by name, under any file name."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presseschau.errors import FormatError, InputError
from presseschau.ingest import Skipped, iter_articles, read, read_article
from presseschau.ingest.formats.html import read_page
from presseschau.ingest.formats.unread import BINARIES, REFUSALS, Look, unread, unread_binary
from presseschau.ingest.sources import _READERS
from presseschau.ingest.text.decode import decode

FILES = Path(__file__).resolve().parents[2] / "fixtures" / "ingest" / "unread"
EXPECTED: dict[str, str] = json.loads((FILES / "expected.json").read_text("utf-8"))
FOLDERS = (FILES, FILES.parent / "readers", FILES.parent / "exports")
"""What was refused before it had a reader is still known by its content."""
NOT_READ = [name for name, kind in EXPECTED.items() if kind not in _READERS]
ARTICLE = FILES.parents[1] / "articles" / "own" / "bahn-warnstreik.txt"


def _file(name: str) -> Path:
    return next(folder / name for folder in FOLDERS if (folder / name).exists())


@pytest.mark.parametrize("ending", ["", ".txt", ".html", ".json", ".xml", ".md", ".eml", ".txt.gz"])
@pytest.mark.parametrize("name", NOT_READ)
def test_it_is_refused_by_name_whatever_it_is_called(tmp_path: Path, name: str, ending: str) -> None:
    data = _file(name).read_bytes()
    path = tmp_path / f"a{ending}"
    path.write_bytes(gzip.compress(data) if ending.endswith(".gz") else data)
    (item,) = iter_articles([path], lang_check=False)
    assert isinstance(item, Skipped)
    assert item.reason == REFUSALS[EXPECTED[name]].reason
    assert item.detail.endswith(REFUSALS[EXPECTED[name]].says)
    with pytest.raises(InputError, match="which is not read"):
        read(path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("name", ["own.xml", "answer.txt", "a.ris", "transcript.txt", "a.ass"])
def test_it_is_refused_in_every_usual_encoding(tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(_file(name).read_text("utf-8").encode(encoding, "replace"))
    (item,) = iter_articles([path])
    assert isinstance(item, Skipped)
    assert item.detail.endswith(REFUSALS[EXPECTED[name]].says)


@pytest.mark.parametrize("name", EXPECTED)
def test_line_ends_and_blanks_change_nothing(name: str) -> None:
    text = _file(name).read_text("utf-8")
    for changed in (
        text.replace("\n", "\r\n"),
        "\ufeff\r\n" + text,
        text.replace("Dokument 1 von", "\fDokument\xa01\xa0von"),
    ):
        kind = unread(Look(changed)) or unread_binary(changed.lstrip("\ufeff\r\n").encode())
        assert kind is not None
        assert kind.name == EXPECTED[name]


@pytest.mark.parametrize("name", [name for name in EXPECTED if not name.endswith((".html", ".rtf"))])
def test_a_field_of_a_table_that_holds_it_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": _file(name).read_text("utf-8")}) + "\n", "utf-8")
    (item,) = iter_articles([path], lang_check=False)
    assert isinstance(item, Skipped)
    assert item.reason == REFUSALS[EXPECTED[name]].reason


def test_exports_inside_archives_and_documents(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(FILES / "own.xml", "seite.html")
        archive.write(FILES / "a.ass", "feed.txt")
        archive.write(ARTICLE, "artikel.txt")
    found = list(iter_articles([tmp_path / "a.zip"]))
    assert [item.reason if isinstance(item, Skipped) else "" for item in found] == ["format", "format", ""]
    word = io.BytesIO()
    with zipfile.ZipFile(word, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    (tmp_path / "a.txt").write_bytes(word.getvalue())
    (item,) = iter_articles([tmp_path / "a.txt"])
    assert isinstance(item, Skipped)
    assert item.reason == "empty"
    (tmp_path / "a.txt").write_bytes(b"\xfd7zXZ\x00\x00")
    (item,) = iter_articles([tmp_path / "a.txt"])
    assert isinstance(item, Skipped)
    assert (item.reason, item.detail) == ("format", REFUSALS["7z"].says)


def test_a_page_from_the_web_that_is_an_export_is_refused() -> None:
    item = read_page(_file("factiva-layout.html").read_bytes(), "https://example.org/export")
    assert isinstance(item, Skipped)
    assert item.reason == "format"


def test_documents_are_refused_wherever_bytes_become_text() -> None:
    for data in (b"%PDF-1.4", b"{\\rtf1 Text}"):
        with pytest.raises(FormatError):
            decode(data)
        with pytest.raises(FormatError):
            read_article(data, source="x")


@pytest.mark.parametrize(
    "text",
    [
        "Rat: Der Kanzler sagt Nein\n\nBerlin: In der Stadt ist es laut.\nVon: Eva Muster\nDatum: 3. Mai\n\nEs gilt.",
        "Von: Eva Muster\nDatum: 3. Mai 2026\nOrt: Kiel\n\nDer Rat tagt am Montag und berät über die Brücke.",
        "Dokument 3 von 5\n\nIm Archiv liegt das dritte von fünf Dokumenten, sagte die Leiterin am Montag.",
        "SPIEGEL-Interview: Wie geht es?\nMuster-Mann: Gut.\nSPIEGEL-Interview: Warum?\nMuster-Mann: Darum.",
        "12:31 Uhr: Tor für Kiel.\n12:45 Uhr: Pause.\n13:02 Uhr: Es geht weiter.\n13:40 Uhr: Schluss.",
        "Die Zeiten\n1. Muster 2:03:11 Stunden\n2. Beispiel 2:04:15 Stunden\n3. Probe 2:05:00 Stunden",
        "<b>Berlin</b> Der Kanzler reist nach Paris.\n\nEr trifft dort den Präsidenten.",
        "Mehr unter https://example.org/1\nDer Rat tagt am Montag.\nhttps://example.org/2",
        "--- Eilmeldung ---\n\nDer Rat tagt: am Montag.\n\n---\n\nWeiteres folgt.",
        "From Berlin with love, 2026\n\nDer Film läuft im Mai an.",
    ],
)
def test_prose_that_looks_a_little_like_it_is_read(text: str) -> None:
    assert read_article(text, source="x", lang_check=False).sentences


@given(st.text(alphabet="<>?!-[]:= \nabHTMLDOCYP/1&;\"'", max_size=300))
def test_recognising_never_fails(text: str) -> None:
    kind = unread(Look(text))
    assert kind is None or kind.says


@pytest.mark.parametrize(
    "piece",
    ["<!-- ", "<?x ", "<!DOCTYPE a [", "A: b\n", "From ", "<a ", "--- \n x:\n", " \n", "1 of ", "[0:00", "{ ", "12:3"],
)
def test_recognising_is_linear(piece: str) -> None:
    import time

    begun = time.process_time()
    unread(Look(piece * (400_000 // len(piece))))
    assert time.process_time() - begun < 2


def test_every_kind_of_text_has_an_example() -> None:
    assert set(EXPECTED.values()) | {kind.name for kind in BINARIES} | {"rdf"} == set(REFUSALS)


@pytest.mark.parametrize(("last", "kind"), [("https://example.org/x", "addresses"), ("Und dann kam Prosa.", None)])
def test_of_a_long_list_only_the_line_that_may_be_cut_is_not_looked_at(last: str, kind: str | None) -> None:
    address = "https://example.org/artikel/1234567890\n"
    many = address * (64 * 1024 // len(address))
    text = f"{many[: 64 * 1024 - 200]}\n{last}\nhttps://example.org/" + "langer-pfad/" * 100
    found = unread(Look(text))
    assert (found.name if found else None) == kind
