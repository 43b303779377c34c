"""Letters that a first, mistaken repair left behind: `lÀngerem` for `längerem`, `fÌr` for `für`.

A program read UTF-8 in one code page and a mender then took the result for another one. The wrong letters are
computed from those two code pages; they are put back only where no European spelling has them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

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
_RARE = "\u0180"  # from here on letters that no European orthography in use has, ș and ț apart
_ORIGINALS = "ŁŚŠŽŻŹČĆŘŐŰŞäöüßáàâçéèêíîïñóôøúýąćęłńóśźżčďěňřšťůžőűœæåãõëğışțășđėūīāģķļņ"
_INITIAL = {
    "ä": r"ch[tz]|der|gypt|h(?:[mn]|\b)|lte|nder|ngst|quiv|rger|rgst|rm[el]|rzt|sthe|thiop|tz|ug|u(?:ß|ss)",
    "ü": "b(?:e|ri|l|t)|pp",
    "ö": r"ffn|ffent|ster|l\b|k[o]|rtli|de",
}


@cache
def residue_letters(read_as: str, mended_as: str) -> Mapping[str, str]:
    """Wrong letter -> original letter for one chain, where the wrong one cannot stand inside a word in small letters.

    These are capitals, and small letters that no European orthography in use has.
    """
    letters: dict[str, str] = {}
    for original in _ORIGINALS:
        wrong = _through(original, read_as, mended_as)
        if wrong is None or wrong == original or wrong in GERMAN:
            continue
        if wrong.isupper() or (wrong.isalpha() and wrong >= _RARE and wrong not in "șț"):
            letters.setdefault(wrong, original)
    return letters


def restore(text: str, read_as: str | None = None) -> tuple[str, str | None, list[Change]]:
    """`text` with residue letters put back, the chain that explains them (None if no change), and the changes.

    The chain that brings back most German letters is taken. Without any German letter nothing is changed, unless
    other damage has shown that the text was read in the code page `read_as`.
    """
    high = {char for char in set(text) if char > "\xbf"}
    best: tuple[int, str, str | None, list[Change]] = (0, text, None, [])
    for chain in CHAINS:
        letters = residue_letters(*chain)
        known = chain[0] == read_as
        if high.isdisjoint(wrong for wrong, original in letters.items() if known or original in GERMAN):
            continue
        changed = _put_back(text, letters)
        changes = [Change(a, b, True) for a, b in zip(text, changed, strict=True) if a != b]
        weight = len(changes) if known else sum(change.restored in GERMAN for change in changes)
        if weight > best[0]:
            best = (weight, changed, "+".join(chain), changes)
    return best[1:]


def _through(original: str, read_as: str, mended_as: str) -> str | None:
    mender = code_page(mended_as).meanings
    try:
        mended = bytes(mender[pictures(byte, read_as)[-1]][0] for byte in original.encode("utf-8")).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None
    return mended if len(mended) == 1 else None


def _put_back(text: str, letters: Mapping[str, str]) -> str:
    """The letters replaced inside words; at the start of one only German beginnings and letters of no orthography."""
    wrong = "".join(letters)
    inside = f"(?<=[^\\W\\d_])[{wrong}](?=[a-zäöüß])|(?<=[a-zäöüß])[{wrong}](?![^\\W\\d_])"
    starts = [
        rf"\b{char}(?=(?:{_INITIAL[original]})[a-zäöüß]*\b)"
        for char, original in letters.items()
        if original in _INITIAL
    ]
    foreign = [f"[{''.join(char for char in letters if char >= _RARE)}](?=[^\\W\\d_])"] if max(letters) >= _RARE else []
    return re.sub("|".join([inside, *starts, *foreign]), lambda match: letters[match.group()], text)
