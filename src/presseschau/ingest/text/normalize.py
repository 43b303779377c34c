"""One way of writing: line breaks, spaces, entities, invisible characters, ligatures, hyphenated line ends.

Only the form of characters changes, never a spelling: ae/oe/ue, ss, names and the source's own mistakes stay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from html.entities import html5

from presseschau.lang import SOURCE, vocabulary
from presseschau.models import Repair
from presseschau.patterns import late

_MAX_EXAMPLES = 5
_BREAKS = late("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_ENTITY = late(r"&(?:#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6})|[A-Za-z][A-Za-z0-9]{1,31});")
_SPACES = late("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = late(
    "[\xad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]"
    "|(?<=[^\\W\\d_])\u200d(?=[^\\W\\d_])"
)
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "ſ": "s"}
_LIGATURE = late("[" + "".join(_LIGATURES) + "]")
_LINE_END = late(r"(?<![ \t])[ \t]++(?=\n|\Z)")  # possessive: linear on a page of blanks
_HYPHENATED = late(r"(?P<left>[^\W\d_]+)(?P<mark>[-\u2010¬])\n(?P<right>[^\W_]+)")


def normalize(text: str) -> tuple[str, tuple[Repair, ...]]:
    """`text` in one way of writing (NFC, `\\n`, plain spaces), and every kind of change with its count.

    A no-break or thin space becomes a plain one also between digits: readers of numbers accept `1 000`.
    """
    repairs: list[Repair] = []
    for kind, step in _STEPS:
        text, changes = step(text)
        if changes:
            shown = tuple(dict.fromkeys(f"{old} -> {new}" for old, new in changes))[:_MAX_EXAMPLES]
            repairs.append(Repair(kind=kind, count=len(changes), examples=shown))
    return text, tuple(repairs)


Changes = list[tuple[str, str]]


def _substitute(pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str], text: str) -> tuple[str, Changes]:
    changes: Changes = []

    def note(match: re.Match[str]) -> str:
        after = replace(match)
        if after != match.group():
            changes.append((_visible(match.group()), _visible(after)))
        return after

    return pattern.sub(note, text), changes


def _visible(piece: str) -> str:
    return "".join(char if char.isprintable() and char != " " else f"U+{ord(char):04X}" for char in piece)


def _line_breaks(text: str) -> tuple[str, Changes]:
    return _substitute(_BREAKS, lambda match: "\n", text)


def _entities(text: str) -> tuple[str, Changes]:
    text, once = _substitute(_ENTITY, _character, text) if "&" in text else (text, [])
    text, twice = _substitute(_ENTITY, _character, text) if once else (text, [])
    return text, once + twice


def _character(match: re.Match[str]) -> str:
    """The character an entity stands for; an unknown name, a control or a surrogate stays as written."""
    name = match.group()[1:]
    if not name.startswith("#"):
        return html5.get(name, match.group())
    number = int(name[2:-1], 16) if name[1] in "xX" else int(name[1:-1])
    if 0x80 <= number <= 0x9F:  # HTML reads these as Windows-1252
        return bytes([number]).decode("cp1252", errors="ignore") or match.group()
    if number > 0x10FFFF or unicodedata.category(chr(number)) in ("Cc", "Cs", "Cn", "Co"):
        return "\n" if number in (10, 13) else match.group()
    return chr(number)


def _composed(text: str) -> tuple[str, Changes]:
    if unicodedata.is_normalized("NFC", text):
        return text, []
    composed = unicodedata.normalize("NFC", text)
    words = [(w, unicodedata.normalize("NFC", w)) for w in text.split()]
    return composed, [(old, new) for old, new in words if old != new] or [("decomposed letters", "NFC")]


def _invisible(text: str) -> tuple[str, Changes]:
    return _substitute(_INVISIBLE, lambda match: "", text)


def _spaces(text: str) -> tuple[str, Changes]:
    return _substitute(_SPACES, lambda match: " ", text)


def _ligatures(text: str) -> tuple[str, Changes]:
    return _substitute(_LIGATURE, lambda match: _LIGATURES[match.group()], text)


def _line_ends(text: str) -> tuple[str, Changes]:
    return _substitute(_LINE_END, lambda match: "", text)


def join_hyphens(text: str) -> str:
    """`text` with the words joined that are parted at line ends."""
    return _hyphens(text)[0]


def _hyphens(text: str) -> tuple[str, Changes]:
    return _substitute(_HYPHENATED, _join, text) if "-\n" in text or "\u2010\n" in text or "¬\n" in text else (text, [])


def _join(match: re.Match[str]) -> str:
    """`Regie-` + `rung` become one word; `US-` + `Regierung` keep the hyphen; `Haupt-` + `und` stay apart."""
    left, mark, right = match["left"], match["mark"], match["right"]
    if mark == "¬":
        return left + right
    if right.lower() in vocabulary(SOURCE, "sentence_words", "suspended"):
        return match.group()
    compound = not right[0].islower() or left.isupper()
    return f"{left}-{right}" if compound else left + right


_STEPS: tuple[tuple[str, Callable[[str], tuple[str, Changes]]], ...] = (
    ("line break", _line_breaks),
    ("entity", _entities),
    ("composed", _composed),
    ("invisible", _invisible),
    ("space", _spaces),
    ("ligature", _ligatures),
    ("line end", _line_ends),
    ("hyphenation", _hyphens),
)
