"""Bytes become text by the documented rules, in their order."""

from __future__ import annotations

import codecs
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presseschau.errors import InputError
from presseschau.ingest.text.decode import decode

TEXT = "Über die Größe der Zuschüsse – „müssen“ die Länder entscheiden.\n"


@pytest.mark.parametrize(
    ("data", "declared", "encoding"),
    [
        (TEXT.encode("utf-8"), None, "utf-8"),
        (TEXT.encode("utf-8"), "iso-8859-1", "utf-8"),  # strict UTF-8 comes before what is declared
        (codecs.BOM_UTF8 + TEXT.encode("utf-8"), None, "utf-8"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), None, "utf-16-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "cp1252", "utf-16-be"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), None, "utf-32-le"),
        (TEXT.encode("utf-16-le"), None, "utf-16-le"),
        (TEXT.encode("utf-16-be"), None, "utf-16-be"),
        (TEXT.encode("cp1252"), None, "cp1252"),
        (TEXT.encode("cp1252"), "ISO-8859-1", "cp1252"),
        (TEXT.encode("cp1250"), "windows-1250", "cp1250"),
        (TEXT.encode("mac_roman"), "macintosh", "mac-roman"),
        (TEXT.encode("cp1252"), "utf-8", "cp1252"),
        (TEXT.encode("cp1252"), "no-such-charset", "cp1252"),
        (TEXT.encode("cp1252"), "rot13", "cp1252"),
    ],
)
def test_rule(data: bytes, declared: str | None, encoding: str) -> None:
    decoded = decode(data, declared)
    assert (decoded.text, decoded.encoding) == (TEXT, encoding)


def test_one_stray_byte_in_a_long_utf8_text_stays_utf8_with_a_warning() -> None:
    data = (TEXT * 40).encode() + b"\xe4\n"
    decoded = decode(data)
    assert decoded.encoding == "utf-8"
    assert decoded.text.startswith(TEXT)
    assert decoded.text.count("\ufffd") == 1
    assert [(finding.code, finding.severity) for finding in decoded.findings] == [("input.encoding", "warning")]


def test_many_stray_bytes_are_not_utf8() -> None:
    assert decode(TEXT.encode() + b"\xe4\xf6 \xfc ").encoding == "cp1252"


def test_utf8_cut_inside_a_character_keeps_the_rest() -> None:
    decoded = decode((TEXT * 40).encode() + "ü".encode()[:1])
    assert decoded.text == TEXT * 40 + "\ufffd"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"PK\x03\x04\x14\x00", "zip"),
        (gzip.compress(b"Text", mtime=0), "gzip"),
        (b"\x7fELF\x02\x01\x01\x00", "ELF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"Text mit \x00 Nullbyte", "NUL"),
        (bytes(range(1, 32)) * 20, "control"),
        (b"{\\rtf1\\ansi Text}", "RTF"),
    ],
)
def test_binary_data_are_refused_with_what_they_are(data: bytes, word: str) -> None:
    with pytest.raises(InputError, match=word):
        decode(data)


@pytest.mark.parametrize(
    "text", ["RIFF und Rillen sind Schallplattenwörter.", "ID3 heißt ein Auto. OggS nicht.", "GIF"]
)
def test_words_that_begin_like_a_signature_are_text(text: str) -> None:
    assert decode(text.encode()).text == text


@given(
    st.binary(max_size=400), st.sampled_from([None, "utf-8", "utf-7", "utf-16", "cp1250", "gb18030", "unicode_escape"])
)
def test_any_bytes_give_clean_text_or_an_input_error(data: bytes, declared: str | None) -> None:
    try:
        text = decode(data, declared).text
    except InputError:
        return
    assert not any("\ud800" <= char <= "\udfff" for char in text)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_utf8_comes_back(text: str) -> None:
    text = "Text: " + text
    assert decode(text.encode()).text == text
