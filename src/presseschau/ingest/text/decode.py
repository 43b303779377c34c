"""Bytes to text: which encoding a file is in, decided by rules a reader can follow, never by statistics.

Statistical detectors are the root of the damage that `repair` mends: one stray byte in a valid UTF-8 page makes them
choose ISO-8859-16 or MacCentralEurope for the whole of it.
"""

from __future__ import annotations

import codecs
from typing import NamedTuple

from presseschau.errors import FormatError, InputError
from presseschau.findings import flag
from presseschau.ingest.formats.unread import unread_binary
from presseschau.models import Finding, Repair

TOLERATED_INVALID = 0.01
"""Share of invalid among all non-ASCII sequences up to which a text still counts as UTF-8."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16-LE
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
    (b"\x7fELF", "a program (ELF)"),
    (b"MZ\x90\x00", "a Windows program"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"RIFF", "a media file (RIFF)"),
    (b"OggS", "a media file (Ogg)"),
    (b"ID3", "an MP3 file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"GGUF", "a model file (GGUF)"),
)
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_PROBE = 65_536
# WHATWG: pages that say ISO-8859-1 or ASCII are Windows-1252, the superset of both.
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
}


class Decoded(NamedTuple):
    """Text of some bytes and how it was read. `encoding` is the Python name of the codec."""

    text: str
    encoding: str
    repairs: tuple[Repair, ...] = ()
    findings: tuple[Finding, ...] = ()


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text in `data`, by the first rule that fits.

    1. a byte order mark; 2. strict UTF-8; 3. UTF-16 without a mark, if every second byte is mostly NUL; 4. the
    `declared` charset, if it decodes strictly; 5. UTF-8 with at most 1 % of its non-ASCII sequences invalid, each
    becoming U+FFFD; 6. Windows-1252, with the five undefined bytes as C1 controls. Lone surrogates never survive.

    Raises InputError when the bytes are not text: a known file signature, NUL bytes, or mostly control characters;
    FormatError for documents and archives that may hold articles.
    """
    marked = _decode_marked(data)
    if marked is not None:
        return marked
    _refuse_signature(data)
    if b"\0" in data:
        return _decode_unmarked_utf16(data)
    _refuse_controls(data)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _decode_declared(data, declared) or _decode_tolerant(data) or _decode_windows(data)


def _decode_marked(data: bytes) -> Decoded | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = data[len(bom) :].decode(encoding, errors="replace")
            if "\0" in text:
                raise InputError("This is not text: it begins with a byte order mark but holds NUL characters.")
            if text and not text.strip("\ufffd \t\r\n"):
                raise InputError("This is not text: after a byte order mark there is no character that can be read.")
            before = data.count("\ufffd".encode(encoding))
            return Decoded(text, encoding, findings=_lost(text.count("\ufffd") - before, encoding))
    return None


def _decode_unmarked_utf16(data: bytes) -> Decoded:
    head = data[: _PROBE & ~1]
    half = max(1, len(head) // 2)
    for encoding, nul_half in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if len(data) % 2 == 0 and nul_half.count(0) > 0.7 * half and head.count(0) == nul_half.count(0):
            try:
                return Decoded(data.decode(encoding), encoding)
            except UnicodeDecodeError:
                break
    raise InputError("This is not text: it holds NUL bytes. Give a text, HTML, JSON, CSV or archive file.")


def _decode_declared(data: bytes, declared: str | None) -> Decoded | None:
    name = _text_codec(declared)
    if name is None or name in ("utf-8", "utf-7"):
        return None
    name = _SUPERSETS.get(name, name)
    try:
        text = data.decode(name)
    except (UnicodeError, ValueError):
        return None
    return None if "\0" in text or _has_surrogates(text) else Decoded(text, name)


def _decode_tolerant(data: bytes) -> Decoded | None:
    text = data.decode("utf-8", errors="replace")
    invalid = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    sequences = sum(1 for char in text if char > "\x7f")
    if invalid > TOLERATED_INVALID * sequences:
        return None
    return Decoded(text, "utf-8", findings=_lost(invalid, "utf-8"))


def _decode_windows(data: bytes) -> Decoded:
    text = data.decode("latin-1").translate(_windows_pictures())
    message = "The text is not UTF-8 and names no usable charset: it was read as Windows-1252."
    finding = flag("input.encoding", message, grade="info").stamped()
    return Decoded(text, "cp1252", findings=(finding,))


def _windows_pictures() -> dict[int, str]:
    return {byte: bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(0x80, 0xA0)}


def _lost(count: int, encoding: str) -> tuple[Finding, ...]:
    if count <= 0:
        return ()
    message = f"{count} invalid {encoding} sequence(s) were read as U+FFFD: the characters are lost."
    return (flag("input.encoding", message).stamped(),)


def _text_codec(declared: str | None) -> str | None:
    """Python's name of a declared charset; None if unknown or not a text codec (`rot13`, `zip`, `idna`)."""
    name = (declared or "").strip().strip("\"'").lower()
    if not name or len(name) > 40 or not name.isascii():
        return None
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_text = getattr(found, "_is_text_encoding", False)
    special = ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem")
    return found.name if is_text and found.name.replace("_", "-") not in special else None


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in set(text))


def _refuse_signature(data: bytes) -> None:
    if kind := unread_binary(data):
        raise FormatError(kind.says)
    for magic, what in _MAGIC:
        if data.startswith(magic) and (not magic.isalnum() or _looks_binary(data)):
            raise InputError(f"This is {what}, not text. Convert it to plain text or HTML first.")


def _looks_binary(data: bytes) -> bool:
    head = data[:_PROBE]
    return b"\0" in head or len(head) - len(head.translate(None, _CONTROLS)) > len(head) // 50


def _refuse_controls(data: bytes) -> None:
    head = data[:_PROBE]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls * 20 > len(head):
        raise InputError("This is not text: more than one byte in twenty is a control character.")
