"""The line that names the author."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from presseschau.lang import regex, rules

_rule = partial(regex, "de", "byline")

_ADDRESS: Final = re.compile(r"\s*[(\[<|,]?\s*[\w.+-]+@[\w.-]+\.\w{2,}\s*[)\]>]?$")
_LONGEST: Final = 140


def read_byline(line: str) -> str | None:
    """The authors named in a line that does nothing else; "" when it names an office ("Von unserer Redaktion")."""
    if len(line) > _LONGEST:
        return None
    line = _ADDRESS.sub("", line) if "@" in line else line
    for rule in rules("de", "byline").values():
        match = rule.regex.fullmatch(line) if rule.kind == "author" else None
        if match:
            return _writers(match["names"])
    staff = _rule("staff").fullmatch(line)
    if staff:
        return _writers(staff["names"] or "")
    return "" if _rule("office").fullmatch(line) else None


def _writers(names: str) -> str:
    """The names without those who took the pictures, and without the word for what the others did."""
    people = re.split(r"\s*[,/&|]\s*|\s+und\s+|\s+sowie\s+", names)
    writers = [re.sub(r"\s+\(.*\)$", "", name) for name in people if not _rule("pictures").search(name)]
    return ", ".join(writers)


def bare_names(line: str) -> str | None:
    """The line if it is nothing but one or two personal names, as authors stand under a headline."""
    return line if len(line) <= 60 and _rule("bare").fullmatch(line) and len(line.split()) <= 7 else None
