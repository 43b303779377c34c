"""English number words: twelve, twenty-five (read in two), dozens, two thirds, nineties, twice."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from presseschau.facts.number_word import Amount, Word

CARDINALS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES = {
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "quadrillion": 10**15,
    "quintillion": 10**18, "mn": 10**6, "mln": 10**6, "bn": 10**9, "bln": 10**9, "tn": 10**12, "trn": 10**12,
    "dozen": 12, "lakh": 10**5, "crore": 10**7,
}  # fmt: skip
"""Short scale, as all English news uses it."""

ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "fortieth": 40,
    "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80, "ninetieth": 90, "hundredth": 100,
    "thousandth": 1000, "millionth": 10**6, "billionth": 10**9,
}  # fmt: skip

DECADES = {f"{word[:-1]}ies": value for word, value in CARDINALS.items() if value >= 20} | {"noughties": 2000}

HINTS: dict[str, tuple[Amount, ...]] = {
    "zero": (0,), "nil": (0,), "nought": (0,), "goalless": (0,), "scoreless": (0,), "no": (0,), "none": (0,),
    "one": (1,), "once": (1,), "single": (1,), "sole": (1,), "ones": (1,), "each": (1,), "every": (1,),
    "both": (2,), "pair": (2,), "pairs": (2,), "couple": (2,), "couples": (2,), "double": (2,), "doubles": (2,),
    "doubled": (2,), "doubling": (2,), "twice": (2,), "duo": (2,), "dual": (2,), "twin": (2,), "twins": (2,),
    "brace": (2,), "twofold": (2,), "latter": (2,), "either": (2,), "neither": (2,), "duel": (2,),
    "triple": (3,), "tripled": (3,), "trio": (3,), "thrice": (3,), "threefold": (3,), "triplets": (3,), "treble": (3,),
    "trilateral": (3,), "trilingual": (3,), "tripartite": (3,),
    "bilateral": (2,), "bilingual": (2,), "biennial": (2,), "trick": (3,), "quartet": (4,),
    "quadruple": (4,), "quadrupled": (4,), "quintet": (5,),
    "tenfold": (10,), "decade": (10,), "decades": (10,), "century": (100,), "centuries": (100,), "centenary": (100,),
    "centennial": (100,), "bicentenary": (200,), "bicentennial": (200,), "millennium": (1000,), "millennia": (1000,),
    "fortnight": (14, 2), "fortnightly": (14, 2), "biweekly": (14, 2), "hundred": (100,),
    "quarterly": (Fraction(1, 4),),
    "quarterfinal": (8, 4), "quarterfinals": (8, 4), "semifinal": (4, 2), "semifinals": (4, 2), "semi": (4, 2),
    "half": (Fraction(1, 2), 30, 6), "halves": (Fraction(1, 2), 2), "halved": (Fraction(1, 2),),
    "billionaire": (10**9,), "billionaires": (10**9,), "millionaire": (10**6,), "millionaires": (10**6,),
    "weeklong": (1,), "weekly": (1,), "monthly": (1,), "teens": (10,),
}  # fmt: skip
"""Words that a number may stand for in the other language."""

QUARTER = Word("part", (Fraction(1, 4), 15, 3))
"""Of anything, of an hour, of a year."""

VAGUE = {
    "tens": 10, "dozens": 12, "hundreds": 100, "thousands": 10**3, "millions": 10**6, "billions": 10**9,
    "trillions": 10**12, "multimillion": 10**6, "multibillion": 10**9,
}  # fmt: skip


@lru_cache(maxsize=8_192)
def word(written: str) -> Word | None:
    """What `written` (no hyphen, no space) says about a number, or None."""
    lower = written.lower()
    if lower in {"a", "an", "one"}:
        return Word("article", (1,))
    if lower == "half":
        return Word("half", HINTS[lower])
    if lower == "hundred":
        return Word("hundred", (100,))
    if lower in SCALES:
        return Word("scale", (SCALES[lower],))
    if lower in VAGUE:
        return Word("vague", (VAGUE[lower],))
    if lower in HINTS:
        return Word("hint", HINTS[lower])
    if lower in CARDINALS:
        return Word("cardinal", (CARDINALS[lower],))
    if lower in DECADES:
        return Word("decade", (DECADES[lower],))
    return _part(lower)


def _part(lower: str) -> Word | None:
    """Third is an ordinal or a part; thirds and quarters can only be parts."""
    if lower in {"quarter", "quarters"}:
        return QUARTER
    below = ORDINALS.get(lower.removesuffix("s"))
    if below and below > 2:
        return Word("part", (Fraction(1, below), below))
    if below:
        return Word("hint", (below,)) if not lower.endswith("s") else None
    prefix = re.match(r"(two|three|four|five|six|seven|eight|nine|ten)(?=fold|some)", lower)
    return Word("hint", (CARDINALS[prefix[1]],)) if prefix else None
