"""Letters that a first, mistaken repair left behind: `lÀngerem` for `längerem`, `fÌr` for `für`.

A program read UTF-8 in one code page and a mender then took the result for another one. The wrong letters are
computed from those two code pages; they are put back only where no European spelling has them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from presseschau.ingest.mojibake import GERMAN, Change, code_page, pictures

CHAINS = (
    ("iso8859_16", "cp1250"),
    ("iso8859_15", "cp1252"),
    ("iso8859_10", "cp1257"),
    ("iso8859_13", "cp1257"),
    ("iso8859_4", "cp1252"),
)
"""(code page the text was read in, code page the mender assumed), likeliest first."""

# Beginnings of German words in ä, ö and ü: at the start of a word a closed list is safer than a dictionary.
_INITIAL = {
    "ä": r"ch[tz]|der|gypt|hn|lter|lte[snmr]?\b|nder|ngst|quiv|rger|rgst|rm[el]|rzt|sthe|thiop|tz|ug|u(?:ß|ss)",
    "ü": "b(?:e|ri|l|t)|pp",
    "ö": r"ffn|ffent|ster|l\b|k[o]|rtli|de",
}


@lru_cache(maxsize=None)
def residue_letters(read_as: str, mended_as: str) -> Mapping[str, str]:
    """Wrong letter -> German letter for one chain, where the chain made one other letter of it."""
    letters: dict[str, str] = {}
    for original in sorted(GERMAN):
        wrong = _through(original, read_as, mended_as)
        if wrong is not None and wrong.isalpha() and wrong not in GERMAN:
            letters[wrong] = original
    return letters


def restore(text: str) -> tuple[str, str | None, list[Change]]:
    """`text` with residue letters put back, the chain that explains them (None if no change), and the changes."""
    high = {char for char in set(text) if char > "\xbf"}
    for chain in CHAINS:
        letters = residue_letters(*chain)
        if not high.isdisjoint(letters):
            changed = _put_back(text, letters)
            if changed != text:
                changes = [Change(a, b, True) for a, b in zip(text, changed, strict=True) if a != b]
                return changed, f"{chain[0]}+{chain[1]}", changes
    return text, None, []


def _through(original: str, read_as: str, mended_as: str) -> str | None:
    mender = code_page(mended_as).meanings
    try:
        mended = bytes(mender[pictures(byte, read_as)[-1]][0] for byte in original.encode("utf-8")).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None
    return mended if len(mended) == 1 else None


def _put_back(text: str, letters: Mapping[str, str]) -> str:
    wrong = "".join(letters)
    inside = f"(?<=[^\\W\\d_])[{wrong}](?=[a-zäöüß])|(?<=[a-zäöüß])[{wrong}](?![^\\W\\d_])"
    starts = [rf"\b{char}(?={_INITIAL[original]})" for char, original in letters.items() if original in _INITIAL]
    return re.sub("|".join([inside, *starts]), lambda match: letters[match.group()], text)
