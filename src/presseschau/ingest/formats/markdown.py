"""Markdown with YAML front matter, as clippers and extractors write it: the front matter is metadata, marks go."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from presseschau.errors import InputError
from presseschau.ingest.document import Document, Item, ReadOptions, Skipped
from presseschau.ingest.formats.bounded import read_all
from presseschau.ingest.formats.fields import document_of
from presseschau.ingest.text.decode import decode

_FIELD = re.compile(r"([\w-]+):\s*(.*)$")
_WIKI = re.compile(r"\[\[(?:[^\]|]{0,300}\|)?([^\]]{0,300})\]\]")
_IMAGE = re.compile(r"!\[[^\]\n]{0,1000}\]\([^)\n]{0,2000}\)|!\[\[[^\]\n]{0,300}\]\]")
_LINK = re.compile(r"\[([^\]\n]{0,1000})\]\((?:[^()\n]|\([^()\n]{0,500}\)){0,2000}\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]{0,1000}?\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^\n*_]{0,1000}[^\s*_])\1(?![\w*])")
_LINE = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)*(?:\#{1,6}[ \t]+|[-*+][ \t]+)?", re.MULTILINE)
_ITEM = re.compile(r"^(?=[ \t]*(?:[-*+]|\d{1,3}\.)[ \t])", re.MULTILINE)
_NOTE = re.compile(r"^\[\^[^\]\n]{1,40}\]:[ \t]*(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_NOTED = re.compile(r"\[\^[^\]\n]{1,40}\]")
_RULE = re.compile(r"^[ \t]*(?:-{3,}|\*{3,}|_{3,}|`{3,}.*)[ \t]*$", re.MULTILINE)


def read_markdown(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The document of a Markdown file that begins with front matter."""
    try:
        text = decode(read_all(stream, options.max_item), options.charset).text.lstrip("\ufeff \r\n")
    except InputError as error:
        yield Skipped(source, "damaged", str(error))
        return
    lines = text.splitlines()
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), len(lines))
    fields = _front_matter(lines[1:end])
    written = "\n".join(lines[end + 1 :])
    notes = tuple(("footnote", plain(note)) for note in _NOTE.findall(written))
    body = plain(_NOTED.sub("", _NOTE.sub("", written)))
    if not body.strip():
        yield Skipped(source, "empty", "There is no text below the front matter.")
        return
    item = document_of({**fields, "text": body}, source, options)
    yield replace(item, beside=notes) if isinstance(item, Document) else item


def _front_matter(lines: list[str]) -> dict[str, Any]:
    """The fields at the top level; lists as lists, folded texts joined."""
    fields: dict[str, Any] = {}
    name = ""
    for line in lines:
        if found := _FIELD.match(line):
            name, value = found[1], found[2].strip()
            fields[name] = _value(value) if value not in ("", "|", ">", "|-", ">-") else ""
        elif name and line.strip():
            item = line.strip()
            if item.startswith("- "):
                fields[name] = [*(fields[name] if isinstance(fields[name], list) else []), _value(item[2:].strip())]
            elif isinstance(fields[name], str):
                fields[name] = f"{fields[name]} {item}".strip()
    return fields


def _value(value: str) -> Any:
    if value.startswith("[") and value.endswith("]") and not value.startswith("[["):
        return [_value(part.strip()) for part in value[1:-1].split(",") if part.strip()]
    if value.startswith('"') and value.endswith('"'):
        try:
            value = json.loads(value)
        except ValueError:
            value = value.strip('"')
    elif len(value) > 1 and value.startswith("'") and value.endswith("'"):
        value = value[1:-1].replace("''", "'")
    return _WIKI.sub(r"\1", str(value))


def plain(text: str) -> str:
    """The text of Markdown: without images, marks and the addresses of links; each item of a list a paragraph."""
    text = _RULE.sub("", _IMAGE.sub("", text))
    text = _LINE.sub("", _ITEM.sub("\n", text))
    text = _WIKI.sub(r"\1", _LINK.sub(r"\1", text))
    return re.sub(r"\n{3,}", "\n\n", _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))).strip()
