"""What a single word says about a number, whatever its language."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from presseschau.lang import vocabulary

Amount = int | Fraction
"""Exact, so that 1,1 Millionen and 1.1 million are equal."""

Role = Literal["cardinal", "counted", "scale", "short", "hundred", "article", "half", "vague", "part", "decade", "hint"]
"""cardinal: zwölf · counted: zweitägig · scale: Million · short: Mio. · hundred: only English · article: ein, a ·
half: halb · vague: Tausende · part: Drittel · decade: neunziger · hint: may stand for a number but need not (beide)."""


class NumberWord(NamedTuple):
    """`values` has more than one entry only for a hint with several readings (Achtelfinale: 16 or 8)."""

    role: Role
    values: tuple[Amount, ...]


class Token(NamedTuple):
    """A word or figure of a text that says something about a number, and where it stands."""

    role: str
    values: tuple[Amount, ...]
    start: int
    end: int


@lru_cache(maxsize=32)
def amounts(lang: str, use: str) -> dict[str, tuple[Amount, ...]]:
    """The words of `number_words.csv` for one use, and what they may amount to."""
    known = vocabulary(lang, "number_words", use)
    return {word: tuple(map(_amount, value.split("|"))) for word, value in known.items()}


def _amount(written: str) -> Amount:
    return Fraction(written) if "/" in written else int(written)
