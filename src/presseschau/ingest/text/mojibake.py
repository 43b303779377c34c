"""UTF-8 that was read in a single-byte code page: does a text look like it, which page was it, and the way back.

A letter outside ASCII becomes two or three characters that all come from the upper half of a code page, so damage shows
as neighbours that no European spelling has. One codec is chosen for a document by vote, because one program misread all
of it. A run of characters is put back only if it re-encodes to exactly one valid UTF-8 character that stands where such
a character can stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import product
from typing import NamedTuple

from presseschau.patterns import compiled, late

EXPECTED = frozenset("äöüÄÖÜßé„“”‚‘’–—…»«›‹€§°·•©®²³½¼¾µ×−\xa0\xad\u202f\u2009\u200b\ufeff")
"""Characters outside ASCII that German news is full of; none of them begins a damaged letter."""

# Small and capital letters of European alphabets outside ASCII, as ranges of a character class.
_LOWER = "a-zß-öø-ÿāăąćĉċčďđēėęěğģīįıķĺļľłńņňōőœŕŗřśşšţťūůűųźżžșț"
_CAPITAL = "À-ÖØ-ÞĂĄĆĊČĎĐĒĖĘĚİĹĽŁŃŇŐŒŔŘŚŞŠŢŤŮŰŸŹŻŽȘȚ"
_LATIN = "A-Za-zÀ-ÖØ-öø-\u024f"
# Signs that stand beside words in news but never between two letters of one, and letters of other scripts.
_SIGNS = (
    "\x80-\x9f¡-¦¨-ª¬®-±´¶¸-º¼-¿÷\u02c6-\u02dd\u2020-\u2022\u2030\u20a0-\u20ab\u20ad-\u20bf"
    "\u2100-\u2115\u2117-\u214f\u2190-\u2bff\ufffd\uf8ff"
)
_OTHER_SCRIPTS = (
    "\u0370-\u03ff\u0400-\u052f\u0590-\u06ff\u0e00-\u0e7f\u2e80-\u9fff\uac00-\ud7af"
    "\ufb50-\ufdff\ufe70-\ufefc\uff61-\uff9f"
)


_NEIGHBOURS = late("[^\x00-\x7f]{2}")
"""Without them no letter is damaged."""


@cache
def _broken() -> re.Pattern[str]:
    return compiled(
        f"[{_LATIN}][{_SIGNS}{_OTHER_SCRIPTS}]+[{_LATIN}]"  # Stra▀e, fцr
        f"|[{_LOWER}][{_CAPITAL}]+[{_LOWER}]"  # lÀnger, fĂŒr
        f"|[{_LATIN}][{_CAPITAL}][{_SIGNS}]|[{_CAPITAL}√├][{_SIGNS}][{_LATIN}]"  # GrÃ¼n, √ºber
        "|[\x80-\x84\x86-\x9f]"
        "|[Ââ][€\x80][^\\s\\w]"  # â€“
    )


@cache
def _suspect_pair() -> re.Pattern[str]:
    return compiled(f"(?:[{_CAPITAL}Ââ]|[^\x00-\x7f{_LATIN}„“”‚‘’–—…»«›‹€§°\xa0\xad])[^\x00-\x7f]")


def is_expected(text: str) -> bool:
    """Whether every character is plain ASCII or one that clean German news uses: nothing to repair."""
    if text.isascii():
        return True
    return {char for char in set(text) if char > "\x7f"} <= EXPECTED and "Ä°" not in text  # Ä°stanbul


def broken_spots(text: str) -> list[str]:
    """Stretches that no European spelling has: signs, capitals or foreign script inside a word, C1 controls."""
    return _broken().findall(text)


def has_suspect_pair(line: str) -> bool:
    """Whether two neighbours outside ASCII could be one damaged letter: worth showing the line to ftfy."""
    return _suspect_pair().search(line) is not None


CODECS = (
    "cp1252", "iso8859_15", "iso8859_16", "cp1250", "iso8859_2", "mac_roman", "cp850", "cp437", "iso8859_14",
    "cp1254", "iso8859_9", "iso8859_4", "iso8859_10", "iso8859_13", "cp1257", "iso8859_3", "cp1251", "cp1253",
    "iso8859_5", "iso8859_7", "koi8_r", "cp852", "cp858", "mac_latin2", "mac_turkish", "mac_croatian",
    "mac_iceland", "mac_greek", "mac_cyrillic", "hp_roman8", "ptcp154", "iso8859_11", "cp737", "cp775", "cp855",
    "cp857", "cp860", "cp861", "cp862", "cp863", "cp865", "cp866",
)  # fmt: skip
"""Code pages that are undone, likeliest first (the order settles ties). Any other leaves the text unchanged."""

GERMAN = frozenset("äöüÄÖÜß")
_VOWELS = frozenset("aeiouyäöüáàâéèêëïóòôúùû")
_COMMON_SIGNS = frozenset("–—„“”‚‘’…•€™«»§°")
_TWICE = frozenset(CODECS[:8])  # damage done twice in a rarer code page has not been seen
_RARE_LETTERS_IN_USE = frozenset("ȘșȚțƒ")
_TOLERATED = 0.03
_USUAL_LEADS = (0xC2, 0xC3, 0xC4, 0xC5, 0xE2)  # of Latin letters and of signs


@dataclass(frozen=True)
class CodePage:
    """What UTF-8 looks like in one code page.

    `meanings`: picture of a byte -> the bytes it can stand for, likeliest first. `leads`: pictures of the bytes that a
    character begins with, without those that German news is full of.
    """

    name: str
    meanings: Mapping[str, tuple[int, ...]]
    leads: frozenset[str]

    @cached_property
    def run(self) -> re.Pattern[str]:
        """Finds what has the shape of one character."""
        shown = {byte: pictures(byte, self.name) for byte in range(0x80, 0x100)}
        follow = _char_class(shown, range(0x80, 0xC0))
        two, three, four = (
            _char_class(shown, leads) for leads in (range(0xC2, 0xE0), range(0xE0, 0xF0), range(0xF0, 0xF5))
        )
        return compiled(f"{two}{follow}|{three}{follow}{{2}}|{four}{follow}{{3}}")

    @cached_property
    def lead_pair(self) -> re.Pattern[str]:
        """Finds whatever begins like one and is followed by anything outside ASCII."""
        return compiled(f"[{''.join(map(re.escape, sorted(self.leads)))}](?=[^\\x00-\\x7f])")


class Replacement(NamedTuple):
    """One damaged character and what it was. `sure` is False where a clean text could hold the same by chance."""

    damaged: str
    restored: str
    sure: bool


class CodecReading(NamedTuple):
    """Lines as one code page explains them, and what it changed in them."""

    page: CodePage
    lines: list[str]
    changes: list[Replacement]

    @property
    def sure(self) -> int:
        """Evidence that clean text would not hold; a sign restored from three characters counts twice."""
        signs = sum(len(change.damaged) > 2 and change.restored in _COMMON_SIGNS for change in self.changes)
        return signs + sum(change.sure for change in self.changes)

    @property
    def german(self) -> int:
        return sum(change.sure and change.restored in GERMAN for change in self.changes)


@cache
def code_page(name: str) -> CodePage:
    """The page called `name`; bytes it leaves undefined, and its C1 controls, also look as in Windows-1252."""
    shown = {byte: pictures(byte, name) for byte in range(0x80, 0x100)}
    meanings: dict[str, list[int]] = {}
    for rank in range(3):
        for byte, seen in shown.items():
            if rank < len(seen):
                meanings.setdefault(seen[rank], []).append(byte)
    leads = frozenset(picture for byte in range(0xC2, 0xF5) for picture in shown[byte]) - EXPECTED
    return CodePage(name, {char: tuple(bytes_) for char, bytes_ in meanings.items()}, leads)


@cache
def _usual_leads(name: str) -> frozenset[str]:
    """Pictures of the bytes that Latin letters and signs begin with: without one of them there is no damage."""
    return frozenset(picture for byte in _USUAL_LEADS for picture in pictures(byte, name))


def pictures(byte: int, codec: str) -> tuple[str, ...]:
    """What `byte` looks like in `codec`: its own character; for a C1 control or a gap also that of Windows-1252."""
    own = bytes([byte]).decode(codec, errors="ignore")
    if own and not "\x80" <= own <= "\x9f":
        return (own,) if own > "\x7f" else ()
    borrowed = bytes([byte]).decode("cp1252", errors="ignore")
    return tuple(dict.fromkeys(picture for picture in (own, chr(byte), borrowed) if picture))


def peel(text: str) -> tuple[str, str, list[Replacement]] | None:
    """`text` without its best explained layer of damage, the code page and the changes; None if nothing explains it.

    Needed: one German letter or two other characters that clean text would not hold. Only lines in which nearly
    everything that begins like a damaged character is explained count and change. Damage done twice shows once
    its outer layer is off.
    """
    if not _NEIGHBOURS.search(text):
        return None
    lines = text.split("\n")
    high = {char for char in set(text) if char > "\x7f"}
    likely = (code_page(name) for name in CODECS if not high.isdisjoint(_usual_leads(name)))
    pages = [page for page in likely if page.run.search(text)]
    best = max((_read(lines, page) for page in pages), key=_rank, default=None)
    if best is None or not best.german:
        twice = max((_read_twice(lines, page) for page in pages if page.name in _TWICE), key=_rank, default=None)
        best = twice if twice is not None and twice.german else best
    if best is None or not (best.german or best.sure >= 2):
        return None
    return "\n".join(best.lines), best.page.name, best.changes


def _rank(reading: CodecReading) -> tuple[int, int]:
    return reading.german, len(reading.changes)


def _read(lines: list[str], page: CodePage) -> CodecReading:
    """The lines as `page` explains them; a line that it explains in part only stays."""
    result, changes = [], []
    for line in lines:
        mended, here = undo(line, page) if page.run.search(line) else (line, [])
        explained = sum(_lead_pairs(change.damaged, page) for change in here)
        if here and _lead_pairs(line, page) - explained > _TOLERATED * len(here):
            mended, here = line, []
        mended = _fill_lost_spaces(mended, page) if here else mended
        result.append(mended)
        changes += here
    return CodecReading(page, result, changes)


def _fill_lost_spaces(line: str, page: CodePage) -> str:
    """`line` with `Ã ` read as à and `Â ` as a space: their second byte was a no-break space that became plain."""
    if 0xA0 not in page.meanings.get("\xa0", ()):
        return line
    mark, grave = (pictures(byte, page.name)[0] for byte in (0xC2, 0xC3))
    line = re.sub(f"{mark}(?= )", "", line)
    return re.sub(f"{grave}  ?(?=\\S)", "à ", line) if grave.isalpha() else line


def _read_twice(lines: list[str], page: CodePage) -> CodecReading:
    """The lines with the outer layer off, if then the inner one shows; the changes are those of the inner layer."""
    once = [undo(line, page, anywhere=True)[0] for line in lines]
    inner = _read(once, page)
    peeled = [outer if outer != deeper else line for line, outer, deeper in zip(lines, once, inner.lines, strict=True)]
    return CodecReading(page, peeled, inner.changes)


def undo(text: str, page: CodePage, *, anywhere: bool = False) -> tuple[str, list[Replacement]]:
    """`text` with every damaged character of `page` put back, and the changes in order.

    `anywhere` also puts back capitals inside words, as the inner layer of damage done twice needs.
    """
    pieces: list[str] = []
    changes: list[Replacement] = []
    end, left = 0, ""
    for match in page.run.finditer(text):
        if match.start() > end:
            pieces.append(text[end : match.start()])
            left = pieces[-1][-1]
        right = _right(text, match.end(), page)
        change = _restore(match.group(), page, left, right, anywhere=anywhere)
        if change is not None:
            changes.append(change)
        pieces.append(change.restored if change else match.group())
        end, left = match.end(), pieces[-1][-1]
    pieces.append(text[end:])
    return "".join(pieces), changes


def _lead_pairs(text: str, page: CodePage) -> int:
    """Neighbours outside ASCII of which the first could begin a character, whatever the second is."""
    return len(page.lead_pair.findall(text))


def _char_class(shown: Mapping[int, tuple[str, ...]], wanted: Iterable[int]) -> str:
    return "[" + "".join(re.escape(picture) for byte in wanted for picture in shown[byte]) + "]"


@lru_cache(maxsize=8192)
def _candidates(damaged: str, name: str) -> tuple[str, ...]:
    """The characters `damaged` can have been, German letters and usual signs first, then by likelihood of the bytes."""
    page = code_page(name)
    found = []
    for bytes_ in product(*(page.meanings[char] for char in damaged)):
        try:
            char = bytes(bytes_).decode("utf-8")
        except UnicodeDecodeError:
            continue
        if len(char) == 1 and _is_plausible(char):
            found.append(char)
    return tuple(sorted(found, key=lambda char: char not in GERMAN and char not in _COMMON_SIGNS))


def _restore(damaged: str, page: CodePage, left: str, right: str, *, anywhere: bool) -> Replacement | None:
    for char in _candidates(damaged, page.name):
        if anywhere or _fits(char, left, right):
            beside = len(damaged) > 2 or left.islower() or right.islower()
            return Replacement(damaged, char, beside and (char < "\u0250" or char in _COMMON_SIGNS))
    return None


def _is_plausible(char: str) -> bool:
    """Whether a European news text may hold `char`: letters in use, signs, emoji; no rare or unassigned ones."""
    if "\u0180" <= char < "\u0300":
        return char in _RARE_LETTERS_IN_USE
    if char in "ĲĳĿŀŉſĸ":
        return False
    if "\u0530" <= char < "\u1e00" or unicodedata.category(char) in ("Cc", "Co", "Cn", "Cs"):
        return False
    return char < "\u0530" or not char.isalpha() or char < "\u2000"  # no East Asian letters


def _right(text: str, end: int, page: CodePage) -> str:
    """What follows position `end`, with a damaged character there read as restored."""
    match = page.run.match(text, end)
    candidates = _candidates(match.group(), page.name) if match else ()
    return candidates[0] if candidates else text[end : end + 1]


def _fits(char: str, left: str, right: str) -> bool:
    """Whether `char` can stand between `left` and `right`.

    Signs can stand anywhere, a small letter too; a capital not inside or at the end of a word in small letters, and
    before a small letter only at the start of a word; ß not behind a consonant, so that `FrĂźh` was no `Frßh`.
    """
    if char == "ß" and left.isalpha():
        return left.lower() in _VOWELS
    if not char.isalpha() or not char.isupper():
        return True
    if left.islower():
        return False
    return not (left.isalpha() and right.islower())
