"""What a single word says about a number, whatever its language."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

Amount = int | Fraction
"""Exact, so that 1,1 Millionen and 1.1 million are equal."""

Role = Literal["cardinal", "counted", "scale", "short", "hundred", "article", "half", "vague", "part", "decade", "hint"]
"""cardinal: zwölf · counted: zweitägig · scale: Million · short: Mio. · hundred: only English · article: ein, a ·
half: halb · vague: Tausende · part: Drittel · decade: neunziger · hint: may stand for a number but need not (beide)."""


class Word(NamedTuple):
    """`values` has more than one entry only for a hint with several readings (Achtelfinale: 16 or 8)."""

    role: Role
    values: tuple[Amount, ...]


class Token(NamedTuple):
    """A word or figure of a text that says something about a number, and where it stands."""

    role: str
    values: tuple[Amount, ...]
    start: int
    end: int
