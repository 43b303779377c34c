"""Does a text look encoding-damaged? Cheap looks that let clean text pass untouched and name what stays broken.

Rules of thumb from how UTF-8 works: a letter outside ASCII becomes two or three characters that all come from the upper
half of a code page, so damage shows as neighbours that no European spelling has.
"""

from __future__ import annotations

import re

EXPECTED = frozenset("äöüÄÖÜßé„“”‚‘’–—…»«›‹€§°·•²³½¼¾µ×−\xa0\xad\u202f\u2009\u200b\ufeff")
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

_BROKEN = re.compile(
    f"[{_LATIN}][{_SIGNS}{_OTHER_SCRIPTS}]+[{_LATIN}]"  # Stra▀e, fцr
    f"|[{_LOWER}][{_CAPITAL}]+[{_LOWER}]"  # lÀnger, fĂŒr
    f"|[{_LATIN}][{_CAPITAL}][{_SIGNS}]|[{_CAPITAL}√├][{_SIGNS}][{_LATIN}]"  # GrÃ¼n, √ºber
    "|[\x80-\x84\x86-\x9f]"
    "|[Ââ][€\x80][^\\s\\w]"  # â€“
)
_SUSPECT_PAIR = re.compile(f"(?:[{_CAPITAL}Ââ]|[^\x00-\x7f{_LATIN}„“”‚‘’–—…»«›‹€§°\xa0\xad])[^\x00-\x7f]")


def is_expected(text: str) -> bool:
    """Whether every character is plain ASCII or one that clean German news uses: nothing to repair."""
    if text.isascii():
        return True
    return {char for char in set(text) if char > "\x7f"} <= EXPECTED and "Ä°" not in text  # Ä°stanbul


def broken_spots(text: str) -> list[str]:
    """Stretches that no European spelling has: signs, capitals or foreign script inside a word, C1 controls."""
    return _BROKEN.findall(text)


def has_suspect_pair(line: str) -> bool:
    """Whether two neighbours outside ASCII could be one damaged letter: worth showing the line to ftfy."""
    return _SUSPECT_PAIR.search(line) is not None
