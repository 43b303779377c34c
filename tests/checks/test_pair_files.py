"""Sentence pairs from JSONL, TSV and TMX: every row comes out, bad ones with a sentence, and no XML trick works."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from presseschau.checks import UnreadableError
from presseschau.checks.files.pairs import BadRow, Pair, jsonl_rows, read_pairs, tmx_rows, tsv_rows, verify_pairs
from presseschau.checks.files.xliff import XliffError, read_xliff

TMX = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="de"/><body>
<tu tuid="a"><tuv xml:lang="de-DE"><seg>Der <bpt i="1">&lt;b&gt;</bpt>Rat<ept i="1">&lt;/b&gt;</ept> tagt.</seg></tuv>
<tuv xml:lang="EN-gb"><seg>The council meets.</seg></tuv></tu>
<tu><tuv xml:lang="de"><seg>Nur Deutsch.</seg></tuv><tuv xml:lang="fr"><seg>Français.</seg></tuv></tu>
<tu><tuv lang="DE"><seg>Es regnet &amp; stürmt.</seg></tuv><tuv lang="EN"><seg>It is raining
  and storming.</seg></tuv></tu>
</body></tmx>"""


def test_jsonl() -> None:
    lines = ['{"id": "x", "de": "Ja.", "en": "Yes."}\n', "\n", "not json\n", "[1]\n", '{"de": "Ja."}\n',
             '{"id": 7, "de": " ", "en": "Yes."}\n', '{"de": "Nein.", "en": ""}\n']  # fmt: skip

    assert list(jsonl_rows(lines)) == [
        Pair("x", "Ja.", "Yes."),
        BadRow("3", "Line 3 is not JSON."),
        BadRow("4", 'Line 4 is not a JSON object with "de" and "en".'),
        BadRow("5", 'Line 5 has no text "en".'),
        BadRow("7", "Line 6 has no German."),
        Pair("7", "Nein.", ""),
    ]


def test_jsonl_ids_and_half_characters() -> None:
    lines = ['{"id": null, "de": "Ja.", "en": "Yes."}', '{"id": {"a": 1}, "de": "Ja.", "en": "Yes."}',
             '{"id": 1.5, "de": "\\ud800", "en": "Yes."}', '{"id": "", "de": "Ja.", "en": "Yes."}']  # fmt: skip

    assert list(jsonl_rows(lines)) == [
        Pair("1", "Ja.", "Yes."),
        Pair("2", "Ja.", "Yes."),
        BadRow("1.5", 'Line 3 has half a character (a lone surrogate) in "de".'),
        Pair("4", "Ja.", "Yes."),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1\tJa.\tYes.\n2\tNein.\tNo.\n", [Pair("1", "Ja.", "Yes."), Pair("2", "Nein.", "No.")]),
        ("Ja.\tYes.\n", [Pair("1", "Ja.", "Yes.")]),
        ("EN\tDE\n\nYes.\tJa.\n", [Pair("3", "Ja.", "Yes.")]),
        ("Deutsch\tEnglisch\r\nJa.\tYes.\r\n", [Pair("2", "Ja.", "Yes.")]),
        ('id\tde\ten\na\t„Ja“, "so"\t"Yes"\n', [Pair("a", '„Ja“, "so"', '"Yes"')]),
        ("id\tde\ten\na\tJa.\n", [BadRow("a", "Line 2 has 2 columns instead of 3.")]),
    ],
)
def test_tsv(text: str, expected: list[Pair | BadRow]) -> None:
    assert list(tsv_rows(io.StringIO(text))) == expected


def test_tmx_regions_inline_codes_and_entities() -> None:
    assert list(tmx_rows(io.BytesIO(TMX.encode()))) == [
        Pair("a", "Der Rat tagt.", "The council meets."),
        BadRow("2", 'Unit 2 has no text "en".'),
        Pair("3", "Es regnet & stürmt.", "It is raining and storming."),
    ]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'<!DOCTYPE tmx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><tmx><body/></tmx>', "entities"),
        (b'<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]><tmx>&x;</tmx>', "entities"),
        (b"<html></html>", "not TMX"),
        (b"<tmx><body>", "well-formed"),
        (b"", "well-formed"),
    ],
)
def test_harmful_and_broken_tmx_is_refused(tmp_path: Path, raw: bytes, said: str) -> None:
    path = tmp_path / "memory.tmx"
    path.write_bytes(raw)

    with pytest.raises(UnreadableError, match=said):
        list(read_pairs(path))


def test_tmx_of_several_variants_and_long_codes() -> None:
    body = """<tu tuid="5"><tuv xml:lang="de_AT"><seg>Der <hi>Rat</hi> <ph x="1">&lt;br/&gt;</ph>tagt.</seg></tuv>
    <tuv xml:lang="en-GB"><seg>The council meets.</seg></tuv><tuv xml:lang="en-US"><seg>It meets.</seg></tuv></tu>
    <tu><note>x</note><tuv xml:lang="ger"><seg>Ja.</seg></tuv><tuv xml:lang="eng"><seg>Yes.</seg></tuv></tu>"""

    for encoding in ("utf-8", "utf-16"):
        head = f'<?xml version="1.0" encoding="{encoding}"?>'
        stream = io.BytesIO(f"{head}<tmx><body>{body}</body></tmx>".encode(encoding))
        assert list(tmx_rows(stream)) == [Pair("5", "Der Rat tagt.", "The council meets."), Pair("2", "Ja.", "Yes.")]


def test_no_segment_is_longer_than_a_million_characters() -> None:
    def file(size: int) -> io.BytesIO:
        segment = "<source>Ja.</source><target>" + "a " * (size // 2) + "</target>"
        return io.BytesIO(f'<xliff version="1.2"><file><body><trans-unit id="1">{segment}'
                          "</trans-unit></body></file></xliff>".encode())  # fmt: skip

    assert len(next(iter(read_xliff(file(900_000))))[3] or "") == 899_999
    with pytest.raises(XliffError, match="more than a million"):
        list(read_xliff(file(1_100_000)))


def test_tmx_is_read_as_a_stream() -> None:
    unit = '<tu><tuv lang="de"><seg>Ja.</seg></tuv><tuv lang="en"><seg>Yes.</seg></tuv></tu>'
    stream = io.BytesIO(f"<tmx><body>{unit * 5000}</body></tmx>".encode())

    rows = tmx_rows(stream)
    next(rows)

    assert stream.tell() < len(stream.getvalue()) / 2


@pytest.mark.parametrize(("name", "raw"), [("a.jsonl", b"\xff\xfe\x00"), ("a.csv", b""), ("none.tsv", None)])
def test_unreadable_files_say_so(tmp_path: Path, name: str, raw: bytes | None) -> None:
    path = tmp_path / name
    if raw is not None:
        path.write_bytes(raw)

    with pytest.raises(UnreadableError, match=name):
        list(read_pairs(path))


def test_verify_keeps_order_and_says_bad_rows() -> None:
    rows = [Pair("b", "Drei Menschen starben.", "Four people died."), BadRow("2", "Line 2 is not JSON."),
            Pair("a", "Drei Menschen starben.", "Three people died.")]  # fmt: skip

    (first, second, third) = verify_pairs(rows)

    assert first[0] == "b"
    assert {finding.code for finding in first[1]} == {"number.missing"}
    assert second[1][0].code == "input.row"
    assert second[1][0].message == "Line 2 is not JSON."
    assert third == ("a", ())


CSV = 'id;Deutsch;Englisch\r\n7;"Der Rat; er tagt.";"The council; it meets."\r\n;Ja.;\r\n9;;No.\r\n'


@pytest.mark.parametrize(
    "text", [CSV, "\ufeff" + CSV, CSV.replace(";", ",").replace("Rat,", "Rat;").replace("l,", "l;")]
)
def test_csv(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert list(read_pairs(tmp_path / "a.csv")) == [
        Pair("7", "Der Rat; er tagt.", "The council; it meets."),
        Pair("3", "Ja.", ""),
        BadRow("9", "Line 4 has no German."),
    ]


@pytest.mark.parametrize(
    "text", [CSV, "7\tDer Rat; er tagt.\tThe council; it meets.\n", TMX, '{"de": "a", "en": "b"}\n']
)
def test_standard_input_is_what_it_looks_like(text: str) -> None:
    found = list(read_pairs(Path("-"), io.BytesIO(text.encode())))
    assert isinstance(found[0], Pair)


def test_what_holds_no_pairs_says_what_would() -> None:
    with pytest.raises(UnreadableError, match="standard input: these are not pairs in a known format; give JSONL"):
        list(read_pairs(Path("-"), io.BytesIO(b"Guten Tag.\n")))
