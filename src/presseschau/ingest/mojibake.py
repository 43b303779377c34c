"""UTF-8 that was read in a single-byte code page: which code page, and the way back.

One codec is chosen for a document by vote, because one program misread all of it. A run of characters is put back
only if it re-encodes to exactly one valid UTF-8 character that stands where such a character can stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

CODECS = (
    "cp1252", "iso8859_15", "iso8859_16", "cp1250", "iso8859_2", "mac_roman", "cp850", "cp437", "iso8859_14",
    "cp1254", "iso8859_9", "iso8859_4", "iso8859_10", "iso8859_13", "cp1257", "iso8859_3", "cp1251", "cp1253",
    "iso8859_5", "iso8859_7", "koi8_r", "cp852", "cp858", "mac_latin2", "mac_turkish", "mac_croatian",
    "mac_iceland", "mac_greek", "mac_cyrillic", "hp_roman8", "ptcp154", "iso8859_11",
)  # fmt: skip
"""Code pages that are undone, likeliest first (the order settles ties). Any other leaves the text unchanged."""

GERMAN = frozenset("äöüÄÖÜß")
_REQUIRED_SHARE = 0.9
_NO_TEXT = frozenset({"Cc", "Co", "Cn", "Cs"})


@dataclass(frozen=True)
class CodePage:
    """What the bytes of UTF-8 look like in one code page: picture -> bytes it can stand for, likeliest first."""

    name: str
    meanings: Mapping[str, tuple[int, ...]]
    leads: frozenset[str]
    run: re.Pattern[str]


@dataclass(frozen=True)
class Change:
    """One damaged character and what it was. `sure` is False where a clean text could hold the same by chance."""

    damaged: str
    restored: str
    sure: bool


@lru_cache(maxsize=None)
def code_page(name: str) -> CodePage:
    """The page called `name`; bytes it leaves undefined, and its C1 controls, also look as in Windows-1252."""
    shown = {byte: pictures(byte, name) for byte in range(0x80, 0x100)}
    meanings: dict[str, list[int]] = {}
    for rank in range(3):
        for byte, seen in shown.items():
            if rank < len(seen):
                meanings.setdefault(seen[rank], []).append(byte)
    follow = _char_class(shown, range(0x80, 0xC0))
    two, three, four = (_char_class(shown, leads) for leads in (range(0xC2, 0xE0), range(0xE0, 0xF0), range(0xF0, 0xF5)))
    run = re.compile(f"{two}{follow}|{three}{follow}{{2}}|{four}{follow}{{3}}")
    leads = frozenset(picture for byte in range(0xC2, 0xF5) for picture in shown[byte])
    return CodePage(name, {char: tuple(bytes_) for char, bytes_ in meanings.items()}, leads, run)


def pictures(byte: int, codec: str) -> tuple[str, ...]:
    """What `byte` looks like in `codec`: its own character; for a C1 control or a gap also that of Windows-1252."""
    own = bytes([byte]).decode(codec, errors="ignore")
    if own and not "\x80" <= own <= "\x9f":
        return (own,) if own > "\x7f" else ()
    borrowed = bytes([byte]).decode("cp1252", errors="ignore")
    return tuple(dict.fromkeys(picture for picture in (own, chr(byte), borrowed) if picture))


def choose(text: str) -> CodePage | None:
    """The code page that explains the damage in `text` best, or None if none explains nearly all of it.

    Needed: one German letter or two other characters that clean text would not hold, and at least 90 % of the pairs
    that begin like a damaged character explained.
    """
    high = {char for char in set(text) if char > "\x7f"}
    best, best_score = None, 0
    for name in CODECS:
        page = code_page(name)
        if not high.isdisjoint(page.leads):
            score = _score(text, page)
            if score > best_score:
                best, best_score = page, score
    return best


def undo(text: str, page: CodePage) -> tuple[str, list[Change]]:
    """`text` with every damaged character of `page` put back, and the changes in order."""
    pieces: list[str] = []
    changes: list[Change] = []
    end, left = 0, ""
    for match in page.run.finditer(text):
        if match.start() > end:
            pieces.append(text[end : match.start()])
            left = pieces[-1][-1]
        change = _restore(match.group(), page, left, _right(text, match.end(), page))
        if change is not None:
            changes.append(change)
        pieces.append(change.restored if change else match.group())
        end, left = match.end(), pieces[-1][-1]
    pieces.append(text[end:])
    return "".join(pieces), changes


def _score(text: str, page: CodePage) -> int:
    """How many damaged characters `page` explains; 0 if the evidence does not suffice."""
    _, changes = undo(text, page)
    sure = [change for change in changes if change.sure]
    german = sum(1 for change in sure if change.restored in GERMAN)
    if not (german or len(sure) >= 2):
        return 0
    unexplained = _lead_pairs(text, page) - sum(_lead_pairs(change.damaged, page) for change in changes)
    if len(changes) < _REQUIRED_SHARE * (len(changes) + max(0, unexplained)):
        return 0
    return len(changes) + german


def _lead_pairs(text: str, page: CodePage) -> int:
    """Neighbours outside ASCII of which the first could begin a character, whatever the second is."""
    return sum(1 for here, after in zip(text, text[1:], strict=False) if after > "\x7f" and here in page.leads)


def _char_class(shown: Mapping[int, tuple[str, ...]], wanted: Iterable[int]) -> str:
    return "[" + "".join(re.escape(picture) for byte in wanted for picture in shown[byte]) + "]"


def _candidates(damaged: str, page: CodePage) -> list[str]:
    """The characters `damaged` can have been, German letters first, then by likelihood of the bytes."""
    found = []
    for bytes_ in product(*(page.meanings[char] for char in damaged)):
        try:
            char = bytes(bytes_).decode("utf-8")
        except UnicodeDecodeError:
            continue
        if len(char) == 1 and unicodedata.category(char) not in _NO_TEXT:
            found.append(char)
    return sorted(found, key=lambda char: char not in GERMAN)


def _restore(damaged: str, page: CodePage, left: str, right: str) -> Change | None:
    for char in _candidates(damaged, page):
        if _fits(char, left, right):
            sure = len(damaged) > 2 or left.islower() or right.islower()
            return Change(damaged, char, sure)
    return None


def _right(text: str, end: int, page: CodePage) -> str:
    """What follows position `end`, with a damaged character there read as restored."""
    match = page.run.match(text, end)
    candidates = _candidates(match.group(), page) if match else []
    return candidates[0] if candidates else text[end : end + 1]


def _fits(char: str, left: str, right: str) -> bool:
    """Whether `char` can stand between `left` and `right`.

    Signs can stand anywhere, a small letter too; a capital not inside or at the end of a word in small letters, and
    before a small letter only at the start of a word.
    """
    if not char.isalpha() or not char.isupper():
        return True
    if left.islower():
        return False
    return not (left.isalpha() and right.islower())
