"""Which format a file is in: by its name, else by its first bytes."""

from __future__ import annotations

import re

FORMATS = ("plain", "html", "json", "jsonl", "csv", "gz", "zst", "zip", "tar", "warc")
PACKED = frozenset({"gz", "zst"})
ARCHIVES = frozenset({"zip", "tar"})
HEAD = 4096
"""How many first bytes `format_of` looks at."""

_ENDINGS = {
    ".txt": "plain", ".text": "plain", ".md": "plain",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv",
    ".gz": "gz", ".gzip": "gz", ".tgz": "gz", ".zst": "zst", ".zstd": "zst", ".zip": "zip", ".tar": "tar",
    ".warc": "warc", ".wet": "warc",
    ".warc.gz": "warc", ".wet.gz": "warc",
}  # fmt: skip
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_OFFICE = (b"[Content_Types].xml", b"mimetype", b"_rels/.rels", b"word/")  # the first member of one
_OFFICE_ENDINGS = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub")
_MAGIC = (
    (b"\x1f\x8b", "gz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"WARC/", "warc"),
)


def format_of(name: str, head: bytes) -> str:
    """One of FORMATS for a file called `name` that begins with `head`; "plain" if nothing says otherwise."""
    lower = name.lower()
    if head.startswith(b"PK\x03\x04") and (lower.endswith(_OFFICE_ENDINGS) or head[30:].startswith(_OFFICE)):
        return "plain"  # no archive of articles: refused as what it is (`decode`)
    known = next((_ENDINGS[end] for end in sorted(_ENDINGS, key=len, reverse=True) if lower.endswith(end)), None)
    if known is not None and known != "plain":
        return known
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[257:262] == b"ustar":
        return "tar"
    if known is None and _HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    return known or _json_or_plain(head)


def inner_name(name: str) -> str:
    """The name without the ending of its packing: `a.jsonl.gz` -> `a.jsonl`, `a.tgz` -> `a.tar`."""
    for ending, replacement in ((".tgz", ".tar"), (".gz", ""), (".gzip", ""), (".zst", ""), (".zstd", "")):
        if name.lower().endswith(ending):
            return name[: -len(ending)] + replacement
    return name


def _json_or_plain(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    first_line = start.split(b"\n", 1)[0].rstrip()
    if start.startswith(b'{"') and first_line.endswith(b"}") and b"\n" in start:
        return "jsonl"
    return "json" if re.match(rb'\{\s*"|\[\s*\{', start) else "plain"
