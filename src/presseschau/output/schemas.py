"""The schemas of our files: which files are of one, recognised by their content (only these are replaced without
--force), and what their fields mean, in words.
"""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, BinaryIO

from presseschau.output.tables import COLUMNS

_HEAD = 64 * 1024
_SURELY = 6
"""Columns by which a table is known: every version has had them, a later one has more behind them."""
_HEADINGS = "|".join(",".join(f'"{column}"' for column in columns[:_SURELY]) for columns in COLUMNS.values())
_FOOT = 64 * 1024
_BEGINNINGS = re.compile(
    "|".join(
        (
            r'\s*\{\s*"schema"\s*:\s*"presseschau/(?:analysis|note|comparison)/',
            r"\ufeffsource,target,forbidden,note\n",
            r"# Articles\n\n1\. \[",
            r'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Articles</title>\n',
            r'\{\s*"databases": \{\s*"[^"]*": \{\s*"source": "presseschau"',
            r'\{"article": "[0-9a-f]{64}", "source": "',  # a line of claims
            r'\{\s*"@context": "https://schema\.org",\s*"@graph": \[\s*\{\s*"@type": "NewsArticle",\s*"@id": "#article',
            rf"\ufeff(?:{_HEADINGS})[^\n]*\n",
            r'<\?xml [^>]*>\s*<tmx version="1\.4">\s*<header creationtool="presseschau"',
            r'<\?xml [^>]*>\s*<xliff [^>]*>\s*<file [^>]*>\s*<notes><note id="n1" category="presseschau">',
            r"[^\na-z]+\n\n(?:[^\n]+\n)+\nMachine translation, not reviewed by a person",
            r"# [^\n]*\n(?:[^\n]*\n){1,7}> \*\*Machine translation, not reviewed by a person",
            r"<!doctype html>\n(?s:.*)(?:"
            r'<meta name="generator" content="presseschau">|<span class="wordmark">presseschau</span>'
            r'|<span class="wordmark">Briefing note</span> <span>From the German press)',
        )
    )
)


def made_here(file: BinaryIO) -> bool:
    """Does the file, open at its beginning, hold an analysis or a note in one of our formats? A person's decisions and
    the files that a run keeps beside its output are none."""
    head = file.read(_HEAD)
    if head.startswith(b"PK"):
        return _is_word(file)
    if head.startswith(b"PAR1"):
        file.seek(max(0, file.seek(0, io.SEEK_END) - _FOOT))
        return b"presseschau" in file.read()
    return bool(_BEGINNINGS.match(head.decode(errors="replace")))


def _is_word(file: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(file) as document:
            said = document.read("docProps/core.xml")
    except (KeyError, ValueError, NotImplementedError, RuntimeError, OSError, zipfile.BadZipFile):
        return False
    ours = (b"<dc:subject>Briefing note</dc:subject>", b"<dc:subject>Article</dc:subject>")
    return b"<dc:creator>presseschau</dc:creator>" in said and any(subject in said for subject in ours)


@cache
def meanings() -> Mapping[str, Mapping[str, str]]:
    """Class, table or file -> field -> what it means."""
    return tomllib.loads(files("presseschau.output").joinpath("fields.toml").read_text("utf-8"))


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of a model with a description of each field."""
    shapes = {schema.get("title"): schema, **schema.get("$defs", {})}
    for name, shape in shapes.items():
        for field, words in meanings().get(str(name), {}).items():
            if field in shape.get("properties", {}):
                shape["properties"][field]["description"] = words
    return schema
