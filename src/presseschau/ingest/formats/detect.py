"""What a file is: decided here alone, and by content before name, so that a renamed file is read the same.

A kind has a reader (`sources._READERS`), or it is refused by name (the tables in `unread`).
"""

from __future__ import annotations

import codecs
import re
import zlib

from presseschau.errors import FormatError, InputError
from presseschau.ingest.document import KIBI
from presseschau.ingest.formats.tables import is_csv
from presseschau.ingest.formats.unread import Look, unread, unread_binary
from presseschau.patterns import late

FORMATS = ("plain", "html", "fragment", "json", "jsonl", "csv", "gz", "zst", "zip", "tar", "warc", "parquet")
PACKED = frozenset({"gz", "zst"})
ARCHIVES = frozenset({"zip", "tar"})
HEAD = 64 * KIBI  # the cover of an export may be long
"""How many first bytes `format_of` looks at."""

_ENDINGS = {
    ".txt": "plain", ".text": "plain", ".md": "plain",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv",
    ".gz": "gz", ".gzip": "gz", ".tgz": "gz", ".zst": "zst", ".zstd": "zst", ".zip": "zip", ".tar": "tar",
    ".warc": "warc", ".wet": "warc", ".parquet": "parquet",
    ".warc.gz": "warc", ".wet.gz": "warc",
}  # fmt: skip
_MAGIC = (
    (b"\x1f\x8b", "gz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"WARC/", "warc"),
    (b"PAR1", "parquet"),
)
_NEEDED = {
    "html": late(r"<(?:!doctype|html|head|body|article|div|p|h[1-6]|br|table)\b", re.IGNORECASE),
    "json": late(r"[{\[\"]"),
    "jsonl": late(r"^[ \t]*[{\[\"]", re.MULTILINE),
    "csv": late(r"[^\n]*[;,\t|]|\S+\s*\n"),
}  # fmt: skip
"""What the beginning must have for the name to be believed."""


def format_of(name: str, head: bytes) -> str:
    """One of FORMATS, or the name of a kind that is not read, for a file called `name` that begins with `head`.

    "plain" if nothing says otherwise.
    """
    if document := unread_binary(head):
        return document.name
    lower = name.lower()
    named = next((_ENDINGS[end] for end in sorted(_ENDINGS, key=len, reverse=True) if lower.endswith(end)), "plain")
    packed = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    if packed or head[257:262] == b"ustar":
        return "warc" if packed == "gz" and (named == "warc" or _packs_warc(head)) else packed or "tar"
    look = Look(_text_of(head))
    if known := unread(look, shares=False):
        return known.name
    if look.is_html:
        return "fragment" if look.is_fragment else "html"
    if look.is_json:
        return _objects(look.text, named)
    return _unless_plain(named, look.text)


def refuse(text: str, source: str = "") -> None:
    """Raises FormatError if the text is known to be no article in prose (markup, headers, time codes, an export), and
    InputError if no article can be in it."""
    if kind := unread(Look(text)):
        error = FormatError if kind.reason == FormatError.failure else InputError
        raise error(f"{source}: {kind.says}" if source else kind.says)


def inner_name(name: str) -> str:
    """The name without the ending of its packing: `a.jsonl.gz` -> `a.jsonl`, `a.tgz` -> `a.tar`."""
    for ending, replacement in ((".tgz", ".tar"), (".gz", ""), (".gzip", ""), (".zst", ""), (".zstd", "")):
        if name.lower().endswith(ending):
            return name[: -len(ending)] + replacement
    return name


def _packs_warc(head: bytes) -> bool:
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 5) == b"WARC/"
    except zlib.error:
        return False


def _text_of(head: bytes) -> str:
    """The bytes as text, roughly: only the marks of formats are looked for in it."""
    if head.startswith(codecs.BOM_UTF16_LE) or head[1:200:2].count(0) > 60:
        return head.decode("utf-16-le", errors="replace")
    if head.startswith(codecs.BOM_UTF16_BE) or head[0:200:2].count(0) > 60:
        return head.decode("utf-16-be", errors="replace")
    try:
        return codecs.utf_8_decode(head, "strict", False)[0]  # it may end within a character
    except UnicodeDecodeError:
        return head.decode("latin-1")


def _objects(text: str, named: str) -> str:
    """JSON or JSONL: by the lines if they tell, else by name."""
    first, _, rest = text.partition("\n")
    if first.rstrip().endswith("}") and rest.lstrip().startswith("{"):
        return "jsonl"
    if len(first.strip()) == 1:
        return "json"
    if named in ("json", "jsonl"):
        return named
    return "jsonl" if text.startswith('{"') and first.rstrip().endswith("}") and len(text) > len(first) else "json"


def _unless_plain(named: str, text: str) -> str:
    """What the name says, unless the text cannot be that."""
    if named == "plain":
        return "csv" if is_csv(text) else "plain"
    needed = _NEEDED.get(named)
    found = needed is None or (needed.match if named in ("json", "csv") else needed.search)(text)
    return named if found or "\n" not in text else "plain"
