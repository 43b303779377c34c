"""Input made to harm costs bounded time and memory and ends in a skipped item with its reason. Files of every format
(`tests/hostile_files.py`) are read within limits that the system sets; no connection, process or other file is opened.
"""

from __future__ import annotations

import copy
import gzip
import io
import json
import os
import struct
import subprocess
import sys
import tarfile
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import zstandard

import hostile_files
from presseschau.errors import InputError
from presseschau.ingest import iter_articles, read_article
from presseschau.ingest.document import MEBI, Item
from presseschau.ingest.sources import Document, ReadOptions, Skipped, iter_documents
from presseschau.ingest.text.normalize import normalize
from presseschau.models import Article

SMALL = ReadOptions(max_item=MEBI, max_json=2 * MEBI, max_unpacked=8 * MEBI)


def read(path: Path, options: ReadOptions = SMALL) -> list[Item]:
    return list(iter_documents([str(path)], options=options))


def reasons(items: list[Item]) -> list[str]:
    return [item.reason if isinstance(item, Skipped) else "" for item in items]


@contextmanager
def memory_below(limit: int) -> Iterator[None]:
    """Fail if Python's own allocations pass `limit` bytes."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < limit, f"{peak:,} bytes"


def zeros(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(MEBI)) for _ in range(size // MEBI)) + packer.flush()


@pytest.mark.fault("input", "refused; memory stays bounded", name="bomb")
@pytest.mark.parametrize("name", ["a.txt.gz", "a.jsonl.gz", "a.csv.gz", "a.html.gz", "a.json.gz"])
def test_gzip_bomb(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(zeros(200 * MEBI))
    with memory_below(16 * MEBI):
        items = read(path)
    assert items
    assert set(reasons(items)) <= {"bomb", "large", "damaged"}


@pytest.mark.fault("input", "refused; memory stays bounded", name="tar.gz bomb")
def test_tar_gz_bomb(tmp_path: Path) -> None:
    header = tarfile.TarInfo("a.txt")
    header.size = 200 * MEBI
    path = tmp_path / "a.tar.gz"
    path.write_bytes(gzip.compress(header.tobuf()) + zeros(200 * MEBI))
    with memory_below(16 * MEBI):
        assert set(reasons(read(path))) <= {"bomb", "large", "damaged"}


@pytest.mark.fault("input", "refused", name="zip whose members share their bytes")
def test_zip_whose_members_share_their_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", bytes(MEBI - 1))
        (member,) = archive.infolist()
        archive.filelist += [copy.copy(member) for _ in range(2_000)]
    items = read(path)
    assert items[-1].source == str(path)
    assert reasons(items)[-1] == "bomb"
    assert len(items) == 1


def test_zstd_bomb(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.zst"
    packer = zstandard.ZstdCompressor().compressobj()
    path.write_bytes(b"".join(packer.compress(bytes(MEBI)) for _ in range(200)) + packer.flush())
    assert reasons(read(path)) == ["bomb"]


def test_bomb_of_many_small_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"text": "' + b"a" * 90 + b'"}\n' * 1 * 1) * 1 + zeros(100 * MEBI))
    assert reasons(read(path))[-1] == "bomb"


def test_zip_member_that_unpacks_to_too_much(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.txt", bytes(50 * MEBI))
        archive.writestr("lines.jsonl", bytes(50 * MEBI))
        archive.writestr("good.txt", "Text für alle")
    with memory_below(16 * MEBI):
        items = read(path)
    assert reasons(items) == ["large", "bomb", ""]


@pytest.mark.fault("input", "the rest goes on", name="zip that lies about a size")
def test_zip_that_lies_about_the_size_of_a_member(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.txt", bytes(50 * MEBI))
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 50 * MEBI), struct.pack("<I", 1000)))
    with memory_below(16 * MEBI):
        assert reasons(read(path)) in (["large"], ["damaged"])


def test_zip_with_an_absurd_directory_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 900 * MEBI, 0, 0)
    path.write_bytes(b"PK\x03\x04" + bytes(100) + end)
    assert reasons(read(path)) == ["large"]


def test_nested_archives_are_not_opened(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.txt", "x")
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("no-ending", inner.getvalue())
        archive.writestr("a.txt.gz", gzip.compress(b"x"))
    assert reasons(read(path)) == ["nested"] * 3
    again = tmp_path / "a.gz"
    again.write_bytes(gzip.compress(gzip.compress(gzip.compress(b"x"))))
    assert reasons(read(again)) == ["nested"]


@pytest.mark.fault("input", "only a name", name="member name")
@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\x", "a/../../b.txt", "\x00.txt", "."])
def test_names_that_point_outside_are_only_names(tmp_path: Path, name: str) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = 5
        archive.addfile(member, io.BytesIO(b"Texte"))
    path = tmp_path / "in" / "a.tar"
    path.parent.mkdir()
    path.write_bytes(buffer.getvalue())
    assert [item.data for item in read(path) if isinstance(item, Document)] == [b"Texte"]
    assert [found.name for found in tmp_path.rglob("*")] == ["in", "a.tar"]


@pytest.mark.fault("input", "passed over", name="tar links and devices")
def test_tar_links_and_devices_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
            member = tarfile.TarInfo(f"x{kind.decode()}")
            member.type = kind
            member.linkname = "/etc/passwd"
            archive.addfile(member)
    assert read(path) == []


def test_tar_header_of_absurd_size(tmp_path: Path) -> None:
    header = tarfile.TarInfo("x")
    header.type = tarfile.XHDTYPE
    header.size = 4000 * MEBI
    path = tmp_path / "a.tar"
    path.write_bytes(header.tobuf() + bytes(4 * MEBI))
    with memory_below(4 * MEBI):
        assert reasons(read(path)) == ["damaged"]


@pytest.mark.fault("input", "skipped; memory stays bounded", name="a huge line")
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.json", "a.csv", "a.jsonl"])
def test_huge_line(tmp_path: Path, name: str) -> None:
    """The file is sparse: 300 MB that take no room on disk, as 10 GB would, and no line end."""
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(b'{"text": "')
        file.truncate(300 * MEBI)
    with memory_below(8 * MEBI):
        assert reasons(read(path)) == ["large"]


def test_reading_goes_on_after_a_huge_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "eins"}\n' + b"x" * (3 * MEBI) + b'\n{"text": "drei"}\n')
    items = read(path)
    assert reasons(items) == ["", "large", ""]
    assert items[-1].source.endswith("#3")


@pytest.mark.parametrize("length", [MEBI - 1, MEBI, MEBI + 1, MEBI + 256 * 1024, MEBI + 256 * 1024 + 1])
def test_lines_around_the_cap_do_not_swallow_the_next(tmp_path: Path, length: int) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"x" * length + b'\n{"text": "zwei"}\n')
    assert reasons(read(path))[1:] == [""]


@pytest.mark.fault("input", "skipped with the reason", name="JSON", by="-")
@pytest.mark.parametrize(
    "data",
    [
        b"[" * 200_000,
        b'{"text": ' + b"[" * 200_000,
        b'{"text": ' + b"9" * 10_000 + b"}",
        b'{"text": "\\ud800"}',
        b"\xff\xfe{\x00",
    ],
)
def test_json_made_to_break_the_parser(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(data)
    (item,) = read(path)
    assert isinstance(item, Skipped) or item.text == "\ufffd"


@pytest.mark.fault("input", "skipped with the reason", name="CSV with an endless field")
def test_csv_with_an_endless_field(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'text;b\n"' + b"zeile\n" * 500_000)
    assert reasons(read(path)) == ["damaged"]


@pytest.mark.fault("input", "skipped with the reason", name="a page made to break the parser", by="-")
@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 50_000 + "x",
        "<p>" * 50_000,
        "<a href='" + "x" * 900_000,
        "<h1>Kopf</h1>" + "<p>Ein Satz für alle, der lang genug ist.</p>" * 5_000,
        "&#" * 100_000,
        "<!--" * 50_000,
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
    ],
)
def test_page_made_to_break_the_parser(tmp_path: Path, markup: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(markup, encoding="utf-8")
    assert len(read(path)) == 1


@pytest.mark.fault("input", "skipped with the reason", name="damaged archive", by="name")
@pytest.mark.parametrize("name", ["a.gz", "a.txt.zst", "a.zip", "a.tar", "a.tar.gz", "a.warc", "a.warc.gz"])
@pytest.mark.parametrize(
    "data", [b"", b"kein Archiv", b"\x1f\x8b\x08\x00kaputt", b"PK\x03\x04kaputt", b"WARC/1.0\r\nkaputt"]
)
def test_damaged_archives_end_without_a_traceback(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert all(isinstance(item, Skipped | Document) for item in read(path))


@pytest.mark.fault("input", "what stands before the cut is read, the rest reported", name="cut archive")
def test_truncated_archives_keep_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    lines = b"".join(
        b'{"text": "Zeile %d %s"}\n' % (n, zlib.crc32(bytes([n % 256])).to_bytes(4, "big").hex().encode())
        for n in range(20_000)
    )
    path.write_bytes(gzip.compress(lines)[:-5_000])
    found = reasons(read(path))
    assert found[-1] == "damaged"
    assert found.count("") > 1_000


@pytest.mark.parametrize("lost", [1, 8, 40])
def test_of_a_packed_text_that_is_cut_what_stands_before_the_cut_is_read(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "a.txt.gz"
    text = " ".join(f"Der Rat tagte zum {n}. Mal, und {n * 7919} Leute kamen." for n in range(40))
    path.write_bytes(gzip.compress(text.encode())[:-lost])
    (article,) = iter_articles([path])
    assert isinstance(article, Article)
    assert article.text
    assert text.startswith(article.text[:-1])
    assert "input.incomplete" in {finding.code for finding in article.findings}


def test_a_cut_file_of_which_nothing_is_read_does_not_say_that_something_was(tmp_path: Path) -> None:
    path = tmp_path / "a.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"text": "Der Rat tagte."}).encode())[:-8])
    (only,) = read(path)
    assert isinstance(only, Skipped)
    assert "was read" not in only.detail


@pytest.mark.parametrize("data", [b"\xff\xfe\x44", b"\xfe\xff\x44", b"\xff\xfe\x44\xd8"])
def test_broken_utf_16_without_one_character_is_no_text(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    (only,) = iter_articles([path])
    assert isinstance(only, Skipped)
    assert "not text" in only.detail


@pytest.mark.fault("input", "skipped with the reason", name="encrypted zip member")
def test_encrypted_zip_member(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    assert reasons(read(path)) == ["encrypted"]


TEXT = "Die Regierung hat am Montag in Berlin die Steuern gesenkt."


def tar_with(raw: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT, encoding="latin-1") as archive:
        for name in ("a.txt", raw.decode("latin-1"), "z.txt"):
            member = tarfile.TarInfo(name)
            member.size = len(TEXT)
            archive.addfile(member, io.BytesIO(TEXT.encode()))
    return out.getvalue()


def zip_with(raw: bytes, *, says_utf8: bool) -> bytes:
    out = io.BytesIO()
    instead = "X" * len(raw)
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("a.txt", instead, "z.txt"):
            archive.writestr(name, TEXT)
    data = bytearray(out.getvalue().replace(instead.encode(), raw))
    for mark, flags, name in ((b"PK\x03\x04", 7, 30), (b"PK\x01\x02", 9, 46)):
        at = data.find(raw) if mark == b"PK\x03\x04" else data.rfind(raw)
        assert data[at - name : at - name + 4] == mark
        data[at - name + flags] |= 8 * says_utf8
    return bytes(data)


@pytest.mark.fault("input", "costs no other item", name="name that is no UTF-8", by="kind")
@pytest.mark.parametrize("raw", [b"M\xfcnchen.txt", b"\xe4\xff\xfe.txt", b"gr\xfc\xdfe/K\xf6ln \x1b[31m.txt"])
@pytest.mark.parametrize("kind", ["folder", "tar", "zip", "zip that says it is UTF-8"])
def test_a_name_that_is_no_utf8_costs_no_other_item(tmp_path: Path, kind: str, raw: bytes) -> None:
    """It is read, or ends alone; its source can be written whatever it is written to."""
    path = tmp_path / "all"
    if kind == "folder":
        for name in (b"a.txt", raw, b"z.txt"):
            file = os.path.join(os.fsencode(path), name)  # noqa: PTH118 - a name that is no text
            os.makedirs(os.path.dirname(file), exist_ok=True)  # noqa: PTH103, PTH120
            with open(file, "w") as opened:  # noqa: PTH123
                opened.write(TEXT)
    else:
        path.write_bytes(tar_with(raw) if kind == "tar" else zip_with(raw, says_utf8="UTF-8" in kind))
    items = read(path)
    assert len(items) == 3
    assert {"a.txt", "z.txt"} <= {item.source[-5:] for item in items if isinstance(item, Document)}
    assert all(item.source.encode() for item in items)
    if kind in ("folder", "tar"):
        assert any(raw.decode(errors="backslashreplace") in item.source for item in items)
    assert [item.source for item in read(path)] == [item.source for item in items]


def test_a_page_of_blanks_is_read_in_linear_time() -> None:
    text = "Die Stadt wächst. " + " " * 1_000_000 + "Sie wird größer."
    begun = time.process_time()
    normalize(text)
    assert time.process_time() - begun < 5  # quadratic it would be hours


@pytest.mark.fault("input", "skipped with the reason; nothing is asked", name="an article of 5 MB")
@pytest.mark.parametrize("binary", [True, False])
def test_an_article_without_end_is_none(binary: bool) -> None:
    text = "Am Montag bauten 12 Arbeiter für 1000 Euro eine neue Brücke. " * 80_000
    with pytest.raises(InputError, match="at most 1,000,000"):
        read_article(text.encode() if binary else text, source="long.txt")


EXPECTED = {
    "docx-bomb": {"large": 1}, "odt-bomb": {"large": 1}, "epub-bomb": {"large": 1}, "epub-again": {"article": 1},
    "epub-outside": {"damaged": 1, "article": 1}, "epub-entities": {"article": 1}, "docx-deep": {"damaged": 1},
    "docx-cut": {"damaged": 1}, "pdf-cut": {"damaged": 1}, "pdf-bomb": {"damaged": 1}, "pdf-count": {"large": 1},
    "pdf-away": {"article": 1}, "rtf-deep": {"large": 1}, "rtf-bin": {"article": 1},
    "rtf-numbers": {"article": 1}, "rtf-away": {"article": 1}, "json-objects": {"large": 1},
    "mbox-many": {"article": 20_000},
    "nexis-many": {"article": 20_000}, "nexis-uni-many": {"article": 20_000}, "factiva-many": {"article": 20_000},
    "wiso-many": {"article": 20_000}, "nexis-endless": {"large": 1}, "factiva-endless": {"large": 1},
    "wiso-endless": {"large": 1}, "rss-entities": {"article": 1}, "newsml-entities": {"article": 1},
    "newsml-1-entities": {"article": 1}, "nitf-entities": {"article": 1}, "trafilatura-entities": {"article": 1},
    "tei-entities": {"article": 1}, "rss-deep": {"damaged": 1}, "nitf-deep": {"damaged": 1}, "rss-cut": {"damaged": 1},
    "newsml-cut": {"damaged": 1}, "newsml-1-cut": {"damaged": 1}, "nitf-cut": {"damaged": 1}, "tei-cut": {"damaged": 1},
}  # fmt: skip
"""What must come of some; of all others that it ends."""


@pytest.mark.slow
@pytest.mark.timeout(1800)  # half a minute on a machine of its own
def test_no_file_takes_more_than_it_may_or_reaches_outside(tmp_path: Path) -> None:
    names = hostile_files.write(tmp_path)
    program = [sys.executable, hostile_files.__file__, str(tmp_path)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert [line[0] for line in lines] == names
    came = {name: (what, size, seconds) for name, what, size, seconds in lines}
    assert {name: came[name][0] for name in EXPECTED} == EXPECTED
    assert [name for name, (what, *_) in came.items() if not what] == []
    assert [name for name, (_, size, _) in came.items() if size > 60_000_000] == []
    assert [name for name, (*_, seconds) in came.items() if seconds > hostile_files.MOST_SECONDS] == []
