"""Each container gives its articles with text, metadata and a stable source."""

from __future__ import annotations

import gzip
import io
import json
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from presseschau.errors import ConfigurationError
from presseschau.ingest.document import Item
from presseschau.ingest.formats.detect import format_of
from presseschau.ingest.formats.fields import key_of, value_at
from presseschau.ingest.sources import Document, ReadOptions, Skipped, iter_documents

FORMATS = Path(__file__).resolve().parents[2] / "fixtures" / "ingest" / "formats"
TEXT = "Größe für alle\n\nDie Länder müssen sparen.\n"


def read(path: Path, **options: object) -> list[Item]:
    return list(iter_documents([str(path)], options=ReadOptions(**options)))  # type: ignore[arg-type]


def test_german_excel_csv() -> None:
    path = FORMATS / "excel.csv"
    first, second = read(path)
    assert isinstance(first, Document)
    assert first.text == 'Größe; Maß und Ziel\n\nDie Länder müssen sparen.\r\nDas sagte der Minister "ganz offen".'
    assert first.metadata == {"headline": "Größe; Maß und Ziel", "published": "14.03.2026", "outlet": "Musterblatt"}
    assert (first.source, second.source) == (f"{path}#3", f"{path}#4")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_in_every_usual_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"title{delimiter}text\r\nÖl{delimiter}Preise müssen sinken\r\n".encode(encoding))
    (document,) = read(path)
    assert isinstance(document, Document)
    assert document.text == "Öl\n\nPreise müssen sinken"


@pytest.mark.parametrize(
    ("rows", "why"),
    [('A,"' + "Das ist gut.\n" * 9 + '"\n', "a field is too long"), ("A,b\rc,d\n", "the line is damaged")],
)
def test_a_csv_that_breaks_says_why_and_is_read_no_further(tmp_path: Path, rows: str, why: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"title,text\nÖl,Preise müssen sinken\n{rows}B,Die Länder sparen\n".encode())
    first, broken = read(path, max_item=60)
    assert isinstance(first, Document)
    assert isinstance(broken, Skipped)
    assert (broken.reason, broken.detail) == ("damaged", f"The CSV cannot be read beyond this point: {why}.")


def test_csv_with_a_separator_line_and_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=|\nA|B\nKopf|Rumpf; mit, allem\n", encoding="utf-8")
    (document,) = read(path, mapping={"text": "B", "headline": "A"})
    assert isinstance(document, Document)
    assert document.text == "Kopf\n\nRumpf; mit, allem"


def test_jsonl_reads_on_after_bad_lines() -> None:
    path = FORMATS / "articles.jsonl"
    items = read(path)
    assert [item.source for item in items] == [f"{path}#{n}" for n in range(1, 6)]
    assert [item.reason if isinstance(item, Skipped) else "" for item in items] == ["", "damaged", "", "fields", ""]
    first, third, last = (item for item in items if isinstance(item, Document))
    assert first.metadata["author"] == "Ute Weiß, Jan Ölmann"
    assert third.metadata["outlet"] == "Elbe-Bote"
    assert last.text == "Sieg in Köln\n\nKöln gewann 3:1."


def test_json_list_under_a_key_with_markup() -> None:
    first, second = read(FORMATS / "feed.json")
    assert isinstance(first, Document)
    assert first.text == "Sturm über Föhr\n\nDer Sturm zog ab.\n\nSchäden\n\nZwei Dächer\nfehlen."
    assert isinstance(second, Skipped)
    assert second.reason == "empty"


def test_mapping_reaches_into_objects_and_names_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"_source": {"inhalt": "Text für alle"}, "n": 1}', encoding="utf-8")
    (found,) = read(path, mapping={"text": "_source.inhalt"})
    (missing,) = read(path, mapping={"text": "body"})
    assert isinstance(found, Document)
    assert found.text == "Text für alle"
    assert isinstance(missing, Skipped)
    assert "'body'" in missing.detail
    assert "_source.inhalt" in missing.detail


NESTED = {
    "doc": {"titel": "Radwege", "teile": [{"absätze": ["Der Rat tagte.", "Er stimmte ab."]}, {"absätze": "Und ging."}]},
    "autoren": [{"name": "Petra Beispiel"}, {"name": "Hans Muster"}],
    "meta": {"key": 17, "ressort": {"name": "Lokales"}},
    "a.b[0]": "wörtlich",
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("doc.teile[].absätze", ["Der Rat tagte.", "Er stimmte ab.", "Und ging."]),
        ("doc.teile.absätze", ["Der Rat tagte.", "Er stimmte ab.", "Und ging."]),
        ("doc.teile[1].absätze", "Und ging."),
        ("doc.teile[0].absätze[1]", "Er stimmte ab."),
        ("autoren[].name", ["Petra Beispiel", "Hans Muster"]),
        ("autoren[0].name", "Petra Beispiel"),
        ("meta.ressort.name", "Lokales"),
        ("a.b[0]", "wörtlich"),
        ("autoren[2].name", None),
        ("nichts|meta.key|doc.titel", 17),
        ("nichts|auch.nichts", None),
        ("doc.titel.x", None),
        ("autoren[999999]", None),
    ],
)
def test_paths(path: str, value: object) -> None:
    assert value_at(NESTED, path) == value


def test_mapping_reaches_into_lists_item_by_item(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    other = {"body": {"parts": [{"p": "Anders."}]}}
    path.write_text(json.dumps({"articles": [NESTED, other], "links": [{"p": "x"}]}), encoding="utf-8")
    mapping = {"text": "doc.teile[].absätze", "headline": "doc.titel", "author": "autoren[0].name", "id": "meta.key"}
    first, second = read(path, mapping=mapping)
    assert isinstance(first, Document)
    assert first.text == "Radwege\n\nDer Rat tagte.\n\nEr stimmte ab.\n\nUnd ging."
    assert [first.metadata[key] for key in ("author", "id", "meta.ressort")] == ["Petra Beispiel", "17", "Lokales"]
    assert isinstance(second, Skipped)
    assert second.detail.startswith("There is no field 'doc.teile[].absätze'; the fields are: body.parts[].p.")


def test_usual_names_stand_for_what_can_be_mapped() -> None:
    assert [key_of(name) for name in ("body", "Titel", "text", "date", "x")] == [
        "text", "headline", "text", "published", None,
    ]  # fmt: skip


def test_headline_that_opens_the_text_is_not_put_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"title": "Sieg in Köln", "text": "Sieg in Köln\\n\\nKöln gewann."}', encoding="utf-8")
    (document,) = read(path)
    assert isinstance(document, Document)
    assert document.text == "Sieg in Köln\n\nKöln gewann."


def packed(kind: str) -> bytes:
    buffer = io.BytesIO()
    if kind == "gz":
        return gzip.compress(TEXT.encode())
    if kind == "zst":
        import zstandard

        return zstandard.compress(TEXT.encode()) * 2
    if kind == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("b/a.txt", TEXT)
        return buffer.getvalue()
    with tarfile.open(fileobj=buffer, mode="w:gz" if kind == "tgz" else "w") as archive:
        member = tarfile.TarInfo("b/a.txt")
        member.size = len(TEXT.encode())
        archive.addfile(member, io.BytesIO(TEXT.encode()))
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["a.txt.gz", "a.txt.zst", "a.zip", "a.tar", "a.tgz", "a.tar.gz"])
@pytest.mark.parametrize("by", ["name", "content", "stdin"])
def test_packed_text(tmp_path: Path, name: str, by: str) -> None:
    kind = "tgz" if name.endswith((".tgz", ".tar.gz")) else name.rpartition(".")[2]
    path = tmp_path / (name if by == "name" else "without-ending")
    path.write_bytes(packed(kind))
    if by == "stdin":
        with path.open("rb", buffering=0) as raw:
            (document,) = iter_documents(["-"], stdin=io.BufferedReader(Unseekable(raw)))
    else:
        (document,) = read(path)
    assert isinstance(document, Document)
    assert document.data == TEXT.encode() * (2 if kind == "zst" else 1)
    assert document.source.endswith("!b/a.txt") == (kind in ("zip", "tar", "tgz"))


class Unseekable(io.RawIOBase):
    """A pipe: it can only be read on."""

    def __init__(self, stream: io.RawIOBase) -> None:
        super().__init__()
        self.stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int | None:  # type: ignore[override]
        return self.stream.readinto(buffer)


def test_missing_extra_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt.zst"
    path.write_bytes(packed("zst"))
    for loaded in [loaded for loaded in sys.modules if loaded.partition(".")[0] == "zstandard"]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'presseschau\[zstd\]'"):
        read(path)


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.TXT", b"Text", "plain"), ("a", b"<!DOCTYPE html><html>", "html"), ("a.txt", b"<html>", "html"),
        ("a", b"\xef\xbb\xbf\n<!-- x --><html lang=de>", "html"), ("a", b'{"a": 1}\n{"a": 2}\n', "jsonl"),
        ("a", b'{\n "a": 1}', "json"), ("a", b'[{"a": 1}]', "json"), ("a", "„Ja“".encode(), "plain"),
        ("a", b"[Foto: dpa] Text", "plain"), ("a.jsonl.gz", b"\x1f\x8b", "gz"), ("a.warc.gz", b"\x1f\x8b", "warc"),
        ("a.bin", b"PK\x03\x04", "zip"), ("a.txt", b"PK\x03\x04", "zip"), ("a.csv", b"a;b", "csv"),
        ("a.txt", b"title;text\nA;B\n", "csv"), ("a.txt", b"Text, Bild, Ton\nEin, zwei\n", "plain"),
        ("a.txt", b"<p>Ein Satz.</p>", "fragment"), ("a.html", b"<nav>x</nav><p>Ein Satz.</p>", "html"),
        ("a.html", b"Kein Element.\nNur Text.\n", "plain"), ("a.json", b"Kein Objekt.\nNur Text.\n", "plain"),
        ("a.json", b'{"a": 1}\n{"a": 2}\n', "jsonl"), ("a.jsonl", b'{\n"a": 1}', "json"),
        ("a.jsonl", b'{"a": "lang', "jsonl"), ("a.zip", gzip.compress(b"WARC/1.0", mtime=0), "warc"),
        ("a.txt", "\ufeff<rss>".encode("utf-16-le"), "rss"), ("a", b"%PDF-1.7", "pdf"),
    ],
)  # fmt: skip
def test_format_by_name_and_content(name: str, head: bytes, expected: str) -> None:
    assert format_of(name, head) == expected


CUT = b"".join(
    json.dumps({"text": f"Der Rat tagte zum {n}. Mal und {n * 7919} Leute kamen."}).encode() + b"\n"
    for n in range(4000)
)


def _tarred(data: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for number, line in enumerate(data.splitlines()):
            member = tarfile.TarInfo(f"{number}.json")
            member.size = len(line)
            archive.addfile(member, io.BytesIO(line))
    return file.getvalue()


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.gz", "a.jsonl.zst", "a.tar.gz"])
def test_of_a_cut_file_what_stands_before_the_cut_is_read(tmp_path: Path, name: str) -> None:
    data = CUT if "csv" not in name else b"n,text\n" + b"".join(b"1,Der Rat tagte %d.\n" % n for n in range(4000))
    if name.endswith(".zst"):
        packed = pytest.importorskip("zstandard").compress(data)
    else:
        packed = _tarred(data) if "tar" in name else gzip.compress(data)
    (tmp_path / name).write_bytes(packed[: len(packed) * 2 // 3])
    *found, last = read(tmp_path / name)
    assert len(found) > 50
    assert all(isinstance(one, Document) and (one.text or "").endswith(".") for one in found)
    assert isinstance(last, Skipped)
    assert (last.source, last.reason) == (str(tmp_path / name), "damaged")
    assert "is cut: what stands before the cut was read" in last.detail
