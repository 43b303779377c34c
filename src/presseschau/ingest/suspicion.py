"""Does a text look encoding-damaged? Cheap looks that let clean text pass untouched and name what stays broken.

Rules of thumb from how UTF-8 works: a letter outside ASCII becomes two or three characters that all come from the upper
half of a code page, so damage shows as neighbours that no European spelling has.
"""

from __future__ import annotations

import re

EXPECTED = frozenset("äöüÄÖÜßé„“”‚‘’–—…»«›‹€§°·•²³½¼¾µ×−\xa0\xad\u202f\u2009\u200b\ufeff")
"""Characters outside ASCII that German news is full of; none of them begins a damaged letter."""

_LOWER = "a-zß-öø-ÿ\u0101\u0103\u0105\u0107\u0109\u010b\u010d\u010f\u0111\u0113\u0117\u0119\u011b\u011f\u0123\u012b\u012f\u0131\u0137" \
    "\u013a\u013c\u013e\u0142\u0144\u0146\u0148\u014d\u0151\u0153\u0155\u0157\u0159\u015b\u015f\u0161\u0163\u0165\u016b\u016f" \
    "\u0171\u0173\u017a\u017c\u017e\u0219\u021b"
_UPPER_HIGH = "À-ÖØ-Þ\u0102\u0104\u0106\u010a\u010c\u010e\u0110\u0112\u0116\u0118\u011a\u011e\u0130\u0139\u013d\u0141\u0143\u0147" \
    "\u0150\u0152\u0154\u0158\u015a\u015e\u0160\u0162\u0164\u016e\u0170\u0178\u0179\u017b\u017d\u0218\u021a"
_LATIN = "A-Za-zÀ-ÖØ-öø-\u024f"
# Signs that stand beside words in news but never between two letters of one.
_SIGNS = "\x80-\x9f¡-¦¨-ª¬®-±´¶¸-º¼-¿÷\u02c6-\u02dd\u2020-\u2022\u2030\u20a0-\u20ab\u20ad-\u20bf\u2100-\u2115\u2117-\u214f\u2190-\u2bff\ufffd\uf8ff"
_OTHER_SCRIPTS = "\u0370-\u03ff\u0400-\u052f\u0590-\u06ff\u0e00-\u0e7f\u2e80-\u9fff\uac00-\ud7af"

_BROKEN = re.compile(
    f"[{_LATIN}][{_SIGNS}]+[{_LATIN}]"  # Stra▀e, fâ€r
    f"|[{_LOWER}][{_UPPER_HIGH}]+[{_LOWER}]"  # lÀnger, fĂŒr
    f"|[{_LATIN}][{_OTHER_SCRIPTS}]+[{_LATIN}]"  # fцr
    f"|[{_LATIN}][{_UPPER_HIGH}][{_SIGNS}]|[{_UPPER_HIGH}\u221a\u251c][{_SIGNS}][{_LATIN}]"
    "|[\x80-\x84\x86-\x9f\ufffd]"
    "|[Ââ][\u20ac\x80][^\\s\\w]"
)
_SUSPECT_PAIR = re.compile(f"(?:[{_UPPER_HIGH}Ââ]|[^\x00-\x7f{_LATIN}„“”‚‘’–—…»«›‹€§°\xa0\xad])[^\x00-\x7f]")


def is_expected(text: str) -> bool:
    """Whether every character is plain ASCII or one that clean German news uses: nothing to repair."""
    return text.isascii() or {char for char in set(text) if char > "\x7f"} <= EXPECTED


def broken_spots(text: str) -> list[str]:
    """Stretches that no European spelling has: signs, capitals or foreign script inside a word, C1 controls, U+FFFD."""
    return _BROKEN.findall(text)


def has_suspect_pair(line: str) -> bool:
    """Whether two neighbours outside ASCII could be one damaged letter: worth showing the line to ftfy."""
    return _SUSPECT_PAIR.search(line) is not None
