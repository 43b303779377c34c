"""Which files are results of presseschau, recognised by their content: only these are replaced without --force."""

from __future__ import annotations

import re
import zipfile
from typing import BinaryIO

from presseschau.output.claims import COLUMNS

_HEAD = 64 * 1024
_TABLE = ",".join(f'"{column}"' for column in COLUMNS)
_BEGINNINGS = re.compile(
    "|".join(
        (
            r'\s*\{\s*"schema"\s*:\s*"presseschau/(?:analysis|note)/',
            r'\{"article": "[0-9a-f]{64}", "source": "',  # a line of claims
            r'\{\s*"@context": "https://schema\.org",\s*"@graph": \[\s*\{\s*"@type": "NewsArticle",\s*"@id": "#article',
            rf"\ufeff{re.escape(_TABLE)}\n",
            r'<\?xml [^>]*>\s*<tmx version="1\.4">\s*<header creationtool="presseschau"',
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
        return _is_note(file)
    return bool(_BEGINNINGS.match(head.decode(errors="replace")))


def _is_note(file: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(file) as document:
            said = document.read("docProps/core.xml")
    except (KeyError, ValueError, NotImplementedError, RuntimeError, OSError, zipfile.BadZipFile):
        return False
    return b"<dc:creator>presseschau</dc:creator>" in said and b"<dc:subject>Briefing note</dc:subject>" in said
