"""A key under which one name is much the same in German and in English spelling.

German papers transcribe by Duden (Selenskyj, Uschakow, Schoigu, Netanjahu), English ones by BGN/PCGN or the
bearer's own
spelling (Zelensky, Ushakov, Shoigu, Netanyahu). The key writes both alike, or nearly.
"""

from __future__ import annotations

import re
from functools import lru_cache

# In order; German spellings first, so that what is left is common ground.
_STEPS = tuple(
    (re.compile(old), new)
    for old, new in (
        (r"schtsch|shch", "sh"),
        (r"dsch|dzh", "j"),
        (r"tsch|tch|cz(?=[aeiou])", "h"),
        (r"sch|zh|sz", "sh"),
        (r"ch|kh", "h"),
        (r"ck|q(?:u)?", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c(?!h)", "k"),
        (r"th", "t"),
        (r"ph", "f"),
        (r"dj", "j"),
        (r"gh", "g"),
        (r"x", "ks"),
        (r"tz|ts|z", "s"),
        (r"w|f", "v"),
        (r"ae", "a"),
        (r"oe", "o"),
        (r"ue", "u"),
        (r"ou|oo", "u"),
        (r"ee|ie", "i"),
        (r"j|i", "y"),
        (r"(?<=[aeou])h(?=[^aeouy]|$)", ""),
        (r"y+", "y"),
        (r"(.)\1+", r"\1"),
        (r"(?<=[a-z]{3})yy?$", "y"),
    )
)
_OTHER = re.compile(r"[^a-z]")
_UMLAUTS = str.maketrans(
    {"ä": "a", "ö": "o", "ü": "u", "ß": "s", "é": "e", "è": "e", "á": "a", "ó": "o", "í": "i", "ñ": "n", "ç": "c"}
)


@lru_cache(maxsize=4_096)
def key(name: str) -> str:
    """The key of one word: lower-case ASCII letters, empty if the word has none. Apostrophes and hyphens are
    dropped."""
    folded = name.casefold().translate(_UMLAUTS)
    if not folded.isascii():
        from anyascii import anyascii

        folded = anyascii(folded).casefold()
    found = _OTHER.sub("", folded)
    for old, new in _STEPS:
        found = old.sub(new, found)
    return found


def likeness(one: str, other: str) -> float:
    """How much two words are the same name: 0 to 100, rapidfuzz's ratio of their keys."""
    first, second = key(one), key(other)
    if first == second:
        return 100.0 if first else 0.0
    from rapidfuzz.fuzz import ratio

    return ratio(first, second)
